"""Builders of PredictStreet's wire lines: every field filled, a test names what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.venues.predictstreet.translate import PredictStreetDialect
from domain.messages import CancelReply, CancelSent, Message, OrderMessage
from domain.values import Account, Name, NameKind
from domain.wire import Line

WALLET = "0x1111111111111111111111111111111111111111"
OWNER = Account("predictstreet", WALLET)
SEEN = datetime(2031, 1, 2, 3, 4, 6, tzinfo=UTC)
CREATED = datetime(2031, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
CREATED_TEXT = "2031-01-02T03:04:05.678Z"

A = "7b0d3a52-0000-4000-8000-000000000001"
B = "7b0d3a52-0000-4000-8000-000000000002"
C = "0xC0ffee0000000000000000000000000000000000000000000000000000000003"
D = "7b0d3a52-0000-4000-8000-000000000004"
TRADE = "7b0d3a52-0000-4000-8000-0000000000aa"


def line(direction: str, **told: Any) -> Line:  # noqa: ANN401 - JSON of any shape
    """One line of the capture under test."""
    return Line("test", 1, SEEN, OWNER, direction, exchange="x1", **told)


def sent(method: str, path: str, body: object = None) -> Line:
    """An HTTP request of ours."""
    headers = {"X-Api-Key": "$redacted", "X-User-Wallet": WALLET}
    return line(
        "sent",
        http={"method": method, "path": path, "query": "", "headers": headers, "body": body},
    )


def received(body: object, status: object = 200) -> Line:
    """An HTTP answer."""
    return line("received", http={"status": status, "headers": {}, "body": body})


def frame(content: Mapping[str, Any], direction: str = "received", channel: str = "user") -> Line:
    """A WebSocket frame."""
    return line(direction, ws={"channel": channel, "frame": content})


def lost(kind: object, detail: object = "no answer") -> Line:
    """A request that got no answer."""
    return line("lost", error={"kind": kind, "detail": detail})


def translate(told: Line, request: Line | None = None) -> Sequence[Message]:
    """What the dialect makes of a line."""
    return PredictStreetDialect().translate(told, request)


def answered(request: Line, body: object, status: int = 200) -> Sequence[Message]:
    """What the dialect makes of an answer to this request."""
    return translate(received(body, status), request)


def cancel_sent(request: Line) -> CancelSent:
    """The one cancel that this request asks for."""
    (message,) = translate(request)
    assert isinstance(message, CancelSent)
    return message


def cancel_reply(request: Line, body: object, status: int = 200) -> CancelReply:
    """The one reply that this answer gives."""
    (message,) = answered(request, body, status)
    assert isinstance(message, CancelReply)
    return message


def order_messages(messages: Sequence[Message]) -> list[OrderMessage]:
    """The messages, all of which must be about orders."""
    orders = [message for message in messages if isinstance(message, OrderMessage)]
    assert len(orders) == len(messages)
    return orders


def venue(order_id: str) -> Name:
    """The venue's name of an order."""
    return Name(NameKind.VENUE, order_id)


def client(reference: str) -> Name:
    """Our name of an order."""
    return Name(NameKind.CLIENT, reference)


def order_row(**changed: object) -> dict[str, Any]:
    """An order as `GET /api/orders/{id}` shows it: 100 tokens at 0.41, 40 matched."""
    return {
        "id": A,
        "userWallet": WALLET,
        "vault": "0x2222222222222222222222222222222222222222",
        "marketId": "XYZ-BIN-1",
        "side": "buy",
        "outcome": "0",
        "price": "0.41",
        "quantity": "100",
        "filledQty": "40",
        "remainingQty": "60",
        "expiry": 0,
        "type": "limit",
        "timeInForce": "gtc",
        "status": "PARTIAL",
        "clientOrderId": "mm-1",
        "createdAt": CREATED_TEXT,
        "updatedAt": "2031-01-02T04:00:00.000Z",
        **changed,
    }


def trade_row(**changed: object) -> dict[str, Any]:
    """A match as the fills of an order show it."""
    return {
        "id": TRADE,
        "orderId": A,
        "userWallet": WALLET,
        "vault": "0x2222222222222222222222222222222222222222",
        "marketId": "XYZ-BIN-1",
        "price": "0.41000000",
        "quantity": "40.00000000",
        "fee": "0.38700000",
        "side": "buy",
        "status": "matched",
        "txHash": None,
        "createdAt": CREATED_TEXT,
        **changed,
    }


def place_body(**changed: object) -> dict[str, Any]:
    """A request to place 100 tokens at 0.41."""
    return {
        "marketId": "XYZ-BIN-1",
        "side": "buy",
        "outcome": "0",
        "price": "0.41",
        "quantity": "100",
        "nonce": "123456789",
        "expiry": 0,
        "maker": "0x2222222222222222222222222222222222222222",
        "signature": "$redacted",
        "clientOrderId": "mm-1",
        "type": "limit",
        "timeInForce": "gtc",
        **changed,
    }


def user_fill(**changed: object) -> dict[str, Any]:
    """A `user_fill` frame."""
    return {
        "type": "user_fill",
        "sid": 11,
        "channel": "user_fills",
        "serverTs": 1924999999123,
        "data": {
            "walletAddress": WALLET,
            "side": "buy",
            "tradeId": TRADE,
            "orderId": A,
            "clientOrderId": "mm-1",
            "tokenId": "1234567890",
            "conditionId": "0xabc0000000000000000000000000000000000000000000000000000000000000",
            "outcomeIndex": 0,
            "price": "0.41",
            "quantity": "40",
            "source": "matcher",
            "tsMs": 1924999999100,
            **changed,
        },
    }
