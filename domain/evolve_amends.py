"""The fold of changes of ours to an order's terms (FIX cancel/replace)."""

from __future__ import annotations

from domain import events as e
from domain.evolve_placing import arrived
from domain.evolve_terms import new_terms
from domain.folding import ANSWERED, Changes, remembered, survived
from domain.order import Ask, Order, Try, changed
from domain.reasons import KNOWS_THE_ORDER


def amend_requested(order: Order, event: e.AmendRequested) -> Order:
    """On its way, unless what became of it was recorded first."""
    state = order.amends.get(event.amend_ref, Try.SENT)
    return changed(
        order,
        amends={**order.amends, event.amend_ref: state},
        asks={**order.asks, event.amend_ref: Ask(event.size, event.price, event.rest)},
        **remembered(order, event),
    )


def amend_pending(order: Order, event: e.AmendPending) -> Order:
    """The venue has it, unless the venue has decided already."""
    seen = remembered(order, event)
    if order.amends.get(event.amend_ref) in ANSWERED:
        return changed(order, **seen)
    return changed(
        order,
        amends={**order.amends, event.amend_ref: Try.PENDING},
        **_working_size(order, event),
        **seen,
    )


def amended(order: Order, event: e.Amended) -> Order:
    """Other terms: as told, else as asked, else as they were.

    No order is smaller than what has matched: asked for less, it keeps that (FIX C.3.c).
    """
    size, price, _ = order.asks.get(event.amend_ref, _NOTHING_ASKED)
    if size is not None:
        size = max(size, order.real + order.inferred)
    return changed(
        order,
        accepted=True,
        amends={**order.amends, event.amend_ref: Try.DONE},
        **survived(order),
        **new_terms(
            order,
            size if event.size is None else event.size,
            price if event.price is None else event.price,
        ),
        **remembered(order, event),
    )


def amend_rejected(order: Order, event: e.AmendRejected) -> Order:
    """The terms stay, unless the venue has said that it changed them."""
    if not order.arrived and event.reason in KNOWS_THE_ORDER:
        order = arrived(order)
    seen = remembered(order, event)
    if order.amends.get(event.amend_ref) is Try.DONE:
        return changed(order, **seen)
    return changed(order, amends={**order.amends, event.amend_ref: Try.REJECTED}, **seen)


def amend_unknown(order: Order, event: e.AmendOutcomeUnknown) -> Order:
    """The old terms or the new, unless evidence came first."""
    seen = remembered(order, event)
    if order.amends.get(event.amend_ref) in ANSWERED:
        return changed(order, **seen)
    return changed(order, amends={**order.amends, event.amend_ref: Try.UNKNOWN}, **seen)


def amend_not_sent(order: Order, event: e.AmendNotSent) -> Order:
    """As if we had not asked, unless the venue answered, or another sending is in doubt."""
    seen = remembered(order, event)
    if order.amends.get(event.amend_ref) in ANSWERED | {Try.UNKNOWN}:
        return changed(order, **seen)
    return changed(order, amends={**order.amends, event.amend_ref: Try.NOT_SENT}, **seen)


_NOTHING_ASKED = Ask(None, None)


def _working_size(order: Order, event: e.AmendPending) -> Changes:
    """What the report of a change proves of the one before it (FIX D.2.b).

    A venue that puts a change on top of another one works with the size of the first already and
    prints it, before it says that it has taken the first.
    """
    told = None if event.claims is None else event.claims.size
    if told is None or told == order.size:
        return {}
    for ref, state in order.amends.items():
        asked = order.asks.get(ref)
        if ref != event.amend_ref and state is Try.PENDING and asked and asked.size == told:
            return {"size": told, "amended": True}
    return {}
