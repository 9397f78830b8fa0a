"""Make the read models anew from nothing, beside the live ones, and put them in their place.

The log is read stream by stream, so memory stays flat and every order is folded once. The twin
tables are filled without indexes; the swap, the indexes and the positions are one transaction, so
that a reader sees the old rows or the new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, MetaData, Table, func, select
from sqlalchemy.schema import CreateIndex, CreateTable

from domain.flags.history import order_history
from domain.links import links_of
from domain.recorded import Recorded
from projections import activity, breaks, bulk, cancels, orders, tables
from projections.batch import NOTICE_KINDS, REQUEST_KINDS
from projections.columns import Row
from projections.runner import Projection, Writing
from projections.tables import dead_letters, positions

ROWS_PER_WRITE = 2_000
TWIN = "__rebuild"
Progress = Callable[[int], None]


class WholeLog(Protocol):
    """What a rebuild reads."""

    def head(self) -> int:
        """The position of the last event."""
        ...

    def by_stream(self) -> Iterator[tuple[UUID, Sequence[Recorded]]]:
        """Every stream, one whole stream at a time."""
        ...


class Twins:
    """The empty twins of some tables, and rows on their way into them."""

    def __init__(self, connection: Connection, live: Sequence[Table]) -> None:
        self._connection = connection
        self._live = live
        self._rows: dict[str, list[Row]] = {table.name: [] for table in live}
        for table in live:
            self.drop(table)
            connection.execute(CreateTable(self.twin(table)))

    def twin(self, table: Table) -> Table:
        """The twin of a table; the table itself when it is not being rebuilt."""
        if table.name not in self._rows:
            return table
        return table.to_metadata(MetaData(), name=table.name + TWIN)

    def __contains__(self, table: Table) -> bool:
        """Whether the table is being rebuilt."""
        return table.name in self._rows

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Rows for a table that is being rebuilt."""
        waiting = self._rows[table.name]
        waiting.extend(rows)
        if len(waiting) >= ROWS_PER_WRITE:
            self._write(table, waiting)

    def flush(self) -> None:
        """Write all rows that still wait."""
        for table in self._live:
            self._write(table, self._rows[table.name])

    def _write(self, table: Table, waiting: list[Row]) -> None:
        bulk.fill(self._connection, table, waiting, table.name + TWIN)
        waiting.clear()

    def drop(self, table: Table) -> None:
        """Remove the twin of a table, if there is one."""
        self._connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table.name}{TWIN}")

    def swap(self) -> None:
        """Put the twins in the place of the live tables, with their indexes."""
        postgres = self._connection.dialect.name == "postgresql"
        for table in self._live:
            twin = table.name + TWIN
            self._connection.exec_driver_sql(f"DROP TABLE {table.name}")
            self._connection.exec_driver_sql(f"ALTER TABLE {twin} RENAME TO {table.name}")
            if postgres:
                rename = f"ALTER INDEX {twin}_pkey RENAME TO {table.name}_pkey"
                self._connection.exec_driver_sql(rename)
            for index in sorted(table.indexes, key=lambda item: str(item.name)):
                self._connection.execute(CreateIndex(index))

    def differences(self) -> dict[str, int]:
        """How many rows of each table are not the same in its twin, counted from both sides."""
        found: dict[str, int] = {}
        for table in self._live:
            one, two = select(table), select(self.twin(table))
            for this, that in ((one, two), (two, one)):
                query = select(func.count()).select_from(this.except_(that).subquery())
                found[table.name] = found.get(table.name, 0) + (
                    self._connection.execute(query).scalar_one()
                )
        return found


@dataclass
class Rebuilt:
    """What a pass over the log read."""

    head: int
    events: int = 0
    newest_observed_at: datetime | None = None


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
        twins = Twins(connection, live)
        done = _Pass(connection, twins, limits, progress).over(log)
        _stand(connection, wanted, done)
        twins.swap()
    return done.events


def compare(
    writing: Writing,
    log: WholeLog,
    wanted: Sequence[Projection],
    limits: breaks.Limits,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Rebuild beside the live tables and count, per table, the rows that differ (INT-01).

    The projections must be current. Nothing is changed: the twins are dropped again.
    """
    live = [table for projection in wanted for table in projection.tables]
    with writing() as connection:
        twins = Twins(connection, live)
        _Pass(connection, twins, limits, progress).over(log)
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

    def over(self, log: WholeLog) -> Rebuilt:
        done = Rebuilt(log.head())
        for stream, found in log.by_stream():
            events = found if found[-1].position <= done.head else _until(found, done.head)
            if not events:
                continue
            self._stream(stream, events)
            done.events += len(events)
            seen = max(recorded.observed_at for recorded in events)
            newest = done.newest_observed_at
            done.newest_observed_at = seen if newest is None or seen > newest else newest
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
        kind = type(events[0].event)
        if kind in REQUEST_KINDS:
            self._request(stream, events)
        elif kind in NOTICE_KINDS:
            if tables.breaks in self._twins:
                rows = breaks.notice_rows(stream, events, self._limits)
                self._twins.add(tables.breaks, rows)
        else:
            self._order(stream, events)

    def _request(self, stream: UUID, events: Sequence[Recorded]) -> None:
        if tables.cancels in self._twins:
            self._twins.add(tables.cancels, [cancels.request_row(stream, events)])
        if cancels.needs_links(events):
            self._counted.append((stream, events))
        elif tables.breaks in self._twins:
            rows = breaks.request_rows(stream, events, (), self._limits)
            self._twins.add(tables.breaks, rows)

    def _order(self, stream: UUID, events: Sequence[Recorded]) -> None:
        history = order_history(stream, events)
        if history.order.merged_into is not None:
            return
        if tables.orders in self._twins:
            row = orders.row(history)
            if row is not None:
                self._twins.add(tables.orders, [row])
        if tables.cancel_links in self._twins:
            rows = [cancels.link_row(link) for link in links_of(history)]
            self._twins.add(tables.cancel_links, rows)
        if tables.breaks in self._twins:
            self._twins.add(tables.breaks, breaks.order_rows(history, self._limits))

    def _count_links(self) -> None:
        """The requests whose flags only their orders can tell, once the links are in place."""
        if not self._counted:
            return
        ids = [str(stream) for stream, _ in self._counted]
        links = breaks.read_links(self._connection, ids, self._twins.twin(tables.cancel_links))
        for stream, events in self._counted:
            rows = breaks.request_rows(stream, events, links[str(stream)], self._limits)
            self._twins.add(tables.breaks, rows)
        self._twins.flush()


def _until(events: Sequence[Recorded], head: int) -> Sequence[Recorded]:
    return [recorded for recorded in events if recorded.position <= head]


def _stand(connection: Connection, wanted: Sequence[Projection], done: Rebuilt) -> None:
    """The new rows stand for everything up to the head, by the rules of this program.

    The positions are locked before the tables, in the order in which a runner takes them.
    """
    for projection in wanted:
        connection.execute(positions.delete().where(positions.c.name == projection.name))
        connection.execute(
            positions.insert().values(
                name=projection.name,
                position=done.head,
                newest_observed_at=done.newest_observed_at,
                version=projection.version,
            )
        )
        connection.execute(
            dead_letters.delete().where(dead_letters.c.projection == projection.name)
        )
