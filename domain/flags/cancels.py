"""Every rule about cancels, in one place."""

from __future__ import annotations

from domain.flags import (
    cancel_answers,
    cancel_bulk,
    cancel_changes,
    cancel_doubts,
    cancel_endings,
    cancel_fills,
    cancel_late_fills,
    cancel_parts,
    cancel_phantoms,
    cancel_reasons,
    cancel_refusals,
    cancel_repeats,
    cancel_sizes,
    cancel_unknown_orders,
    cancel_waiting,
)
from domain.flags.rule import OrderRule, RequestRule

RULES: tuple[OrderRule | RequestRule, ...] = (
    *cancel_fills.RULES,
    *cancel_late_fills.RULES,
    *cancel_refusals.RULES,
    *cancel_unknown_orders.RULES,
    *cancel_waiting.RULES,
    *cancel_doubts.RULES,
    *cancel_answers.RULES,
    *cancel_sizes.RULES,
    *cancel_bulk.RULES,
    *cancel_phantoms.RULES,
    *cancel_reasons.RULES,
    *cancel_repeats.RULES,
    *cancel_parts.RULES,
    *cancel_changes.RULES,
    *cancel_endings.RULES,
)
"""The rules of the codes CXL."""
