"""What is news about an order's matches."""

from __future__ import annotations

from dataclasses import replace

from domain import events as e
from domain.messages import MatchedTotal
from domain.news import noted
from domain.order import Order
from domain.values import ZERO, BadAmount, amount, plain

_TOTAL = "total:"
"""How the id of a match that a running total implies begins; the total follows."""


def total(order: Order, item: MatchedTotal) -> list[e.OrderEvent]:
    """What a running total tells beyond the matches that are known (those taken back included).

    One that is lower than ours takes nothing back, and is told once; so is one that no longer is.
    """
    missing = item.total - (order.real + order.inferred + order.taken)
    if missing <= ZERO:
        return _lower(order, item)
    return [
        e.Filled(
            fill_id=f"{_TOTAL}{plain(item.total)}",
            size=missing,
            price=item.price,
            inferred=True,
            claims=item.claims,
        ),
        *_lower(order, item),
    ]


def _lower(order: Order, item: MatchedTotal) -> list[e.OrderEvent]:
    """A total that falls, or that ends the doubt which a fallen one began."""
    if item.at_least:
        return []
    lower = item.total < order.real + order.inferred
    if (item.total if lower else None) == order.fell:
        return []
    return [e.TotalTold(total=item.total)]


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
    by_settlement = item.fill_id in order.voided_by_settlement
    if known is not None and known.size is None and not by_settlement:
        return noted(item.fill_id, source)
    return [replace(item, waits=unseen(order, item.fill_id))]


def corrected(order: Order, item: e.FillCorrected, _source: e.Source) -> list[e.OrderEvent]:
    """News, whatever is known; of a match that nobody knows it waits for it."""
    return [replace(item, waits=unseen(order, item.fill_id))]


def unseen(order: Order, fill_id: str) -> bool:
    """Neither a match nor a correction of one that we know has this id."""
    return fill_id not in order.fills and all(
        fill_id != correction.correction_id for correction in order.corrections.values()
    )


def total_told(order: Order, item: e.TotalTold, _source: e.Source) -> list[e.OrderEvent]:
    """A total of a stream that proved to be the same order is held against all that is known."""
    return total(order, MatchedTotal(total=item.total))
