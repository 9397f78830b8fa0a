"""Work in a thread that can be told to end: from then on it neither waits nor asks.

Questions that are under way are given up: the recording says of each that its answer did not come.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Halted(Exception):
    """It was told to end before it was done."""


class CarryOut(Protocol):
    """A way to carry out what is asynchronous from a thread without a loop, as `asyncio.run`."""

    def __call__(self, work: Coroutine[Any, Any, T], /) -> T:
        """What it comes to."""
        ...


class Halt:
    """Told once, by any thread; whatever is carried out by it raises `Halted`."""

    def __init__(self) -> None:
        self._told = threading.Event()
        self._lock = threading.Lock()
        self._under_way: set[Callable[[], object]] = set()

    @property
    def told(self) -> bool:
        """Whether it is to end."""
        return self._told.is_set()

    def tell(self) -> None:
        """End."""
        with self._lock:  # the loops of what is under way are open until they are let go
            self._told.set()
            for end in self._under_way:
                end()

    def wait(self, seconds: float) -> None:
        """Let time pass; raise `Halted` as soon as it is to end."""
        if self._told.wait(seconds):
            raise Halted

    def carry_out(self, work: Coroutine[Any, Any, T], /) -> T:
        """What this comes to; raise `Halted` when it is given up."""
        try:
            return asyncio.run(self._held(work))
        except asyncio.CancelledError as error:
            raise Halted from error

    async def _held(self, work: Coroutine[Any, Any, T]) -> T:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

        def end() -> None:
            loop.call_soon_threadsafe(task.cancel)

        with self._lock:
            self._under_way.add(end)
            if self.told:
                end()
        try:
            return await task
        finally:
            with self._lock:
                self._under_way.discard(end)
