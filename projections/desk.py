"""The projection `desk`: how each break that somebody worked stands with the desk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table

from domain.desk import BreakForceClosed, DeskEvent, Evidence
from domain.desk_overrides import Told
from domain.desk_state import UNTOUCHED, Act, Desk, Work, desk_after
from domain.flags.history import History
from domain.recorded import Recorded
from projections import bulk
from projections.batch import DESK, Batch
from projections.columns import Row, stamp
from projections.tables import desk

NAME = "desk"
VERSION = 1
TABLES: tuple[Table, ...] = (desk,)
_ACTS = ("acknowledged", "proposed", "standing")


def told(events: Sequence[Recorded]) -> list[Told]:
    """The events of a break's stream, each with its time and position."""
    return [(cast("DeskEvent", item.event), item.at, item.position) for item in events]


def rows(events: Sequence[Recorded]) -> list[Row]:
    """The row of one break's stream."""
    story = told(events)
    state = desk_after([(event, at) for event, at, _ in story])
    acts = {name: _written(getattr(state, name)) for name in _ACTS}
    owner = events[0].owner
    return [
        (
            str(story[0][0].break_id),
            str(events[0].stream),
            owner.venue,
            owner.account,
            state.owner,
            state.comments,
            state.version,
            json.dumps({name: act for name, act in acts.items() if act is not None}),
            any(isinstance(event, BreakForceClosed) for event, _, _ in story),
            story[-1][1],
            story[-1][2],
        )
    ]


def apply(connection: Connection, batch: Batch, histories: Sequence[History]) -> None:
    """Make the rows of the breaks that were worked in this step anew."""
    del histories  # the desk's streams are no orders
    bulk.upsert(connection, desk, [row for _, events in batch.of(DESK) for row in rows(events)])


def state_of(row: Mapping[str, Any]) -> Desk:
    """The desk's word on a break, from its row; of a break that nobody worked, nothing."""
    if row["acts"] is None:
        return UNTOUCHED
    acts = {name: _read(act) for name, act in json.loads(row["acts"]).items()}
    return Desk(version=row["desk_version"], owner=row["owner"], comments=row["comments"], **acts)


_EVIDENCE_TIMES = ("opened_at", "as_of", "closed_at")


def _written(act: Act | None) -> dict[str, Any] | None:
    if act is None:
        return None
    record = asdict(act)
    record["at"] = stamp(act.at)
    for name in _EVIDENCE_TIMES:
        moment = record["evidence"][name]
        record["evidence"][name] = None if moment is None else stamp(moment)
    return record


def _read(record: dict[str, Any]) -> Act:
    seen = record["evidence"]
    for name in _EVIDENCE_TIMES:
        seen[name] = None if seen[name] is None else datetime.fromisoformat(seen[name])
    seen["witness"] = tuple(seen["witness"])
    record["evidence"] = Evidence(**seen)
    record["at"] = datetime.fromisoformat(record["at"])
    record["work"] = Work(record["work"])
    return Act(**record)
