"""Orders and matches of the books as PredictStreet prints them: decimals as text, times in UTC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from adapters.paper.book import Fill, Kind, Order
from domain.values import ZERO, plain

Row = dict[str, Any]
_ORDER_ID = re.compile(r"7b0d3a52-([0-9a-f]{4})-4([0-9a-f]{3})-8000-([0-9a-f]{12})", re.ASCII)
ORDERS, _TRADES = "8000", "9000"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
NO_FEE = "0"
_ENDED: Mapping[Kind, str] = {
    Kind.CANCELLED: "CANCELLED",
    Kind.EXPIRED: "EXPIRED",
    Kind.LAPSED: "CANCELLED_BY_RESOLVE",
    Kind.VOIDED: "CANCELLED_BY_RESOLVE",
}


@dataclass(frozen=True, slots=True)
class Settling:
    """When a match goes to the chain and when it is final, if the books say nothing earlier."""

    broadcast_after: timedelta = timedelta(seconds=1)
    final_after: timedelta = timedelta(seconds=5)


def order_id_of(order: Order) -> str:
    """The id that the venue gives the order."""
    return uuid_of(order.order_id, ORDERS)


def uuid_of(number: int, kind: str) -> str:
    """A UUID that holds a number of the books: up to 76 bits of it."""
    digits = f"{number:019x}"
    return f"7b0d3a52-{digits[:4]}-4{digits[4:7]}-{kind}-{digits[7:]}"


def number_of(order_id: str) -> int:
    """The books' number of an id; -1, which is nobody's, for an id that was never given."""
    found = _ORDER_ID.fullmatch(order_id)
    return int("".join(found.groups()), 16) if found is not None else -1


def trade_id_of(fill: Fill) -> str:
    """The id of one side of a match."""
    return uuid_of(fill.fill_id, _TRADES)


def status_of(order: Order) -> str:
    """The venue's word for how the order stands, a partial match included."""
    if order.closed is not None:
        return _ENDED[order.closed]
    if order.is_live:
        return "PARTIAL" if order.matched else "OPEN"
    return "FILLED" if order.matched else "SETTLEMENT_FAILED"


def shown_open(status: str) -> str:
    """As open orders and the answer to a placed order show it: PARTIAL is OPEN there."""
    return "OPEN" if status == "PARTIAL" else status


def rest_of(order: Order) -> Decimal:
    """What never matched, live or not: `quantity = filledQty + remainingQty`."""
    if order.closed is None:
        return order.remaining
    return order.size - sum((fill.size for fill in order.fills), ZERO)


def time(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return (moment - _EPOCH) // _MILLISECOND


def side_of(order: Order) -> str:
    """`buy` or `sell`."""
    return order.terms.side.value.lower()


def order_row(order: Order) -> Row:
    """The order of the reads."""
    terms = order.terms
    return {
        "id": order_id_of(order),
        "userWallet": order.account,
        "vault": terms.extra.get("maker", order.account),
        "marketId": terms.market,
        "side": side_of(order),
        "outcome": terms.selection,
        "price": plain(order.price.value),
        "quantity": plain(order.size),
        "filledQty": plain(order.matched),
        "remainingQty": plain(rest_of(order)),
        "expiry": terms.extra.get("expiry", 0),
        "type": terms.extra.get("type", "limit"),
        "timeInForce": terms.extra.get("timeInForce", "gtc"),
        "status": status_of(order),
        "clientOrderId": terms.client_ref,
        "createdAt": time(order.placed_at),
        "updatedAt": time(order.updated_at),
    }


def matched_row(order: Order, fill: Fill) -> Row:
    """A match as the answer to a placed order tells of it."""
    return {
        "id": trade_id_of(fill),
        "orderId": order_id_of(order),
        "userWallet": order.account,
        "marketId": order.terms.market,
        "price": plain(fill.price.value),
        "quantity": plain(fill.size),
        "fee": NO_FEE,
        "side": side_of(order),
        "createdAt": time(fill.at),
    }


def trade_row(order: Order, fill: Fill, now: datetime, settling: Settling) -> Row:
    """A match as the lists tell of it: with what became of it on chain."""
    status = trade_status(order, fill, now, settling)
    settled = status == "settled"
    return {
        **matched_row(order, fill),
        "vault": order.terms.extra.get("maker", order.account),
        "outcome": order.terms.selection,
        "clientOrderId": order.terms.client_ref,
        "status": status,
        "adjustment": "NONE",
        "txHash": None if status == "matched" else digest("tx", fill.match_id),
        "settledAt": time(_settled_at(order, fill, settling)) if settled else None,
    }


def trade_status(order: Order, fill: Fill, now: datetime, settling: Settling) -> str:
    """How far a match has come on chain: the books' word, else by its age."""
    if fill.voided:
        return "settlement_failed"
    if order.result is not None or now - fill.at >= settling.final_after:
        return "settled"
    return "settlement_pending" if now - fill.at >= settling.broadcast_after else "matched"


def _settled_at(order: Order, fill: Fill, settling: Settling) -> datetime:
    by_age = fill.at + settling.final_after
    return by_age if order.result is None else min(by_age, max(fill.at, order.updated_at))


def digest(*parts: object) -> str:
    """32 bytes as the chain prints them: made up, and the same each time."""
    return "0x" + sha256("/".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()
