"""What PredictStreet's clients ask: a field that nobody documented is refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

BATCH_MAX = 100
PLACE_MAX = 10
TEXT_MAX = 200
EXPIRY_MAX = 253_402_300_799
"""The last second of the year 9999."""

Text = Annotated[StrictStr, Field(min_length=1, max_length=TEXT_MAX)]
AnySide = Annotated[StrictStr, Field(pattern=r"^([bB][uU][yY]|[sS][eE][lL][lL])$")]
Outcome = Annotated[StrictInt, Field(ge=0, le=10_000)]


class Asked(BaseModel):
    """A JSON object of a client's."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CancelOrder(Asked):
    """`POST /api/orders/cancel`."""

    order_id: Text = Field(alias="orderId")


class CancelBatch(Asked):
    """`POST /api/orders/cancel-batch`: duplicates are removed."""

    order_ids: list[Text] = Field(alias="orderIds", min_length=1, max_length=BATCH_MAX)


class CancelAll(Asked):
    """`POST /api/orders/cancel-all`: filters, all of which must hold; none is wallet-wide.

    A filter that is there and says nothing (`null`, an empty text) is refused: it never widens.
    """

    market_id: Text | SkipJsonSchema[None] = Field(
        default=None, alias="marketId", description="Only this market."
    )
    side: AnySide | SkipJsonSchema[None] = Field(
        default=None, description="Only buys or only sells."
    )
    outcome: Outcome | SkipJsonSchema[None] = Field(
        default=None, description="Only of this outcome."
    )

    @model_validator(mode="before")
    @classmethod
    def _says_something(cls, told: dict[str, object]) -> dict[str, object]:
        for name, value in told.items():
            if value is None:
                raise ValueError(f"{name[:40]} is null: leave it out, or name what is meant")
        return told


class PlaceOrder(Asked):
    """`POST /api/orders/place`: an order and its EIP-712 signature."""

    market_id: Text = Field(alias="marketId", description="App-level market symbol.")
    side: Literal["buy", "sell"]
    # What these texts must look like is told here and checked later, each with its own code.
    outcome: Text = Field(
        description="Index of the outcome, as text.",
        json_schema_extra={"pattern": "^(0|[1-9][0-9]{0,3})$"},
    )
    price: Text = Field(
        description="USDC per token, strictly between 0 and 1, in cents.",
        json_schema_extra={"pattern": r"^0\.([1-9][0-9]?|0[1-9])$"},
    )
    quantity: Text = Field(
        description="Outcome tokens, more than 0, at most 6 decimals.",
        json_schema_extra={"pattern": r"^[1-9][0-9]{0,14}(\.[0-9]{1,6})?$"},
    )
    nonce: Annotated[StrictStr, Field(pattern=r"^[0-9]{1,78}$")]
    expiry: Annotated[StrictInt, Field(ge=0, le=EXPIRY_MAX)] = Field(
        description="Unix seconds; 0 is none."
    )
    maker: Annotated[StrictStr, Field(pattern=r"^0x[a-fA-F0-9]{40}$")]
    signature: Annotated[StrictStr, Field(max_length=4096)] = Field(
        description="EIP-712, 0x and hexadecimal digits. Its shape is checked, not who signed.",
        json_schema_extra={"pattern": "^0x([0-9a-fA-F]{2})+$"},
    )
    client_order_id: Text | None = Field(default=None, alias="clientOrderId")
    type: Literal["limit", "market"] = "limit"
    time_in_force: Literal["gtc", "ioc", "fok"] | None = Field(default=None, alias="timeInForce")
    post_only: StrictBool = Field(default=False, alias="postOnly")


class PlaceBatch(Asked):
    """`POST /api/orders/place-batch`: up to ten orders, each for itself."""

    orders: Annotated[list[PlaceOrder], Field(min_length=1, max_length=PLACE_MAX)]
