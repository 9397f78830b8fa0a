"""The shapes of ABP's messages: one model per message, every documented generation.

Unknown fields are kept and ignored. Field names are read in camel case (since 2026-04) and in
the snake case before it. Amounts are exact; a binary float is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, ValidationError
from pydantic.alias_generators import to_camel

from domain.values import amount
from domain.wire import Unreadable

MAX_TEXT = 1000
MAX_KEY_DIGITS = 40
_UUID = re.compile(r"[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS = 253_402_300_799_999
"""The last millisecond of the year 9999, where Python's calendar ends."""


def _amount(value: object) -> Decimal:
    if not isinstance(value, str | int | Decimal):
        raise ValueError("not an exact number")  # noqa: TRY004 - pydantic reads ValueError only
    return amount(value)


def _whole(value: object) -> int:
    """A whole number as an int, as an exact decimal (`9002.0`) or in digits."""
    number = _amount(value)
    if abs(number.adjusted()) > MAX_KEY_DIGITS or number != number.to_integral_value():
        raise ValueError("not a whole number")
    return int(number)


def _key(value: object) -> str:
    """A number of the venue's as text: `9002` whether it was sent as a number or in digits."""
    return str(_whole(value))


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("not a text")  # noqa: TRY004 - pydantic reads ValueError only
    text = str(value)
    if len(text) > MAX_TEXT:
        raise ValueError("too long")
    text.encode()  # a lone surrogate is no text: UnicodeEncodeError is a ValueError
    return text


def _reference(value: object) -> str:
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
    if not isinstance(value, str):
        raise ValueError("not a time")  # noqa: TRY004 - pydantic reads ValueError only
    told = datetime.fromisoformat(value.strip())
    try:
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time out of range") from error


def _epoch_ms(value: object) -> datetime:
    ms = _whole(value)
    if not 0 <= ms <= _LAST_MS:
        raise ValueError("a time out of range")
    return _EPOCH + timedelta(milliseconds=ms)


Amount = Annotated[Decimal, BeforeValidator(_amount), Field(ge=0)]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=0)]
Key = Annotated[str, BeforeValidator(_key)]
Text = Annotated[str, BeforeValidator(_text)]
Reference = Annotated[str, BeforeValidator(_reference)]
AskedFor = Annotated[str, BeforeValidator(_asked)]
Time = Annotated[datetime, BeforeValidator(_time)]
EpochMs = Annotated[datetime, BeforeValidator(_epoch_ms)]


class Shape(BaseModel):
    """A JSON object of the venue's."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
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
    placed_price: Amount | None = None
    placed_stake: Amount | None = None
    placed_currency: Text | None = None
    placed_at: Time | None = None
    decline_reason: Text | None = None
    user_ref: Text | None = None
    order_currency: Text | None = None


class OrderRow(Identity):
    """An order: enriched (REST, with bets) or the raw row (WebSocket, with what remains)."""

    fixture_id: Text | None = None
    future_id: Text | None = None
    participant_id: Key | None = None
    outcome_id: Key | None = None
    player_id: Key | None = None
    order_price: Amount | None = None
    order_stake: Amount | None = None
    filled_stake: Amount | None = None
    remaining_stake: Amount | None = None
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


M = TypeVar("M", bound=BaseModel)


def read(model: type[M], value: object, where: str) -> M:
    """`value` as this model; raise `Unreadable` that names the first field that does not fit."""
    if not isinstance(value, Mapping):
        raise Unreadable(f"{where}: not an object")
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join(str(part)[:40] for part in (where, *first["loc"]))
        raise Unreadable(f"{path[:200]}: {first['msg'][:200]}") from None
