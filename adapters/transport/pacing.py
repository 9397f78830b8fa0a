"""A venue's limits on how often it may be asked, kept on our side before it has to refuse."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` messages within any `seconds`."""

    count: int
    seconds: float


class Pace:
    """Lets a message go when every rate of the venue allows it, first come first served."""

    def __init__(self, rates: Sequence[Rate], now: Callable[[], float]) -> None:
        """`now` is a clock that never goes back, in seconds."""
        self._rates = rates
        self._now = now
        self._sent: list[deque[float]] = [deque() for _ in rates]
        self._not_before = 0.0
        self._turn = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def take(self) -> None:
        """Wait until the next message may leave, and count it."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # the budget outlives the loop that a job runs in; a lock cannot
            self._loop, self._turn = loop, asyncio.Lock()
        async with self._turn:
            while (wait := self._wait()) > 0:  # noqa: ASYNC110 - time passes, nobody tells of it
                await asyncio.sleep(wait)
            now = self._now()
            for sent in self._sent:
                sent.append(now)

    def hold(self, seconds: float) -> None:
        """The venue said to wait this long (`Retry-After`)."""
        self._not_before = max(self._not_before, self._now() + seconds)

    def _wait(self) -> float:
        now = self._now()
        wait = self._not_before - now
        for rate, sent in zip(self._rates, self._sent, strict=True):
            while sent and sent[0] <= now - rate.seconds:
                sent.popleft()
            if len(sent) >= rate.count:
                wait = max(wait, sent[len(sent) - rate.count] + rate.seconds - now)
        return wait
