"""What happens by itself when its time comes: expiries, and the dead-man switch of each account.

The clock is the venue's. Times are looked at before whatever is asked, and every so often in
between as long as anything is due at all.
"""

from __future__ import annotations

import asyncio
import heapq
from datetime import datetime, timedelta

from adapters.gateways.frame import Frame
from adapters.paper.book import Change, Kind

LOOK_EVERY_S = 0.05
BEAT_MAX_S = 24 * 60 * 60
"""A longer silence than this is no heartbeat."""


class Timers:
    """The times at which the venue does something unasked."""

    def __init__(self, frame: Frame, look_every: float = LOOK_EVERY_S) -> None:
        self._frame = frame
        self._look_every = look_every
        self._beats: dict[str, datetime] = {}
        self._expiring: list[tuple[datetime, int, str]] = []
        self._looking = False
        self.beats = 0

    def beat(self, account: str, seconds: float) -> datetime:
        """Be told that a client lives: without another beat in time all its orders are cancelled.

        The time now is returned. One time is kept for an account, whichever connection beats.
        """
        now = self._frame.clock()
        self.beats += 1
        self._beats[account] = now + timedelta(seconds=seconds)
        self._look_later()
        return now

    def hear(self, change: Change) -> None:
        """Note when an order expires."""
        expires_at = change.order.terms.expires_at
        if change.kind is Kind.PLACED and expires_at is not None:
            due = expires_at, change.order.order_id, change.order.account
            heapq.heappush(self._expiring, due)
            self._look_later()

    def look(self) -> None:
        """Do what is due."""
        now = self._frame.clock()
        book = self._frame.book
        while self._expiring and self._expiring[0][0] <= now:
            _, number, account = heapq.heappop(self._expiring)
            order = book.find(account, number)
            if order is not None and order.is_live:
                book.end(number, Kind.EXPIRED)
        for account in [account for account, due in self._beats.items() if due <= now]:
            del self._beats[account]
            for order in list(book.live(account)):
                book.end(order.order_id, Kind.CANCELLED)

    def _look_later(self) -> None:
        """A handle of the loop, no task: it ends with the loop.

        Without a loop nobody is served, and what is due is done before the next request.
        """
        if self._looking:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._looking = True
        loop.call_later(self._look_every, self._tick)

    def _tick(self) -> None:
        self.look()
        self._looking = False
        if self._beats or self._expiring:
            self._look_later()
