"""Whole streams into rows of the read models: what a rebuild makes, in whichever process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Table

from domain.flags.history import History, order_history
from domain.recorded import Recorded
from projections import (
    activity,
    breaks,
    cancels,
    desk,
    fills,
    orders,
    reconciliation,
    spans,
    tables,
)
from projections.batch import DESK, FAULTS, NOTICE, ORDER, REQUEST, RUN, family, newest_seen
from projections.columns import Row
from projections.setting_aside import why

Streams = Iterator[tuple[UUID, Sequence[Recorded]]]


class Part(NamedTuple):
    """A stretch of the log's streams: those whose ids lie between two, these included."""

    first: UUID
    last: UUID


PARTS = 64
_IDS = 1 << 128


def parts() -> list[Part]:
    """The whole log in stretches of one size, as nearly as ids are spread: they are hashes."""
    step = _IDS // PARTS
    return [Part(UUID(int=n * step), UUID(int=(n + 1) * step - 1)) for n in range(PARTS)]


class WholeLog(Protocol):
    """What a rebuild reads."""

    def head(self) -> int:
        """The position of the last event."""
        ...

    def by_stream(self, part: Part | None = None, /) -> Streams:
        """Every stream (of the part), one whole stream at a time."""
        ...

    def histories(self, streams: Sequence[UUID]) -> Mapping[UUID, Sequence[Recorded]]:
        """Every event of each stream."""
        ...


class Rows(Protocol):
    """Where the rows go."""

    def __contains__(self, table: Table, /) -> bool:
        """Whether rows of this table are wanted."""
        ...

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Rows for a table that is wanted."""
        ...


class Broken(NamedTuple):
    """A stream that a projection cannot take, as of a position, and why."""

    projection: str
    stream: UUID
    position: int
    error: str


@dataclass
class Left:
    """What streams leave behind beside rows."""

    events: int = 0
    counts: activity.Counts = field(default_factory=activity.Counts)
    days: fills.Days = field(default_factory=fills.Days)
    """What the matches come to, per day."""
    counted: list[UUID] = field(default_factory=list[UUID])
    """Requests whose flags only their orders can tell, once the links of all are in place."""
    worked: list[UUID] = field(default_factory=list[UUID])
    """The desk's streams: what contradicts an override is told once the breaks are in place."""
    broken: list[Broken] = field(default_factory=list[Broken])
    newest: datetime | None = None
    """The newest statement that was held against the books: no line of the log tells its time."""

    def join(self, other: Left) -> None:
        """Add what other streams left."""
        self.events += other.events
        self.counts.join(other.counts)
        self.days.join(other.days)
        self.counted.extend(other.counted)
        self.worked.extend(other.worked)
        self.broken.extend(other.broken)
        self.newest = later(self.newest, other.newest)


class Shaping:
    """Makes the rows of streams, up to a position of the log."""

    def __init__(self, rows: Rows, limits: breaks.Limits, head: int) -> None:
        self._rows = rows
        self.limits = limits
        self.head = head
        self._counts = tables.activity in rows
        self.left = Left()

    def take(self, stream: UUID, found: Sequence[Recorded]) -> None:
        """Make the rows of one stream."""
        events = found if found[-1].position <= self.head else until(found, self.head)
        if not events:
            return
        self.left.events += len(events)
        if self._counts:
            self.left.counts.add(events)
        about = family(events)
        if about == ORDER:
            self._order(stream, events)
        elif about == REQUEST:
            self._request(stream, events)
        elif about == NOTICE:
            self._span(stream, events)
            made = partial(breaks.notice_rows, stream, events, self.limits)
            self.put(tables.breaks, stream, events, made)
        elif about == RUN:
            self._span(stream, events)
            made = partial(breaks.run_rows, stream, events, self.limits)
            self.put(tables.breaks, stream, events, made)
            runs = partial(reconciliation.run_rows, stream, events)
            self.put(tables.reconciliations, stream, events, runs)
            self.left.newest = newest_seen(events, self.left.newest)
        elif about == DESK:
            self._span(stream, events)
            self.put(tables.desk, stream, events, partial(desk.rows, events))
            self.left.worked.append(stream)

    def _request(self, stream: UUID, events: Sequence[Recorded]) -> None:
        row = partial(cancels.request_row, stream, events)
        self._span(stream, events)
        self.put(tables.cancels, stream, events, lambda: [row()])
        if cancels.needs_links(events):
            self.left.counted.append(stream)
        else:
            made = partial(breaks.request_rows, stream, events, (), self.limits)
            self.put(tables.breaks, stream, events, made)

    def _order(self, stream: UUID, events: Sequence[Recorded]) -> None:
        try:
            history = order_history(stream, events)
        except FAULTS as error:
            for table in (
                tables.orders,
                tables.cancel_links,
                tables.fills,
                tables.breaks,
                tables.spans,
            ):
                self._leave_out(table, stream, events, error)
            return
        self._span(stream, events, history)
        if history.order.merged_into is not None:
            return
        self.put(tables.orders, stream, events, partial(orders.rows, history))
        self.put(tables.cancel_links, stream, events, partial(cancels.link_rows, history))
        self.put(tables.fills, stream, events, partial(self._fills, history))
        self.put(tables.breaks, stream, events, partial(breaks.order_rows, history, self.limits))

    def _fills(self, history: History) -> Sequence[Row]:
        rows = fills.rows(history)
        self.left.days.add(rows)
        return rows

    def _span(
        self, stream: UUID, events: Sequence[Recorded], history: History | None = None
    ) -> None:
        made = partial(spans.span_row, stream, events, self.limits, history)
        self.put(tables.spans, stream, events, lambda: [made()])

    def put(
        self,
        table: Table,
        stream: UUID,
        events: Sequence[Recorded],
        made: Callable[[], Sequence[Row]],
    ) -> None:
        """The stream's rows of a table that is wanted; one that cannot be made is left out."""
        if table not in self._rows:
            return
        try:
            rows = made()
        except FAULTS as error:
            self._leave_out(table, stream, events, error)
        else:
            if rows:
                self._rows.add(table, rows)

    def _leave_out(
        self, table: Table, stream: UUID, events: Sequence[Recorded], error: Exception
    ) -> None:
        projection = cancels.NAME if table is tables.cancel_links else table.name
        if table in self._rows:
            position = events[-1].position
            self.left.broken.append(Broken(projection, stream, position, why(error)))


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two times, as far as they are known."""
    return max((at for at in (one, other) if at is not None), default=None)


def until(events: Sequence[Recorded], head: int) -> Sequence[Recorded]:
    """The events up to a position."""
    return [recorded for recorded in events if recorded.position <= head]
