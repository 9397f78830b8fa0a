"""What a match's price is worth: better or worse than another, and after its corrections."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from domain.order import Order
from domain.prices import BadPrice, odds
from domain.values import Price, PriceFormat, Side

EVEN_PLAIN = Decimal(1)
"""A plain price above it can be decimal odds, one below it a probability; nothing else is known."""

DOES_NOT_SAY = frozenset({("abp", Side.SELL)})
"""Where no document says whether a lay order's price is the most or the least it accepts."""


def better_by(
    side: Side | None, price: Price, than: Price, *, venue: str, plain_odds: bool = True
) -> int | None:
    """1 when `price` is better for an order of this side, -1 when worse, 0 when the same.

    None when nobody can tell. Who backs wants higher odds, who lays lower ones. A plain price
    above 1 is read as decimal odds, unless `plain_odds` is false: then all plain prices are what
    is paid, as a probability is.
    """
    if side is None or (venue, side) in DOES_NOT_SAY:
        return None
    ours, theirs = _worth(than, plain_odds=plain_odds), _worth(price, plain_odds=plain_odds)
    if ours is None or theirs is None or ours[0] is not theirs[0] or _mirrored(price, than):
        return None
    if ours == theirs:
        return 0
    return 1 if (theirs[1] > ours[1]) == (side is Side.BUY) else -1


_Worth = tuple[PriceFormat, Fraction]


def _worth(price: Price, *, plain_odds: bool) -> _Worth | None:
    """What higher is better of for who backs; plain prices that are paid are told apart."""
    value = price.value
    if price.format is PriceFormat.PLAIN:
        if value <= 0 or value == EVEN_PLAIN:
            return None
        if plain_odds and value > EVEN_PLAIN:
            return PriceFormat.DECIMAL, Fraction(value)
        if plain_odds:
            return PriceFormat.DECIMAL, 1 / Fraction(value)
        return PriceFormat.PLAIN, 1 / Fraction(value)
    try:
        return PriceFormat.DECIMAL, odds(price)
    except BadPrice:
        return None


def _mirrored(price: Price, than: Price) -> bool:
    """The same American odds seen from the other side: examples of 4casters mix the two."""
    return (
        price.format is than.format is PriceFormat.AMERICAN
        and price.value == than.value.copy_negate()
    )


def price_after(order: Order, fill_id: str, price: Price | None) -> Price | None:
    """A match's price after its corrections."""
    passed = {fill_id}
    while (fix := order.corrections.get(fill_id)) is not None and fix.correction_id not in passed:
        fill_id, price = fix.correction_id, fix.price or price
        passed.add(fill_id)
    return price
