"""Questions about the past: which streams were there, which stand as now, which must be folded.

A stream that was wholly seen by then has the rows that it has now. The others are cut and made
into rows by the same code that keeps the read models (`domain.past`, `projections.spans`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_, false, or_, true

from domain.past import Past, cut
from domain.recorded import Recorded
from projections.queries import Only
from projections.spans import FOREVER, micros
from projections.tables import spans

PARTS = (64, 256, 1_000)
"""How many rows of a list are made at once: few at first, so that a page is there soon."""


class Histories(Protocol):
    """What is read of the log."""

    def histories(self, streams: Sequence[UUID]) -> Mapping[UUID, Sequence[Recorded]]:
        """Every event of each stream."""
        ...


class PastLog:
    """The log as far as its facts count; it is asked for single streams only."""

    def __init__(self, log: Histories, past: Past) -> None:
        self._log = log
        self.past = past

    def histories(self, streams: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
        """The facts of each stream that count; a stream of which nothing counts is absent."""
        if not streams:
            return {}
        found = self._log.histories(streams).items()
        kept = ((stream, cut(events, self.past)) for stream, events in found)
        return {stream: events for stream, events in kept if events}


def there(past: Past) -> ColumnElement[bool]:
    """Streams of which something may count, by what their spans tell."""
    columns = spans.c
    tests: list[ColumnElement[bool]] = []
    if past.happened_by is not None:
        tests.append(columns.true_from <= micros(past.happened_by))
    if past.seen_by is not None:
        seen = micros(past.seen_by)
        tests.extend((columns.seen_from <= seen, columns.merged_at > seen))
    elif past.happened_by is not None:
        tests.append(columns.merged_at == FOREVER)
    if past.position is not None:
        tests.append(columns.first_position <= past.position)
    return and_(true(), *tests)


def maybe_open(past: Past) -> ColumnElement[bool]:
    """Orders of which something may have remained; of the others nothing did for certain."""
    columns = spans.c
    tests: list[ColumnElement[bool]] = []
    if past.happened_by is not None:
        tests.append(columns.open_true_until > micros(past.happened_by))
    if past.seen_by is not None:
        tests.append(columns.open_seen_until > micros(past.seen_by))
    return or_(*tests) if tests else true()


def as_now(past: Past) -> ColumnElement[bool]:
    """Streams that stood as they stand now."""
    columns = spans.c
    tests: list[ColumnElement[bool]] = []
    if past.complete_by is not None:
        tests.append(columns.seen_until <= micros(past.complete_by))
    if past.position is not None:
        tests.append(columns.last_position <= past.position)
    return and_(*tests) if tests else false()


def owned(only: Only, table: FromClause = spans) -> list[ColumnElement[bool]]:
    """Rows of a venue, an account; None does not narrow."""
    told = ((table.c.venue, only.venue), (table.c.account, only.account))
    return [column == value for column, value in told if value is not None]


def sizes() -> Iterator[int]:
    """How many rows come at once, part after part."""
    yield from PARTS
    while True:
        yield PARTS[-1]


def keyed(table: Any, row: Sequence[object]) -> dict[str, Any]:  # noqa: ANN401 - a table's columns
    """A row by the names of its table's columns."""
    return dict(zip((column.name for column in table.columns), row, strict=True))
