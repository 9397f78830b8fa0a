"""The five buckets: size = matched + remaining + cancelled + lapsed + voided, always."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.lifecycle import NEVER_LIVE, Closure
from domain.making import quickly_made
from domain.order import Order
from domain.values import ZERO

_INTO_CANCELLED = frozenset({Closure.CANCELLED})
_INTO_VOIDED = NEVER_LIVE | {Closure.VOIDED}


@quickly_made
@dataclass(frozen=True, slots=True)
class Buckets:
    """Where the size of an order is.

    `excess` is matched size beyond the order's size: it fits in no bucket and raises a flag
    (FIL-03).
    """

    size: Decimal
    matched: Decimal
    remaining: Decimal
    cancelled: Decimal
    lapsed: Decimal
    voided: Decimal
    excess: Decimal


def buckets(order: Order) -> Buckets:
    """Divide the order's size; matches come first, because they are money.

    A late fill takes from what was cancelled or lapsed and never re-opens a closed order.
    """
    raw = order.real + order.inferred
    size = order.size
    if size is None:
        size = raw + order.out + order.cancelled_part + order.lapsed_part + order.voided_part
    matched = min(raw, size)
    rest = size - matched
    voided = min(order.voided_part + order.out, rest)
    rest -= voided
    cancelled = min(order.cancelled_part, rest)
    rest -= cancelled
    lapsed = min(order.lapsed_part, rest)
    rest -= lapsed
    closure = order.closure
    if closure is not None and rest:
        if closure in _INTO_CANCELLED:
            cancelled += rest
        elif closure in _INTO_VOIDED:
            voided += rest
        else:
            lapsed += rest
        rest = ZERO
    return Buckets(size, matched, rest, cancelled, lapsed, voided, raw - matched)
