"""How an order stands: its status by precedence, what closed it, and what is certain."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.buckets import Buckets, buckets
from domain.folding import doubt_of
from domain.lifecycle import SHOWN_AFTER_CLOSURE, Closure, Status, shown
from domain.making import quickly_made
from domain.order import Order, Try
from domain.values import ZERO

ON_ITS_WAY = frozenset({Try.SENT, Try.PENDING})
"""A cancel that may still be answered; one whose answer was lost will not be, and an order that is
over has nothing to wait for then."""

WAITING = frozenset({Try.SENT, Try.PENDING, Try.UNKNOWN})
"""A cancel or amendment that the venue has not acknowledged."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Standing:
    """What a desk is shown of an order beside its terms."""

    buckets: Buckets
    status: Status
    closed_by: str | None
    cancel_pending: bool
    replace_pending: bool
    certain: bool
    remaining_min: Decimal
    remaining_max: Decimal

    @property
    def is_open(self) -> bool:
        """Anything remains, or may remain."""
        return self.buckets.remaining > 0 or not self.certain


def standing(order: Order) -> Standing:
    """Derive everything from the facts; the same facts always stand the same."""
    held = buckets(order)
    ended = closure_of(order, held)
    least = _least(order, held.remaining)
    return Standing(
        buckets=held,
        status=status_of(order, held),
        closed_by=ended,
        cancel_pending=any(
            attempt.state in (WAITING if ended is None else ON_ITS_WAY)
            for attempt in order.cancels.values()
        ),
        replace_pending=order.closure is None
        and any(state in WAITING for state in order.amends.values()),
        certain=least == held.remaining,
        remaining_min=least,
        remaining_max=held.remaining,
    )


def _least(order: Order, remaining: Decimal) -> Decimal:
    """What is live for certain: everything, less what a cancel of unknown fate had asked for."""
    if not order.doubts:
        return remaining
    in_doubt = ZERO
    known = order.doubts
    for cancel_id, attempt in order.cancels.items():
        doubt = doubt_of(cancel_id)
        if doubt in known and attempt.size is not None:
            in_doubt += attempt.size
            known -= {doubt}
    return ZERO if known else max(ZERO, remaining - in_doubt)


def closure_of(order: Order, held: Buckets) -> str | None:
    """The word for what took the last of the order off the book; None while anything remains."""
    if order.closure is not None:
        return order.closure.value
    if held.remaining or order.size is None:
        return None
    if held.matched and held.matched + held.voided == held.size:
        return Status.FILLED.value
    parts = (
        (held.cancelled, Closure.CANCELLED),
        (held.lapsed, Closure.LAPSED),
        (held.voided, Closure.VOIDED),
    )
    return next((closure.value for size, closure in parts if size), None)


def status_of(order: Order, held: Buckets) -> Status:
    """The FIX OrdStatus of the facts: of all states the order is in, the one that outranks."""
    waits = order.pending_new or order.discovered is None
    known = order.accepted or held.matched > ZERO or not waits
    states = [Status.NEW if known else Status.PENDING_NEW]
    if held.matched:
        states.append(Status.PARTIALLY_FILLED)
    states.extend(_ended(order, held))
    if order.closure is Closure.REJECTED and not held.matched:
        return Status.REJECTED
    if order.suspended:
        states.append(Status.SUSPENDED)
    if order.stopped:
        states.append(Status.STOPPED)
    if order.day_over:
        states.append(Status.DONE_FOR_DAY)
    if order.venue_cancel_pending:
        states.append(Status.PENDING_CANCEL)
    if order.closure is None and Try.PENDING in order.amends.values():
        states.append(Status.PENDING_REPLACE)
    return shown(states)


def _ended(order: Order, held: Buckets) -> list[Status]:
    """The states of an order with nothing left: filled, closed, or both."""
    ended = closure_of(order, held)
    if ended is None:
        return []
    full = order.size is not None and held.matched > ZERO and held.matched == held.size
    if ended == Status.FILLED or (full and order.closure is Closure.CALCULATED):
        return [Status.FILLED]
    closed = SHOWN_AFTER_CLOSURE[Closure(ended)]
    return [closed, Status.FILLED] if full else [closed]
