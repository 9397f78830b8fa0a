"""Exact amounts, sides and names: the small values that every fact is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, DefaultContext, getcontext
from enum import StrEnum

from domain.making import quickly_made

ZERO = Decimal(0)
MAX_DIGITS = 60
"""An amount with more digits than this is nobody's money; it would only cost time."""

EXACT_DIGITS = 3 * MAX_DIGITS
"""Sums of any number of amounts and products of two need no more digits than this."""

# Python rounds sums to 28 digits by default, and a token amount of 18 decimals reaches that: sizes
# would drift apart silently. Every thread that begins after this import computes exactly, too.
for _context in (DefaultContext, getcontext()):
    _context.prec = max(_context.prec, EXACT_DIGITS)

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII).fullmatch


_ONE = Decimal(1)
_TOO_LARGE = 10**MAX_DIGITS
LENGTH_MAX = 2 * MAX_DIGITS
"""Leading zeros and an exponent may stand beside the digits; more text than this is no amount."""


class BadAmount(ValueError):
    """The text is not a finite decimal number of a sane length."""


def amount(value: object) -> Decimal:
    """Read an exact decimal from text; raise `BadAmount` for anything but a finite number.

    A binary float is refused by type: it has lost its digits already. Only the digits of JSON are
    read, with a sign and an exponent: no blanks, no underscores, no digits of other scripts.
    """
    match value:
        case bool():
            raise BadAmount(f"{value} is not a number")
        case str():
            if len(value) > LENGTH_MAX or _NUMBER(value) is None:
                raise BadAmount(f"{value[:20]!r} is not a number")
            number = Decimal(value)
        case int():
            if abs(value) >= _TOO_LARGE:
                raise BadAmount(f"a whole number of more than {MAX_DIGITS} digits")
            return Decimal(value)
        case Decimal():
            number = value
        case _:
            raise BadAmount(f"{str(value)[:20]!r} is not an exact number")
    return _sane(number)


def _sane(number: Decimal) -> Decimal:
    _sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise BadAmount(f"{number} is not a finite number")
    if len(digits) + abs(exponent) > MAX_DIGITS:
        raise BadAmount(f"a number of more than {MAX_DIGITS} digits")
    return number if exponent <= 0 else number.quantize(_ONE)


def plain(value: Decimal) -> str:
    """Print a decimal without exponent and without trailing zeros: `100`, `0.25`."""
    text = str(value)
    if text.isdigit():
        return text  # as nearly all sizes are
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


class Choice(StrEnum):
    """One of a closed set of words. It hashes as its text does.

    `Enum` hashes in Python code; these words are keys in every inner loop.
    """

    __hash__ = str.__hash__


class Side(Choice):
    """Which way the order faces. `BACK` and `LAY` are read as `BUY` and `SELL`."""

    BUY = "BUY"
    SELL = "SELL"


class PriceFormat(Choice):
    """How the venue writes a price; a price is kept in the venue's own format."""

    DECIMAL = "decimal"
    AMERICAN = "american"
    PROBABILITY = "probability"
    PLAIN = "plain"


@quickly_made
@dataclass(frozen=True, slots=True)
class Price:
    """A price in its venue's format: decimal odds, American odds, probability, or a plain price."""

    value: Decimal
    format: PriceFormat = PriceFormat.PLAIN


class NameKind(Choice):
    """What sort of name an order or a cancel is called by."""

    VENUE = "venue"
    CLIENT = "client"
    WAGER = "wager"
    REQUEST = "request"
    SESSION = "session"
    PLACE = "place"
    DEAL = "deal"


@quickly_made
@dataclass(frozen=True, slots=True)
class Name:
    """One name of an order or of a cancel request, unique within a venue account."""

    kind: NameKind
    value: str


@dataclass(frozen=True, slots=True)
class Account:
    """Whose orders: everything is scoped by venue and account."""

    venue: str
    account: str
