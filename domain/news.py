"""What is news about an order: the words that judge a fact which a venue told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain import events as e
from domain.evolve import evolve
from domain.lifecycle import LIVE, Status
from domain.order import Order, quantities

Judge = Callable[[Order, Any, e.Source], list[e.OrderEvent]]
"""The events that a fact adds to an order: itself, what it implies, a note, or nothing."""

QUIET = frozenset({e.Source.LIST, e.Source.CANCEL})
"""Sources that repeat what is known by their nature; only what is new in them is recorded."""

HELD = LIVE - {Status.PENDING_NEW}
"""An order that a venue lists under one of these is on its book."""


def always(_order: Order, item: e.OrderEvent, _source: e.Source) -> list[e.OrderEvent]:
    """News, whatever is known: a repeat has been sorted out by its marks, or cannot be."""
    return [item]


def if_it_changes(order: Order, item: Any, source: e.Source) -> list[e.OrderEvent]:  # noqa: ANN401 - any fact that the fold remembers by its kind
    """News if the order is another one after it; the first of its kind always is."""
    if evolve(order, item) != order:
        return [item]
    return noted(type(item).__name__, source)


def noted(
    ref: str, source: e.Source, what: str = "message", claims: e.Claims | None = None
) -> list[e.OrderEvent]:
    """A note that the fact was told again; none from sources that repeat by their nature."""
    return [] if source in QUIET else [e.DuplicateReported(what=what, ref=ref, claims=claims)]


def reported(order: Order, item: e.OrderReported, source: e.Source) -> list[e.OrderEvent]:
    """A state told again word for word is not news, unless ours has changed since.

    If it has, or if the repeat settles a doubt, it says that the venue holds on to it. A list that
    holds an order of ours as live is its acknowledgement, if there was none.
    """
    status = None if item.claims is None else item.claims.status
    waits = order.placed and not order.accepted and order.closure is None
    if waits and source is e.Source.LIST and status in HELD:
        return [e.OrderAccepted(), item]
    same = item.claims == order.told and quantities(order) == order.told_of
    repeat = item.claims is None or same
    if repeat and evolve(order, replace(item, report_id=None)) == order:
        return []
    return [item]


def state_again(order: Order, item: Any, source: e.Source) -> list[e.OrderEvent]:  # noqa: ANN401 - any closing event
    """The order is over already and the venue tells so again."""
    claims: e.Claims | None = item.claims
    if source not in QUIET:
        return noted(item.report_id or type(item).__name__, source, claims=claims)
    return reported(order, e.OrderReported(claims=claims), source)
