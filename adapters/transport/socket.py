"""Commands on a venue's socket: each stored, sent, and answered by what quotes its reference.

Nothing says that answers come in order, or at all: an answer is known by the reference that it
quotes. One that comes late is stored as the answer to its request all the same.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.protocol import State

from adapters.recording.lines import Intent, SocketFrame
from adapters.recording.recorder import Received, Sent
from adapters.transport.losses import Lost, socket_fate_of
from adapters.transport.pacing import Pace
from adapters.transport.recorded import Bounds, Recording, recorded, stored

REMEMBERED_MAX = 10_000
"""Of so many requests a late answer is still known."""


@dataclass(frozen=True, slots=True)
class SocketCall:
    """A frame of ours on the venue's socket; `reference` is what its answer quotes."""

    channel: str
    reference: str
    frame: bytes


class SocketTransport:
    """The venue's command socket, for one account; opened when the first frame wants to leave."""

    def __init__(
        self,
        url: str,
        recording: Recording,
        pace: Pace,
        credentials: Mapping[str, str],
        bounds: Bounds | None = None,
    ) -> None:
        self._url = url
        self._channel = ""
        self._recording = recording
        self._pace = pace
        self._credentials = credentials
        self._bounds = bounds or Bounds()
        self._connection: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self._exchanges: dict[str, str] = {}
        self._waiting: dict[str, asyncio.Future[bytes]] = {}

    async def close(self) -> None:
        """Hang up."""
        connection, reader = self._connection, self._reader
        self._connection = self._reader = None
        if connection is not None:
            await connection.close()
        if reader is not None:
            await reader

    async def send(self, call: SocketCall, intent: Intent | None = None) -> bytes:
        """The frame that quotes the reference; raise `Lost` when none came."""
        await self._pace.take()
        exchange = self._recording.exchange()
        self._remember(call.reference, exchange)
        self._channel = call.channel
        sent = Sent(SocketFrame(call.channel, call.frame, exchange), intent=intent)
        try:
            return await recorded(self._recording, exchange, sent, lambda: self._exchanged(call))
        finally:
            self._waiting.pop(call.reference, None)

    async def _exchanged(self, call: SocketCall) -> bytes:
        connection = await self._opened()
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[call.reference] = answer
        try:
            async with asyncio.timeout(self._bounds.answer_s):
                await connection.send(call.frame, text=True)
                return await answer
        except Lost:
            raise
        except Exception as error:
            raise _lost(error, opened=True) from error

    async def _opened(self) -> ClientConnection:
        """The socket, open; a new one when the last has ended."""
        async with self._opening:
            held, reader = self._connection, self._reader
            listening = reader is not None and not reader.done()
            if held is not None and listening and held.state is State.OPEN:
                return held
            await self.close()
            try:
                connection = await connect(
                    self._url,
                    additional_headers=self._credentials,
                    open_timeout=self._bounds.connect_s,
                    close_timeout=1,
                    max_size=self._bounds.body_bytes_max,
                    proxy=None,
                )
            except Exception as error:
                raise _lost(error, opened=False) from error
            self._connection = connection
            self._reader = asyncio.create_task(self._read(connection))
            return connection

    async def _read(self, connection: ClientConnection) -> None:
        """Store every frame that comes and hand it to who waits for it, until the socket ends."""
        try:
            while True:
                frame = await connection.recv(decode=False)
                reference = reference_of(frame)
                exchange = None if reference is None else self._exchanges.get(reference)
                await stored(self._recording, Received(SocketFrame(self._channel, frame, exchange)))
                waiting = None if reference is None else self._waiting.get(reference)
                if waiting is not None and not waiting.done():
                    waiting.set_result(frame)
        except Exception as error:  # noqa: BLE001 - told to everyone who waits
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(error)

    def _remember(self, reference: str, exchange: str) -> None:
        while len(self._exchanges) >= REMEMBERED_MAX:
            self._exchanges.pop(next(iter(self._exchanges)))
        self._exchanges[reference] = exchange


def _lost(error: Exception, *, opened: bool) -> Exception:
    """The loss that an error is; an error that is none comes back as it is."""
    fate = socket_fate_of(error, opened=opened)
    if fate is None:
        return error
    return Lost(fate, f"{type(error).__name__}: {error}"[:200])


def reference_of(frame: bytes) -> str | None:
    """The reference that a command has (`[verb, {…}]`), or that its answer quotes."""
    try:
        told: Any = json.loads(frame, parse_float=str)  # only its reference is read here
    except (ValueError, RecursionError):
        return None
    if isinstance(told, list) and told:
        told = cast("Sequence[Any]", told)[-1]
    if not isinstance(told, dict):
        return None
    quoted = cast("dict[str, Any]", told).get("requestID")
    return quoted if isinstance(quoted, str) else None
