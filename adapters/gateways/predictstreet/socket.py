"""PredictStreet's WebSocket `/ws/user`: the key is checked at the handshake, then channels chosen.

Delivery is at least once, without replay. What is sent of a channel is recorded once per wallet:
by the connection that has listened to it for longest.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from adapters.gateways.clients import Client
from adapters.gateways.exact import NotReadable, encoded, object_of, parsed
from adapters.gateways.feed import Feed, Listener
from adapters.gateways.frame import Frame
from adapters.gateways.predictstreet.calling import VENUE, known
from adapters.gateways.predictstreet.feeds import enveloped, news
from adapters.gateways.predictstreet.refusals import Declined
from adapters.gateways.predictstreet.rows import Row, epoch_ms
from adapters.gateways.predictstreet.subscribing import Subscriptions, Vaults
from adapters.recording.lines import SocketFrame

REFUSED, TOO_LARGE, TOO_MUCH = 4401, 1009, 1013
FRAME_BYTES_MAX = 64 * 1024
CONNECTIONS_MAX = 100
RECHECK_S = 5.0
"""A key that was taken back ends its connections within this time."""
_AT_HANDSHAKE = {"api_key_user_wallet_required": "api_key_no_associated_wallet"}
"""What HTTP calls otherwise."""
Ending = tuple[int, str]
"""How a connection is closed: code and reason."""


@dataclass(eq=False, slots=True)
class _Session:
    frame: Frame
    listener: Listener
    connection: WebSocket
    client: Client
    key: str
    subscriptions: Subscriptions

    def leads(self, sessions: list[_Session], channel: str) -> bool:
        """Whether this is the wallet's oldest connection that hears the channel."""
        return next((s for s in sessions if s.subscriptions.sids_of(channel)), self) is self


def socket(frame: Frame, feed: Feed, recheck_s: float = RECHECK_S) -> APIRouter:
    """The socket, over the books of `frame`."""
    routes = APIRouter()
    sessions: dict[str, list[_Session]] = {}

    @routes.websocket("/ws/user")
    async def ws_user(connection: WebSocket) -> None:
        await connection.accept()
        key = connection.headers.get("x-api-key") or connection.query_params.get("key") or ""
        named = connection.headers.get("x-user-wallet")
        try:
            client = known(frame, key, named or connection.query_params.get("user_wallet"))
        except Declined as refusal:
            await connection.close(REFUSED, _AT_HANDSHAKE.get(refusal.code, refusal.code))
            return
        wallet = client.owner.account
        if feed.count(wallet) >= CONNECTIONS_MAX:
            await connection.close(TOO_MUCH, "too many connections")
            return
        listener, leave = feed.join(wallet)
        session = _Session(
            frame, listener, connection, client, key, Subscriptions(client, _vaults(frame, wallet))
        )
        others = sessions.setdefault(wallet, [])
        others.append(session)
        try:
            await _send(connection, _greeting(frame, client))
            await _both_ways(session, others, recheck_s)
        except WebSocketDisconnect:
            pass
        finally:
            leave()
            others.remove(session)

    return routes


def _vaults(frame: Frame, wallet: str) -> Vaults:
    def traded_from() -> set[str]:
        return {
            order.terms.extra.get("maker", order.account) for order in frame.book.orders(wallet)
        }

    return traded_from


def _greeting(frame: Frame, client: Client) -> Row:
    return {
        "type": "connected",
        "serverTs": epoch_ms(frame.clock()),
        "data": {
            "gateway": "user",
            "walletAddress": client.owner.account,
            "authMethod": "api_key",
            "keyId": client.key_id,
        },
    }


async def _both_ways(session: _Session, others: list[_Session], recheck_s: float) -> None:
    """Until either side ends: changes go out, commands come in."""
    parts = [
        asyncio.create_task(_tell(session, others)),
        asyncio.create_task(_hear(session)),
        asyncio.create_task(_recheck(session, recheck_s)),
        asyncio.create_task(_lagging(session)),
    ]
    try:
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
    for part in done:
        # Only now: granian's server does not close while somebody waits for a frame.
        await session.connection.close(*part.result())
        return


async def _tell(session: _Session, others: list[_Session]) -> Ending:
    while True:
        change = await session.listener.waiting.get()
        for channel, kind, data in news(change):
            sids = session.subscriptions.sids_of(channel)
            raw = [
                encoded(enveloped(kind, sid, channel, data, session.frame.clock())) for sid in sids
            ]
            if raw and session.leads(others, channel):
                await session.frame.pushed(session.client.owner, SocketFrame("user", raw[0]))
            for frame in raw:
                await session.connection.send_text(frame.decode())


async def _hear(session: _Session) -> Ending:
    connection = session.connection
    while True:
        raw = await _received(connection)
        if len(raw) > FRAME_BYTES_MAX:
            return TOO_LARGE, "frame too large"
        now_ms = epoch_ms(session.frame.clock())
        try:
            command = object_of(parsed(raw))
        except NotReadable:
            told = {"type": "error", "code": "invalid_params", "message": "not a JSON object"}
            await _send(connection, {"id": None, **told, "serverTs": now_ms})
            continue
        await _send(connection, session.subscriptions.answer(command, now_ms))


async def _received(connection: WebSocket) -> bytes:
    """The next frame, text or not; raise `WebSocketDisconnect` when there is none any more."""
    message = await connection.receive()
    if message["type"] != "websocket.receive":
        raise WebSocketDisconnect(message.get("code") or 1005)
    text = message.get("text")
    raw: bytes = (
        text.encode("utf-8", "replace") if text is not None else message.get("bytes") or b""
    )
    return raw


async def _recheck(session: _Session, every_s: float) -> Ending:
    while True:
        await asyncio.sleep(every_s)
        if session.frame.clients.of(VENUE, session.key) is None:
            return REFUSED, "api_key_revoked"


async def _lagging(session: _Session) -> Ending:
    await session.listener.fell_behind.wait()
    return TOO_MUCH, "too slow"


async def _send(connection: WebSocket, message: Row) -> None:
    await connection.send_text(encoded(message).decode())
