"""The cancel that went as it should: most do, and no rule about cancels need look at them."""

from __future__ import annotations

from domain.events import (
    Cancelled,
    CancelPending,
    CancelRequested,
    Initiator,
    OrderAccepted,
    OrderIdentified,
    OrderPending,
    OrderPlaced,
)
from domain.flags.flag import Thresholds
from domain.flags.history import At, History
from domain.order import Order

PLAIN: frozenset[type] = frozenset(
    {
        OrderPlaced,
        OrderPending,
        OrderAccepted,
        OrderIdentified,
        CancelRequested,
        CancelPending,
        Cancelled,
    }
)
"""An order of which only these are told was asked off the book before anything matched."""


def as_asked(history: History, limits: Thresholds) -> bool:
    """We asked once, and the venue took the whole order off the book in time, with nothing matched.

    Then no rule about cancels finds anything; a test holds it to that. A shortcut only: false
    says nothing.
    """
    kinds = history.kinds
    if Cancelled not in kinds or not kinds <= PLAIN:
        return False
    requests, cancels = history.of(CancelRequested), history.of(Cancelled)
    if len(requests) != 1 or len(cancels) != 1:
        return False
    request, cancel = requests[0], cancels[0]
    if cancel.index != len(history.events) - 1:
        return False  # what was told since may say otherwise
    return _in_time(history, request, cancel, limits) and _took_all(
        history.before(cancel.index), cancel.event
    )


def _in_time(
    history: History, request: At[CancelRequested], cancel: At[Cancelled], limits: Thresholds
) -> bool:
    """Each answer quotes the request and came when it should."""
    since = request.recorded.observed_at
    until = since + min(limits.ack, limits.sla)
    answers: list[At[CancelPending] | At[Cancelled]] = [*history.of(CancelPending), cancel]
    return all(
        answer.event.cancel_id == request.event.cancel_id
        and request.index < answer.index
        and since <= answer.recorded.observed_at <= until
        for answer in answers
    )


def _took_all(order: Order, event: Cancelled) -> bool:
    """All of an order was taken off by our cancel, as far as the answer says."""
    claims = event.claims
    return (
        event.whole
        and event.initiator is not Initiator.VENUE
        and not event.matched
        and (claims is None or not claims.matched)
        and order.size != 0
        and (event.size is None or event.size == order.size)
    )
