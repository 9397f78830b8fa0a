"""What is news about cancels of an order."""

from __future__ import annotations

from domain import events as e
from domain.buckets import buckets
from domain.lifecycle import Closure
from domain.news import state_again
from domain.order import Order, Try
from domain.values import ZERO


def cancelled(order: Order, item: e.Cancelled, source: e.Source) -> list[e.OrderEvent]:
    """Off the book once. What the cancel did not take must have matched before it."""
    if not item.whole:
        return [item]
    attempt = order.cancels.get(item.cancel_id) if item.cancel_id is not None else None
    unanswered = attempt is not None and attempt.state is not Try.DONE
    if order.closure is None:
        return [*_implied(order, item), item]
    told = order.closure is Closure.CANCELLED or (e.Cancelled,) in order.seen
    if source is e.Source.LIST and not (told and unanswered):
        return state_again(order, item, source)
    return [again(item)] if told else [item]


def again(item: e.Cancelled) -> e.DuplicateReported:
    """The cancel was told again, by its own answer or by another report."""
    return e.DuplicateReported(
        what="cancel",
        ref=str(item.cancel_id or item.report_id or ""),
        cancel_id=item.cancel_id,
        claims=item.claims,
    )


def _implied(order: Order, item: e.Cancelled) -> list[e.OrderEvent]:
    """A cancel that took less than what was left implies that the rest had matched.

    Unless the same answer tells how much had.
    """
    if item.size is None or item.matched is not None or order.size is None:
        return []
    missing = buckets(order).remaining - item.size
    if missing <= ZERO:
        return []
    ref = item.cancel_id or item.report_id or "unsolicited"
    return [e.Filled(fill_id=f"cancel:{ref}", size=missing, inferred=True)]
