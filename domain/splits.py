"""A corporate action changes what a unit of an order is: every quantity counts anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from domain.folding import Changes
from domain.matching import sums
from domain.order import Order
from domain.values import MAX_DIGITS


def split(order: Order, size: Decimal | None) -> Changes:
    """Every quantity in proportion to the order's size: what had matched stays the same share.

    FIX H.1.b: of 10,000 with 2,000 matched, a 2:1 split makes 20,000 with 4,000 matched.
    """
    if not order.size or size is None:
        return {}
    anew = _in_proportion(order.size, size)
    fills = {key: replace(fill, size=anew(fill.size)) for key, fill in order.fills.items()}
    busts = {
        key: bust if bust.size is None else replace(bust, size=anew(bust.size))
        for key, bust in order.busts.items()
    }
    corrections = {
        key: replace(item, size=anew(item.size)) for key, item in order.corrections.items()
    }
    real, out, taken = sums(fills, busts, corrections)
    return {
        "fills": fills,
        "busts": busts,
        "corrections": corrections,
        "real": real,
        "out": out,
        "taken": taken,
        "inferred": anew(order.inferred),
        "cancelled_part": anew(order.cancelled_part),
        "lapsed_part": anew(order.lapsed_part),
        "voided_part": anew(order.voided_part),
    }


def _in_proportion(old: Decimal, new: Decimal) -> Callable[[Decimal], Decimal]:
    def anew(quantity: Decimal) -> Decimal:
        exact = quantity * new / old
        if len(exact.as_tuple().digits) <= MAX_DIGITS:
            return exact
        finest = min(quantity, new, key=lambda value: value.as_tuple().exponent)
        return exact.quantize(finest, ROUND_DOWN)  # what does not come out even is paid in cash

    return anew
