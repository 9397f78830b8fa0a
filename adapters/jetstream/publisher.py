"""The publisher: what the log has and the stream has not, in order, until it is told to stop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final, Protocol

import stamina

from adapters.jetstream.errors import Interrupted
from adapters.jetstream.resuming import resumed
from adapters.jetstream.stream import Message, Stream
from adapters.jetstream.tracking import Guard, Placed, Tracked

TELL_S: Final = 5.0
"""How often it tells how far it has come."""
WAIT_S: Final = 0.5
"""How long it waits for new events before it looks whether it should stop."""
PAUSE_S_MAX: Final = 5.0


class Source(Protocol):
    """The log, as a publisher reads it. Every method may wait, and is called in a thread."""

    def after(self, position: int) -> Sequence[Message]:
        """The next events after `position`, as many as may be on their way at a time."""
        ...

    def id_at(self, position: int) -> str | None:
        """The id of the event at a position; None behind the end of the log."""
        ...

    def head(self) -> int:
        """The position of the last event."""
        ...

    def wait(self, position: int, at_most_s: float) -> None:
        """Return when there is an event after `position`, or the time is over."""
        ...


class Permit(Protocol):
    """What allows this process, and no other one, to publish."""

    def check(self) -> None:
        """Raise when it may be over."""
        ...


@dataclass
class Progress:
    """What was published by this run."""

    stream: str
    published: int = 0
    first_position: int | None = None
    position: int = 0
    head: int = 0
    subjects: Counter[str] = field(default_factory=Counter[str])
    interruptions: int = 0
    told: str = ""

    def interrupt(self, why: str, tell: Callable[[str], None]) -> None:
        """It does not go on; the same reason is told once until something was published."""
        self.interruptions += 1
        if why != self.told:
            tell(f"paused: {why}")
        self.told = why

    def add(self, messages: Sequence[Message]) -> None:
        """These are in the stream now."""
        self.told = ""
        self.published += len(messages)
        self.position = messages[-1].position
        if self.first_position is None:
            self.first_position = messages[0].position
        self.subjects.update(message.subject for message in messages)

    @property
    def behind(self) -> int:
        """How many events of the log are not in the stream."""
        return max(0, self.head - self.position)


@dataclass(frozen=True)
class Publisher:
    """Publishes one log to one stream. `away`: the errors of a database that cannot be reached."""

    source: Source
    tracked: Tracked
    connect: Callable[[], AbstractAsyncContextManager[Stream]]
    progress: Progress
    tell: Callable[[str], None]
    now: Callable[[], datetime]
    guard: Guard
    permit: Permit
    away: tuple[type[Exception], ...]
    from_start: bool = False
    patience_s: float = 10.0

    async def run(self, stopping: asyncio.Event, *, once: bool) -> None:
        """Publish until `stopping` is set, with `once` until everything is published.

        Raise `Conflict` when the stream is not ours to write to, `Interrupted` when `once` is asked
        for and nothing goes on for `patience_s` seconds, and what `permit` and `guard` raise.
        """
        while not stopping.is_set():
            # A new round of patience after each success.
            async for attempt in stamina.retry_context(
                on=Interrupted,
                attempts=None,
                timeout=self.patience_s if once else None,
                wait_max=PAUSE_S_MAX,
            ):
                with attempt:
                    before = self.progress.published
                    trouble = await self._trouble(stopping, once=once)
                    if trouble is None:
                        return
                    self.progress.interrupt(str(trouble), self.tell)
                    if self.progress.published == before:
                        raise trouble

    async def _trouble(self, stopping: asyncio.Event, *, once: bool) -> Interrupted | None:
        try:
            await self._session(stopping, once=once)
        except Interrupted as error:
            return error
        except self.away as error:
            return Interrupted(f"the database cannot be reached ({error})")
        return None

    async def _session(self, stopping: asyncio.Event, *, once: bool) -> None:
        """Publish over one connection; return when there is no more to do."""
        async with self.connect() as stream:
            place = await self._resume(stream)
            told_at = asyncio.get_running_loop().time()
            while not stopping.is_set():
                self.permit.check()
                messages = await asyncio.to_thread(self.source.after, place.position)
                if messages:
                    place = await self._publish(stream, place, messages)
                elif once:
                    break
                else:
                    await asyncio.to_thread(self.source.wait, place.position, WAIT_S)
                if asyncio.get_running_loop().time() - told_at >= TELL_S and messages:
                    told_at = asyncio.get_running_loop().time()
                    await self._tell_progress()
            await self._tell_progress()

    async def _resume(self, stream: Stream) -> Placed:
        tracked = await asyncio.to_thread(self.tracked.place)
        end = await stream.end()
        where = partial(resumed, stream.name, from_start=self.from_start)
        place = await asyncio.to_thread(where, tracked, end, self.source.id_at)
        self.progress.position = place.position
        if place != tracked:
            await asyncio.to_thread(self.tracked.move, tracked, place, self.now(), self.guard)
        return place

    async def _publish(self, stream: Stream, place: Placed, messages: Sequence[Message]) -> Placed:
        """Send, wait for the acknowledgements, and write down how far they go."""
        sent = await stream.send(messages, place.sequence)
        if sent.taken:
            done = messages[: sent.taken]
            to = Placed(done[-1].position, place.sequence + sent.taken)
            await asyncio.to_thread(self.tracked.move, place, to, self.now(), self.guard)
            self.progress.add(done)
            place = to
        if sent.trouble is not None:
            raise Interrupted(sent.trouble)
        return place

    async def _tell_progress(self) -> None:
        self.progress.head = await asyncio.to_thread(self.source.head)
        self.tell(
            f"published {self.progress.published:,} events to {len(self.progress.subjects):,} "
            f"subjects; at position {self.progress.position:,} of {self.progress.head:,}"
        )
