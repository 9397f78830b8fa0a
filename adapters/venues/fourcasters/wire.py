"""The documented messages of 4casters, every generation, as models at the door.

Fields that only some documents show are optional; both casings of an id are one field.
"""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, Field, StrictBool, field_validator

from adapters.venues.exact import Id, Moment, Number, Quantity
from adapters.venues.fourcasters.fields import (
    GAME_ID,
    ORDER_ID,
    Label,
    WireModel,
    Words,
)


class Bet(WireModel):
    """What is bet on, as every message of this venue writes it, from our own perspective.

    `market` names the outcome of a three-way money line.
    """

    type: Label = None
    side: Label = None
    market: Label = None
    number: Number | None = None
    odds: Number | None = None
    user_reference: Label = Field(None, validation_alias="userReference")


class PlacedOrder(Bet):
    """One order of a `placeV3` that we sent. `bet` is the amount that we risk."""

    game_id: Label = Field(None, validation_alias=GAME_ID)
    bet: Quantity
    order_type: Label = Field(None, validation_alias="orderType")


class Match(Bet):
    """One fill. In a place answer and for a taker, `orderID` is the counterparty's order."""

    tx_id: Id = Field(validation_alias=AliasChoices("txID", "txId"))
    order_id: Label = Field(None, validation_alias=ORDER_ID)
    wager_request_id: Label = Field(None, validation_alias="wagerRequestID")
    amount: Quantity


class Rest(Bet):
    """What of an order came to rest: our own resting order and its id."""

    order_id: Id = Field(validation_alias=ORDER_ID)
    wager_request_id: Label = Field(None, validation_alias="wagerRequestID")
    offered: Quantity
    filled: Quantity | None = None
    remaining: Quantity | None = None


def _none_if_empty(value: object) -> object:
    return None if value == {} else value


class PlaceEntry(WireModel):
    """What became of one submitted order: matched, resting, both, or refused."""

    matched: tuple[Match, ...] = ()
    unmatched: Rest | None = None
    error: Words = None
    error_type: Label = Field(None, validation_alias=AliasChoices("error_type", "errorType"))

    _empty = field_validator("unmatched", mode="before")(_none_if_empty)

    @field_validator("matched", mode="before")
    @classmethod
    def _null_is_none(cls, value: object) -> object:
        return () if value is None else value


class CancelEntry(Bet):
    """One order in a cancel answer. `description` is the bet's label or the reason of a failure."""

    success: StrictBool
    order_id: Label = Field(None, validation_alias=ORDER_ID)
    filled: Quantity | None = None
    remaining: Quantity | None = None
    game_id: Label = Field(None, validation_alias=GAME_ID)
    description: Words = None
    reason: Words = None
    error: Words = None


class FeedMessage(WireModel):
    """A message of the user feed, live or replayed."""

    matched: Match | None = None
    unmatched: Rest | None = None
    origin: Label = None
    game_id: Label = Field(None, validation_alias=GAME_ID)
    created_at: Moment | None = Field(None, validation_alias="createdAt")
    message_id: Label = Field(None, validation_alias=AliasChoices("messageID", "messageId"))

    _empty = field_validator("matched", "unmatched", mode="before")(_none_if_empty)


class Game(WireModel):
    """The game that a row of a read is about."""

    id: Label = Field(default=None, validation_alias=AliasChoices("id", "_id"))


class OpenRow(Bet):
    """An open order in a read. `remaining` is documented as a *win* amount and is not used."""

    id: Id = Field(validation_alias=AliasChoices("id", *ORDER_ID.choices))
    wager_request_id: Label = Field(None, validation_alias="wagerRequestID")
    offered: Quantity
    filled: Quantity
    over_under: Label = Field(None, validation_alias="OU")
    spread: Number | None = None
    total: Number | None = None
    participant: Label = Field(None, validation_alias="participantID")
    created_at: Moment | None = Field(None, validation_alias="createdAt")
    expiry: Moment | None = None
    game: Game = Field(default_factory=Game)


class LookedUp(WireModel):
    """The answer of `lookupOrder`. `OU` is the opposite of the order's own side."""

    id: Id
    cancelled: StrictBool
    odds: Number | None = None
    type: Label = None
    over_under: Label = Field(None, validation_alias="OU")
    participant: Label = None
    spread: Number | None = None
    total: Number | None = None
    matched_risk: Quantity = Field(validation_alias="matchedRisk")
    unmatched_risk: Quantity = Field(validation_alias="unmatchedRisk")
    game: Game = Field(default_factory=Game)


class SentCancel(WireModel):
    """The payload of any cancel verb, in both casings; a field that a verb lacks stays None."""

    request_id: Label = Field(None, validation_alias=AliasChoices("requestID", "requestId"))
    order_id: Label = Field(None, validation_alias=ORDER_ID)
    order_ids: tuple[Id, ...] = Field(
        (), validation_alias=AliasChoices("orderIDs", "orderIds", "sessionIDs", "sessionIds")
    )
    game_id: Label = Field(None, validation_alias=GAME_ID)
    type: Label = None
    side: Label = None
    market: Label = None
    league: Label = None
    user_references: tuple[Id, ...] = Field((), validation_alias="userReferences")


class Answer(WireModel):
    """What comes back on the orders socket: `data` or `error`, tied by `requestID`.

    One documented example wraps the answer in `responses[]`; the wrapper is tolerated.
    """

    request_id: Label = Field(None, validation_alias=AliasChoices("requestID", "requestId"))
    data: Any = None
    error: Any = None
    responses: Any = None
