"""The field types of this venue, read exactly: ids, decimals, times; and the door.

What is garbage fails with the name of the field; nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, ValidationError
from pydantic.alias_generators import to_camel

from domain.messages import Message
from domain.values import amount
from domain.wire import Unreadable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ID_LENGTH_MAX = 512
EPOCH_MS_MAX = 253_402_300_799_999  # the last millisecond of the year 9999
_MILLISECONDS_PER_SECOND = 1000


class WireModel(BaseModel):
    """A documented message: camel-cased names, unknown fields kept and not interpreted."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True
    )


Model = TypeVar("Model", bound=WireModel)


def read(model: type[Model], body: object) -> Model:
    """The body as this message; `Unreadable` names the first field that does not fit."""
    if not isinstance(body, Mapping):
        raise Unreadable("body: not a JSON object")
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part)[:60] for part in first["loc"][:6]) or "body"
        raise Unreadable(f"{where}: {first['msg'][:160]}") from error


@dataclass(frozen=True, slots=True)
class Broken:
    """A row of a message that cannot be read; the other rows are told all the same."""

    where: str
    why: str


Told = Message | Broken


def each(model: type[Model], rows: Iterable[object], field: str) -> Iterator[Model | Broken]:
    """Every row as this message, or why it is none."""
    for index, row in enumerate(rows):
        try:
            yield read(model, row)
        except Unreadable as error:
            yield Broken(f"{field}[{index}]", str(error))


def each_id(values: Iterable[object], field: str) -> Iterator[str | Broken]:
    """Every value as an id, or why it is none; repeats are left out."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        try:
            order_id = _id(value)
        except ValueError as error:
            yield Broken(f"{field}[{index}]", str(error))
            continue
        if order_id not in seen:
            seen.add(order_id)
            yield order_id


def members(body: object) -> Mapping[str, object]:
    """The members of a JSON object; none for anything else."""
    return cast("Mapping[str, object]", body) if isinstance(body, Mapping) else {}


def items(body: object) -> Sequence[object] | None:
    """The items of a JSON array; None for anything else."""
    return cast("Sequence[object]", body) if isinstance(body, list) else None


def _whole(value: object) -> int:
    """An integer, however JSON wrote it (`7`, `7.0`, `"7"`)."""
    number = amount(value if isinstance(value, str | int | Decimal) else "")
    if number != number.to_integral_value():
        raise ValueError(f"{number} is not a whole number")
    return int(number)


def _at_millisecond(value: object) -> datetime:
    number = _whole(value)
    if not 0 <= number <= EPOCH_MS_MAX:
        raise ValueError(f"{number} is not a time in milliseconds")
    return EPOCH + timedelta(milliseconds=number)


def _expiry(value: object) -> datetime | None:
    """`expiry` is in seconds and 0 says that the order does not expire."""
    if value is None:
        return None
    number = _whole(value)
    return _at_millisecond(number * _MILLISECONDS_PER_SECOND) if number else None


def _at_text(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("not a time in text")  # noqa: TRY004 - pydantic reads ValueError only
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time beyond the calendar") from error


def _quantity(value: object) -> Decimal:
    number = _decimal(value)
    if number < 0:
        raise ValueError("a quantity below zero")
    return number


def _decimal(value: object) -> Decimal:
    if isinstance(value, str | int | Decimal):
        return amount(value)
    raise ValueError("not an exact number")


def _count(value: object) -> int:
    number = _whole(value)
    if isinstance(value, str) or number < 0:
        raise ValueError("not a count")
    return number


def _text(value: object) -> str:
    """Text, or a whole number's digits; what cannot be printed names nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.isprintable() or len(value) > ID_LENGTH_MAX:
        raise ValueError("not a printable text of a sane length")
    return value


def _id(value: object) -> str:
    text = _text(value)
    if not text.strip():
        raise ValueError("an empty id")
    return text


Id = Annotated[str, BeforeValidator(_id)]
"""An id as printed: opaque, compared character by character, never folded or trimmed."""

Label = Annotated[str, BeforeValidator(_text)]
"""Text that may be empty; an index may be written as a number (`outcome`)."""

Quantity = Annotated[Decimal, PlainValidator(_quantity)]
Number = Annotated[Decimal, PlainValidator(_decimal)]
Count = Annotated[int, PlainValidator(_count)]
EpochMs = Annotated[datetime, PlainValidator(_at_millisecond)]
Expiry = Annotated[datetime | None, PlainValidator(_expiry)]
Moment = Annotated[datetime, PlainValidator(_at_text)]
