"""Places and edits: a batch answered by position, an order taken off and put back otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from adapters.gateways.fourcasters.asked import (
    LIMIT,
    MINUTES_MAX,
    Invalid,
    Wanted,
    amount_of,
    decimal_of,
    items_of,
    odds_of,
    wanted,
)
from adapters.gateways.fourcasters.cancels import Refusal
from adapters.gateways.fourcasters.house import House
from adapters.gateways.fourcasters.market import Rejected
from adapters.gateways.fourcasters.picks import pick_of
from adapters.gateways.fourcasters.rows import Row, cancel_row, placed_entry
from adapters.paper.book import Order
from domain.values import Price

ORDERS_MAX = 100
"""No limit is documented."""
BATCH = f"orders: 1 to {ORDERS_MAX} are taken at once"
INVALID = "validation_error"
TOLERANCE = Decimal(1)
"""How far `intendedOrderVolume` may be from what was there."""


def batch_of(value: object) -> Sequence[object] | None:
    """The orders of a place; None for none, too many, or no list."""
    orders = items_of(value)
    return orders if 0 < len(orders) <= ORDERS_MAX else None


def place_all(house: House, account: str, orders: Sequence[object], error_type: str) -> list[Row]:
    """What became of each order, by position; `error_type` is how this surface spells the field."""
    return [_place(house, account, order, error_type) for order in orders]


def _place(house: House, account: str, order: object, error_type: str) -> Row:
    try:
        asked = wanted(order)
    except Invalid as error:
        return {"error": str(error), error_type: INVALID}
    placed = house.market.place(account, asked)
    if isinstance(placed, Rejected):
        return {"error": placed.error, error_type: placed.error_type}
    return placed_entry(house.market, placed)


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit asks for. What is None stays as it is; an expiry is never inherited."""

    order_id: str
    odds: Price | None
    volume: Decimal | None
    minutes: int | None
    intended: Decimal | None = None


def edit_of(fields: Mapping[str, Any], *, guarded: bool) -> Edit:
    """The edit of a body; raise `Invalid` for what is none. `guarded` is version 4."""
    order_id = fields.get("sessionID")
    if not isinstance(order_id, str):
        raise Invalid("Invalid order id")
    odds, volume = fields.get("orderOdds"), fields.get("orderVolume")
    intended = decimal_of(fields.get("intendedOrderVolume"))
    if guarded and fields.get("intendedOrderVolume") is not None and intended is None:
        raise Invalid("invalid intendedOrderVolume")
    return Edit(
        order_id=order_id,
        odds=None if odds is None else odds_of(odds, "orderOdds"),
        volume=None if volume is None else amount_of(volume, "orderVolume"),
        minutes=_expiry(fields.get("expiryChange")),
        intended=intended if guarded else None,
    )


def _expiry(value: object) -> int | None:
    """Minutes from now; 0 is until the game starts, which on paper never comes by itself."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MINUTES_MAX:
        raise Invalid("invalid expiryChange")
    return value or None


def edited(house: House, account: str, edit: Edit) -> Row | Refusal:
    """The order off the books and another one, with an id of its own, in its place.

    What could not be taken off stays as it is and nothing is placed. A guard that fails leaves
    nothing on the books: that is how the venue documents it.
    """
    off = house.cancels.one(account, edit.order_id)
    if isinstance(off, Refusal):
        if off.is_nameless:
            return off
        failed = {"success": False, "orderID": off.order_id, "description": off.why}
        return {"cancelled": failed, "matched": []}
    cancelled = cancel_row(house.market, off.order, off.size)
    if edit.intended is not None and abs(edit.intended - off.size) > TOLERANCE:
        return {"cancelled": cancelled, "matched": []}
    placed = house.market.place(account, _instead(off.order, off.size, edit))
    if isinstance(placed, Rejected):
        return {"cancelled": cancelled, "matched": []}
    return {"cancelled": cancelled, **placed_entry(house.market, placed)}


def _instead(order: Order, left: Decimal, edit: Edit) -> Wanted:
    """The replacement. A volume counts what shall rest now, whatever was matched before."""
    return Wanted(
        pick=pick_of(order),
        odds=edit.odds or order.price,
        bet=edit.volume or left,
        order_type=order.terms.extra.get("orderType", LIMIT),
        user_reference=order.terms.user_ref,
        minutes=edit.minutes,
        replaces=order.order_id,
    )
