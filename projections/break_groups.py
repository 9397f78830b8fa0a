"""Breaks of one cause as one row: a list that stays short when a feed dies or a venue falls over.

A group is made when somebody asks, of breaks that are rows themselves; nobody decides about a group
but about each of its members.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from heapq import merge
from typing import Any

from sqlalchemy import Column, Connection, Select, func, select

from domain.desk_state import Work
from domain.flags.catalogue import CATALOGUE
from domain.flags.severity import LADDER, Severity
from domain.flags.systemic import Burst, Grouping, Kind, bursts
from domain.values import ZERO
from projections.break_queries import (
    BREAK_FIELDS,
    DESK_FIELDS,
    Policies,
    Wanted,
    narrowed,
    records,
    shown,
)
from projections.queries import PAGE, Record
from projections.tables import breaks, desk

AS_SET = Grouping()
SAID_IN_SQL_MAX = 100
"""So many groups are left out by the database; the members of any more are left out here."""

_SAME = ("owner", "decided_by", "decided_at", "reason", "approved_by")
"""What a group tells of the desk's work where all of its members tell the same."""


@dataclass(slots=True)
class _Told:
    """What the members of a group that were seen so far have in common, and what they add up to."""

    first: Record
    last: Record
    count: int = 0
    stake: Decimal | None = None
    shared: set[int] = field(default_factory=set[int])
    seen: dict[str, set[Any]] = field(default_factory=dict[str, set[Any]])
    worst: Record | None = None
    comments: int = 0
    closed_at: datetime | None = None

    def add(self, record: Record) -> None:
        """One more member."""
        self.shared = self.shared & set(record["witness"]) if self.count else set(record["witness"])
        self.count += 1
        self.last = record
        self.comments += record["comments"]
        for name in (*_SAME, "status", "currency", "closed"):
            value = record["closed_at"] is None if name == "closed" else record[name]
            self.seen.setdefault(name, set()).add(value)
        if record["at_stake"] is not None:
            self.stake = (self.stake or ZERO) + record["at_stake"]
        if self.worst is None or _rank(record) > _rank(self.worst):
            self.worst = record
        if record["closed_at"] is not None:
            self.closed_at = max(self.closed_at or record["closed_at"], record["closed_at"])

    def same(self, name: str) -> Any:  # noqa: ANN401 - a field of a record
        """What all members tell, or None."""
        return next(iter(self.seen[name])) if len(self.seen[name]) == 1 else None

    def row(self, burst: Burst, at: datetime) -> Record:
        """The row that stands for them."""
        assert self.worst is not None, "a group has members"
        closed_at = None if True in self.seen["closed"] else self.closed_at
        ends = {*self.first["witness"], *self.last["witness"]}
        row = {
            **{name: self.first[name] for name in ("code", "name", "kind", "venue", "account")},
            **{name: self.first[name] for name in ("opened_at", "clears_when", "rule_version")},
            **{name: self.same(name) for name in _SAME},
            "break_id": burst.group_id,
            "order_key": None,
            "severity": self.worst["severity"],
            "severity_by_default": self.worst["severity_by_default"],
            "severity_because": self.worst["severity_because"],
            "closed_at": closed_at,
            "age_s": int(((closed_at or at) - self.first["opened_at"]).total_seconds()),
            "status": self.same("status") or Work.OPEN.value,
            "ours": None,
            "theirs": None,
            "difference": str(self.count),
            "witness": sorted(self.shared or ends),
            "note": f"{self.count:,} of one cause. The oldest: {self.first['note']}",
            "comments": self.comments,
            "worked_at": None,
            # amounts of two currencies are never added
            "at_stake": self.stake if len(self.seen["currency"]) == 1 else None,
        }
        return {name: row[name] for name in (*BREAK_FIELDS, *DESK_FIELDS)}


def _rank(record: Record) -> int:
    return LADDER.index(Severity(record["severity"]))


def grouped_list(
    connection: Connection,
    at: datetime,
    wanted: Wanted,
    policies: Policies | None = None,
    grouping: Grouping = AS_SET,
) -> Iterator[Record]:
    """As `break_list`, where as many of one burst as `grouping` says are one row."""
    groups = list(_groups(connection, at, wanted, policies, grouping))
    left_out = [burst for burst, _ in groups]
    rest = replace(wanted, without=left_out[:SAID_IN_SQL_MAX])
    more = left_out[SAID_IN_SQL_MAX:]
    singly = (
        shown(record)
        for record in records(connection, at, rest, policies)
        if not (more and any(burst.holds(_kind(record), record["opened_at"]) for burst in more))
    )
    rows = sorted((row for _, row in groups), key=_order)
    return merge(singly, rows, key=_order)


def _order(record: Record) -> tuple[datetime, str, str]:
    return record["opened_at"], record["code"], record["break_id"]


def _kind(record: Record) -> Kind:
    return Kind(record["venue"], record["account"], record["code"])


def _groups(
    connection: Connection,
    at: datetime,
    wanted: Wanted,
    policies: Policies | None,
    grouping: Grouping,
) -> Iterator[tuple[Burst, Record]]:
    """The groups of what is wanted, each with its row."""
    for kind in _crowded(connection, at, wanted, grouping.least):
        some = [
            burst
            for burst in _bursts(connection, at, kind, grouping)
            if burst.count >= grouping.least
        ]
        ours = replace(wanted, venue=kind.venue, account=kind.account, codes=(kind.code,))
        for burst in some:
            told = _told(records(connection, at, replace(ours, within=burst), policies))
            if told is not None and told.count >= grouping.least:
                yield burst, told.row(burst, at)


def _told(members: Iterable[Record]) -> _Told | None:
    told: _Told | None = None
    for record in members:
        told = told or _Told(record, record)
        told.add(record)
    return told


def _crowded(connection: Connection, at: datetime, wanted: Wanted, least: int) -> list[Kind]:
    """The kinds of which so many are wanted that some may be a group."""
    columns = (breaks.c.venue, breaks.c.account, breaks.c.code)
    joined = breaks.outerjoin(desk, desk.c.break_id == breaks.c.break_id)
    kinds: Select[Any] = select(*list[Column[Any]](columns)).select_from(joined)
    query = narrowed(kinds, wanted, at).group_by(*columns).having(func.count() >= least)
    found = connection.execute(query.order_by(*columns))
    return [Kind(row.venue, row.account, row.code) for row in found]


def _bursts(
    connection: Connection, at: datetime, kind: Kind, grouping: Grouping
) -> Iterator[Burst]:
    columns = breaks.c
    query = (
        select(columns.opened_at)
        .where(
            columns.venue == kind.venue,
            columns.account == kind.account,
            columns.code == kind.code,
            columns.opened_at <= at,
        )
        .order_by(columns.opened_at)
    )
    opened = connection.execution_options(yield_per=PAGE).execute(query).scalars()
    return bursts(kind, opened, grouping.gap)


def find_group(
    connection: Connection, name: str, at: datetime, grouping: Grouping = AS_SET
) -> Burst | None:
    """The burst whose row has this id, or the one whose id begins so; None: there is no one."""
    if not name:
        return None
    everything = Wanted(everything=True)
    found = [
        burst
        for kind in _crowded(connection, at, everything, grouping.least)
        for burst in _bursts(connection, at, kind, grouping)
        if burst.count >= grouping.least and burst.group_id.startswith(name)
    ]
    return found[0] if len(found) == 1 else None


def told_of(
    connection: Connection,
    burst: Burst,
    at: datetime,
    policies: Policies | None = None,
    statuses: frozenset[Work] = frozenset(),
) -> tuple[Record | None, list[Record]]:
    """The row of a group and its members in these states; None when there are no such members.

    By default those that evidence has not closed.
    """
    wanted = Wanted(
        notes=CATALOGUE[burst.kind.code].kind == "note",
        statuses=statuses or frozenset(Work) - {Work.CLOSED},
        within=burst,
    )
    members = list(records(connection, at, wanted, policies))
    told = _told(members)
    return None if told is None else told.row(burst, at), [shown(record) for record in members]
