"""Who waits in an event loop for the log to grow: one thread looks for all of them.

It listens before it looks, as a subscription does, and looks only while somebody waits.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Final

from adapters.eventlog.driver import is_sqlite
from adapters.eventlog.errors import LogError
from adapters.eventlog.reading import LogReader
from adapters.eventlog.subscription import POSTGRES_POLL_S, SQLITE_POLL_S
from adapters.eventlog.wake import bell_of, listening

RETRY_S: Final = 1.0

_Waiter = tuple[asyncio.AbstractEventLoop, asyncio.Event]


class Tail:
    """The end of the log, for any number of listeners."""

    def __init__(self, log: LogReader) -> None:
        self._log = log
        self._bell = bell_of(log.engine)
        self._poll_s = SQLITE_POLL_S if is_sqlite(log.engine) else POSTGRES_POLL_S
        self._head = 0
        self._guard = Lock()
        self._waiters: set[_Waiter] = set()
        self._somebody = Event()
        self._closed = Event()
        self._thread: Thread | None = None

    @property
    def is_closed(self) -> bool:
        """Nobody is told anything any more."""
        return self._closed.is_set()

    async def beyond(self, position: int, at_most_s: float) -> bool:
        """Whether the log reaches beyond `position`; waits for it, but not for ever."""
        if self._head > position or self.is_closed:
            return self._head > position
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        with self._guard:
            self._waiters.add(waiter)
            self._somebody.set()
            if self._thread is None:
                self._thread = Thread(target=self._look, name="breakwater-tail", daemon=True)
                self._thread.start()
        try:
            if self._head <= position and not self.is_closed:
                with suppress(TimeoutError):
                    async with asyncio.timeout(at_most_s):
                        await waiter[1].wait()
        finally:
            with self._guard:
                self._waiters.discard(waiter)
        return self._head > position

    def close(self) -> None:
        """Let everybody go on, once and for all."""
        self._closed.set()
        self._somebody.set()
        self._bell.ring()
        self._tell()

    def join(self) -> None:
        """Return when the thread has ended."""
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        stop = listening(self._log.engine)
        try:
            while not self.is_closed:
                self._somebody.wait()
                heard = self._bell.rings
                self._look_once()
                self._bell.wait(heard, self._poll_s)
                with self._guard:
                    if not self._waiters and not self.is_closed:
                        self._somebody.clear()
        finally:
            stop()

    def _look_once(self) -> None:
        try:
            head = self._log.head().position
        except LogError:
            self._closed.wait(RETRY_S)  # who reads the log next is told what is the matter with it
            return
        if head > self._head:
            self._head = head
            self._tell()

    def _tell(self) -> None:
        with self._guard:
            waiters = list(self._waiters)
        for loop, event in waiters:
            with suppress(RuntimeError):  # its loop has ended, and nobody waits in it
                loop.call_soon_threadsafe(event.set)
