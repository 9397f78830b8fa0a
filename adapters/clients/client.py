"""A venue's client for one account: a codec's calls over its transports, one after another.

It sends what the codec made of a declared scope and nothing else. It stops at the first call that
could not leave: what stands behind it would not either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from websockets.exceptions import InvalidStatus

from adapters.clients.hearing import Conversation
from adapters.clients.port import Ask, Call, CannotSay, Codec, Wanted
from adapters.recording.lines import Intent
from adapters.transport.feed import FeedTransport
from adapters.transport.http import Answer, HttpCall, HttpTransport
from adapters.transport.losses import Fate, Lost
from adapters.transport.pacing import Pace
from adapters.transport.recorded import Bounds, Recording
from adapters.transport.socket import SocketCall, SocketTransport
from domain.requests import ScopeKind

NAMING = frozenset({ScopeKind.ORDERS, ScopeKind.REFERENCES})
UNAUTHORISED = frozenset({401, 403})
OPEN_PAGES_MAX = 1_000
"""Of a list of all that is open: pages that lead to one another in a ring come to an end."""
TOGETHER = 8
"""So many questions about orders are under way at the same time."""
RECENT_PAGES_MAX = 5
"""Of lists that go back to the beginning."""


@dataclass(frozen=True, slots=True)
class Told:
    """How one call ended: an answer (with its status over HTTP), or its loss."""

    call: Call
    status: int | None = None
    lost: Lost | None = None
    body: bytes = b""

    @property
    def well(self) -> bool:
        """Over HTTP: the venue did what was asked."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own

    @property
    def not_sent(self) -> bool:
        """It never left this side."""
        return self.lost is not None and self.lost.fate is Fate.NOT_SENT

    @property
    def in_doubt(self) -> bool:
        """Nobody can tell what became of it."""
        broken = self.status is not None and self.status >= 500  # noqa: PLR2004 - HTTP's own
        return broken or (self.lost is not None and self.lost.may_have_happened)

    @property
    def refused_key(self) -> bool:
        """The venue did not take the key."""
        return self.status in UNAUTHORISED


@dataclass(frozen=True, slots=True)
class Address:
    """Where a venue is reached."""

    base_url: str
    ws_url: str | None = None
    feed_url: str = ""

    @property
    def feed_host(self) -> str:
        """Where the feed's own reads are: its host, over HTTP."""
        parts = urlsplit(self.feed_url)
        return urlunsplit((parts.scheme.replace("ws", "http", 1), parts.netloc, "", "", ""))


class NoSocket(ValueError):
    """The venue takes cancels on a socket, and nothing says where that is."""


class Paces:
    """An account's budgets at a venue, shared by all of its clients in this process."""

    def __init__(self, codec: Codec, now: Callable[[], float]) -> None:
        """`now` is a clock that never goes back, in seconds."""
        self.cancels = Pace(codec.capabilities.cancel_rates, now)
        self.wide = Pace(codec.capabilities.wide_rates, now)
        self.reads = Pace(codec.capabilities.read_rates, now)


class Client:
    """One venue account; used as `async with`."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is said, where, by whom, how fast, kept where
        self,
        codec: Codec,
        where: Address,
        key: str,
        account: str,
        recording: Recording,
        paces: Paces,
        bounds: Bounds | None = None,
    ) -> None:
        self.codec = codec
        self._paces = paces
        self._where, self._key, self._recording = where, key, recording
        self._bounds = bounds or Bounds()
        self._opens = opens = codec.credentials(key, account)
        self._replays: HttpTransport | None = None
        self._cancels = HttpTransport(where.base_url, recording, paces.cancels, opens, bounds)
        self._reads = HttpTransport(where.base_url, recording, paces.reads, opens, bounds)
        self._socket = None
        if where.ws_url is not None:
            self._socket = SocketTransport(where.ws_url, recording, paces.cancels, opens, bounds)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._cancels.close()
        await self._reads.close()
        if self._replays is not None:
            await self._replays.close()
        if self._socket is not None:
            await self._socket.close()

    async def cancel(
        self, asks: Sequence[Ask], intent: Intent, heard: Callable[[Told], None]
    ) -> Sequence[Told]:
        """Send every call of these cancels in turn; `heard` is told of each as it ends."""
        calls = [(call, ask.kind) for ask in asks for call in self.codec.cancels(ask)]
        return await self._sent(calls, intent, heard)

    async def place(
        self, wanted: Sequence[Wanted], intent: Intent, heard: Callable[[Told], None]
    ) -> Sequence[Told]:
        """Place these orders, each once: what is lost is looked up, never sent again.

        It stops at the first call without an answer: whoever wants the rest learns first what
        became of it.
        """
        if not self.codec.capabilities.places_max:
            raise CannotSay("nothing can be placed at this venue")
        calls = [(call, ScopeKind.ORDERS) for call in self.codec.places(wanted)]
        return await self._sent(calls, intent, heard, to_the_first_loss=True)

    async def _sent(
        self,
        calls: Sequence[tuple[Call, ScopeKind]],
        intent: Intent,
        heard: Callable[[Told], None],
        *,
        to_the_first_loss: bool = False,
    ) -> Sequence[Told]:
        if self._socket is None and any(isinstance(call, SocketCall) for call, _ in calls):
            raise NoSocket
        told: list[Told] = []
        for call, kind in calls:
            if kind not in NAMING:
                await self._paces.wide.take()
            one = await self._told(call, intent)
            told.append(one)
            heard(one)
            if one.not_sent or (to_the_first_loss and one.in_doubt):
                break
        return told

    async def look_up(self, asks: Sequence[Ask]) -> Sequence[Told]:
        """Ask how these orders stand, some at a time: the answers are in the recording.

        Those that are under way together share their commits; the venue's rates hold all the same.
        """
        calls = [call for ask in asks for call in self.codec.look_ups(ask)]
        told: list[Told] = []
        for start in range(0, len(calls), TOGETHER):
            some = calls[start : start + TOGETHER]
            told += await asyncio.gather(*map(self._asked, some))
            if any(one.not_sent for one in told):
                break
        return told

    async def read_open(self) -> Sequence[Told]:
        """Ask what is open, where the venue has a list: every page of it is in the recording."""
        return await self._read(self.codec.open_orders(), OPEN_PAGES_MAX)

    async def read_recent(self, since: datetime) -> Sequence[Told]:
        """Ask what changed since, where the venue has a list of that; a bounded part of it."""
        return await self._read(self.codec.recent(since), RECENT_PAGES_MAX)

    async def read_tagged(self, references: Sequence[str]) -> Sequence[Told]:
        """Ask for the newest orders with these tags, where the venue finds orders by them."""
        if not references or ScopeKind.USER_REF not in self.codec.capabilities.looks_up:
            return ()
        return await self._read(self.codec.look_ups(Ask(ScopeKind.USER_REF, tuple(references))))

    async def replay(self, after: str) -> Told | None:
        """Ask for what the feed told after a message; None where the venue replays nothing."""
        call = self.codec.replay(after)
        if call is None:
            return None
        if self._replays is None:
            self._replays = HttpTransport(
                self._where.feed_host, self._recording, self._paces.reads, self._opens, self._bounds
            )
        return await self._ended(call, partial(self._replays.send, call))

    def feed(self) -> FeedTransport:
        """A connection to the feed, not opened yet."""
        return FeedTransport(
            self._where.feed_url,
            self.codec.feed.channel,
            self._recording,
            self._opens,
            self._bounds,
        )

    def conversation(self) -> Conversation:
        """How that connection goes."""
        return self.codec.conversation(self._key)

    async def _read(self, calls: Sequence[HttpCall], pages_max: int = 1) -> Sequence[Told]:
        told: list[Told] = []
        for first in calls:
            call: HttpCall | None = first
            for _ in range(pages_max):
                assert call is not None, "looked at below"
                one = await self._asked(call)
                told.append(one)
                if one.not_sent:
                    return told
                call = self.codec.next_page(call, one.body) if one.well else None
                if call is None:
                    break
        return told

    async def _asked(self, call: HttpCall) -> Told:
        return await self._ended(call, partial(self._reads.send, call))

    async def _told(self, call: Call, intent: Intent) -> Told:
        if isinstance(call, HttpCall):
            return await self._ended(call, partial(self._cancels.send, call, intent))
        assert self._socket is not None, "looked at before the first call"
        try:
            await self._socket.send(call, intent)
        except Lost as lost:
            refusal = lost.__cause__  # of the handshake: no frame of ours left
            if isinstance(refusal, InvalidStatus):
                return Told(call, refusal.response.status_code, lost)
            return Told(call, lost=lost)
        return Told(call)

    async def _ended(self, call: HttpCall, send: Callable[[], Awaitable[Answer]]) -> Told:
        try:
            answer = await send()
        except Lost as lost:
            return Told(call, lost=lost)
        return Told(call, answer.status, body=answer.body)
