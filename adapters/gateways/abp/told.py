"""What ABP's answers look like, for the served OpenAPI: the shapes of the seeds' pages."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Told(BaseModel):
    """A JSON object of an answer."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)


class NotCancelled(Told):
    """Orders that could not be cancelled; one reason for all of them."""

    reason: str
    orders: list[dict[str, Any]]


class CancelOrdersResponse(Told):
    """Cancellation result with enriched order details."""

    status: str = Field(description="'cancelled'")
    cancelled_count: int = Field(description="Number of orders cancelled")
    cancelled: list[dict[str, Any]] = Field(description="Cancelled orders with enriched details")
    not_cancelled: NotCancelled = Field(description="Orders that could not be cancelled")


class GetOrdersResponse(Told):
    """Matching orders with enriched metadata."""

    orders: list[dict[str, Any]] = Field(
        description="List of enriched orders with bets and metadata"
    )
    count: int = Field(description="Number of orders in this response")
    has_more: bool = Field(description="Whether more orders are available")
    next_cursor: int | None = Field(description="Pass as afterOrderId to fetch the next page")


class PlaceOrdersResponse(Told):
    """What became of each order."""

    status: str = Field(description="'accepted', 'partial-success' or 'declined'")
    accepted_orders: list[dict[str, Any]]
    declined_orders: list[dict[str, Any]]


class Duplicates(Told):
    """Every order of the request was placed before."""

    error: str
    duplicate_uuids: list[str]
    in_progress_uuids: list[str]


class BetResponse(Told):
    """One bet at a bookmaker."""

    bet_id: int
    order_id: int
    bookmaker: str
    bookmaker_bet_id: str | None
    placed_price: float | None
    placed_stake: float | None
    placed_currency: str | None
    placed_at: str | None
    bet_status: str
    settlement_status: str
    client_name: str
    test_bet: bool
    user_ref: str | None
    request_uuid: str | None
    decline_reason: str | None


class GetBetsResponse(Told):
    """Matching bets."""

    status: str
    bets: list[BetResponse]
    count: int
    has_more: bool
    next_cursor: int | None = Field(description="Pass as afterBetId to fetch the next page")


class Detail(Told):
    """An error."""

    detail: str


class Problem(Told):
    """One thing that does not fit, and where."""

    loc: list[str | int]
    msg: str
    type: str


class Unfit(Told):
    """Why a request does not fit its schema."""

    detail: list[Problem]


class TooOften(BaseModel):
    """More requests than a client may send within a second."""

    detail: str
    limit: str
    retry_after: int
