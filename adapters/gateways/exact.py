"""JSON with every digit: amounts leave as numbers, never through a binary float."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, cast

import msgspec
from fastapi import Request, Response

BODY_BYTES_MAX = 1 << 20
"""A larger body is no request of any documented shape."""
DIGITS_MAX = 60
DEPTH_MAX = 64
"""Nothing documented is nested half as deep."""

_encode = msgspec.json.Encoder(decimal_format="number").encode


class NotReadable(ValueError):
    """The body is not the JSON that the route takes; the text says why."""


class Exact(Response):
    """An answer whose decimals are numbers with the digits that they have."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """The content as JSON."""
        return _encode(plain_numbers(content))


def encoded(content: object) -> bytes:
    """The content as one JSON text."""
    return _encode(plain_numbers(content))


def plain_numbers(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Decimals without exponent or trailing zeros: `100`, not `1E+2` or `100.00`."""
    if isinstance(value, Decimal):
        return plain_number(value)
    # Most of what an answer holds is told as it is: looked at here, without a call for each.
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {
            key: item
            if type(item) in _AS_IT_IS
            else (plain_number(item) if type(item) is Decimal else plain_numbers(item))
            for key, item in fields.items()
        }
    if isinstance(value, list | tuple):
        items = cast("list[Any]", value)
        return [item if type(item) in _AS_IT_IS else plain_numbers(item) for item in items]
    return value


@lru_cache(maxsize=4096)
def plain_number(value: Decimal) -> int | Decimal:
    """The number as it is told; a venue tells the same few sizes and prices again and again."""
    whole = value.to_integral_value()
    return int(whole) if value == whole else value.normalize()


class Plain(dict[str, Any]):
    """An object whose numbers are plain already, down to the last: it is not looked through."""


_AS_IT_IS: Final = frozenset({str, int, bool, type(None), Plain})


async def body_of(request: Request) -> Any:  # noqa: ANN401 - any JSON value
    """The request's body as JSON, its numbers exact; raise `NotReadable` for what is none."""
    return parsed(await request.body())


def parsed(raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """JSON read exactly; raise `NotReadable` for what is none."""
    try:
        text = raw.decode("utf-8-sig")
        value = _decode(text)
        if text.count("[") + text.count("{") > DEPTH_MAX:
            _bounded(value)
        if "\\u" in text:  # half of a surrogate pair is no text, and could not be answered
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError) as error:
        raise NotReadable(f"not JSON: {_shortly(error)}") from error
    return value


def _shortly(error: Exception) -> str:
    """Why it is none, without what was sent: it may be a secret."""
    if isinstance(error, UnicodeError):
        return "not UTF-8"
    return "nested too deep" if isinstance(error, RecursionError) else str(error)[:100]


def _number(text: str) -> Decimal:
    if len(text) > DIGITS_MAX:
        raise ValueError("a number of too many digits")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("a number that is none") from error
    if number and abs(number.adjusted()) > DIGITS_MAX:
        raise ValueError("a number of too many digits")
    return number


def _whole(text: str) -> int:
    if len(text) > DIGITS_MAX:
        raise ValueError("a number of too many digits")
    return int(text)


def _unambiguous(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; which of two fields of one name counts is anybody's guess."""
    told = dict(fields)
    if len(told) != len(fields):
        raise ValueError("a field stands twice in one object")
    return told


def _bounded(value: object) -> None:
    """Raise `ValueError` for what is nested too deep to be answered."""
    level: list[Any] = [value]
    for _ in range(DEPTH_MAX):
        level = [item for held in level for item in _items(held)]
        if not level:
            return
    raise ValueError("nested too deep")


def _items(held: Any) -> Iterable[Any]:  # noqa: ANN401 - any JSON value
    if isinstance(held, dict):
        return cast("dict[str, Any]", held).values()
    return cast("Iterable[Any]", held if isinstance(held, list) else ())


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


_decode = json.JSONDecoder(
    parse_float=_number,
    parse_int=_whole,
    parse_constant=_refused,
    object_pairs_hook=_unambiguous,
).decode


def object_of(value: object) -> Mapping[str, Any]:
    """The value as a JSON object; raise `NotReadable` when it is something else."""
    if not isinstance(value, dict):
        raise NotReadable("not a JSON object")
    return cast("dict[str, Any]", value)
