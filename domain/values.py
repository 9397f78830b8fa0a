"""Exact amounts, sides and names: the small values that every fact is made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

ZERO = Decimal(0)
MAX_DIGITS = 60
"""An amount with more digits than this is nobody's money; it would only cost time."""


class BadAmount(ValueError):
    """The text is not a finite decimal number of a sane length."""


def amount(value: str | int | Decimal) -> Decimal:
    """Read an exact decimal from text; raise `BadAmount` for anything but a finite number.

    A binary float is refused by type: it has lost its digits already.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise BadAmount(f"{value!r} is not an exact number")
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise BadAmount(f"{value!r} is not a number") from error
    if not number.is_finite():
        raise BadAmount(f"{value!r} is not a finite number")
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or len(number.as_tuple().digits) + abs(exponent) > MAX_DIGITS:
        raise BadAmount(f"{str(value)[:20]}… has more than {MAX_DIGITS} digits")
    return number


def plain(value: Decimal) -> str:
    """Print a decimal without exponent and without trailing zeros: `100`, `0.25`."""
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
    EXCHANGE = "exchange"


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
