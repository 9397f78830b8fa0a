"""What the recorded matches of an order sum to, whatever order they were told in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.order import Bust, Correction, Fill
from domain.values import ZERO


def sums(
    fills: Mapping[str, Fill],
    busts: Mapping[str, Bust],
    corrections: Mapping[str, Correction],
) -> tuple[Decimal, Decimal, Decimal]:
    """The matched size, the size voided for good, and all that was taken back.

    FIX: CumQty is the sum of LastQty of Trade, with TradeCancel subtracting and TradeCorrect
    replacing the referenced execution; a correction may itself be corrected or cancelled
    (J.1.a, J.1.c). A bust or correction that came before its match waits for it.
    """
    matched = ZERO
    out = ZERO
    gone = ZERO
    for fill_id, fill in fills.items():
        size, bust = in_force(fill_id, fill, busts, corrections)
        if bust is None:
            matched += size
            continue
        taken = size if bust.size is None else min(size, bust.size)
        matched += size - taken
        gone += taken
        if not bust.returns:
            out += taken
    return matched, out, gone


def in_force(
    fill_id: str,
    fill: Fill,
    busts: Mapping[str, Bust],
    corrections: Mapping[str, Correction],
) -> tuple[Decimal, Bust | None]:
    """The size of a match after its corrections, and what took it back, if anything did."""
    size = fill.size
    bust = busts.get(fill_id)
    passed = {fill_id}
    current = fill_id
    while (correction := corrections.get(current)) is not None:
        current = correction.correction_id
        size = correction.size
        bust = bust or busts.get(current)
        if current in passed:  # a venue that corrects in a circle: the last word stands
            break
        passed.add(current)
    return size, bust
