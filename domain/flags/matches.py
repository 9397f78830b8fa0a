"""Every rule about matches, in one place."""

from __future__ import annotations

from domain.flags import (
    fills,
    fills_average,
    fills_changed,
    fills_missing,
    fills_own,
    fills_prices,
    fills_small,
    fills_times,
    fills_totals,
    fills_unsure,
)
from domain.flags.rule import OrderRule

RULES: tuple[OrderRule, ...] = (
    *fills.RULES,
    *fills_totals.RULES,
    *fills_missing.RULES,
    *fills_unsure.RULES,
    *fills_times.RULES,
    *fills_prices.RULES,
    *fills_average.RULES,
    *fills_changed.RULES,
    *fills_small.RULES,
    *fills_own.RULES,
)
"""The rules of the codes FIL, but for the match of another order (`disputed_terms`)."""
