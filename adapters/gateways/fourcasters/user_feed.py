"""The user feed `/v2/user`: what becomes of the account's own orders, as it happens."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from adapters.gateways.clients import Scope
from adapters.gateways.exact import encoded
from adapters.gateways.feed import Listener
from adapters.gateways.fourcasters.house import House
from adapters.gateways.fourcasters.orders_socket import POLICY, recognised
from adapters.recording.lines import SocketFrame
from domain.values import Account

CHANNEL = "user-feed"
TOO_SLOW, TOO_MANY = 1013, 1008
CONNECTIONS_MAX = 20
"""No limit is documented."""


def user_feed(house: House) -> APIRouter:
    """The socket."""
    routes = APIRouter()

    @routes.websocket("/v2/user")
    async def user(connection: WebSocket) -> None:
        client = recognised(house, connection)
        if client is None or not client.may(Scope.READ):
            await connection.close(POLICY, "InvalidCredentials")
            return
        if house.feed.count(client.owner.account) >= CONNECTIONS_MAX:
            await connection.close(TOO_MANY, "too many connections")
            return
        # Joined before the handshake is answered: who is connected misses nothing.
        listener, leave = house.feed.join(client.owner.account)
        try:
            await connection.accept()
            await _both_ways(house, connection, listener, client.owner)
        except WebSocketDisconnect:
            pass
        finally:
            leave()

    return routes


Why = tuple[int, str] | None
"""Why the venue ends a connection; None when the client did."""


async def _both_ways(
    house: House, connection: WebSocket, listener: Listener, owner: Account
) -> None:
    """Until either side ends; what a client says here means nothing."""
    parts: list[asyncio.Task[Why]] = [
        asyncio.create_task(_tell(house, connection, listener, owner)),
        asyncio.create_task(_hear(connection)),
        asyncio.create_task(_lagging(listener)),
    ]
    try:
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        why = next((found for part in done if (found := part.result()) is not None), None)
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
    if why is not None:
        # Not while somebody waits to hear from it: then the server does not let it close.
        await connection.close(*why)


async def _tell(house: House, connection: WebSocket, listener: Listener, owner: Account) -> Why:
    while True:
        message = house.messages.of(await listener.waiting.get())
        if message is None:
            continue  # a change of which the feed tells nothing
        if recognised(house, connection) is None:
            return POLICY, "InvalidCredentials"  # the key or the token ended meanwhile
        raw = encoded(message.row)
        if house.feed.is_first(listener):
            await house.frame.pushed(owner, SocketFrame(CHANNEL, raw))
        await connection.send_text(raw.decode())


async def _hear(connection: WebSocket) -> Why:
    while (await connection.receive())["type"] != "websocket.disconnect":
        pass
    return None


async def _lagging(listener: Listener) -> Why:
    await listener.fell_behind.wait()
    return TOO_SLOW, "too slow"
