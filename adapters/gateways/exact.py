"""JSON with every digit: amounts leave as numbers, never through a binary float."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import msgspec
from fastapi import Request, Response

BODY_BYTES_MAX = 1 << 20
"""A larger body is no request of any documented shape."""
DIGITS_MAX = 60

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
        whole = value.to_integral_value()
        return int(whole) if value == whole else value.normalize()
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {key: plain_numbers(item) for key, item in fields.items()}
    if isinstance(value, list | tuple):
        return [plain_numbers(item) for item in cast("list[Any]", value)]
    return value


async def body_of(request: Request) -> Any:  # noqa: ANN401 - any JSON value
    """The request's body as JSON, its numbers exact; raise `NotReadable` for what is none."""
    return parsed(await request.body())


def parsed(raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """JSON read exactly; raise `NotReadable` for what is none."""
    try:
        return json.loads(raw, parse_float=_number, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise NotReadable(f"not JSON: {error}"[:200]) from error


def _number(text: str) -> Decimal:
    if len(text) > DIGITS_MAX:
        raise ValueError("a number of too many digits")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no number") from error


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def object_of(value: object) -> Mapping[str, Any]:
    """The value as a JSON object; raise `NotReadable` when it is something else."""
    if not isinstance(value, dict):
        raise NotReadable("not a JSON object")
    return cast("dict[str, Any]", value)
