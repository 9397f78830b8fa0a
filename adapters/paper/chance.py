"""Which fault comes when: a function of the script, the seed, and what was asked so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from adapters.paper.operations import Operation
from adapters.paper.script import OF_FEED, OF_REQUEST, Crossing, Fault, Script


class Trigger:
    """One fault of the script: it counts what it is about, and draws from a source of its own."""

    def __init__(self, number: int, fault: Fault, seed: int) -> None:
        self.number = number
        self.fault = fault
        self.random = Random(f"{seed}/{number}")  # noqa: S311 - to be repeated, not to be safe
        self.seen = 0
        self.fired = 0

    def fires(self, operation: Operation | None, account: str | None, since: timedelta) -> bool:
        """Whether it comes to this one."""
        when = self.fault
        if when.on and operation not in when.on:
            return False
        if when.account is not None and when.account != account:
            return False
        seconds = Decimal(since // timedelta(microseconds=1)).scaleb(-6)
        if seconds < when.after_s or (when.until_s is not None and seconds >= when.until_s):
            return False
        self.seen += 1
        if not self._chosen() or (when.at_most is not None and self.fired >= when.at_most):
            return False
        self.fired += 1
        return True

    def _chosen(self) -> bool:
        when = self.fault
        if when.nth:
            return self.seen in when.nth
        if when.every is not None:
            return self.seen % when.every == 0
        if when.probability is not None:
            return Decimal(self.random.random()) < when.probability
        return True

    def between(self, span: Sequence[Decimal]) -> Decimal:
        """The only value of a span, or one drawn between its two, to six digits."""
        return drawn(self.random, span)


def drawn(random: Random, span: Sequence[Decimal]) -> Decimal:
    """The only value of a span, or one drawn between its two, to six digits."""
    low, high = span[0], span[-1]
    if low == high:
        return low
    return low + (high - low) * random.randrange(1_000_001) / 1_000_000


class Faults:
    """The faults of a script, as they come."""

    def __init__(self, script: Script, seed: int, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._began = clock()
        self._over = False
        self.triggers = [Trigger(n, fault, seed) for n, fault in enumerate(script.fault, 1)]

    def end(self) -> None:
        """Nothing comes any more."""
        self._over = True

    def of_request(self, operation: Operation, account: str | None) -> list[Trigger]:
        """What comes to a request, in the script's order."""
        return self._fired(OF_REQUEST, operation, account)

    def of_feed(self, account: str | None) -> list[Trigger]:
        """What comes to a message of the feed."""
        return self._fired(OF_FEED, None, account)

    def of_cancel(self, account: str) -> list[Trigger]:
        """What crosses the cancel of one order."""
        return self._fired((Crossing,), Operation.CANCEL, account)

    def _fired(
        self, family: tuple[type[Fault], ...], operation: Operation | None, account: str | None
    ) -> list[Trigger]:
        mine = [trigger for trigger in self.triggers if isinstance(trigger.fault, family)]
        if self._over or not mine:
            return []
        since = self._clock() - self._began
        return [trigger for trigger in mine if trigger.fires(operation, account, since)]
