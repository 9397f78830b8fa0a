"""The shapes of ABP's messages: one model per message, every documented generation.

Unknown fields are ignored: the stored line keeps them. Field names are read in camel case (since
2026-04) and in the snake case before it. Amounts are exact; a binary float is refused.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool
from pydantic.alias_generators import to_camel

from adapters.venues.exact import EpochMs, Quantity, in_utc, time, whole

MAX_TEXT = 1000
_UUID = re.compile(r"[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}")


def key(value: object) -> str:
    """A number of the venue's as text: `9002` whether it was sent as a number or in digits."""
    return str(whole(value))


def _text(value: object) -> str:
    if isinstance(value, str):
        text = value
    elif isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("not a text")  # noqa: TRY004 - pydantic reads ValueError only
    else:
        text = str(value)
    if len(text) > MAX_TEXT:
        raise ValueError("too long")
    text.encode()  # a lone surrogate is no text: UnicodeEncodeError is a ValueError
    return text


def reference(value: object) -> str:
    """A request UUID; the same UUID is the same text whichever case it was printed in.

    The venue's own sample holds one with letters beyond `f`, so letters are not checked.
    """
    text = _text(value).strip()
    if not text:
        raise ValueError("empty")
    return text.lower() if _UUID.fullmatch(text) else text


def _asked(value: object) -> str:
    """An id as asked for, printed as it was: what the venue would refuse is kept, too."""
    return _text(value)


def _time(value: object) -> datetime:
    """An ISO-8601 time with its offset; without one it is UTC, as all the venue's times are."""
    told = time(value.strip() if isinstance(value, str) else value)
    return told.replace(tzinfo=UTC) if told.tzinfo is None else in_utc(told)


Count = Annotated[int, BeforeValidator(whole), Field(ge=0)]
Key = Annotated[str, BeforeValidator(key)]
Text = Annotated[str, BeforeValidator(_text)]
Reference = Annotated[str, BeforeValidator(reference)]
AskedFor = Annotated[str, BeforeValidator(_asked)]
Time = Annotated[datetime, BeforeValidator(_time)]


class Shape(BaseModel):
    """A JSON object of the venue's."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )


class Identity(Shape):
    """The names of an order, and nothing else of its row."""

    order_id: Key | None = None
    request_uuid: Reference | None = None


class Bet(Shape):
    """A bet at a bookmaker: inside an order's row, on the `bets` channel, or from `GET /bets`.

    The stake is in `placed_currency`. No document gives it the order's currency.
    """

    bet_id: Key
    order_id: Key | None = None
    request_uuid: Reference | None = None
    bet_status: Text | None = None
    placed_price: Quantity | None = None
    placed_stake: Quantity | None = None
    placed_currency: Text | None = None
    placed_at: Time | None = None
    decline_reason: Text | None = None
    user_ref: Text | None = None
    order_currency: Text | None = None
    settlement_status: Text | None = None
    settlement_amount: Quantity | None = None
    settlement_reason: Text | None = None
    settled_at: Time | None = None


class OrderRow(Identity):
    """An order: enriched (REST, with bets) or the raw row (WebSocket, with what remains)."""

    fixture_id: Text | None = None
    future_id: Text | None = None
    participant_id: Key | None = None
    outcome_id: Key | None = None
    player_id: Key | None = None
    order_price: Quantity | None = None
    order_stake: Quantity | None = None
    filled_stake: Quantity | None = None
    remaining_stake: Quantity | None = None
    order_currency: Text | None = None
    back: StrictBool | None = None
    user_ref: Text | None = None
    order_status: Text | None = None
    status_reason: Text | None = None
    decline_reason: Text | None = None
    expires_at: Time | None = None
    created_at: Time | None = None
    filled_at: Time | None = None
    bets: tuple[Bet, ...] | None = None


class CancelBody(Shape):
    """`POST /cancel-orders`: filters, joined by OR."""

    order_ids: tuple[AskedFor, ...] | None = None
    request_uuids: tuple[AskedFor, ...] | None = None
    user_ref: Text | None = None


class NotCancelled(Shape):
    """The orders that could not be cancelled, with one reason for all of them."""

    reason: Text | None = None
    orders: tuple[object, ...] | None = None


class CancelAnswer(Shape):
    """The answer to a cancel. `status` is always "cancelled" and proves nothing."""

    cancelled: tuple[object, ...]
    not_cancelled: NotCancelled | None = None
    cancelled_count: Count | None = None


class PlaceBody(Shape):
    """`POST /place-orders`."""

    orders: tuple[object, ...]


class PlaceAnswer(Shape):
    """What became of each placed order; either list may be absent, neither is positional."""

    accepted_orders: tuple[object, ...] | None = None
    declined_orders: tuple[object, ...] | None = None


class Frame(Shape):
    """A WebSocket message; only `data` carries a channel."""

    type: Text
    channel: Text | None = None
    event: Text | None = None
    payload: Any = None
    ts: EpochMs | None = None
