"""The projection `activity`: what happened per venue, account and UTC day, in counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date

from sqlalchemy import Connection, Table, select, tuple_

from domain import events as e
from domain import requests as r
from domain.flags.history import History
from domain.recorded import Recorded
from projections import bulk
from projections.batch import Batch
from projections.columns import Row
from projections.tables import activity

NAME = "activity"
VERSION = 1
TABLES: tuple[Table, ...] = (activity,)
Key = tuple[str, str, str]

_COUNTED: tuple[type, ...] = (
    e.OrderPlaced,
    e.OrderDiscovered,
    e.OrderRejected,
    e.Filled,
    e.FillVoided,
    r.CancelOpened,
    r.CancelUnsent,
    r.CancelUnanswered,
    e.Cancelled,
    e.CancelRejected,
    e.DuplicateReported,
)
"""Which event each count column counts, in the order of the columns."""

_COLUMN: Mapping[type, int] = {kind: index + 1 for index, kind in enumerate(_COUNTED)}
_COUNTS = len(_COUNTED) + 1


class Counts:
    """Counts per venue, account and day, added up from events in any order."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, date], list[int]] = {}

    def add(self, events: Iterable[Recorded]) -> None:
        """Count the events."""
        for recorded in events:
            owner = recorded.owner
            position = recorded.position
            at = recorded.observed_at
            day = (at if at.tzinfo is UTC else at.astimezone(UTC)).date()
            key = (owner.venue, owner.account, day)
            counts = self._counts.get(key)
            if counts is None:
                counts = self._counts[key] = [0] * _COUNTS + [position] * 2
            counts[0] += 1
            column = _COLUMN.get(type(recorded.event))
            if column is not None:
                counts[column] += 1
            counts[_COUNTS] = min(counts[_COUNTS], position)
            counts[_COUNTS + 1] = max(counts[_COUNTS + 1], position)

    def onto(self, key: Key, before: Sequence[int]) -> None:
        """Add what was counted earlier."""
        venue, account, day = key
        self._add((venue, account, date.fromisoformat(day)), before)

    def join(self, other: Counts) -> None:
        """Add what was counted elsewhere."""
        for key, counts in other._counts.items():
            self._add(key, counts)

    def _add(self, key: tuple[str, str, date], before: Sequence[int]) -> None:
        counts = self._counts.get(key)
        if counts is None:
            self._counts[key] = list(before)
            return
        for index in range(_COUNTS):
            counts[index] += before[index]
        counts[_COUNTS] = min(counts[_COUNTS], before[_COUNTS])
        counts[_COUNTS + 1] = max(counts[_COUNTS + 1], before[_COUNTS + 1])

    @property
    def keys(self) -> list[Key]:
        """What has been counted for."""
        return [(venue, account, day.isoformat()) for venue, account, day in self._counts]

    def rows(self) -> list[Row]:
        """The table's rows."""
        return [
            (*key, *counts) for key, counts in zip(self.keys, self._counts.values(), strict=True)
        ]


def apply(connection: Connection, batch: Batch, histories: Sequence[History]) -> None:
    """Add the new events of the step to the counts of their days."""
    del histories  # counts come from events, not from folds
    counts = Counts()
    counts.add(batch.new_events())
    keys = counts.keys
    if not keys:
        return
    columns = activity.c
    query = select(activity).where(tuple_(columns.venue, columns.account, columns.day).in_(keys))
    for row in connection.execute(query):
        counts.onto((row.venue, row.account, row.day), tuple(row)[3:])
    bulk.upsert(connection, activity, counts.rows())
