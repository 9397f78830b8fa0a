"""A venue's client for one account: a codec's calls over its transports, one after another.

It sends what the codec made of a declared scope and nothing else. It stops at the first call that
could not leave: what stands behind it would not either.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

from websockets.exceptions import InvalidStatus

from adapters.clients.port import Ask, Call, Codec
from adapters.recording.lines import Intent
from adapters.transport.http import Answer, HttpCall, HttpTransport
from adapters.transport.losses import Fate, Lost
from adapters.transport.pacing import Pace
from adapters.transport.recorded import Bounds, Recording
from adapters.transport.socket import SocketCall, SocketTransport
from domain.requests import ScopeKind

NAMING = frozenset({ScopeKind.ORDERS, ScopeKind.REFERENCES})
UNAUTHORISED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Told:
    """How one call ended: an answer (with its status over HTTP), or its loss."""

    call: Call
    status: int | None = None
    lost: Lost | None = None

    @property
    def not_sent(self) -> bool:
        """It never left this side."""
        return self.lost is not None and self.lost.fate is Fate.NOT_SENT

    @property
    def refused_key(self) -> bool:
        """The venue did not take the key."""
        return self.status in UNAUTHORISED


@dataclass(frozen=True, slots=True)
class Address:
    """Where a venue is reached."""

    base_url: str
    ws_url: str | None = None


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
        opens = codec.credentials(key, account)
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
        if self._socket is not None:
            await self._socket.close()

    async def cancel(
        self, asks: Sequence[Ask], intent: Intent, heard: Callable[[Told], None]
    ) -> Sequence[Told]:
        """Send every call of these cancels in turn; `heard` is told of each as it ends."""
        calls = [(call, ask.kind) for ask in asks for call in self.codec.cancels(ask)]
        if self._socket is None and any(isinstance(call, SocketCall) for call, _ in calls):
            raise NoSocket
        told: list[Told] = []
        for call, kind in calls:
            if kind not in NAMING:
                await self._paces.wide.take()
            one = await self._told(call, intent)
            told.append(one)
            heard(one)
            if one.not_sent:
                break
        return told

    async def look_up(self, asks: Sequence[Ask]) -> Sequence[Told]:
        """Ask how these orders stand: the answers are in the recording."""
        return await self._read([call for ask in asks for call in self.codec.look_ups(ask)])

    async def read_open(self) -> Sequence[Told]:
        """Ask what is open, where the venue has a list: its first page is in the recording."""
        return await self._read(self.codec.open_orders())

    async def _read(self, calls: Sequence[HttpCall]) -> Sequence[Told]:
        told: list[Told] = []
        for call in calls:
            one = await self._ended(call, partial(self._reads.send, call))
            told.append(one)
            if one.not_sent:
                break
        return told

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
        return Told(call, answer.status)
