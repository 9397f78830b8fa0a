"""What is news about an order's refusal."""

from __future__ import annotations

from domain import events as e
from domain.lifecycle import Status
from domain.news import if_it_changes
from domain.news_orders import ended
from domain.order import Order


def rejected(order: Order, item: e.OrderRejected, source: e.Source) -> list[e.OrderEvent]:
    """A refusal of this order; or of another one that was sent under its reference.

    A venue answers a second order of one reference with a refusal that carries the state of the
    first (FIX F.1.a, F.1.b): an order that it has on its book is not the one that it refuses.
    """
    held = order.accepted or order.real or order.inferred
    if not held or not (item.duplicate or _sent_again(order)):
        return ended(order, item, source)
    claims = item.claims
    if claims is not None and claims.status is Status.REJECTED:
        claims = None  # they tell of the other one
    other = e.DuplicateRefused(raw_reason=item.raw_reason, claims=claims, report_id=item.report_id)
    return if_it_changes(order, other, source)


def _sent_again(order: Order) -> bool:
    return any(mark[0] is e.OrderPlaced for mark in order.seen)
