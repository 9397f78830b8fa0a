"""The read models beside an ingest: in step with it, and once it is long in a process of their own.

The log alone tells the other process what to do: it is told how far the log has come, and catches
up. So it can be lost at any moment, and is then done without.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

import structlog

from adapters.beside import Line
from domain.ports import LiveOrder, OpenOrders
from domain.recorded import Recorded
from domain.values import Account
from projections.runner import Runner

EVENTS_MIN = 8_000
"""A shorter ingest is over before another process has begun."""

log = structlog.get_logger()
Begin = Callable[[], AbstractContextManager[Sequence[Line]]]


class Stored(NamedTuple):
    """The log has come further, or has seen a later time; these are numbered."""

    number: int
    newest_observed_at: datetime | None


class Reached(NamedTuple):
    """The read models hold what was stored up to this number; 0: the process is at work."""

    number: int


class Following:
    """Keeps the read models current while an ingest goes on."""

    def __init__(
        self, runner: Runner, begin: Begin, stack: ExitStack, open_orders: OpenOrders
    ) -> None:
        self._runner = runner
        self._begin = begin
        self._stack = stack
        self._open_orders = open_orders
        self._events = 0
        self._other: Line | None = None
        self._told = Stored(0, None)
        self._reached: int | None = None

    def take(
        self,
        histories: Mapping[UUID, Sequence[Recorded]],
        after: int,
        until: int,
        newest_observed_at: datetime | None,
    ) -> bool:
        """A batch was stored; whether the histories of the next one are of any use here."""
        if self._events < EVENTS_MIN:
            self._events += until - after
            if self._events >= EVENTS_MIN:
                self._other = next(iter(self._stack.enter_context(self._begin())), None)
        while self._other is not None and self._other.hears():
            self._hear(self._other)
        if self._other is not None and self._reached is not None:
            self._tell(self._other, Stored(self._told.number + 1, newest_observed_at))
        if self._other is None or self._reached is None:
            self._runner.take(histories, after, until, newest_observed_at)
        return not self._told.number  # who once went on from the log does so to the end

    def settle(self) -> None:
        """Return when the read models hold everything that was stored."""
        while self._other is not None and (self._reached or 0) < self._told.number:
            self._hear(self._other)
        if self._other is None and self._told.number:
            self._runner.catch_up(self._told.newest_observed_at)

    def live(
        self, owner: Account, *, market: str | None = None, user_ref: str | None = None
    ) -> Sequence[LiveOrder]:
        """The orders of `owner` that may still be live, by all that was stored."""
        self.settle()
        return self._open_orders.live(owner, market=market, user_ref=user_ref)

    def _tell(self, other: Line, stored: Stored) -> None:
        self._told = stored
        try:
            other.tell(stored)
        except Exception as error:  # noqa: BLE001 - whatever it was, this process can do the work
            self._lost(error)

    def _hear(self, other: Line) -> None:
        try:
            told = other.hear()
        except Exception as error:  # noqa: BLE001 - whatever it was, this process can do the work
            self._lost(error)
            return
        assert isinstance(told, Reached), "it tells nothing else"
        self._reached = told.number

    def _lost(self, error: Exception) -> None:
        log.warning("the read models go on in this process", why=str(error))
        self._other = None


@contextmanager
def following(runner: Runner, begin: Begin, open_orders: OpenOrders) -> Generator[Following]:
    """The read models follow what is stored; they hold all of it when the block is left."""
    with ExitStack() as stack:
        models = Following(runner, begin, stack, open_orders)
        yield models
        models.settle()


def follow(line: Line, runner: Runner) -> None:
    """Bring the read models to what another process has stored, until it ends."""
    done = Reached(0)
    line.tell(done)
    while True:
        stored = line.hear()
        while line.hears():
            stored = line.hear()  # only the last one counts
        assert isinstance(stored, Stored), "nothing else is told"
        runner.catch_up(stored.newest_observed_at, partial(_still, line, done))
        done = Reached(stored.number)
        line.tell(done)


def _still(line: Line, done: Reached, _position: int) -> None:
    """After each step: who is told nothing new is asked whether it is still there."""
    line.tell(done)
