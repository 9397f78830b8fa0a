"""The part of bootstrap that answers questions about the past."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, func, select

from adapters.bootstrap import App
from adapters.eventlog.moments import position_at
from domain import past
from domain.past import Axis, Past
from projections.batch import DESK, newest_seen
from projections.past import PastLog
from projections.past_breaks import PastBreaks
from projections.past_cancels import PastCancels
from projections.past_orders import PastOrders
from projections.queries import Only, Record
from projections.spans import moment_of
from projections.swapping import one_snapshot
from projections.tables import spans

EVERYTHING = Only()
EVENTS_LOOKED_AT = 2_000
"""So many of the last events are asked for their time; older ones by their streams' spans."""


@dataclass(frozen=True)
class PastBooks:
    """The books as they stood at a moment. `broken` tells the streams that cannot be told."""

    app: App
    connection: Connection
    past: Past
    broken: dict[str, str] = field(default_factory=dict[str, str])

    @cached_property
    def _log(self) -> PastLog:
        return PastLog(self.app.store, self.past)

    @property
    def orders(self) -> PastOrders:
        """The orders."""
        return PastOrders(self.connection, self._log, self.broken)

    def cancels(self, only: Only = EVERYTHING) -> Iterator[Record]:
        """The cancel requests."""
        return PastCancels(self.connection, self._log, self.broken).listed(only)

    def breaks(
        self, only: Only = EVERYTHING, *, closed: bool = False, notes: bool = False
    ) -> AbstractContextManager[Connection]:
        """The tables that breaks are asked of; see `PastBreaks.tables`."""
        breaks = PastBreaks(self.connection, self._log, self.app.limits, self.broken)
        return breaks.tables(only, closed=closed, notes=notes)


@contextmanager
def past_books(
    app: App, at: datetime, axis: Axis, known_at: datetime | None = None
) -> Generator[PastBooks]:
    """The books at a moment, by one clock, from one state of the database."""
    with app.reading() as connection:
        one_snapshot(connection)
        yield PastBooks(app, connection, _past(app, connection, at, axis, known_at))


def _past(
    app: App, connection: Connection, at: datetime, axis: Axis, known_at: datetime | None
) -> Past:
    match axis:
        case Axis.KNOWN:
            return past.known(at)
        case Axis.TRUE:
            return past.true(at, known_at)
        case Axis.RECORDED:
            position = position_at(connection, at)
            newest = _newest(app, connection, position)
            if position == app.store.head():
                newest = app.as_of(connection)  # lines that caused nothing tell the time, too
            return past.stored(position, newest or at)


def _newest(app: App, connection: Connection, position: int) -> datetime | None:
    """The newest time that the log told up to a position."""
    columns = spans.c
    found = connection.execute(
        select(
            select(func.max(columns.seen_until))
            .where(columns.about != DESK, columns.last_position <= position)
            .scalar_subquery(),
            select(func.max(columns.seen_from))
            .where(columns.about != DESK, columns.first_position <= position)
            .scalar_subquery(),
        )
    ).one()
    told = max((at for at in found if at is not None), default=None)
    known = None if told is None else moment_of(told)
    start = max(0, position - EVENTS_LOOKED_AT)
    return newest_seen(app.store.after(start, position - start), known)
