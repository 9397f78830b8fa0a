"""The fold of cancels: what we asked, what the venue said, what nobody knows."""

from __future__ import annotations

from uuid import UUID

from domain import events as e
from domain.evolve_placing import arrived
from domain.folding import ANSWERED, Changes, closed, doubt_of, remembered
from domain.lifecycle import Closure
from domain.order import Attempt, Order, Try, changed
from domain.reasons import KNOWS_THE_ORDER, LEAVES_DOUBT
from domain.values import ZERO


def cancel_requested(order: Order, event: e.CancelRequested) -> Order:
    """On its way, unless what became of it was recorded first."""
    before = order.cancels.get(event.cancel_id)
    attempt = Attempt(Try.SENT if before is None else before.state, event.size)
    cancels = {**order.cancels, event.cancel_id: attempt}
    return changed(order, cancels=cancels, **remembered(order, event))


def cancel_pending(order: Order, event: e.CancelPending) -> Order:
    """The venue has it, unless the venue has decided already."""
    seen = remembered(order, event)
    if _state(order, event.cancel_id) in ANSWERED:
        return changed(order, **seen)
    return changed(
        order,
        venue_cancel_pending=order.closure is None,
        **_attempt(order, event.cancel_id, Try.PENDING),
        **seen,
    )


def cancelled(order: Order, event: e.Cancelled) -> Order:
    """The order is off the book, or a part of it."""
    attempt = _attempt(order, event.cancel_id, Try.DONE)
    seen = remembered(order, event)
    if event.whole:
        return changed(order, **closed(order, Closure.CANCELLED, event), **attempt, **seen)
    return changed(
        order,
        accepted=True,
        cancelled_part=order.cancelled_part + (event.size or ZERO),
        venue_cancel_pending=_others_pending(order, event.cancel_id),
        doubts=_without(order, event.cancel_id),
        **attempt,
        **seen,
    )


def cancel_rejected(order: Order, event: e.CancelRejected) -> Order:
    """The order stays as it was; some refusals say that it may be gone."""
    if not order.arrived and event.reason in KNOWS_THE_ORDER:
        order = arrived(order)
    seen = remembered(order, event)
    if _state(order, event.cancel_id) is Try.DONE:
        return changed(order, **seen)  # it was taken off: a refusal does not undo that
    doubts = _without(order, event.cancel_id)
    if event.reason in LEAVES_DOUBT and order.closure is None:
        doubts |= {f"rejected:{event.reason}"}
    return changed(
        order,
        venue_cancel_pending=_others_pending(order, event.cancel_id),
        doubts=doubts,
        **_attempt(order, event.cancel_id, Try.REJECTED),
        **seen,
    )


def cancel_unknown(order: Order, event: e.CancelOutcomeUnknown) -> Order:
    """Certain no more, unless evidence came first."""
    seen = remembered(order, event)
    if _state(order, event.cancel_id) in ANSWERED:
        return changed(order, **seen)
    state = Try.UNMENTIONED if event.why == "not_mentioned" else Try.UNKNOWN
    changes = _attempt(order, event.cancel_id, state)
    if order.closure is None:
        changes["doubts"] = order.doubts | {doubt_of(event.cancel_id)}
    return changed(order, **changes, **seen)


def cancel_not_sent(order: Order, event: e.CancelNotSent) -> Order:
    """As if we had not asked, unless the venue answered all the same."""
    seen = remembered(order, event)
    if _state(order, event.cancel_id) in ANSWERED:
        return changed(order, **seen)
    return changed(
        order,
        doubts=_without(order, event.cancel_id),
        **_attempt(order, event.cancel_id, Try.NOT_SENT),
        **seen,
    )


def repeated(order: Order, event: e.DuplicateReported) -> Order:
    """A cancel that finds the order cancelled already is answered by that."""
    if event.differs:
        return changed(order, **remembered(order, event))
    if event.what != "cancel" or _state(order, event.cancel_id) in {None, Try.DONE}:
        return order
    return changed(order, **_attempt(order, event.cancel_id, Try.DONE))


def _attempt(order: Order, cancel_id: UUID | None, state: Try) -> Changes:
    if cancel_id is None:
        return {}
    before = order.cancels.get(cancel_id)
    asked = None if before is None else before.size
    return {"cancels": {**order.cancels, cancel_id: Attempt(state, asked)}}


def _state(order: Order, cancel_id: UUID | None) -> Try | None:
    attempt = None if cancel_id is None else order.cancels.get(cancel_id)
    return None if attempt is None else attempt.state


def _others_pending(order: Order, cancel_id: UUID | None) -> bool:
    """Another cancel of ours is still with the venue, and there is something left to cancel."""
    return order.closure is None and any(
        attempt.state is Try.PENDING and other != cancel_id
        for other, attempt in order.cancels.items()
    )


def _without(order: Order, cancel_id: UUID | None) -> frozenset[str]:
    return order.doubts if cancel_id is None else order.doubts - {doubt_of(cancel_id)}
