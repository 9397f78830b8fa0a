"""The orders socket `/orders/ws`: commands in, one answer each, in their order, each kept."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from adapters.gateways.clients import Client
from adapters.gateways.exact import encoded
from adapters.gateways.fourcasters.house import House
from adapters.gateways.fourcasters.sessions import told_in
from adapters.gateways.fourcasters.verbs import answer
from adapters.recording.lines import SocketFrame
from adapters.recording.recorder import Received, Sent

CHANNEL = "orders"
FRAME_BYTES_MAX = 256 * 1024
POLICY, TOO_BIG = 1008, 1009


def orders_socket(house: House) -> APIRouter:
    """The socket."""
    routes = APIRouter()

    @routes.websocket("/orders/ws")
    async def orders(connection: WebSocket) -> None:
        client = recognised(house, connection)
        if client is None:
            await connection.close(POLICY, "InvalidCredentials")
            return
        await connection.accept()
        try:
            while True:
                raw = await _heard(connection)
                if len(raw) > FRAME_BYTES_MAX:
                    await connection.close(TOO_BIG, "frame too big")
                    return
                # A key may have been revoked since the handshake.
                client = recognised(house, connection)
                if client is None:
                    await connection.close(POLICY, "InvalidCredentials")
                    return
                await connection.send_text((await _answered(house, client, raw)).decode())
        except WebSocketDisconnect:
            pass

    return routes


async def _heard(connection: WebSocket) -> bytes:
    """A frame, written as text or not."""
    message = await connection.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect
    text: str | None = message.get("text")
    return message["bytes"] if text is None else text.encode("utf-8", "replace")


def recognised(house: House, connection: WebSocket) -> Client | None:
    """Whose token the handshake brought."""
    token = told_in(connection.headers, connection.cookies)
    return None if token is None else house.sessions.client(token)


async def _answered(house: House, client: Client, raw: bytes) -> bytes:
    """The answer, when both are stored. Nothing waits between what is done and what is told."""
    frame = house.frame
    at = frame.clock()
    told = encoded(answer(house, client, raw))
    recording = frame.recording(client.owner)
    exchange = recording.exchange()
    stored = recording.told(
        Sent(SocketFrame(CHANNEL, raw, exchange), at),
        Received(SocketFrame(CHANNEL, told, exchange)),
    )
    await asyncio.wrap_future(stored)
    return told
