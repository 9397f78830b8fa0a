"""What PredictStreet's answers look like, for the served OpenAPI."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel
from pydantic.alias_generators import to_camel

Reason = Literal["not_found", "already_terminal", "lock_invariant", "unknown"]


class PsTold(BaseModel):
    """A JSON object of an answer."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)


class PsRefusal(PsTold):
    """An error: branch on `code`."""

    code: str
    message: str
    details: dict[str, Any] = Field(default_factory=dict[str, Any])


class PsCancelled(PsTold):
    """What became of one cancel; `not_found` too when the order was over."""

    order_id: str
    status: Literal["cancelled", "not_found"]
    unfilled_qty: str = Field("", description="What was taken off; only when cancelled.")
    remaining_qty: str = Field("", description="The same, by the name of the concept page.")


class PsCancelledMany(PsTold):
    """Each id in one of the two."""

    cancelled: list[str]
    not_cancelled: dict[str, Reason]


class PsCancelledAll(PsCancelledMany):
    """Every order that was live, in one of the two; the market when one was asked for."""

    market_id: str = ""


class PsMatch(PsTold):
    """A match of a placed order."""

    id: str
    order_id: str
    user_wallet: str
    market_id: str
    price: str
    quantity: str
    fee: str
    side: Literal["buy", "sell"]
    created_at: str


class PsTrade(PsMatch):
    """A match, with what became of it on chain."""

    vault: str
    outcome: str
    client_order_id: str | None
    status: Literal["matched", "settlement_pending", "settled", "settlement_failed"]
    adjustment: str
    tx_hash: str | None
    settled_at: str | None


class PsPlaced(PsTold):
    """What became of an order; `orderId` is empty when it is REJECTED, and `code` says why."""

    order_id: str
    status: str
    filled_qty: str
    remaining_qty: str
    trades: list[PsMatch]
    code: str = ""
    message: str = ""


class PsPlacedOne(PsPlaced):
    """One entry of a batch."""

    success: bool
    client_order_id: str | None = None


class PsPlacedMany(RootModel[list[PsPlacedOne]]):
    """The entries, in the order of the request."""


class PsOrder(PsTold):
    """An order."""

    id: str
    user_wallet: str
    vault: str
    market_id: str
    side: Literal["buy", "sell"]
    outcome: str
    price: str
    quantity: str
    filled_qty: str
    remaining_qty: str
    expiry: int
    type: str
    time_in_force: str
    status: str
    client_order_id: str | None
    created_at: str
    updated_at: str


class PsOrders(PsTold):
    """A page of orders, newest first; `nextCursor` is null on the last page."""

    wallet_address: str
    orders: list[PsOrder]
    next_cursor: str | None


class PsFills(PsTold):
    """The matches of one order."""

    order_id: str
    trades: list[PsTrade]


class PsTrades(PsTold):
    """A page of matches, newest first."""

    wallet_address: str
    trades: list[PsTrade]
    next_cursor: str | None
