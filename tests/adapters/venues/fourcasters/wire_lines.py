"""Builders of capture lines and of 4casters' documented shapes, with invented values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Union

from adapters.venues.fourcasters.translate import FourcastersDialect
from domain.messages import Message
from domain.values import Account
from domain.wire import Line

OWNER = Account("fourcasters", "desk-7")
NOON = datetime(2031, 1, 1, 12, tzinfo=UTC)

GAME = "688000000000000000000011"
TEAM = "5c0000000000000000000001"
OTHER_TEAM = "5c0000000000000000000002"
ORDER = "68f000000000000000000b77"
SECOND = "68f000000000000000000b78"
WAGER = "68f000000000000000000c01"
THEIRS = "68f000000000000000000b01"
TX = "68f000000000000000000a01"

DIALECT = FourcastersDialect()

Json = Union[None, bool, int, float, str, Sequence["Json"], Mapping[str, "Json"]]  # noqa: UP007 - it names itself
NO_HEADERS: dict[str, str] = {}


def exact(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """JSON as a reader of captures gives it: integers and decimals, never a float."""
    return json.loads(text, parse_float=Decimal)


def as_read(value: Json) -> Any:  # noqa: ANN401 - any JSON value
    """A Python value after a journey through JSON."""
    return exact(json.dumps(value, default=str))


def line(direction: str, **parts: Any) -> Line:  # noqa: ANN401 - the parts of a line
    return Line(capture="c", seq=1, at=NOON, owner=OWNER, direction=direction, **parts)


def ws_sent(verb: str, payload: Json, *, exchange: str | None = "x") -> Line:
    frame = [verb, as_read(payload)]
    return line("sent", ws={"channel": "orders", "frame": frame}, exchange=exchange)


def ws_received(frame: Json, *, channel: str = "orders") -> Line:
    return line("received", ws={"channel": channel, "frame": as_read(frame)}, exchange="x")


def http_sent(method: str, path: str, body: Json = None, query: Json = None) -> Line:
    http = {
        "method": method,
        "path": path,
        "query": query,
        "headers": NO_HEADERS,
        "body": as_read(body),
    }
    return line("sent", http=http, exchange="x")


def http_received(status: int, body: Json) -> Line:
    http = {"status": status, "headers": NO_HEADERS, "body": as_read(body)}
    return line("received", http=http, exchange="x")


def loss(kind: str, detail: str | None = None, **parts: Any) -> Line:  # noqa: ANN401 - the parts of a line
    return line("lost", error={"kind": kind, "detail": detail}, **parts)


def told(spoken: Line, request: Line | None = None) -> Sequence[Message]:
    return DIALECT.translate(spoken, request)


def match(**changes: Json) -> dict[str, Any]:
    fill: dict[str, Any] = {
        "txID": TX,
        "orderID": THEIRS,
        "wagerRequestID": WAGER,
        "amount": 40,
        "risk": 40.36,
        "win": 21.9,
        "winWithoutCommission": 22.22,
        "odds": -180,
        "type": "spread",
        "number": -3.5,
        "side": TEAM,
        "userReference": "leg-17",
    }
    return fill | changes


def rest(**changes: Json) -> dict[str, Any]:
    resting: dict[str, Any] = {
        "orderID": ORDER,
        "wagerRequestID": WAGER,
        "offered": 60,
        "odds": -180,
        "type": "spread",
        "number": -3.5,
        "side": TEAM,
        "userReference": "leg-17",
    }
    return resting | changes


def submitted(**changes: Json) -> dict[str, Any]:
    order: dict[str, Any] = {
        "gameId": GAME,
        "bet": 100,
        "type": "spread",
        "side": TEAM,
        "odds": -180,
        "number": -3.5,
        "orderType": "limit",
        "userReference": "leg-17",
    }
    return order | changes


def cancelled(**changes: Json) -> dict[str, Any]:
    row: dict[str, Any] = {
        "success": True,
        "orderID": ORDER,
        "odds": -180,
        "filled": 15,
        "offered": 0,
        "remaining": 45,
        "side": TEAM,
        "number": -3.5,
        "gameID": GAME,
        "userReference": "leg-17",
        "description": "Dallas Mavericks -3.5",
    }
    return row | changes


def not_cancelled(reason: str, order_id: str = SECOND) -> dict[str, Any]:
    return {"success": False, "orderID": order_id, "description": reason}


def update(**changes: Json) -> dict[str, Any]:
    envelope: dict[str, Any] = {
        "matched": None,
        "unmatched": None,
        "origin": "offer",
        "gameID": GAME,
        "parentGameID": None,
        "eventName": "A-VS-B",
        "league": "NBA",
        "sport": "basketball",
        "live": False,
        "start": "2031-01-02T01:00:00.000Z",
        "awayRotationNumber": "571",
        "platform": "api",
        "createdAt": "2031-01-01T18:14:00.123Z",
        "messageID": "1924999999999-0",
    }
    return envelope | changes


def resting(**changes: Json) -> dict[str, Any]:
    """`unmatched` as the feed prints it: with filled and remaining."""
    return rest(filled=0, offered=100, remaining=100) | changes
