"""Who listens to an account's feed: each listener has a queue of its own, and a bound to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from adapters.paper.book import Book, Change

QUEUE_MAX = 2_000
"""A listener that falls further behind is let go: it must read the lists anew."""


@dataclass(eq=False, slots=True)
class Listener:
    """One connection's place in the feed. `fell_behind` once more waited than it may."""

    account: str
    waiting: asyncio.Queue[Change] = field(default_factory=lambda: asyncio.Queue(QUEUE_MAX))
    fell_behind: asyncio.Event = field(default_factory=asyncio.Event)


class Feed:
    """The changes of the books, to everyone who listens for an account."""

    def __init__(self, book: Book) -> None:
        self._listeners: dict[str, list[Listener]] = {}
        self._stop = book.listen(self._heard)

    def close(self) -> None:
        """Hear no more."""
        self._stop()

    def join(self, account: str) -> tuple[Listener, Callable[[], None]]:
        """Listen from now on; the returned call ends it."""
        listener = Listener(account)
        listeners = self._listeners.setdefault(account, [])
        listeners.append(listener)
        return listener, lambda: listeners.remove(listener)

    def is_first(self, listener: Listener) -> bool:
        """Whether this is the account's oldest listener: what it is sent is what is recorded."""
        return self._listeners[listener.account][0] is listener

    def count(self, account: str) -> int:
        """How many listen."""
        return len(self._listeners.get(account, ()))

    def _heard(self, change: Change) -> None:
        for listener in self._listeners.get(change.order.account, ()):
            try:
                listener.waiting.put_nowait(change)
            except asyncio.QueueFull:
                listener.fell_behind.set()
