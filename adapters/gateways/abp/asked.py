"""What ABP's clients ask: each request as a model, with the documented limits."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr
from pydantic.alias_generators import to_camel

ORDERS_MAX = 100
INT_MAX = 2**63 - 1
TEXT_MAX = 200


def with_offset(moment: datetime) -> datetime:
    """A time that names no offset is UTC's."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


Id = Annotated[StrictInt, Field(ge=-INT_MAX, le=INT_MAX)]
Ref = Annotated[StrictStr, Field(min_length=1, max_length=TEXT_MAX)]
Moment = Annotated[datetime, AfterValidator(with_offset)]
Amount = Annotated[Decimal, Field(gt=0, max_digits=30, decimal_places=12, allow_inf_nan=False)]


class Asked(BaseModel):
    """A JSON object of a client's; fields that nobody documented are passed over."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, validate_by_name=True)


class CancelOrdersRequest(Asked):
    """At least one filter must be provided. Multiple filters are combined with OR logic."""

    order_ids: list[StrictInt] | None = Field(
        None, description="List of numeric order IDs to cancel"
    )
    request_uuids: list[UUID] | None = Field(None, description="List of request UUIDs to cancel")
    user_ref: StrictStr | None = Field(
        None, description="Cancel all orders matching this user reference"
    )

    @property
    def is_empty(self) -> bool:
        """No filter is there. An empty list is none: it never means everything."""
        return not (self.order_ids or self.request_uuids or self.user_ref)


class PlaceOrder(Asked):
    """One order to place."""

    request_uuid: UUID
    fixture_id: Ref | None = None
    future_id: Ref | None = None
    outcome_id: Id
    player_id: Id = 0
    order_price: Annotated[Decimal, Field(gt=1, max_digits=30, allow_inf_nan=False)]
    order_stake: Amount
    user_ref: Ref
    test_order: StrictBool
    bookmakers: Ref | None = None
    order_currency: Annotated[StrictStr, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    back: StrictBool = True
    expires_at: Moment | None = None
    accept_better_odds: StrictBool = True
    accept_partial_stake: StrictBool = True
    meta: dict[str, Any] | None = None


class PlaceOrdersRequest(Asked):
    """`POST /place-orders`: 1 to 100 orders."""

    orders: Annotated[list[PlaceOrder], Field(min_length=1, max_length=ORDERS_MAX)]
