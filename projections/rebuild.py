"""Make the read models anew from nothing, beside the live ones, and put them in their place.

The log is read stream by stream, so memory stays flat and every order is folded once. The twin
tables are filled without indexes; the swap, the indexes and the positions are one transaction, so
that a reader sees the old rows or the new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, Table

from domain.flags.history import Link, order_history
from domain.recorded import Recorded
from projections import activity, breaks, cancels, orders, swapping, tables
from projections.batch import FAULTS, NOTICE, ORDER, REQUEST, family
from projections.columns import Row
from projections.runner import Projection, Writing
from projections.setting_aside import bury
from projections.tables import dead_letters, positions
from projections.tracking import positions_of
from projections.twins import Twins

Progress = Callable[[int], None]
RowsOf = Callable[[UUID, Sequence[Recorded]], Sequence[Row]]


class WholeLog(Protocol):
    """What a rebuild reads."""

    def head(self) -> int:
        """The position of the last event."""
        ...

    def by_stream(self) -> Iterator[tuple[UUID, Sequence[Recorded]]]:
        """Every stream, one whole stream at a time."""
        ...

    def newest_observed_at(self) -> datetime | None:
        """The newest time that any line of the log was seen at."""
        ...


@dataclass
class Rebuilt:
    """What a pass over the log read."""

    head: int
    events: int = 0
    broken: list[tuple[str, UUID, int, Exception]] = field(
        default_factory=list[tuple[str, UUID, int, Exception]]
    )


def rebuild(
    writing: Writing,
    log: WholeLog,
    wanted: Sequence[Projection],
    limits: breaks.Limits,
    progress: Progress | None = None,
) -> int:
    """Rebuild the projections in `wanted` up to the head of the log; the number of events read.

    What is appended meanwhile is applied by the next catch-up, from the position read up to.
    """
    live = [table for projection in wanted for table in projection.tables]
    with writing() as connection:
        swapping.one_at_a_time(connection)
        twins = Twins(connection, live)
        links_at = _links_at(connection, twins)
        done = _Pass(connection, twins, limits, progress).over(log, log.head())
        _stand(connection, wanted, done, log.newest_observed_at(), links_at)
        twins.swap()
    return done.events


def _links_at(connection: Connection, twins: Twins) -> int | None:
    """Flags made from links that are not made anew reach only as far as these do."""
    if tables.breaks not in twins or tables.cancel_links in twins:
        return None
    tracked = positions_of(connection).get(cancels.NAME)
    return tracked.position if tracked and tracked.version == cancels.VERSION else 0


def compare(
    writing: Writing,
    log: WholeLog,
    wanted: Sequence[Projection],
    limits: breaks.Limits,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Rebuild beside the live tables and count, per table, the rows that differ (INT-01).

    What counts is the log up to where the projections stand. Nothing is changed: the twins are
    dropped again.
    """
    live = [table for projection in wanted for table in projection.tables]
    with writing() as connection:
        swapping.one_snapshot(connection)
        swapping.one_at_a_time(connection)
        stands = positions_of(connection)
        reached = [tracked.position for tracked in stands.values()]
        twins = Twins(connection, live)
        _Pass(connection, twins, limits, progress).over(log, min(reached, default=0))
        found = twins.differences()
        for table in live:
            twins.drop(table)
    return found


class _Pass:
    """One walk over the whole log, stream by stream, into the twins."""

    def __init__(
        self,
        connection: Connection,
        twins: Twins,
        limits: breaks.Limits,
        progress: Progress | None,
    ) -> None:
        self._connection = connection
        self._twins = twins
        self._limits = limits
        self._progress = progress
        self._counts = activity.Counts()
        self._counted: list[tuple[UUID, Sequence[Recorded]]] = []

    def over(self, log: WholeLog, head: int) -> Rebuilt:
        done = self._done = Rebuilt(head)
        for stream, found in log.by_stream():
            events = found if found[-1].position <= done.head else _until(found, done.head)
            if not events:
                continue
            self._stream(stream, events)
            done.events += len(events)
            if self._progress is not None:
                self._progress(done.events)
        if tables.activity in self._twins:
            self._twins.add(tables.activity, self._counts.rows())
        self._twins.flush()
        if tables.breaks in self._twins:
            self._count_links()
        return done

    def _stream(self, stream: UUID, events: Sequence[Recorded]) -> None:
        if tables.activity in self._twins:
            self._counts.add(events)
        about = family(events)
        if about == ORDER:
            self._order(stream, events)
        elif about == REQUEST:
            self._request(stream, events)
        elif about == NOTICE:
            self._put(tables.breaks, stream, events, self._notice_flags)

    def _put(self, table: Table, stream: UUID, events: Sequence[Recorded], made: RowsOf) -> None:
        """The stream's rows of a table that is rebuilt; one that cannot be made is left out."""
        if table not in self._twins:
            return
        try:
            rows = made(stream, events)
        except FAULTS as error:
            self._leave_out(table, stream, events, error)
        else:
            self._twins.add(table, rows)

    def _leave_out(
        self, table: Table, stream: UUID, events: Sequence[Recorded], error: Exception
    ) -> None:
        projection = cancels.NAME if table is tables.cancel_links else table.name
        if table in self._twins:
            self._done.broken.append((projection, stream, events[-1].position, error))

    def _request(self, stream: UUID, events: Sequence[Recorded]) -> None:
        self._put(tables.cancels, stream, events, _request_rows)
        if cancels.needs_links(events):
            self._counted.append((stream, events))
        else:
            self._put(tables.breaks, stream, events, self._request_flags)

    def _request_flags(
        self, stream: UUID, events: Sequence[Recorded], links: Sequence[Link] = ()
    ) -> Sequence[Row]:
        return breaks.request_rows(stream, events, links, self._limits)

    def _notice_flags(self, stream: UUID, events: Sequence[Recorded]) -> Sequence[Row]:
        return breaks.notice_rows(stream, events, self._limits)

    def _order(self, stream: UUID, events: Sequence[Recorded]) -> None:
        try:
            history = order_history(stream, events)
        except FAULTS as error:
            for table in (tables.orders, tables.cancel_links, tables.breaks):
                self._leave_out(table, stream, events, error)
            return
        if history.order.merged_into is not None:
            return

        def flags(_stream: UUID, _events: Sequence[Recorded]) -> Sequence[Row]:
            return breaks.order_rows(history, self._limits)

        self._put(tables.orders, stream, events, lambda _s, _e: orders.rows(history))
        self._put(tables.cancel_links, stream, events, lambda _s, _e: cancels.link_rows(history))
        self._put(tables.breaks, stream, events, flags)

    def _count_links(self) -> None:
        """The requests whose flags only their orders can tell, once the links are in place."""
        if not self._counted:
            return
        ids = [str(stream) for stream, _ in self._counted]
        links = breaks.read_links(self._connection, ids, self._twins.twin(tables.cancel_links))
        for stream, events in self._counted:
            made = partial(self._request_flags, links=links[str(stream)])
            self._put(tables.breaks, stream, events, made)
        self._twins.flush()


def _until(events: Sequence[Recorded], head: int) -> Sequence[Recorded]:
    return [recorded for recorded in events if recorded.position <= head]


def _request_rows(stream: UUID, events: Sequence[Recorded]) -> Sequence[Row]:
    return [cancels.request_row(stream, events)]


def _stand(
    connection: Connection,
    wanted: Sequence[Projection],
    done: Rebuilt,
    newest: datetime | None,
    links_at: int | None,
) -> None:
    """The new rows stand for everything up to the head, by the rules of this program.

    The positions are locked before the tables, in the order in which a runner takes them.
    """
    for projection in wanted:
        connection.execute(positions.delete().where(positions.c.name == projection.name))
        connection.execute(
            positions.insert().values(
                name=projection.name,
                position=done.head
                if links_at is None or projection.name != breaks.NAME
                else min(done.head, links_at),
                newest_observed_at=newest,
                version=projection.version,
            )
        )
        connection.execute(
            dead_letters.delete().where(dead_letters.c.projection == projection.name)
        )
    for name, stream, position, error in done.broken:
        bury(connection, name, stream, position, error)
