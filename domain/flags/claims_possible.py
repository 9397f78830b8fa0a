"""What a venue may rightly say of an order: every figure and status that our events allow.

A claim that is one of these is no disagreement. More than one is possible while something is in
flight: an amendment that the venue may have taken already, a cancel whose fate nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain.buckets import Buckets
from domain.events import AmendRequested, CancelRejected, Claims
from domain.flags.claims import Word
from domain.flags.history import History
from domain.lifecycle import SHOWN_AFTER_CLOSURE, Closure, Status
from domain.order import Order, Try
from domain.reasons import CancelRejectReason
from domain.standing import WAITING, closure_of, status_of
from domain.values import ZERO, Price

ALSO_CALLED: Mapping[str, frozenset[Status]] = {
    Closure.LAPSED: frozenset({Status.CANCELLED, Status.EXPIRED}),
    Closure.VOIDED: frozenset({Status.CANCELLED, Status.REJECTED}),
    Closure.CALCULATED: frozenset({Status.CALCULATED, Status.DONE_FOR_DAY, Status.FILLED}),
}
"""FIX has no word of its own for these, so venues use either."""

KNOWS_NO_ORDER = frozenset(
    {
        CancelRejectReason.UNKNOWN_ORDER,
        CancelRejectReason.NOT_OWNED,
        CancelRejectReason.INVALID_ID,
    }
)
"""A refusal for one of these says `Rejected` of the request: it knows no order to speak of."""


def raw_matched(order: Order) -> Decimal:
    """All that matched, beyond the order's size too."""
    return order.real + order.inferred


def off_in_parts(order: Order) -> Decimal:
    """What partial cancels, lapses and voids took off; what a closure took is not in it."""
    return order.cancelled_part + order.lapsed_part + order.voided_part + order.out


def sizes(history: History, index: int) -> dict[Decimal, Decimal]:
    """Each size that the venue may print, and how far what remains moves with it.

    A venue may restate the size after a partial cancel, and may print that of an amendment which
    it has acknowledged but not yet confirmed (FIX D.2.b).
    """
    order = history.states[index]
    size = history.held(index).size
    found = {size: ZERO}
    if order.cancelled_part:
        found[size - order.cancelled_part] = ZERO
    for amendment in _in_flight(history, index):
        if amendment.size is not None:
            found[amendment.size] = amendment.size - size
    return found


def remainders(history: History, index: int, claims: Claims) -> frozenset[Decimal]:
    """What the venue may say remains; with a size of its own, what goes with that size."""
    held = history.held(index)
    moves = sizes(history, index)
    if claims.size is not None and claims.size in moves:
        return frozenset({held.remaining + moves[claims.size]})
    return frozenset(held.remaining + move for move in moves.values())


def prices(history: History, index: int) -> frozenset[Price]:
    """The prices that the venue may print."""
    known = history.states[index].terms.price
    asked = {item.price for item in _in_flight(history, index) if item.price is not None}
    return frozenset(asked if known is None else asked | {known})


def _in_flight(history: History, index: int) -> list[AmendRequested]:
    amends = history.states[index].amends
    if not any(state in WAITING for state in amends.values()):
        return []
    return [
        item.event
        for item in history.of(AmendRequested)
        if item.index < index and amends[item.event.amend_ref] in WAITING
    ]


def statuses(order: Order, held: Buckets) -> set[Status]:
    """Every status that the venue may rightly report.

    A status request that overtakes the order is answered with `Rejected`: no such order (yet).
    """
    found = {status_of(order, held)}
    if not order.suspended:
        found |= _beneath(order, held)
    if order.closure is None:
        if not (order.accepted or held.matched):
            found |= {Status.NEW, Status.PENDING_NEW, Status.REJECTED}
        if cancel_waits(order):
            found.add(Status.PENDING_CANCEL)
        if Try.DONE in order.amends.values() and held.remaining:
            found.add(Status.REPLACED)
        if order.doubts:
            found |= {Status.FILLED, Status.CANCELLED, Status.EXPIRED}
        if order.size is None:
            found.add(Status.FILLED)
        if held.matched and not held.remaining and (held.cancelled or held.lapsed):
            # A part was taken off and all the rest matched: venues call it by either.
            found |= {Status.FILLED, Status.CANCELLED}
    if any(state in WAITING for state in order.amends.values()):
        found.add(Status.PENDING_REPLACE)
    return found


def cancel_waits(order: Order) -> bool:
    """A cancel of ours has no answer yet, as far as we know."""
    return any(
        attempt.state in WAITING or attempt.state is Try.UNMENTIONED
        for attempt in order.cancels.values()
    )


def _beneath(order: Order, held: Buckets) -> set[Status]:
    """The status without the marks that outrank it: those may have been lifted unseen."""
    ended = closure_of(order, held)
    if ended is None:
        if held.matched:
            return {Status.PARTIALLY_FILLED}
        known = order.accepted or order.discovered is not None
        return {Status.NEW if known else Status.PENDING_NEW}
    if ended == Status.FILLED:
        return {Status.FILLED}
    return {SHOWN_AFTER_CLOSURE[Closure(ended)], *ALSO_CALLED.get(ended, ())}


def status_told(word: Word) -> Status | None:
    """The status that the report claims of the order; None when it claims none."""
    status = word.claims.status
    event = word.recorded.event
    if (
        status is Status.REJECTED
        and isinstance(event, CancelRejected)
        and event.reason in KNOWS_NO_ORDER
    ):
        return None
    return status
