"""How the data of a stored event is read for others: exact, and checked against its definition.

Made from the domain's dataclasses. Texts, times and ids stay as they are stored; amounts become
plain text. What is absent stays absent: it is at its default, which the schema names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from domain.values import plain


class Amount:
    """An amount as text, without exponent or trailing zeros."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def amount_read(kind: type, text: object) -> Amount:
    """The amount that the stored text is; the one type of a shape that msgspec does not know."""
    if kind is not Amount or not isinstance(text, str):
        raise ValueError(f"{str(text)[:20]!r} is no amount")
    if text.isdigit() and text.isascii():
        return Amount(text)
    try:
        return Amount(plain(Decimal(text)))
    except InvalidOperation as error:
        raise ValueError(f"{text[:20]!r} is no amount") from error


def amount_written(value: object) -> str:
    """The text of an amount."""
    if not isinstance(value, Amount):
        raise TypeError(f"{type(value).__name__} is no part of an event")
    return value.text


def reader(kind: type) -> Callable[[bytes], Any]:
    """What reads the bytes of a stored event of this kind into its envelope."""
    envelope = msgspec.defstruct(
        f"Told{kind.__name__}",
        [
            ("id", str),
            ("venue", str),
            ("account", str),
            ("observed", str),
            ("data", shape(kind)),
            ("occurred", str, msgspec.UNSET),
        ],
        gc=False,
    )
    return msgspec.json.Decoder(envelope, dec_hook=amount_read).decode


@cache
def shape(kind: type) -> type[msgspec.Struct]:
    """A struct with the fields of the dataclass; those that may be absent are left out if unset."""
    hints = get_type_hints(kind)
    needed: list[tuple[str, Any]] = []
    optional: list[tuple[str, Any, Any]] = []
    for column in fields(kind):
        if column.default is MISSING and column.default_factory is MISSING:
            needed.append((column.name, _told(hints[column.name])))
        else:
            optional.append((column.name, _told(hints[column.name]), msgspec.UNSET))
    return msgspec.defstruct(
        kind.__name__, [*needed, *optional], kw_only=True, omit_defaults=True, gc=False
    )


def _told(hint: Any) -> Any:  # noqa: ANN401 - a type annotation
    """The type that a field is told in."""
    if hint in {bool, int, NoneType}:
        return hint
    if hint is Decimal:
        return Amount
    if isinstance(hint, type) and is_dataclass(hint):
        return shape(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {UnionType, Union}:
        return Union[tuple(_told(option) for option in arguments)]  # noqa: UP007 - made of a list
    if origin is tuple:
        told = tuple(_told(part) for part in arguments if part is not Ellipsis)
        return list[told[0]] if Ellipsis in arguments else tuple[told]  # type: ignore[valid-type]  # a type made at run time
    return str
