"""How far a venue's statement may be off before it differs: exact, but where the venue rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.values import ZERO

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerances:
    """The largest difference that is none, for each kind of figure."""

    size: Decimal = ZERO
    """What was ordered."""
    matched: Decimal = ZERO
    """What matched, in all or in one match."""
    remaining: Decimal = ZERO
    """What is still on the book."""
    off: Decimal = ZERO
    """What was cancelled, lapsed or voided."""
    price: Decimal = ZERO
    """The order's price, and that of a match."""
    money: Decimal = ZERO
    """What was won or lost."""


EXACT = Tolerances()

BY_VENUE: Mapping[str, Tolerances] = {
    # Its lists round risk and win by other steps than its feed does: "reconcile with a cent of
    # tolerance" (venues/fourcasters.md, 6).
    "fourcasters": Tolerances(matched=CENT, remaining=CENT, off=CENT, money=CENT),
}
"""Venues whose pages say that they round; every other is exact."""


def tolerances_of(venue: str) -> Tolerances:
    """What holds at this venue."""
    return BY_VENUE.get(venue, EXACT)


def near(ours: Decimal, theirs: Decimal, within: Decimal) -> bool:
    """The two are the same, as far as the venue tells them."""
    return ours == theirs or abs(ours - theirs) <= within


"""Exact figures are compared without being subtracted: nearly all are equal."""
