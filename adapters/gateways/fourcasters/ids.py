"""Ids of 24 hexadecimal digits, as the venue writes them, from the numbers of the books.

An id says by its first two digits what it names, so that no id is taken for another's. Ids are
compared as they are written.
"""

from __future__ import annotations

HEX_DIGITS = 24
_HEX = frozenset("0123456789abcdefABCDEF")
_ORDER, _WAGER, _TX = "0b", "0c", "0a"


def order_id(number: int) -> str:
    """A resting order's id: what it is cancelled by."""
    return _written(_ORDER, number)


def wager_id(number: int) -> str:
    """`wagerRequestID`: one submitted order, whatever it matched and whether it rests."""
    return _written(_WAGER, number)


def tx_id(number: int) -> str:
    """`txID`: one match, the same for both sides."""
    return _written(_TX, number)


def is_object_id(text: object) -> bool:
    """Whether it has the form of an id; nothing is said of what it names."""
    return isinstance(text, str) and len(text) == HEX_DIGITS and _HEX.issuperset(text)


def order_number(text: str) -> int | None:
    """The order that an id names in the books; None when it is no order's."""
    return _read(_ORDER, text)


def wager_number(text: str) -> int | None:
    """The order that a `wagerRequestID` belongs to."""
    return _read(_WAGER, text)


def _written(kind: str, number: int) -> str:
    return f"{kind}{number:0{HEX_DIGITS - len(kind)}x}"


def _read(kind: str, text: str) -> int | None:
    if not is_object_id(text) or not text.startswith(kind):
        return None
    number = int(text[len(kind) :], 16)
    return number if _written(kind, number) == text else None
