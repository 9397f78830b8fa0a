"""JSON read exactly: digits survive as written, and what can be read in two ways is refused.

msgspec does the reading. It keeps the last of two equal keys and any depth up to the interpreter's
own limit; the walk here finds both, and the names under which secrets travel, in one pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, TypeGuard

import msgspec

from adapters.captures.redact import SECRET_NAMES

DEPTH_MAX = 64
"""Nested deeper than any venue's message. A limit of our own gives every machine the same answer;
the interpreter's depends on who called."""
EXPONENT_MAX = 1000
"""Beyond it a number is no amount, and printing it in full would fill the memory."""


_NESTING: frozenset[type] = frozenset({dict, list})


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:  # noqa: ANN401 - any JSON value
    """Whether the value is a JSON object."""
    return type(value) is dict


def is_list(value: Any) -> TypeGuard[list[Any]]:  # noqa: ANN401 - any JSON value
    """Whether the value is a JSON array."""
    return type(value) is list


class NotJson(ValueError):
    """The bytes are not one unambiguous JSON value."""


def number(text: str) -> Decimal:
    """A decimal with the digits as written."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise NotJson("a number out of range") from error
    if abs(value.adjusted()) > EXPONENT_MAX:
        raise NotJson("a number out of range")
    return value


_decode = msgspec.json.Decoder(float_hook=number).decode


def parse(raw: bytes) -> tuple[Any, bool]:
    """The JSON value in `raw`, and whether a name in it may stand for a secret."""
    try:
        value = _decode(raw)
    except UnicodeDecodeError as error:
        raise NotJson("not UTF-8") from error
    except RecursionError as error:
        raise NotJson(f"nested deeper than {DEPTH_MAX} levels") from error
    except NotJson:
        raise
    except (ValueError, ArithmeticError) as error:
        raise NotJson(f"not JSON: {error}") from error
    count, secret = _walk(value)
    # Without backslashes and space before a colon, `":` stands once for each key written (or
    # more often, when a text begins with a colon); then equal counts mean that no key came twice.
    if raw.count(b'":') != count or b'" ' in raw or b'"\t' in raw or b"\r" in raw or b"\\" in raw:
        _examine(raw)
    return value, secret


def _walk(value: Any) -> tuple[int, bool]:  # noqa: ANN401 - any JSON value
    """How many keys are in `value`, and whether one of them may stand for a secret."""
    count, secret = 0, False
    level: list[Any] = [value] if type(value) in _NESTING else []
    for _ in range(DEPTH_MAX):
        if not level:
            return count, secret
        below: list[Any] = []
        for held in level:
            children: Iterable[Any] = held
            if is_object(held):
                count += len(held)
                secret = secret or not SECRET_NAMES.isdisjoint(held)
                children = held.values()
            below += [child for child in children if type(child) in _NESTING]
        level = below
    if level:
        raise NotJson(f"nested deeper than {DEPTH_MAX} levels")
    return count, secret


def _examine(raw: bytes) -> None:
    """Read again, slowly, for what only a reader that sees every key can tell."""
    text = raw.decode()
    json.loads(text, object_pairs_hook=_each_once, parse_int=_text, parse_float=_text)
    if r"\u0000" in text.replace("\\\\", ""):
        raise NotJson("a text with a NUL character")  # no database takes it


def _text(digits: str) -> str:
    return digits


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        twice = next(key for place, (key, _) in enumerate(pairs) if key in dict(pairs[:place]))
        raise NotJson(f"the key {twice[:40]!r} stands twice in one object")
    return fields
