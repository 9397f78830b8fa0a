"""Field types that venues share, read exactly: numbers, times, ids; and `read`, the door.

What is garbage fails with the name of the field; nothing is rounded, and a binary float is refused
because it has lost its digits already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, PlainValidator, ValidationError

from domain.values import amount
from domain.wire import Unreadable

ID_LENGTH_MAX = 512
WHOLE_DIGITS_MAX = 40
_WHOLE_END = 10 ** (WHOLE_DIGITS_MAX + 1)
_EXACT = (str, int, Decimal)
_DIGITS = re.compile(r"\d+", re.ASCII).fullmatch
PLACE_DEPTH_MAX = 6
PLACE_PART_MAX = 60
WORDS_MAX = 160
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_MS_MAX = 253_402_300_799_999
"""The last millisecond of the year 9999, where Python's calendar ends."""


def number(value: object) -> Decimal:
    """A number with the digits as written."""
    if isinstance(value, _EXACT):
        return amount(value)
    raise ValueError("not an exact number")


def quantity(value: object) -> Decimal:
    """A number that is not below zero."""
    told = number(value)
    if told < 0:
        raise ValueError("below zero")
    return told


def whole(value: object) -> int:
    """A whole number, however JSON wrote it (`7`, `7.0`, `"7"`)."""
    if type(value) is int and -_WHOLE_END < value < _WHOLE_END:
        return value  # nearly always
    if type(value) is str and len(value) <= WHOLE_DIGITS_MAX and _DIGITS(value) is not None:
        return int(value)
    told = number(value)
    if abs(told.adjusted()) > WHOLE_DIGITS_MAX or told != told.to_integral_value():
        raise ValueError("not a whole number")
    return int(told)


def at_millisecond(value: object) -> datetime:
    """The time so many milliseconds after the epoch."""
    told = whole(value)
    if not 0 <= told <= EPOCH_MS_MAX:
        raise ValueError("not a time in milliseconds")
    return EPOCH + timedelta(milliseconds=told)


def time(value: object) -> datetime:
    """An ISO-8601 time, with its zone or without."""
    if not isinstance(value, str):
        raise ValueError("not a time in text")  # noqa: TRY004 - pydantic reads ValueError only
    return datetime.fromisoformat(value)


def in_utc(told: datetime) -> datetime:
    """The same moment in UTC."""
    try:
        return told.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time beyond the calendar") from error


def moment(value: object) -> datetime:
    """An ISO-8601 time with its zone, in UTC."""
    told = time(value)
    if told.tzinfo is None:
        raise ValueError("a time without its zone")
    return in_utc(told)


def text(value: object) -> str:
    """Text, or a whole number's digits; what cannot be printed names nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.isprintable() or len(value) > ID_LENGTH_MAX:
        raise ValueError("not a printable text of a sane length")
    return value


def identity(value: object) -> str:
    """A text that names something."""
    told = text(value)
    if not told.strip():
        raise ValueError("an empty id")
    return told


Id = Annotated[str, BeforeValidator(identity)]
"""An id as printed: opaque, compared character by character, never folded or trimmed."""

Number = Annotated[Decimal, PlainValidator(number)]
Quantity = Annotated[Decimal, PlainValidator(quantity)]
EpochMs = Annotated[datetime, PlainValidator(at_millisecond)]
Moment = Annotated[datetime, PlainValidator(moment)]

Model = TypeVar("Model", bound=BaseModel)


def read(model: type[Model], value: object, where: str = "") -> Model:
    """`value` as this message; `Unreadable` names the first field that does not fit."""
    if type(value) is not dict and not isinstance(value, Mapping):
        raise Unreadable(f"{where or 'body'}: not a JSON object")
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise Unreadable(misfit(error, where)) from error


def misfit(error: ValidationError, where: str = "") -> str:
    """The first field that does not fit, and why, in a line of a sane length."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    parts = [str(part)[:PLACE_PART_MAX] for part in first["loc"][:PLACE_DEPTH_MAX]]
    place = ".".join([where, *parts] if where else parts) or "body"
    return f"{place}: {first['msg'][:WORDS_MAX]}"
