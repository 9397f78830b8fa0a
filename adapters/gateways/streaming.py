"""Events to one listener as they come (server-sent events): in bounded memory, and resumable.

A page is read from the log, sent, and forgotten before the next is read. Each event has its
position as `id`; between events of a narrowed feed an `id` alone moves the place to resume at. A
listener that takes nothing for a while is let go: it goes on later, with `Last-Event-ID`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import aclosing, contextmanager
from typing import Final, NamedTuple

import structlog
from fastapi import Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from adapters.gateways.exact import encoded
from adapters.gateways.metering import Meters
from adapters.gateways.outgoing import (
    BeyondTheEnd,
    CannotBeRead,
    EventPage,
    Events,
    NoSuchType,
    NotReachable,
)
from domain.values import Account

AT_ONCE: Final = 250
AT_ONCE_BYTES_MAX: Final = 256 << 10
"""What is held for one listener: so much, or a single event that is larger."""
RETRY_MS: Final = 1_000
RETRY_AFTER_S: Final = 10

log = structlog.get_logger()


class Pace(NamedTuple):
    """How long what may take, in seconds, and how many streams there may be.

    `keep_alive`: nothing is said for so long at most. `asked_again`: how often it is looked whether
    the key is still good, while nothing happens. `slow_max`: a listener that does not take what it
    is sent for so long is let go. `farewell_max`: how long it then has to hear why. `streams_max`:
    how many streams one key may follow at a time.
    """

    keep_alive: float = 15.0
    asked_again: float = 2.0
    slow_max: float = 20.0
    farewell_max: float = 10.0
    streams_max: int = 100


PACE: Final = Pace()


class LetGo(Exception):
    """Nothing more is sent; the text says why."""


class Listener(NamedTuple):
    """Who listens: the key that it came with, and whose events that opens, asked again."""

    key_id: str
    whose: Callable[[], Account | None]


class Streaming(NamedTuple):
    """What all listeners of a service share; `following`: how many streams each key follows."""

    source: Events
    pace: Pace
    meters: Meters
    following: Counter[str]


class EventStream(Response):
    """The answer: it ends when the listener does, or with an `end` that says why."""

    media_type = "text/event-stream"

    def __init__(
        self,
        streaming: Streaming,
        listener: Listener,
        after: int,
        types: Sequence[str],
    ) -> None:
        super().__init__(
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
            media_type=self.media_type,
        )
        del self.headers["content-length"]
        self._source, self._pace, self._meters, self._following = streaming
        self._key_id, self._ask = listener
        self._position = after
        self._types = types

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until somebody ends it."""
        with self._counted():
            await self._sent(scope, receive, send)

    @contextmanager
    def _counted(self) -> Generator[None]:
        """One stream more of this key, unless it follows as many as it may."""
        following, key_id = self._following, self._key_id
        if following[key_id] >= self._pace.streams_max:
            raise HTTPException(
                429,
                f"this key follows {following[key_id]} streams, as many as it may; end one of them",
                headers={"retry-after": str(RETRY_AFTER_S)},
            )
        following[key_id] += 1
        try:
            yield
        finally:
            following[key_id] -= 1
            if not following[key_id]:
                del following[key_id]

    async def _sent(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        gone = asyncio.create_task(_gone(receive))
        self._meters.listens(more=1)
        try:
            await self._follow(send, gone)
            why = None
        except LetGo as error:
            why = str(error)
        finally:
            self._meters.listens(more=-1)
            gone.cancel()
        if why is not None:
            self._meters.let_go()
            log.warning(
                "a listener was let go",
                request_id=scope.get("state", {}).get("request_id"),
                why=why,
                position=self._position,
            )
            await self._say_farewell(send, why)

    async def _follow(self, send: Send, gone: asyncio.Task[None]) -> None:
        async with aclosing(self._chunks()) as chunks:
            async for chunk in chunks:
                if gone.done():
                    return
                if chunk:
                    await self._hand_over(send, chunk)

    async def _hand_over(self, send: Send, chunk: bytes) -> None:
        try:
            async with asyncio.timeout(self._pace.slow_max):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except TimeoutError as error:
            raise LetGo(f"nothing was taken for {self._pace.slow_max:g} s") from error

    async def _say_farewell(self, send: Send, why: str) -> None:
        told = b"event: end\ndata: %b\n\n" % encoded({"why": why})
        try:
            async with asyncio.timeout(self._pace.farewell_max):
                await send({"type": "http.response.body", "body": told, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            pass  # it hears nothing: the connection is cut

    async def _chunks(self) -> AsyncGenerator[bytes]:
        """What is to be sent, with nothing (b"") when it is time to look who still listens.

        The place to resume at is behind what was taken, not behind what was read.
        """
        yield b"retry: %d\n: what follows has its position as id\n\n" % RETRY_MS
        quiet_s = 0.0
        while not self._source.is_closed:
            owner = await run_in_threadpool(self._whose)
            page = await run_in_threadpool(self._page, owner)
            if page.events:
                yield b"".join(b"id: %d\ndata: %b\n\n" % event for event in page.events)
                quiet_s = 0.0
            moved = page.next > self._position
            if moved and (not page.events or page.events[-1][0] < page.next):
                yield b"id: %d\n\n" % page.next
            self._position = page.next
            if moved:
                continue
            if await self._source.beyond(self._position, self._pace.asked_again):
                continue
            quiet_s += self._pace.asked_again
            if quiet_s >= self._pace.keep_alive:
                quiet_s = 0.0
                yield b": still here\n\n"
            else:
                yield b""
        raise LetGo("the service ends; connect again")

    def _whose(self) -> Account | None:
        try:
            return self._ask()
        except HTTPException as error:
            raise LetGo(f"{error.detail}") from error

    def _page(self, owner: Account | None) -> EventPage:
        try:
            return self._source.page(owner, self._position, AT_ONCE, self._types, AT_ONCE_BYTES_MAX)
        except (BeyondTheEnd, CannotBeRead, NoSuchType, NotReachable) as error:
            raise LetGo(str(error)) from error


async def _gone(receive: Receive) -> None:
    """Return when nobody listens any more."""
    while (await receive())["type"] != "http.disconnect":
        pass
