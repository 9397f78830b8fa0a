"""How an order stands, in one line, for tables of sentences."""

from __future__ import annotations

from decimal import Decimal

from domain import events as e
from domain.decisions import hear
from domain.evolve import fold
from domain.messages import Said
from domain.order import Order
from domain.standing import standing
from domain.values import plain
from tests.building import accepted, placed


def stands(order: Order) -> str:
    """Status, matched/remaining/cancelled/lapsed/voided, what is pending, uncertain, closed."""
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


def told(order: Order, *said: Said, source: e.Source = e.Source.REPORT) -> list[e.OrderEvent]:
    """What the message adds."""
    return hear(order, said, source=source)[1]


def note(ref: str, what: str = "message", **others: object) -> e.DuplicateReported:
    """Something was told again."""
    return e.DuplicateReported(what=what, ref=ref, **others)  # type: ignore[arg-type]  # a test names any field


def of_total(total: str, size: str) -> e.Filled:
    """What a running total implies."""
    return e.Filled(fill_id=f"total:{total}", size=Decimal(size), inferred=True)
