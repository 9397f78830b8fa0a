"""ABP's WebSocket `/ws`: log in, choose channels, hear orders, bets and settlements."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
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
POLICY, TOO_MANY, TOO_SLOW = 1008, 4008, 1013


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

    @routes.websocket("/ws")
    async def ws(connection: WebSocket) -> None:
        await connection.accept()
        try:
            async with asyncio.timeout(waits.login):
                client, channels = await _login(frame, connection)
        except (TimeoutError, NotReadable):
            await connection.close(POLICY, "login required")
            return
        except WebSocketDisconnect:
            return
        if feed.count(client.owner.account) >= CONNECTIONS_MAX:
            await connection.close(TOO_MANY, "too many connections")
            return
        listener, leave = feed.join(client.owner.account)
        try:
            await _welcome(connection, client, channels)
            await _both_ways(_Session(frame, feed, listener, connection, client, channels), waits)
        except WebSocketDisconnect:
            pass
        finally:
            leave()

    return routes


@dataclass(frozen=True, slots=True)
class _Session:
    frame: Frame
    feed: Feed
    listener: Listener
    connection: WebSocket
    client: Client
    channels: frozenset[str]


async def _login(frame: Frame, connection: WebSocket) -> tuple[Client, frozenset[str]]:
    asked = object_of(parsed((await connection.receive_text()).encode()[:FRAME_BYTES_MAX]))
    key = asked.get("apiKey")
    wanted: Any = asked.get("channels") or []
    every = (*CLIENT_CHANNELS, *GLOBAL_CHANNELS)
    if type(wanted) is not list:
        raise NotReadable("channels: not a list")
    chosen = {name for name in every if name in wanted}
    client = frame.clients.of(VENUE, key) if isinstance(key, str) else None
    if asked.get("type") != "login" or client is None or not client.may(Scope.READ):
        raise NotReadable("no login")
    return client, frozenset(chosen if wanted else every)


async def _welcome(connection: WebSocket, client: Client, channels: frozenset[str]) -> None:
    await _send(
        connection,
        {
            "type": "login_ok",
            "clientName": client.owner.account,
            "channels": sorted(channels),
            "subscriptionId": client.key_id,
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
            asked: Any = object_of(parsed((await connection.receive_text()).encode()))
        except NotReadable:
            await connection.close(POLICY, "not a message")
            return
        if asked.get("type") == "ping":
            await _send(connection, {"type": "pong"})
        elif asked.get("type") == "pong":
            pongs.set()


async def _ping(connection: WebSocket, pongs: asyncio.Event, waits: Patience) -> None:
    silent = 0.0
    while silent < waits.pong:
        await asyncio.sleep(waits.ping_every)
        silent = 0.0 if pongs.is_set() else silent + waits.ping_every
        pongs.clear()
        await _send(connection, {"type": "ping"})
    await connection.close(POLICY, "no pong")


async def _lagging(session: _Session) -> None:
    await session.listener.fell_behind.wait()
    await session.connection.close(TOO_SLOW, "too slow")


async def _send(connection: WebSocket, message: Row) -> None:
    await connection.send_text(encoded(message).decode())
