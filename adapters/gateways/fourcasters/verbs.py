"""The orders socket's verbs: `[verb, payload]` in, `{requestID, data}` or `{requestID, error}` out.

The casing of ids flips from verb to verb as it is documented, and no other spelling is taken: an id
that is not where it belongs is not there. What narrows a cancel and cannot be read refuses it, so
that none becomes wider than it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import NotReadable, object_of, parsed
from adapters.gateways.fourcasters.asked import decimal_of, items_of, texts_in
from adapters.gateways.fourcasters.cancels import GAME_NOT_FOUND, INVALID_ID, Off, OfGame, Refusal
from adapters.gateways.fourcasters.house import House
from adapters.gateways.fourcasters.picks import TYPES
from adapters.gateways.fourcasters.places import BATCH, ORDERS_MAX, batch_of, place_all
from adapters.gateways.fourcasters.rows import Row, cancel_row
from adapters.gateways.fourcasters.timers import BEAT_MAX_S

NOT_ALLOWED = "InvalidCredentials"
NO_MESSAGE = "invalid message"
NO_VERB = "unknown message type"
BAD_BEAT = "Invalid heartbeat timeout"
REQUEST_ID_MAX = 200
FRAME_PARTS = 2

Payload = Mapping[str, Any]


class Failed(Exception):
    """The request failed as a whole; the text is the envelope's `error`."""


def answer(house: House, client: Client, raw: bytes) -> Row:
    """What the venue says to a frame."""
    house.timers.look()
    try:
        verb, payload = _frame(raw)
    except NotReadable:
        return {"requestID": None, "error": NO_MESSAGE}
    request_id = _request_id(payload)
    if verb == "heartbeat" and request_id is None:
        # The one verb that gets an id when it brings none.
        request_id = f"heartbeat-{house.timers.beats + 1}"
    known = VERBS.get(verb)
    if known is None:
        return {"requestID": request_id, "error": NO_VERB}
    scope, act = known
    if not client.may(scope):
        return {"requestID": request_id, "error": NOT_ALLOWED}
    try:
        return {"requestID": request_id, "data": act(house, client.owner.account, payload)}
    except Failed as failed:
        return {"requestID": request_id, "error": str(failed)}


def _frame(raw: bytes) -> tuple[str, Payload]:
    parts: list[object] = items_of(parsed(raw))
    if len(parts) == FRAME_PARTS and isinstance(parts[0], str):
        return parts[0], object_of(parts[1])
    raise NotReadable("not [verb, payload]")


def _request_id(payload: Payload) -> str | int | None:
    """The caller's own, as it is written; nothing else is sent back."""
    value = payload.get("requestID")
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return value if isinstance(value, str) and 0 < len(value) <= REQUEST_ID_MAX else None


def _place(house: House, account: str, payload: Payload) -> list[Row]:
    orders = batch_of(payload.get("orders"))
    if orders is None:
        raise Failed(BATCH)
    return place_all(house, account, orders, "error_type")


def _cancel_by_id(house: House, account: str, payload: Payload) -> list[Row]:
    order_id = payload.get("orderId")
    if not isinstance(order_id, str):
        raise Failed(INVALID_ID)
    found = house.cancels.one(account, order_id)
    if isinstance(found, Refusal):
        raise Failed(found.why)
    return _rows(house, [found])


def _cancel_multiple(house: House, account: str, payload: Payload) -> list[Row]:
    ids = texts_in(payload.get("orderIDs"))
    if ids is None or len(ids) > ORDERS_MAX:
        raise Failed("Failed to process cancelMultiple")
    return _rows(house, [house.cancels.one(account, order_id) for order_id in ids])


def _cancel_all_by_game(house: House, account: str, payload: Payload) -> list[Row]:
    game = payload.get("gameId")
    if not isinstance(game, str):
        raise Failed(GAME_NOT_FOUND)
    narrowed = {name: payload.get(name) for name in ("type", "side", "market")}
    if not all(value is None or isinstance(value, str) for value in narrowed.values()) or (
        narrowed["type"] is not None and narrowed["type"] not in TYPES
    ):
        raise Failed("Failed to process cancelAllByGame")
    off = house.cancels.of_game(account, OfGame(game, **narrowed))
    if off is None:
        raise Failed(GAME_NOT_FOUND)
    return _rows(house, off)


def _cancel_all(house: House, account: str, _payload: Payload) -> list[Row]:
    return _rows(house, house.cancels.everything(account))


def _rows(house: House, found: Sequence[Off | Refusal]) -> list[Row]:
    return [
        {"success": False, "orderID": one.order_id, "description": one.why}
        if isinstance(one, Refusal)
        else cancel_row(house.market, one.order, one.size)
        for one in found
    ]


def _heartbeat(house: House, account: str, payload: Payload) -> Row:
    seconds = seconds_of(payload.get("requestTimeout"))
    if seconds is None:
        raise Failed(BAD_BEAT)
    return beaten(house, account, seconds)


def seconds_of(value: object) -> Decimal | None:
    """A time in seconds, more than none and at most a day; None for anything else."""
    found = decimal_of(value)
    return found if found is not None and 0 < found <= BEAT_MAX_S else None


def beaten(house: House, account: str, seconds: Decimal) -> Row:
    """A heartbeat, acknowledged."""
    now = house.timers.beat(account, float(seconds))
    return {"type": "heartbeatAck", "serverTime": _nanoseconds(now), "timeoutSec": seconds}


def _nanoseconds(moment: datetime) -> str:
    """The one time of the venue's with nine digits behind the point."""
    return f"{moment.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S.%f')}000Z"


VERBS: Mapping[str, tuple[Scope, Callable[[House, str, Payload], Any]]] = {
    "placeV3": (Scope.PLACE, _place),
    "cancelById": (Scope.CANCEL, _cancel_by_id),
    "cancelMultiple": (Scope.CANCEL, _cancel_multiple),
    "cancelAllByGame": (Scope.CANCEL, _cancel_all_by_game),
    "cancelAll": (Scope.CANCEL, _cancel_all),
    "heartbeat": (Scope.CANCEL, _heartbeat),
}
"""Every documented verb, and what a key must be good for."""
