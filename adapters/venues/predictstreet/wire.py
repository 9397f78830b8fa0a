"""The documented messages of PredictStreet, every generation, as models at the door.

Fields that only some documents show are optional. `id` on reads is `orderId` on writes. Rows of
lists are `object` here and read one by one, so that a broken one does not hide the others.
"""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, Field

from adapters.venues.exact import EpochMs, Id, Moment, Number, Quantity
from adapters.venues.predictstreet.fields import (
    Count,
    Expiry,
    Label,
    WireModel,
)

_ORDER_ID = AliasChoices("orderId", "id")
_TRADE_ID = AliasChoices("tradeId", "id")
_OUTCOME = AliasChoices("outcome", "outcomeIndex")


class Trade(WireModel):
    """A match of one order: a row of fills and trade lists, of a place answer, of `user_fill`."""

    trade_id: Id = Field(validation_alias=_TRADE_ID)
    order_id: Id | None = None
    client_order_id: Label | None = None
    market_id: Label | None = None
    outcome: Label | None = Field(None, validation_alias=_OUTCOME)
    side: Label | None = None
    price: Number | None = None
    quantity: Quantity
    fee: Number | None = None
    status: Label | None = None
    source: Label | None = None
    adjustment: Label | None = None
    created_at: Moment | None = None
    ts_ms: EpochMs | None = None


class Described(WireModel):
    """An order as reads and the feed describe it, but for its status."""

    order_id: Id = Field(validation_alias=_ORDER_ID)
    client_order_id: Label | None = None
    market_id: Label | None = None
    outcome: Label | None = Field(None, validation_alias=_OUTCOME)
    side: Label | None = None
    price: Number | None = None
    quantity: Quantity | None = None
    filled_qty: Quantity | None = None
    rest: Quantity | None = Field(
        None, validation_alias=AliasChoices("remainingQty", "unfilledQty")
    )
    expiry: Expiry = None
    time_in_force: Label | None = None
    created_at: Moment | None = None


class OrderRow(Described):
    """An order in a read (`open`, `history`, `{id}`)."""

    status: Label


class OrderNews(Described):
    """An order on the user feed: the "exchange payload", of which only the ids are documented."""

    status: Label | None = None
    reason: Label | None = None
    ts_ms: EpochMs | None = None


class OrderPage(WireModel):
    """A page of `open` or `history`."""

    orders: tuple[object, ...]


class TradePage(WireModel):
    """A page of trades; `orderId` stands once when they are the fills of one order."""

    order_id: Id | None = None
    trades: tuple[object, ...]


class CancelOrder(WireModel):
    """`POST /api/orders/cancel`."""

    order_id: Label


class CancelBatch(WireModel):
    """`POST /api/orders/cancel-batch`; what the venue would refuse is recorded all the same."""

    order_ids: tuple[Label, ...]


class CancelAll(WireModel):
    """`POST /api/orders/cancel-all`: filters, all of which must hold; none is everything."""

    market_id: Label | None = None
    side: Label | None = None
    outcome: Label | None = None


class Refusal(WireModel):
    """The error envelope; it may come with HTTP 200."""

    code: Label | None = None
    message: Any = None


class CancelAnswer(Refusal):
    """The answer to a single cancel: `unfilledQty` (reference) or `remainingQty` (concepts)."""

    order_id: Label | None = None
    status: Label | None = None
    unfilled_qty: Quantity | None = None
    remaining_qty: Quantity | None = None
    filled_qty: Quantity | None = None


class BatchAnswer(WireModel):
    """The answer to cancel-batch and cancel-all; before 2026-06 the latter counted only."""

    cancelled: tuple[object, ...] | Count
    not_cancelled: dict[str, Any] | None = None


class PlaceOrder(WireModel):
    """`POST /api/orders/place`; the signed fields are the venue's business."""

    client_order_id: Label | None = None
    market_id: Label | None = None
    outcome: Label | None = Field(None, validation_alias=_OUTCOME)
    side: Label | None = None
    price: Number | None = None
    quantity: Quantity | None = None
    expiry: Expiry = None
    type: Label | None = None
    time_in_force: Label | None = None


class PlaceBatch(WireModel):
    """`POST /api/orders/place-batch`."""

    orders: tuple[PlaceOrder, ...]


class Placed(Refusal):
    """The answer for one placed order; `orderId` is empty when it was refused."""

    order_id: Label | None = None
    client_order_id: Label | None = None
    success: bool | None = None
    status: Label | None = None
    filled_qty: Quantity | None = None
    remaining_qty: Quantity | None = None
    trades: tuple[object, ...] | None = None


class Envelope(WireModel):
    """A WebSocket frame of the venue."""

    type: Label
    channel: Label | None = None
    server_ts: EpochMs | None = None
    data: Any = None
