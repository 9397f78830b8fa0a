"""What is news about an order's matches."""

from __future__ import annotations

from domain import events as e
from domain.messages import MatchedTotal
from domain.news import noted
from domain.order import Order
from domain.values import ZERO, BadAmount, amount, plain

_TOTAL = "total:"
"""How the id of a match that a running total implies begins; the total follows."""


def total(order: Order, item: MatchedTotal) -> list[e.OrderEvent]:
    """What a running total tells beyond the matches that are known (those taken back included)."""
    missing = item.total - (order.real + order.inferred + order.taken)
    if missing <= ZERO:
        return []
    return [
        e.Filled(
            fill_id=f"{_TOTAL}{plain(item.total)}",
            size=missing,
            price=item.price,
            inferred=True,
            claims=item.claims,
        )
    ]


def filled(order: Order, item: e.Filled, source: e.Source) -> list[e.OrderEvent]:
    """A match id that is known is a repeat, or the match's final word."""
    if item.inferred:
        return _implied_elsewhere(order, item)
    known = order.fills.get(item.fill_id)
    if known is None:
        return [item]
    if known.size != item.size:
        return [e.DuplicateReported(what="fill", ref=item.fill_id, differs=True)]
    if known.provisional and not item.provisional:
        return [e.FillConfirmed(fill_id=item.fill_id)]
    return noted(item.fill_id, source, "fill", item.claims)


def _implied_elsewhere(order: Order, item: e.Filled) -> list[e.OrderEvent]:
    """What was implied for a stream that proved to be the same order is implied anew.

    A total is held against all that is known here; a cancel will imply its own when it is told.
    """
    if not item.fill_id.startswith(_TOTAL):
        return []
    try:
        told = amount(item.fill_id.removeprefix(_TOTAL))
    except BadAmount:
        return []
    return total(order, MatchedTotal(total=told, price=item.price, claims=item.claims))


def confirmed(order: Order, item: e.FillConfirmed, source: e.Source) -> list[e.OrderEvent]:
    """Final once."""
    known = order.fills.get(item.fill_id)
    final = known is not None and not known.provisional
    if final or item.fill_id in order.confirmed:
        return noted(item.fill_id, source)
    return [item]


def voided(order: Order, item: e.FillVoided, source: e.Source) -> list[e.OrderEvent]:
    """Taken back once; parts add up until all of the match is."""
    known = order.busts.get(item.fill_id)
    if known is None:
        return [item]
    return noted(item.fill_id, source) if known.size is None else [item]
