"""What an uncertain size is worth to whoever may have bet it: money at risk, exactly.

| price | BUY, back | SELL, lay |
|---|---|---|
| decimal, American odds | the stake | the liability: stake x (odds - 1) |
| probability | tokens x price | tokens x (1 - price) |
| plain | quantity x price | quantity x price |

In the order's own currency. A liability that no decimal ends is rounded up at 12 places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

from domain.doubts import Bounds
from domain.order import Order, Try
from domain.prices import BadPrice, odds
from domain.standing import Standing
from domain.values import Price, PriceFormat, Side

_PLACES = Decimal("1E-12")


def at_risk(size: Decimal, side: Side | None, price: Price | None) -> Decimal | None:
    """The most that this size can lose; None when side or price is not known, or is no price."""
    if side is None or price is None:
        return None
    try:
        return _WORTH[price.format](size, side, price)
    except BadPrice:
        return None


def in_doubt(may: Bounds) -> Decimal:
    """The size that may be live or matched or not.

    A change of price alone leaves the size certain: all that remains is at the one or the other.
    """
    size = max(may.remaining_max - may.remaining_min, may.matched_max - may.matched_min)
    return size or may.remaining_max


def at_worst(order: Order, stands: Standing) -> Decimal | None:
    """The most that what is in doubt of an order can lose, at its price or at any that it may have.

    Once the price is in doubt, so is all that may remain. None when no price or side is known.
    """
    asked = [
        order.asks[ref].price
        for ref, state in order.amends.items()
        if state is Try.UNKNOWN and ref in order.asks
    ]
    prices = [price for price in asked if price is not None]
    may = Bounds(stands.remaining_min, stands.remaining_max, stands.matched_min, stands.matched_max)
    size = max(in_doubt(may), may.remaining_max) if prices else in_doubt(may)
    risks = [at_risk(size, order.terms.side, price) for price in (order.terms.price, *prices)]
    return max((risk for risk in risks if risk is not None), default=None)


def _staked(size: Decimal, side: Side, price: Price) -> Decimal:
    worth = odds(price)
    return size if side is Side.BUY else _decimal(Fraction(size) * (worth - 1))


def _tokens(size: Decimal, side: Side, price: Price) -> Decimal:
    odds(price)  # refuses what is no probability
    return size * (price.value if side is Side.BUY else 1 - price.value)


def _notional(size: Decimal, _side: Side, price: Price) -> Decimal:
    return size * abs(price.value)


def _decimal(value: Fraction) -> Decimal:
    """The value; rounded up where no decimal ends it, so that a risk is never told too small."""
    rounded = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(
        _PLACES, rounding=ROUND_CEILING
    )
    return rounded.normalize()


_WORTH: Mapping[PriceFormat, Callable[[Decimal, Side, Price], Decimal]] = {
    PriceFormat.DECIMAL: _staked,
    PriceFormat.AMERICAN: _staked,
    PriceFormat.PROBABILITY: _tokens,
    PriceFormat.PLAIN: _notional,
}
