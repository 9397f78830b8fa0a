"""The field types of this venue, read exactly: ids, decimals, times; and `read`, the door.

What is garbage fails with `Unreadable` and the name of the field; nothing is rounded, and a
binary float is refused because it has lost its digits already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar, cast

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, PlainValidator
from pydantic import ValidationError as Misfit

from domain.values import amount
from domain.wire import Unreadable

TEXT_LENGTH_MAX = 512
WORDS_LENGTH_MAX = 500


class WireModel(BaseModel):
    """A documented message: unknown fields are kept and not interpreted."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)


Model = TypeVar("Model", bound=WireModel)


def read(model: type[Model], value: object, where: str) -> Model:
    """`value` as this message; `Unreadable` names the first field that does not fit."""
    if not isinstance(value, Mapping):
        raise Unreadable(f"{where}: not a JSON object")
    try:
        return model.model_validate(value)
    except Misfit as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join([where, *(str(part)[:60] for part in first["loc"][:6])])
        raise Unreadable(f"{path}: {first['msg'][:160]}") from error


def fields_of(value: object, where: str) -> Mapping[str, Any]:
    """`value` as a JSON object, or `Unreadable`."""
    if not isinstance(value, Mapping):
        raise Unreadable(f"{where}: not a JSON object")
    return cast("Mapping[str, Any]", value)


def rows_of(value: object, where: str) -> Sequence[object]:
    """`value` as a list of rows; documents and examples disagree on a single row: both are read."""
    if isinstance(value, Mapping):
        return [cast("Mapping[str, object]", value)]
    return items_of(value, where)


def items_of(value: object, where: str) -> Sequence[object]:
    """`value` as a JSON list, or `Unreadable`."""
    if not isinstance(value, list | tuple):
        raise Unreadable(f"{where}: not a JSON list")
    return cast("Sequence[object]", value)


def _decimal(value: object) -> Decimal:
    if isinstance(value, str | int | Decimal):
        return amount(value)
    raise ValueError("not an exact number")


def _size(value: object) -> Decimal:
    number = _decimal(value)
    if number < 0:
        raise ValueError("an amount below zero")
    return number


def _text(value: object) -> str:
    """Text, or a whole number's digits; what cannot be printed names nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.isprintable() or len(value) > TEXT_LENGTH_MAX:
        raise ValueError("not a printable text of a sane length")
    return value


def _id(value: object) -> str:
    text = _text(value)
    if not text.strip():
        raise ValueError("an empty id")
    return text


def _label(value: object) -> str | None:
    """null, absent and "" all say that there is none (documented trap 10)."""
    return None if value is None else _text(value) or None


def _words(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - pydantic reads ValueError only
    kept = "".join(sign if sign.isprintable() else " " for sign in value[:WORDS_LENGTH_MAX])
    return kept.strip() or None


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("not a time in text")  # noqa: TRY004 - pydantic reads ValueError only
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time beyond the calendar") from error


Id = Annotated[str, BeforeValidator(_id)]
"""An id as printed: opaque, compared character by character, never folded or trimmed."""

Label = Annotated[str | None, PlainValidator(_label)]
"""A short text that may be missing; missing, null and empty are the same."""

Words = Annotated[str | None, PlainValidator(_words)]
"""What the venue says to a human: made printable, cut to a sane length."""

Number = Annotated[Decimal, PlainValidator(_decimal)]
Size = Annotated[Decimal, PlainValidator(_size)]
Moment = Annotated[datetime, PlainValidator(_moment)]

ORDER_ID = AliasChoices("orderID", "orderId", "sessionID", "sessionId")
"""One id, four spellings: the casing flips between request and answer, REST says session."""

GAME_ID = AliasChoices("gameID", "gameId")
