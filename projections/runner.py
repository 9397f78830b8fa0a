"""Keeps the projections current: rows and position in one transaction, never an event twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, Engine, Table

from domain.flags.history import History
from domain.recorded import Recorded
from projections import activity, breaks, cancels, desk, fills, orders, reconciliation, spans
from projections.batch import FAULTS, Batch, newest_seen
from projections.known import Known
from projections.setting_aside import buried_streams, bury, why
from projections.tracking import (
    PositionMoved,
    Tracked,
    move_position,
    note_time,
    positions_of,
)

STEP_EVENTS = 5_000
"""How many events a catch-up takes per transaction."""

Writing = Callable[[], AbstractContextManager[Connection]]
"""A transaction that writes, taken the way the database at hand wants it."""

Progress = Callable[[int], None]

Apply = Callable[[Connection, Batch, Sequence[History]], None]


class OutdatedRules(Exception):
    """The stored rows were made by other rules than this program's; rebuild them."""

    def __init__(self, name: str, stored: int, wanted: int) -> None:
        super().__init__(
            f"projection {name!r} was made by version {stored} of its rules and this program has "
            f"{wanted}; run `breakwater projections rebuild`"
        )


class Log(Protocol):
    """What the runner reads."""

    def head(self) -> int:
        """The position of the last event."""
        ...

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """Up to `limit` events after `position`."""
        ...

    def histories(self, streams: Sequence[UUID]) -> Mapping[UUID, Sequence[Recorded]]:
        """Every event of each stream."""
        ...

    def newest_observed_at(self) -> datetime | None:
        """The newest time that any line of the log was seen at."""
        ...


@dataclass(frozen=True, slots=True)
class Projection:
    """A read model: its name, the version of its rules, its tables, and how a step is written."""

    name: str
    version: int
    tables: tuple[Table, ...]
    apply: Apply
    folds: bool = True
    """Whether it looks at orders as folded, or only at single events."""
    make: Callable[[Batch, History], object] | None = None
    """Makes what it writes of one order, ahead of the transaction."""


def projections(log: Log, limits: breaks.Limits) -> tuple[Projection, ...]:
    """Every projection, in the order in which a step writes them.

    `breaks` reads `orders`, `cancels`, `desk` and `reconciliations`.
    """
    found = breaks.Breaks(limits, log.histories)
    stood = spans.Spans(limits)
    return (
        Projection(orders.NAME, orders.VERSION, orders.TABLES, orders.apply, make=orders.made_of),
        Projection(spans.NAME, spans.VERSION, spans.TABLES, stood.apply, make=stood.made_of),
        Projection(
            cancels.NAME, cancels.VERSION, cancels.TABLES, cancels.apply, make=cancels.made_of
        ),
        Projection(fills.NAME, fills.VERSION, fills.TABLES, fills.apply, make=fills.made_of),
        Projection(desk.NAME, desk.VERSION, desk.TABLES, desk.apply, folds=False),
        Projection(
            reconciliation.NAME,
            reconciliation.VERSION,
            reconciliation.TABLES,
            reconciliation.apply,
            folds=False,
        ),
        Projection(breaks.NAME, breaks.VERSION, breaks.TABLES, found.apply, make=found.made_of),
        Projection(activity.NAME, activity.VERSION, activity.TABLES, activity.apply, folds=False),
    )


class Runner:
    """Brings projections from position to position; two runners never apply an event twice."""

    def __init__(self, engine: Engine, writing: Writing, log: Log, limits: breaks.Limits) -> None:
        self._engine = engine
        self._writing = writing
        self._log = log
        self._known = Known(log.histories)
        self.projections = projections(log, limits)

    def take(
        self,
        histories: Mapping[UUID, Sequence[Recorded]],
        after: int,
        until: int,
        newest_observed_at: datetime | None,
    ) -> None:
        """Apply a batch that was just stored.

        If the projections stand elsewhere, or the batch is not at hand, catch up from the log.
        """
        if histories or after == until:
            batch = Batch(after, until, newest_observed_at, histories)
            if self._written(batch, self.projections):
                return
        self.catch_up(newest_observed_at)

    def catch_up(
        self, newest_observed_at: datetime | None = None, reached: Progress | None = None
    ) -> int:
        """Bring every projection to the head of the log; the position reached.

        `reached` is told the position of all projections after each step.
        """
        head = self._log.head()
        while True:
            with self._engine.connect() as connection:
                stands = positions_of(connection)
            behind = [
                (stands.get(projection.name, _AT_START), projection)
                for projection in self.projections
            ]
            for tracked, projection in behind:
                if tracked.version not in {0, projection.version}:
                    raise OutdatedRules(projection.name, tracked.version, projection.version)
            lowest = min(tracked.position for tracked, _ in behind)
            if lowest >= head:
                self._note_time(stands.values(), newest_observed_at)
                return head
            if newest_observed_at is None:
                # Someone stored a batch and ended before its projection: lines without events too.
                newest_observed_at = self._log.newest_observed_at()
            group = [projection for tracked, projection in behind if tracked.position == lowest]
            others = [tracked.position for tracked, _ in behind if tracked.position > lowest]
            self._step(lowest, min([*others, head]), group, newest_observed_at)
            if reached is not None:
                reached(lowest)

    def _note_time(self, stands: Iterable[Tracked], newest: datetime | None) -> None:
        """Lines that caused no event tell the time all the same."""
        if newest is None or all(
            tracked.newest_observed_at is not None and tracked.newest_observed_at >= newest
            for tracked in stands
        ):
            return
        with self._writing() as connection:
            note_time(connection, newest)

    def _step(
        self,
        after: int,
        until: int,
        group: Sequence[Projection],
        newest_observed_at: datetime | None,
    ) -> None:
        events = self._log.after(after, min(STEP_EVENTS, until - after))
        if not events:
            return
        last = events[-1].position
        newest = newest_seen(events, newest_observed_at)
        whole = self._known.whole(events)
        self._written(Batch(after, last, newest, whole), group)  # else another took this step

    def _written(self, batch: Batch, group: Sequence[Projection]) -> bool:
        """Write a step; whether the projections stood where it starts."""
        for projection in group:
            if projection.make is not None:
                _made(projection.make, batch)
        try:
            with self._writing() as connection:
                self._write(connection, batch, group)
        except PositionMoved:
            return False
        return True

    def _write(self, connection: Connection, batch: Batch, group: Sequence[Projection]) -> None:
        for projection in group:
            # first, so that a competing runner waits here and then finds the position moved
            move_position(connection, projection.name, projection.version, batch)
        if not batch.histories:
            return
        left_out = buried_streams(connection)
        for projection in group:
            broken: Mapping[UUID, Exception] = batch.broken if projection.folds else {}
            out = {*left_out.get(projection.name, ()), *broken}
            mine = batch.without(out) if out else batch
            histories = [item for item in batch.orders if item.stream not in out]
            for stream, error in broken.items():
                position = batch.histories[stream][-1].position
                bury(connection, projection.name, stream, position, why(error))
            savepoint = connection.begin_nested()
            try:
                projection.apply(connection, mine, histories)
            except FAULTS:
                savepoint.rollback()
                self._singly(connection, projection, mine)
            else:
                savepoint.commit()

    def _singly(self, connection: Connection, projection: Projection, batch: Batch) -> None:
        """One stream of the step cannot be taken: set that one aside and take the others."""
        orders_of = {item.stream: item for item in batch.orders}
        for stream, events in batch.histories.items():
            one = replace(batch, histories={stream: events})
            folded = [orders_of[stream]] if stream in orders_of else []
            savepoint = connection.begin_nested()
            try:
                projection.apply(connection, one, folded)
            except FAULTS as error:
                savepoint.rollback()
                bury(connection, projection.name, stream, events[-1].position, why(error))
            else:
                savepoint.commit()


def _made(make: Callable[[Batch, History], object], batch: Batch) -> None:
    """Make ahead what can be made; what cannot is found out again when it is to be written."""
    for history in batch.orders:
        with suppress(*FAULTS):
            make(batch, history)


_AT_START = Tracked(0, None, 0)
