"""Decimal odds, American odds and probability prices, one as another, for showing and comparing.

Stored prices keep the venue's format: nothing here is used on them. A conversion is exact where
the result is a decimal that ends; otherwise it is rounded half to even: decimal odds and
probabilities to 12 decimal places, American odds to 1, and the result says so. Twelve places
bring American odds up to a million back to the very digit that they were converted from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from domain.values import MAX_DIGITS, Price, PriceFormat

PLACES: Mapping[PriceFormat, int] = {
    PriceFormat.DECIMAL: 12,
    PriceFormat.AMERICAN: 1,
    PriceFormat.PROBABILITY: 12,
}
"""Decimal places of a result that does not end."""

HUNDRED = 100
EVEN = Fraction(2)
"""Decimal odds at which American odds change sign; +100 and -100 are the same, written +100."""


class BadPrice(ValueError):
    """The number is no price in its format, or a plain price, which names no odds."""


class Converted(NamedTuple):
    """A price in another format, and whether nothing was rounded."""

    price: Price
    exact: bool


def convert(price: Price, to: PriceFormat) -> Converted:
    """The same price in another format; raise `BadPrice` for what is no price.

    A plain price converts to itself only: nobody said what it means.
    """
    if price.format is to:
        if to is not PriceFormat.PLAIN:
            odds(price)
        return Converted(price, exact=True)
    if to is PriceFormat.PLAIN:
        raise BadPrice("a price in a known format does not become a plain one")
    result = _FROM_ODDS[to](odds(price))
    value = _ending(result)
    exact = value is not None
    if value is None:
        scale = 10 ** PLACES[to]
        value = Decimal(round(result * scale)) / scale  # Fraction rounds half to even
    converted = Price(value, to)
    odds(converted)  # one that rounds to no price is refused, not returned
    return Converted(converted, exact)


def odds(price: Price) -> Fraction:
    """Decimal odds, exactly: what one unit of stake returns, the stake included."""
    to_odds = _TO_ODDS.get(price.format)
    if to_odds is None:
        raise BadPrice(f"{price.value} is a plain price: it names no odds")
    return to_odds(Fraction(price.value))


def _of_decimal(value: Fraction) -> Fraction:
    if value <= 1:
        raise BadPrice(f"decimal odds of {value} return no more than the stake")
    return value


def _of_american(value: Fraction) -> Fraction:
    if abs(value) < HUNDRED:
        raise BadPrice(f"American odds of {value} lie between -100 and 100")
    return 1 + (value / HUNDRED if value > 0 else HUNDRED / -value)


def _of_probability(value: Fraction) -> Fraction:
    if not 0 < value < 1:
        raise BadPrice(f"a probability of {value} does not lie between 0 and 1")
    return 1 / value


def _american(of: Fraction) -> Fraction:
    return HUNDRED * (of - 1) if of >= EVEN else -HUNDRED / (of - 1)


def _same(of: Fraction) -> Fraction:
    return of


def _probability(of: Fraction) -> Fraction:
    return 1 / of


_TO_ODDS: Mapping[PriceFormat, Callable[[Fraction], Fraction]] = {
    PriceFormat.DECIMAL: _of_decimal,
    PriceFormat.AMERICAN: _of_american,
    PriceFormat.PROBABILITY: _of_probability,
}
_FROM_ODDS: Mapping[PriceFormat, Callable[[Fraction], Fraction]] = {
    PriceFormat.DECIMAL: _same,
    PriceFormat.AMERICAN: _american,
    PriceFormat.PROBABILITY: _probability,
}


def _ending(value: Fraction) -> Decimal | None:
    """The value as a decimal with no digit missing; None when it has no end within an amount."""
    places = 0
    rest = value.denominator
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        places = max(places, power)
    if rest != 1 or places > MAX_DIGITS:
        return None
    scaled = value.numerator * 10**places // value.denominator
    return Decimal(scaled).scaleb(-places) if len(str(abs(scaled))) <= MAX_DIGITS else None
