"""JSON bodies of ours: compact, and ids that are numbers at the venue as numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from adapters.clients.port import CannotSay

INT_MAX = 2**63 - 1


def body(told: object) -> bytes:
    """One JSON text."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


_encode = msgspec.json.Encoder(decimal_format="number").encode


def exact(told: object) -> bytes:
    """One JSON text whose decimals are numbers with the digits that they have."""
    return _encode(told)


def together(ours: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """What we say of an order, and what its venue alone asks for; neither replaces the other."""
    twice = ours.keys() & more.keys()
    if twice:
        raise CannotSay(f"{', '.join(sorted(twice))} cannot be told twice")
    return {**ours, **more}


def amount(told: Decimal) -> Decimal:
    """Without exponent or trailing zeros."""
    whole = told.to_integral_value()
    return whole if told == whole else told.normalize()


def number(text: str) -> int:
    """An id that the venue writes as a whole number; raise `CannotSay` for another."""
    if not text.isascii() or not text.isdigit() or int(text) > INT_MAX:
        raise CannotSay(f"{text[:40]!r} is no order id of this venue: it has whole numbers")
    return int(text)
