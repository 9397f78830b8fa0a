"""A venue's own life: strangers who match what rests, orders that it ends or forgets, its clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from random import Random

from adapters.paper.book import Book, Kind, Order
from adapters.paper.chance import Faults, Trigger, drawn
from adapters.paper.script import Crossing, Ends, Forgets, Market, Skew

CENT = Decimal("0.01")


class SkewedClock:
    """The venue's own clock: the true one, off by whatever the script says."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.true = clock
        self.off = timedelta(0)

    def __call__(self) -> datetime:
        """What the venue takes for the time."""
        return self.true() + self.off


class RacingBook(Book):
    """Books in which a stranger may be faster than a cancel."""

    def __init__(self, clock: Callable[[], datetime], faults: Faults, first_id: int) -> None:
        super().__init__(clock, first_id)
        self._faults = faults

    def cancel(self, account: str, order_id: int, size: Decimal | None = None) -> Decimal:
        """As asked, after whoever crossed it."""
        order = self.find(account, order_id)
        if order is not None and order.is_live:
            for trigger in self._faults.of_cancel(account):
                if isinstance(trigger.fault, Crossing) and order.is_live:
                    share = trigger.between(trigger.fault.share)
                    self.match(order_id, part(order.remaining, share))
        return super().cancel(account, order_id, size)


class Strangers:
    """The rest of the market, from a seed: the same requests meet the same strangers."""

    def __init__(self, book: Book, market: Market, seed: int) -> None:
        self._book = book
        self._market = market
        self._random = Random(f"{seed}/market")  # noqa: S311 - to be repeated, not to be safe
        self._by_time = Random(f"{seed}/time")  # noqa: S311 - to be repeated too
        self._next: datetime | None = None

    def leave(self) -> None:
        """Nobody comes any more."""
        self._market = Market()

    def step(self) -> None:
        """A request comes: perhaps somebody was here first."""
        if self._market.each_request and self._random.random() < self._market.each_request:
            self._take(self._random)

    def advance(self, now: datetime) -> None:
        """Time went by: orders end at their time, and strangers came at theirs."""
        self._book.expire()
        if not self._market.per_second:
            return
        due = self._next or self._later(now)
        while due <= now:
            self._take(self._by_time)
            due = self._later(due)
        self._next = due

    def _later(self, moment: datetime) -> datetime:
        return moment + timedelta(seconds=self._by_time.expovariate(float(self._market.per_second)))

    def _take(self, random: Random) -> None:
        order = chosen(random, list(self._book.live()))
        if order is not None:
            share = drawn(random, self._market.share)
            self._book.match(order.order_id, part(order.remaining, share))


def act(trigger: Trigger, book: Book, account: str | None, clock: SkewedClock) -> None:
    """Do what a fault does to the books, or to the clock."""
    fault = trigger.fault
    if isinstance(fault, Skew):
        clock.off = timedelta(seconds=float(fault.minutes * 60))
    elif isinstance(fault, Ends | Forgets):
        order = chosen(trigger.random, list(book.live(account)))
        if order is None:
            trigger.fired -= 1
        elif isinstance(fault, Ends):
            book.end(order.order_id, Kind(fault.how))
        else:
            book.forget(order.order_id)


def chosen(random: Random, orders: Sequence[Order]) -> Order | None:
    """One of them, by chance."""
    return orders[random.randrange(len(orders))] if orders else None


def part(remaining: Decimal, share: Decimal) -> Decimal:
    """A share of what remains in whole cents, never nothing: what is too small goes whole."""
    taken = (remaining * share).quantize(CENT, ROUND_DOWN)
    return taken if CENT <= taken < remaining else remaining
