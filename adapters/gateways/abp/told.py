"""What ABP's answers look like, for the served OpenAPI: the shapes of the seeds' pages."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Told(BaseModel):
    """A JSON object of an answer."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)


class NotCancelled(Told):
    """Orders that could not be cancelled."""

    reason: str
    orders: list[dict[str, Any]]


class CancelOrdersResponse(Told):
    """Cancellation result with enriched order details."""

    status: str = Field(description="'cancelled'")
    cancelled_count: int = Field(description="Number of orders cancelled")
    cancelled: list[dict[str, Any]] = Field(description="Cancelled orders with enriched details")
    not_cancelled: NotCancelled


class GetOrdersResponse(Told):
    """Matching orders with enriched metadata."""

    orders: list[dict[str, Any]] = Field(description="List of enriched orders")
    count: int = Field(description="Number of orders in this page")
    has_more: bool = Field(description="Whether more results are available")
    next_cursor: int | None = Field(description="Cursor for the next page")


class PlaceOrdersResponse(Told):
    """What became of each order."""

    status: str
    accepted_orders: list[dict[str, Any]]
    declined_orders: list[dict[str, Any]]


class GetBetsResponse(Told):
    """Matching bets."""

    status: str
    bets: list[dict[str, Any]]
    count: int
    has_more: bool
    next_cursor: int | None


class Detail(Told):
    """An error."""

    detail: str
