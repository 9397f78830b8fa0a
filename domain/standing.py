"""How an order stands: its status by precedence, what closed it, and what is certain."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.buckets import Buckets, buckets
from domain.doubts import Doubt, bounds
from domain.lifecycle import NEVER_LIVE, SHOWN_AFTER_CLOSURE, Closure, Status, shown
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
    """What a desk is shown of an order beside its terms.

    `certain`: nothing that we sent is in doubt. `why` tells every doubt, that about matches too.
    """

    buckets: Buckets
    status: Status
    closed_by: str | None
    cancel_pending: bool
    replace_pending: bool
    certain: bool
    remaining_min: Decimal
    remaining_max: Decimal
    matched_min: Decimal
    matched_max: Decimal
    why: tuple[Doubt, ...]

    @property
    def is_open(self) -> bool:
        """Anything remains, or may remain."""
        return self.remaining_max > 0


def standing(order: Order) -> Standing:
    """Derive everything from the facts; the same facts always stand the same."""
    held = buckets(order)
    ended = closure_of(order, held)
    may = bounds(order, held)
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
        certain=may.remaining_min == may.remaining_max and Doubt.AMEND_UNKNOWN not in may.why,
        remaining_min=may.remaining_min,
        remaining_max=may.remaining_max,
        matched_min=may.matched_min,
        matched_max=may.matched_max,
        why=may.why,
    )


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
    known = order.accepted or bool(order.fills) or held.matched > ZERO or not waits
    states = [Status.NEW if known else Status.PENDING_NEW]
    if held.matched:
        states.append(Status.PARTIALLY_FILLED)
    states.extend(_ended(order, held))
    if order.closure in NEVER_LIVE and not held.matched:
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
