"""ABP's WebSocket `/ws`: log in, choose channels, hear orders, bets and settlements."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from adapters.gateways.abp.calling import VENUE
from adapters.gateways.abp.rows import Row, bet_row, feed_row, time
from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import NotReadable, encoded, object_of, parsed
from adapters.gateways.feed import Feed, Listener
from adapters.gateways.frame import Frame
from adapters.paper.book import Change, Kind
from adapters.recording.lines import SocketFrame

CONNECTIONS_MAX = 5
FRAME_BYTES_MAX = 64 * 1024
CLIENT_CHANNELS = ("orders", "bets", "settlements", "accounts", "balance", "betslip")
GLOBAL_CHANNELS = ("fixtures", "currencies", "status", "emergency")
POLICY, TOO_LARGE, TOO_SLOW, TOO_MANY = 1008, 1009, 1013, 4008
CLOSE_S_MAX = 2.0
"""Who does not take a farewell within it is hung up on without."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client may take, in seconds."""

    login: float = 30
    ping_every: float = 30
    pong: float = 120


def socket(frame: Frame, feed: Feed, patience: Patience | None = None) -> APIRouter:
    """The socket, over the books of `frame`."""
    routes = APIRouter()
    waits = patience or Patience()
    open_by_key: Counter[str] = Counter()
    names = itertools.count(1)

    @routes.websocket("/ws")
    async def ws(connection: WebSocket) -> None:
        await connection.accept()
        try:
            async with asyncio.timeout(waits.login):
                client, channels = await _login(frame, connection)
        except (TimeoutError, NotReadable):
            await _hung_up(connection, POLICY, "login required")
            return
        except TooLarge:
            await _hung_up(connection, TOO_LARGE, "the frame is too large")
            return
        except WebSocketDisconnect:
            return
        connection.state.account = client.owner.account
        if open_by_key[client.key_id] >= CONNECTIONS_MAX:
            await _hung_up(connection, TOO_MANY, "too many connections")
            return
        open_by_key[client.key_id] += 1
        listener, leave = feed.join(client.owner.account)
        try:
            await _welcome(connection, client, channels, f"sub-{next(names)}")
            await _both_ways(_Session(frame, feed, listener, connection, client, channels), waits)
        except WebSocketDisconnect:
            pass
        finally:
            leave()
            open_by_key[client.key_id] -= 1

    return routes


@dataclass(frozen=True, slots=True)
class _Session:
    frame: Frame
    feed: Feed
    listener: Listener
    connection: WebSocket
    client: Client
    channels: frozenset[str]


class TooLarge(Exception):
    """A frame larger than any message of a client's."""


async def _heard(connection: WebSocket) -> Mapping[str, Any]:
    """The next message of the client's; raise `NotReadable` or `TooLarge` for what is none."""
    message = await connection.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    told: str | None = message.get("text")
    if told is None:
        raise NotReadable("not text")
    if len(told) > FRAME_BYTES_MAX:
        raise TooLarge
    return object_of(parsed(told.encode("utf-8", "replace")))


async def _hung_up(connection: WebSocket, code: int, why: str) -> None:
    """Say why, to whoever listens, and end it."""
    with suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
        async with asyncio.timeout(CLOSE_S_MAX):
            await connection.close(code, why)


async def _login(frame: Frame, connection: WebSocket) -> tuple[Client, frozenset[str]]:
    asked = await _heard(connection)
    key = asked.get("apiKey")
    wanted: Any = asked.get("channels") or []
    every = (*CLIENT_CHANNELS, *GLOBAL_CHANNELS)
    if type(wanted) is not list:
        raise NotReadable("channels: not a list")
    chosen = {name for name in every if name in wanted}
    client = await asyncio.to_thread(frame.clients.of, VENUE, key) if isinstance(key, str) else None
    if asked.get("type") != "login" or client is None or not client.may(Scope.READ):
        raise NotReadable("no login")
    return client, frozenset(chosen if wanted else every)


async def _welcome(
    connection: WebSocket, client: Client, channels: frozenset[str], name: str
) -> None:
    await _send(
        connection,
        {
            "type": "login_ok",
            "clientName": client.owner.account,
            "channels": sorted(channels),
            "subscriptionId": name,
            "access": {
                "clientFiltered": [name for name in CLIENT_CHANNELS if name in channels],
                "global": [name for name in GLOBAL_CHANNELS if name in channels],
            },
            "reliableDelivery": False,
            "features": {"messageOrdering": True, "acknowledgments": False, "batchAck": False},
        },
    )


async def _both_ways(session: _Session, waits: Patience) -> None:
    """Until either side ends: changes go out, pongs come in."""
    pongs = asyncio.Event()
    parts = [
        asyncio.create_task(_tell(session)),
        asyncio.create_task(_hear(session.connection, pongs)),
        asyncio.create_task(_ping(session.connection, pongs, waits)),
        asyncio.create_task(_lagging(session)),
    ]
    try:
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in done:
            part.result()
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)


async def _tell(session: _Session) -> None:
    seq = 0
    while True:
        change = await session.listener.waiting.get()
        for channel, event, payload in _told(change):
            if channel not in session.channels:
                continue
            seq += 1
            at = change.order.updated_at
            message = {
                "type": "data",
                "channel": channel,
                "event": event,
                "payload": payload,
                "ts": int(at.timestamp() * 1000),
                "seq": seq,
            }
            raw = encoded(message)
            if session.feed.is_first(session.listener):
                await session.frame.pushed(session.client.owner, SocketFrame("ws", raw))
            await session.connection.send_text(raw.decode())


def _told(change: Change) -> Iterator[tuple[str, str, Row]]:
    order, fill = change.order, change.fill
    if change.kind is Kind.SETTLED:
        for settled in order.fills:
            yield "settlements", "SETTLED", _bet(change, bet_row(order, settled))
        return
    yield "orders", "INSERT" if change.kind is Kind.PLACED else "UPDATE", feed_row(order)
    if fill is not None:
        event = "UPDATE" if change.kind is Kind.FILL_VOIDED else "INSERT"
        yield "bets", event, _bet(change, bet_row(order, fill))


def _bet(change: Change, row: Row) -> Row:
    at = time(change.order.updated_at)
    return {
        **row,
        "client": change.order.account,
        "meta": {},
        "createdAt": row["placedAt"],
        "updatedAt": at,
    }


async def _hear(connection: WebSocket, pongs: asyncio.Event) -> None:
    while True:
        try:
            asked = await _heard(connection)
        except NotReadable:
            await _hung_up(connection, POLICY, "not a message")
            return
        except TooLarge:
            await _hung_up(connection, TOO_LARGE, "the frame is too large")
            return
        pongs.set()  # whoever speaks is there
        if asked.get("type") == "ping":
            await _send(connection, {"type": "pong"})


async def _ping(connection: WebSocket, pongs: asyncio.Event, waits: Patience) -> None:
    silent = 0.0
    while silent < waits.pong:
        await asyncio.sleep(waits.ping_every)
        silent = 0.0 if pongs.is_set() else silent + waits.ping_every
        pongs.clear()
        await _send(connection, {"type": "ping"})
    await _hung_up(connection, POLICY, "no pong")


async def _lagging(session: _Session) -> None:
    await session.listener.fell_behind.wait()
    await _hung_up(session.connection, TOO_SLOW, "too slow")


async def _send(connection: WebSocket, message: Row) -> None:
    await connection.send_text(encoded(message).decode())
