"""INT-06 among the breaks: overrides of the desk that later evidence contradicts.

A flag like any other, found anew with the break that it is about and with each word of the desk.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, select

from domain.desk import Evidence
from domain.desk_overrides import override_flags
from domain.flags.flag import Flag
from domain.ids import desk_stream
from domain.recorded import Recorded
from domain.values import Account
from projections import bulk, desk
from projections.columns import Row
from projections.tables import breaks
from projections.tables import desk as worked

_COLUMNS = [column.name for column in breaks.columns]
MakeRow = Callable[[Flag, UUID, Account, UUID | None], Row]
HistoriesOf = Callable[[Sequence[UUID]], Mapping[UUID, Sequence[Recorded]]]
Stories = Iterable[tuple[UUID, Sequence[Recorded]]]
"""Streams of the desk, each whole."""


def forced(connection: Connection, break_ids: Sequence[str]) -> list[UUID]:
    """The streams of those breaks that somebody closed by force at some time."""
    table = worked.c
    found: list[UUID] = []
    for start in range(0, len(break_ids), bulk.KEYS_MAX):
        part = break_ids[start : start + bulk.KEYS_MAX]
        query = select(table.break_id).where(table.break_id.in_(part), table.overridden.is_(True))
        found.extend(desk_stream(UUID(key)) for key in connection.execute(query).scalars())
    return found


def rows_of(  # noqa: PLR0913, PLR0917 - the desk's streams, the breaks, and what both are told by
    connection: Connection,
    stories: Stories,
    found: Mapping[str, Row],
    histories: HistoriesOf,
    made: MakeRow,
    table: Table = breaks,
) -> list[Row]:
    """The rows of INT-06 for breaks in `found`, or else in `table`."""
    rows: list[Row] = []
    for _, events in stories:
        story = desk.told(events)
        if not story:
            continue
        key = str(story[0][0].break_id)
        row = found.get(key)
        if row is None:
            row = connection.execute(select(table).where(table.c.break_id == key)).one_or_none()
        if row is None:
            continue  # the rules do not find the break any more: nothing to contradict
        record = dict(zip(_COLUMNS, row, strict=True))
        owner = Account(record["venue"], record["account"])
        order = None if record["order_key"] is None else UUID(record["order_key"])
        subject = UUID(record["subject"])
        proof = {*json.loads(record["witness"])}
        seen_at = {
            item.position: item.observed_at
            for item in histories([subject]).get(subject, ())
            if item.position in proof
        }
        flags = override_flags(UUID(key), story, as_seen(record), order, seen_at)
        rows.extend(made(flag, subject, owner, order) for flag in flags)
    return rows


def as_seen(record: Mapping[str, Any]) -> Evidence:
    """A row of `breaks` as evidence; when it was looked at does not matter here."""
    return Evidence(
        code=record["code"],
        note=record["note"],
        witness=tuple(json.loads(record["witness"])),
        rule_version=record["rule_version"],
        opened_at=record["opened_at"],
        as_of=record["opened_at"],
        log_position=0,
        closed_at=record["closed_at"],
        ours=record["ours"],
        theirs=record["theirs"],
        difference=record["difference"],
    )
