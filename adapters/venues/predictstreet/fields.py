"""What is this venue's own in its fields: labels, counts, expiries, and rows read one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator
from pydantic.alias_generators import to_camel

from adapters.venues.exact import Model, at_millisecond, identity, read, text, whole
from domain.messages import Message
from domain.wire import Unreadable

_MILLISECONDS_PER_SECOND = 1000


class WireModel(BaseModel):
    """A documented message: camel-cased names, unknown fields kept and not interpreted."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True
    )


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
            order_id = identity(value)
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


def _expiry(value: object) -> datetime | None:
    """`expiry` is in seconds and 0 says that the order does not expire."""
    if value is None:
        return None
    number = whole(value)
    return at_millisecond(number * _MILLISECONDS_PER_SECOND) if number else None


def _count(value: object) -> int:
    number = whole(value)
    if isinstance(value, str) or number < 0:
        raise ValueError("not a count")
    return number


Label = Annotated[str, BeforeValidator(text)]
"""Text that may be empty; an index may be written as a number (`outcome`)."""

Count = Annotated[int, PlainValidator(_count)]
Expiry = Annotated[datetime | None, PlainValidator(_expiry)]
