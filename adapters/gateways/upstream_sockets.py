"""A venue's sockets, passed on: every frame is kept, then handed over as it came, in its order.

The venue is asked first: a handshake that it refuses is refused in its own words. What ends one
side ends the other with the same code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from fastapi import APIRouter, Response, WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.typing import Subprotocol

from adapters.gateways.frame import Message, Recording
from adapters.gateways.upstream_entry import KEY, Entry, entry_of, key_in
from adapters.recording.lines import Loss, SocketFrame
from adapters.recording.recorder import Received, Sent
from adapters.transport.losses import Fate
from adapters.transport.recorded import stored
from adapters.transport.socket import reference_of

FRAME_BYTES_MAX = 1 << 20
"""From a client; of a venue's, and of what it unpacks to, sixteen times as much is taken."""
OPEN_S_MAX, CLOSE_S_MAX = 10.0, 2.0
SOCKETS_MAX = 1_000
WAITING_MAX = 1_000
"""So many messages wait for the frame that says whose they are; then it is nobody's."""
UNANSWERED_MAX = 10_000
TOO_LARGE, BROKEN, TOO_MANY = 1009, 1011, 1013
_NOT_SENT = {1005: 1000, 1006: BROKEN, 1015: BROKEN}
"""Codes that stand for what no frame said, and what is said in their place."""
REASON_BYTES_MAX = 123


Names = Callable[[Mapping[str, str]], Recording]
"""The recording of whoever comes with these credentials."""


@dataclass(slots=True)
class _Kept:
    """What is said on one socket, on its way into a recording; who it is may be said on it."""

    names: Names
    comes: Mapping[str, str]
    channel: str
    recording: Recording | None = None
    waiting: list[Message] = field(default_factory=list[Message])
    exchanges: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        if self.comes:
            self.recording = self.names(self.comes)

    async def sent(self, frame: bytes) -> None:
        """Keep what the client says, before the venue hears it."""
        if self.recording is None:
            key = key_in(frame)
            if key is not None or len(self.waiting) >= WAITING_MAX:
                self.recording = self.names({} if key is None else {KEY: key})
        reference = reference_of(frame)
        exchange = None
        if reference is not None and self.recording is not None:
            exchange = self.recording.exchange()
            while len(self.exchanges) >= UNANSWERED_MAX:
                self.exchanges.pop(next(iter(self.exchanges)))
            self.exchanges[reference] = exchange
        await self._keep(Sent(SocketFrame(self.channel, frame, exchange)))

    async def came(self, frame: bytes) -> None:
        """Keep what the venue says, before the client hears it."""
        reference = reference_of(frame)
        exchange = None if reference is None else self.exchanges.pop(reference, None)
        await self._keep(Received(SocketFrame(self.channel, frame, exchange)))

    async def ended(self, why: str) -> None:
        """Nothing comes any more: what was asked and not answered is lost."""
        if self.recording is None and self.waiting:
            self.recording = self.names({})
        for exchange in self.exchanges.values():
            await self._keep(Loss(exchange, Fate.DISCONNECTED.value, why))
        self.exchanges.clear()

    async def _keep(self, message: Message) -> None:
        if self.recording is None:
            self.waiting.append(message)
            return
        for each in (*self.waiting, message):
            await stored(self.recording, each)
        self.waiting.clear()


def passing_sockets(base_url: str, names: Names) -> APIRouter:
    """Every socket path that is nobody else's, passed on."""
    routes = APIRouter()
    open_now: set[WebSocket] = set()

    @routes.websocket("/{path:path}")
    async def any_socket(path: str, connection: WebSocket) -> None:
        """Both ways, until either side ends."""
        if len(open_now) >= SOCKETS_MAX:
            await connection.close(TOO_MANY, "too many connections")
            return
        open_now.add(connection)
        try:
            comes = entry_of(connection)
            venue = await _opened(_address(base_url, connection), connection, comes)
            if venue is not None:
                channel = path.strip("/").replace("/", "-")
                await _both_ways(connection, venue, _Kept(names, comes.names, channel))
        finally:
            open_now.discard(connection)

    return routes


def _address(base_url: str, connection: WebSocket) -> str:
    parts = urlsplit(base_url)
    scheme = "wss" if parts.scheme == "https" else "ws"
    path = parts.path.rstrip("/") + connection.url.path
    return urlunsplit((scheme, parts.netloc, path, connection.url.query, ""))


async def _opened(url: str, connection: WebSocket, comes: Entry) -> ClientConnection | None:
    """The venue's side, open, and the client's with it; None when the venue would not."""
    offered = connection.headers.get("sec-websocket-protocol", "").split(",")
    wanted = [Subprotocol(name.strip()) for name in offered if name.strip()]
    headers = {
        name: value
        for name, value in comes.headers.items()
        if not name.startswith("sec-websocket-")
    }
    try:
        venue = await connect(
            url,
            additional_headers={**headers, **comes.opening},
            subprotocols=wanted or None,
            user_agent_header=None,
            open_timeout=OPEN_S_MAX,
            close_timeout=CLOSE_S_MAX,
            max_size=16 * FRAME_BYTES_MAX,
            proxy=None,
        )
    except InvalidStatus as refused:
        status, body = refused.response.status_code, bytes(refused.response.body or b"")
        kind = refused.response.headers.get("content-type")
        await connection.send_denial_response(Response(body, status, media_type=kind))
        return None
    except (OSError, TimeoutError, WebSocketException):
        await connection.send_denial_response(Response(b"", HTTPStatus.BAD_GATEWAY))
        return None
    await connection.accept(subprotocol=venue.subprotocol)
    return venue


async def _both_ways(connection: WebSocket, venue: ClientConnection, kept: _Kept) -> None:
    near = asyncio.create_task(_to_the_venue(connection, venue, kept))
    far = asyncio.create_task(_to_the_client(connection, venue, kept))
    code, why = BROKEN, ""
    try:
        done, _ = await asyncio.wait((near, far), return_when=asyncio.FIRST_COMPLETED)
        code, why = next(iter(done)).result()
    finally:
        for task in (near, far):
            task.cancel()
        await asyncio.gather(near, far, return_exceptions=True)
        await kept.ended(f"the socket ended: {code} {why}".strip())
        with suppress(WebSocketException, OSError, TimeoutError):
            await venue.close(code, why)
        with suppress(RuntimeError, OSError):  # the client may have gone first
            async with asyncio.timeout(CLOSE_S_MAX):
                await connection.close(code, why)


Ending = tuple[int, str]
"""How a side ended: a code that may be said, and the reason."""


async def _to_the_venue(connection: WebSocket, venue: ClientConnection, kept: _Kept) -> Ending:
    while True:
        message = await connection.receive()
        if message["type"] == "websocket.disconnect":
            code = message.get("code") or 1005
            return _sayable(code, message.get("reason") or "")
        text: str | None = message.get("text")
        frame: bytes = message["bytes"] if text is None else text.encode("utf-8", "replace")
        if len(frame) > FRAME_BYTES_MAX:
            return TOO_LARGE, "the frame is too large"
        await kept.sent(frame)
        try:
            await venue.send(frame, text=text is not None)
        except ConnectionClosed as closed:
            return _ended(closed)


async def _to_the_client(connection: WebSocket, venue: ClientConnection, kept: _Kept) -> Ending:
    while True:
        try:
            told = await venue.recv()
        except ConnectionClosed as closed:
            return _ended(closed)
        await kept.came(told.encode() if isinstance(told, str) else told)
        if isinstance(told, str):
            await connection.send_text(told)
        else:
            await connection.send_bytes(told)


def _ended(closed: ConnectionClosed) -> Ending:
    """What the venue said when it hung up; a connection that just ended is broken."""
    if closed.rcvd is None:
        return BROKEN, "the venue's connection ended"
    return _sayable(closed.rcvd.code, closed.rcvd.reason)


def _sayable(code: int, reason: str) -> Ending:
    cut = reason.encode()[:REASON_BYTES_MAX].decode("utf-8", "ignore")
    return _NOT_SENT.get(code, code), cut
