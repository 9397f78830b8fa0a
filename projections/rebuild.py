"""Make the read models anew from nothing, beside the live ones, and put them in their place.

The log is read stream by stream, so memory stays flat and every order is folded once. The twin
tables are filled without indexes; the swap, the indexes and the positions are one transaction, so
that a reader sees the old rows or the new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from projections import breaks, cancels, several, swapping, tables
from projections.crew import Crew, Line, Shared, Task
from projections.runner import Projection, Writing
from projections.setting_aside import bury
from projections.shaping import Left, Shaping, WholeLog, later, parts
from projections.tables import dead_letters, positions
from projections.tracking import positions_of
from projections.twins import Twins

Progress = Callable[[int], None]
LOOK_EVERY = 16
"""Streams between two looks at what other processes have told."""


class DatedLog(WholeLog, Protocol):
    """A log that knows its time."""

    def newest_observed_at(self) -> datetime | None:
        """The newest time that any line of the log was seen at."""
        ...


@contextmanager
def alone(_events: int) -> Generator[Sequence[Line]]:
    """No other process."""
    yield ()


@dataclass(frozen=True, slots=True)
class Pace:
    """How a walk over the log is done: who is told of it, and who else works on it."""

    progress: Progress | None = None
    crew: Crew = alone


def rebuild(
    writing: Writing,
    log: DatedLog,
    wanted: Sequence[Projection],
    limits: breaks.Limits,
    pace: Pace = Pace(),
) -> int:
    """Rebuild the projections in `wanted` up to the head of the log; the number of events read.

    What is appended meanwhile is applied by the next catch-up, from the position read up to.
    """
    live = [table for projection in wanted for table in projection.tables]
    with writing() as connection:
        swapping.one_at_a_time(connection)
        twins = Twins(connection, live)
        links_at = _links_at(connection, twins)
        head = log.head()
        left = _fill(twins, log, head, limits, pace)
        reached = Reached(head, links_at, later(log.newest_observed_at(), left.newest))
        _stand(connection, wanted, left, reached)
        twins.swap()
    return left.events


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
    pace: Pace = Pace(),
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
        _fill(twins, log, min(reached, default=0), limits, pace)
        found = twins.differences()
        for table in live:
            twins.drop(table)
    return found


def _fill(twins: Twins, log: WholeLog, head: int, limits: breaks.Limits, pace: Pace) -> Left:
    """Walk over the whole log, stream by stream, into the twins; what is left to be told."""
    shaping = Shaping(twins, limits, head)
    progress = pace.progress or _untold
    todo = iter(parts())
    with pace.crew(head) as others:
        shared = Shared(shaping, twins, others)
        shared.begin(Task(twins.dialect, twins.names, limits, head), todo)
        for part in todo:
            for number, (stream, events) in enumerate(log.by_stream(part)):
                shaping.take(stream, events)
                if number % LOOK_EVERY == 0:
                    shared.look()
                    progress(shared.events)
        shared.finish()
    progress(shared.events)
    left = shaping.left
    if tables.activity in twins:
        twins.add(tables.activity, left.counts.rows())
    if tables.fill_days in twins:
        twins.add(tables.fill_days, left.days.rows())
    twins.flush()
    if tables.breaks in twins:
        several.find(shaping, twins, log)
    return left


def _untold(_events: int) -> None:
    """Nobody asked."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Up to where the new rows tell the log; flags no further than the links they are made from."""

    head: int
    links_at: int | None
    newest: datetime | None


def _stand(
    connection: Connection, wanted: Sequence[Projection], left: Left, reached: Reached
) -> None:
    """The new rows stand for everything up to the head, by the rules of this program.

    The positions are locked before the tables, in the order in which a runner takes them.
    """
    for projection in wanted:
        position = reached.head
        if projection.name == breaks.NAME and reached.links_at is not None:
            position = min(position, reached.links_at)
        connection.execute(positions.delete().where(positions.c.name == projection.name))
        connection.execute(
            positions.insert().values(
                name=projection.name,
                position=position,
                newest_observed_at=reached.newest,
                version=projection.version,
            )
        )
        connection.execute(
            dead_letters.delete().where(dead_letters.c.projection == projection.name)
        )
    for broken in left.broken:
        bury(connection, *broken)
