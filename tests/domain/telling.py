"""How an order stands, in one line, for tables of sentences."""

from __future__ import annotations

from domain import events as e
from domain.evolve import fold
from domain.order import Order
from domain.standing import standing
from domain.values import plain
from tests.building import accepted, placed


def stands(order: Order) -> str:
    """Status, matched/remaining/cancelled/lapsed/voided, then what is pending, uncertain, closed."""
    told = standing(order)
    held = told.buckets
    parts = (held.matched, held.remaining, held.cancelled, held.lapsed, held.voided)
    words = [told.status.value, "/".join(map(plain, parts))]
    if held.excess:
        words.append(f"+{plain(held.excess)}")
    if told.cancel_pending:
        words.append("cancel pending")
    if told.replace_pending:
        words.append("replace pending")
    if not told.certain:
        words.append(f"{plain(told.remaining_min)}..{plain(told.remaining_max)}")
    if told.closed_by:
        words.append(f"by {told.closed_by}")
    return " ".join(words)


def after(*facts: e.OrderEvent) -> Order:
    """An accepted order of 100 after these facts."""
    return fold([placed(), accepted(), *facts])
