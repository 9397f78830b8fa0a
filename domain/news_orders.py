"""What is news about an order's terms, state and end."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from domain import events as e
from domain.lifecycle import Closure
from domain.news import QUIET, if_it_changes, reported, state_again
from domain.order import Order

_COMPARED = tuple(field.name for field in fields(e.Terms) if field.name != "placed_at")


def placed(order: Order, item: e.OrderPlaced, _source: e.Source) -> list[e.OrderEvent]:
    """Sent twice under one name: the same order again, or another one.

    After a sending that did not leave, the next one is the order's first.
    """
    if order.sent is None or order.closure is Closure.NOT_SENT:
        return [item]
    names = item.names or order.names
    ref = names[0].value if names else ""
    if _same(order.sent, item.terms):
        return [e.DuplicateReported(what="message", ref=ref)]
    return [e.DuplicateReported(what="order", ref=ref, differs=True)]


def _same(one: e.Terms, two: e.Terms) -> bool:
    """No term that both tell differs. What a venue told or changed since is no part of it."""
    for name in _COMPARED:
        ours, theirs = getattr(one, name), getattr(two, name)
        if ours is not None and theirs is not None and ours != theirs:
            return False
    return True


def accepted(order: Order, item: e.OrderAccepted, source: e.Source) -> list[e.OrderEvent]:
    """The first one is news; so is one that brings the order back, or comes after its end."""
    resting = order.suspended or order.day_over
    if not order.accepted or (order.closure is None and resting):
        return [item]
    if order.closure is not None and item.report_id is not None:
        return [item]
    repeat = e.OrderReported(terms=item.terms, claims=item.claims, report_id=item.report_id)
    return reported(order, repeat, source)


def discovered(order: Order, item: e.OrderDiscovered, _source: e.Source) -> list[e.OrderEvent]:
    """An order is made known once."""
    known = order.placed or order.discovered is not None
    return [] if known else [item]


def identified(order: Order, item: e.OrderIdentified, _source: e.Source) -> list[e.OrderEvent]:
    """Names that it has are not news."""
    fresh = tuple(name for name in item.names if name not in order.names)
    return [e.OrderIdentified(names=fresh)] if fresh else []


def merged(order: Order, item: e.OrderMerged, _source: e.Source) -> list[e.OrderEvent]:
    """Merged once, it stays so."""
    return [] if order.merged_into == item.into else [item]


def ended(order: Order, item: Any, source: e.Source) -> list[e.OrderEvent]:  # noqa: ANN401 - any closing event
    """An end that is told a second time is not news.

    Nor is any end that a list tells of an order that is over. A part of the size is always news:
    nothing names it.
    """
    if order.closure is None or getattr(item, "size", None) is not None:
        return [item]
    told = (type(item),) in order.seen
    return state_again(order, item, source) if told or source in QUIET else [item]


def done_for_day(order: Order, item: e.DoneForDay, source: e.Source) -> list[e.OrderEvent]:
    """Over for the day already: not news; a good-till order may be done with many days."""
    if order.day_over:
        return state_again(order, item, source)
    return if_it_changes(order, item, source)
