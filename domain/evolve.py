"""The fold: apply one fact to an order; decide nothing, guess nothing.

One function per fact in a table, so that a new event does not pass `tests/domain/test_evolve.py`
until it has a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any

from domain import events as e
from domain.lifecycle import LIVE, Closure
from domain.matching import sums
from domain.order import Attempt, Bust, Correction, Fill, Order, Try, changed, quantities
from domain.reasons import LEAVES_DOUBT
from domain.values import ZERO, Name, Price

DAY = frozenset({None, "DAY", "0"})
"""Times in force that end with the trading day; FIX: absent means day (tag 59)."""

_TERM_NAMES = tuple(field.name for field in fields(e.Terms) if field.name != "size")


def evolve(order: Order, event: e.OrderEvent) -> Order:
    """Apply one fact: same facts, same order."""
    return APPLY[type(event)](order, event)


def fold(facts: Iterable[e.OrderEvent]) -> Order:
    """The order that these facts make."""
    order = Order()
    for event in facts:
        order = APPLY[type(event)](order, event)
    return order


def _merged(known: e.Terms, told: e.Terms) -> e.Terms:
    """`known` with its holes filled from `told`."""
    if told == _NO_TERMS or told is known:
        return known
    values: dict[str, Any] = {}
    for name in _TERM_NAMES:
        value = getattr(known, name)
        values[name] = getattr(told, name) if value is None else value
    return e.Terms(**values)


_NO_TERMS = e.Terms()


def _learn(order: Order, told: e.Terms, *, ours: bool = False) -> dict[str, Any]:
    """What telling these terms changes. Our own words outrank what a venue told first."""
    terms = _merged(told, order.terms) if ours else _merged(order.terms, told)
    learned: dict[str, Any] = {"terms": terms}
    if told.size is not None and not order.amended and (ours or order.size is None):
        learned["size"] = told.size
    return learned


def _remember(order: Order, report_id: str | None) -> dict[str, Any]:
    if report_id is None:
        return {}
    return {"seen": order.seen | {report_id}}


def _placed(order: Order, event: e.OrderPlaced) -> Order:
    return changed(
        order, placed=True, **_named(order, event.names), **_learn(order, event.terms, ours=True)
    )


def _pending(order: Order, _event: e.OrderPending) -> Order:
    return changed(order, pending_new=True)


def _accepted(order: Order, event: e.OrderAccepted) -> Order:
    return changed(
        order,
        accepted=True,
        suspended=False,
        **_named(order, event.names),
        **_learn(order, event.terms),
        **_remember(order, event.report_id),
    )


def _rejected(order: Order, event: e.OrderRejected) -> Order:
    return changed(order, **_close(order, Closure.REJECTED), **_remember(order, event.report_id))


def _discovered(order: Order, event: e.OrderDiscovered) -> Order:
    return changed(
        order,
        discovered=order.discovered or event.source,
        **_named(order, event.names),
        **_learn(order, event.terms),
    )


def _named(order: Order, names: tuple[Name, ...]) -> dict[str, Any]:
    fresh = tuple(name for name in names if name not in order.names)
    return {"names": order.names + fresh} if fresh else {}


def _identified(order: Order, event: e.OrderIdentified) -> Order:
    return changed(order, **_named(order, event.names))


def _merged_away(order: Order, event: e.OrderMerged) -> Order:
    return changed(order, merged_into=event.into)


def _reported(order: Order, event: e.OrderReported) -> Order:
    learned = _learn(order, event.terms)
    claims = event.claims
    if claims is not None and claims.status in LIVE and claims.remaining != ZERO:
        learned["doubts"] = frozenset[str]()  # the venue holds it live: nothing is open any more
        learned["cancels"] = _settled(order)
    learned["told"] = claims
    learned["told_of"] = quantities(order)
    return changed(order, **learned, **_remember(order, event.report_id))


def _settled(order: Order) -> Mapping[Any, Attempt]:
    """Attempts whose fate was unknown and that evidently did not take the order off."""
    return {
        cancel_id: Attempt(Try.REJECTED, attempt.size)
        if attempt.state in {Try.UNKNOWN, Try.UNMENTIONED}
        else attempt
        for cancel_id, attempt in order.cancels.items()
    }


def _restated(order: Order, event: e.OrderRestated) -> Order:
    terms = order.terms
    if event.price is not None:
        terms = _with_price(terms, event.price)
    reopened = order.closure is Closure.DONE_FOR_DAY
    return changed(
        order,
        size=order.size if event.size is None else event.size,
        amended=order.amended or event.size is not None,
        terms=terms,
        day_over=False,
        closure=None if reopened else order.closure,
        **_remember(order, event.report_id),
    )


def _with_price(terms: e.Terms, price: Price) -> e.Terms:
    values = {name: getattr(terms, name) for name in _TERM_NAMES}
    values["price"] = price
    return e.Terms(**values)


def _filled(order: Order, event: e.Filled) -> Order:
    if event.inferred:
        return changed(order, inferred=order.inferred + event.size)
    fills = {**order.fills, event.fill_id: Fill(event.size, event.price, event.provisional)}
    if order.busts or order.corrections:
        real, out, taken = sums(fills, order.busts, order.corrections)
    else:
        real, out, taken = order.real + event.size, order.out, order.taken
    return changed(
        order,
        fills=fills,
        real=real,
        out=out,
        taken=taken,
        inferred=max(ZERO, order.inferred - event.size),
        **_remember(order, event.report_id),
    )


def _fill_voided(order: Order, event: e.FillVoided) -> Order:
    busts = {**order.busts, event.fill_id: Bust(event.size, event.returns)}
    real, out, taken = sums(order.fills, busts, order.corrections)
    return changed(
        order,
        busts=busts,
        real=real,
        out=out,
        taken=taken,
        **_remember(order, event.report_id),
    )


def _fill_corrected(order: Order, event: e.FillCorrected) -> Order:
    correction = Correction(event.correction_id, event.size, event.price)
    corrections = {**order.corrections, event.fill_id: correction}
    real, out, taken = sums(order.fills, order.busts, corrections)
    return changed(
        order,
        corrections=corrections,
        real=real,
        out=out,
        taken=taken,
        **_remember(order, event.report_id),
    )


def _fill_confirmed(order: Order, event: e.FillConfirmed) -> Order:
    fill = order.fills.get(event.fill_id)
    if fill is None:
        return order
    return changed(
        order, fills={**order.fills, event.fill_id: Fill(fill.size, fill.price)}
    )


def _attempt(order: Order, cancel_id: Any, state: Try, **size: Any) -> dict[str, Any]:
    if cancel_id is None:
        return {}
    before = order.cancels.get(cancel_id)
    asked = size.get("size", before.size if before else None)
    return {"cancels": {**order.cancels, cancel_id: Attempt(state, asked)}}


def _cancel_requested(order: Order, event: e.CancelRequested) -> Order:
    before = order.cancels.get(event.cancel_id)
    if before is not None and before.state is not Try.SENT:
        return order  # the answer was recorded first; the request does not re-open it
    return changed(order, **_attempt(order, event.cancel_id, Try.SENT, size=event.size))


def _cancel_pending(order: Order, event: e.CancelPending) -> Order:
    return changed(
        order,
        venue_cancel_pending=order.closure is None,
        **_attempt(order, event.cancel_id, Try.PENDING),
        **_remember(order, event.report_id),
    )


def _close(order: Order, how: Closure) -> dict[str, Any]:
    """Off the book: what remained goes to the closure's bucket, and nothing is pending now."""
    return {
        "closure": order.closure or how,
        "venue_cancel_pending": False,
        "suspended": False,
        "doubts": frozenset[str](),
        "amends": {
            ref: Try.DONE if state is Try.PENDING else state for ref, state in order.amends.items()
        },
    }


def _cancelled(order: Order, event: e.Cancelled) -> Order:
    attempt = _attempt(order, event.cancel_id, Try.DONE)
    seen = _remember(order, event.report_id)
    if event.whole:
        return changed(order, **_close(order, Closure.CANCELLED), **attempt, **seen)
    return changed(
        order,
        cancelled_part=order.cancelled_part + (event.size or ZERO),
        venue_cancel_pending=False,
        doubts=_without(order, event.cancel_id),
        **attempt,
        **seen,
    )


def _without(order: Order, cancel_id: Any) -> frozenset[str]:
    return order.doubts - {f"cancel:{cancel_id}"} if cancel_id else order.doubts


def _cancel_rejected(order: Order, event: e.CancelRejected) -> Order:
    doubts = _without(order, event.cancel_id)
    if event.reason in LEAVES_DOUBT and order.closure is None:
        doubts |= {f"rejected:{event.reason}"}
    return changed(
        order,
        venue_cancel_pending=False,
        doubts=doubts,
        **_attempt(order, event.cancel_id, Try.REJECTED),
        **_remember(order, event.report_id),
    )


def _cancel_unknown(order: Order, event: e.CancelOutcomeUnknown) -> Order:
    state = Try.UNMENTIONED if event.why == "not_mentioned" else Try.UNKNOWN
    before = order.cancels.get(event.cancel_id)
    if before is not None and before.state in {Try.DONE, Try.REJECTED}:
        return order  # evidence came first
    return changed(
        order,
        doubts=order.doubts | {f"cancel:{event.cancel_id}"}
        if order.closure is None
        else order.doubts,
        **_attempt(order, event.cancel_id, state),
    )


def _cancel_not_sent(order: Order, event: e.CancelNotSent) -> Order:
    return changed(order, **_attempt(order, event.cancel_id, Try.NOT_SENT))


def _amend_requested(order: Order, event: e.AmendRequested) -> Order:
    if event.amend_ref in order.amends:
        return order
    return changed(order, amends={**order.amends, event.amend_ref: Try.SENT})


def _amend_pending(order: Order, event: e.AmendPending) -> Order:
    return changed(
        order,
        amends={**order.amends, event.amend_ref: Try.PENDING},
        **_remember(order, event.report_id),
    )


def _amended(order: Order, event: e.Amended) -> Order:
    terms = order.terms if event.price is None else _with_price(order.terms, event.price)
    return changed(
        order,
        size=order.size if event.size is None else event.size,
        amended=order.amended or event.size is not None,
        terms=terms,
        amends={**order.amends, event.amend_ref: Try.DONE},
        **_remember(order, event.report_id),
    )


def _amend_rejected(order: Order, event: e.AmendRejected) -> Order:
    return changed(
        order,
        amends={**order.amends, event.amend_ref: Try.REJECTED},
        **_remember(order, event.report_id),
    )


def _part_or_close(order: Order, event: Any, part: str, how: Closure) -> Order:
    seen = _remember(order, event.report_id)
    if event.size is None:
        return changed(order, **_close(order, how), **seen)
    return changed(order, **{part: getattr(order, part) + event.size}, **seen)


def _lapsed(order: Order, event: e.Lapsed) -> Order:
    return _part_or_close(order, event, "lapsed_part", Closure.LAPSED)


def _voided(order: Order, event: e.Voided) -> Order:
    return _part_or_close(order, event, "voided_part", Closure.VOIDED)


def _expired(order: Order, event: e.Expired) -> Order:
    return changed(order, **_close(order, Closure.EXPIRED), **_remember(order, event.report_id))


def _done_for_day(order: Order, event: e.DoneForDay) -> Order:
    seen = _remember(order, event.report_id)
    if order.terms.time_in_force in DAY:
        return changed(order, day_over=True, **_close(order, Closure.DONE_FOR_DAY), **seen)
    return changed(order, day_over=True, **seen)


def _stopped(order: Order, event: e.Stopped) -> Order:
    return changed(order, stopped=True, **_remember(order, event.report_id))


def _suspended(order: Order, event: e.Suspended) -> Order:
    return changed(
        order, suspended=order.closure is None, **_remember(order, event.report_id)
    )


def _resumed(order: Order, event: e.Resumed) -> Order:
    return changed(order, suspended=False, accepted=True, **_remember(order, event.report_id))


def _calculated(order: Order, event: e.Calculated) -> Order:
    return changed(order, **_close(order, Closure.CALCULATED), **_remember(order, event.report_id))


def _repeated(order: Order, event: e.DuplicateReported) -> Order:
    attempt = order.cancels.get(event.cancel_id) if event.cancel_id is not None else None
    if event.what != "cancel" or attempt is None or attempt.state is Try.DONE:
        return order
    return changed(order, **_attempt(order, event.cancel_id, Try.DONE))


def _noted(order: Order, _event: object) -> Order:
    return order


APPLY: Mapping[type, Callable[[Order, Any], Order]] = {
    e.OrderPlaced: _placed,
    e.OrderPending: _pending,
    e.OrderAccepted: _accepted,
    e.OrderRejected: _rejected,
    e.OrderDiscovered: _discovered,
    e.OrderIdentified: _identified,
    e.ClientRefReused: _noted,
    e.OrderMerged: _merged_away,
    e.OrderReported: _reported,
    e.OrderRestated: _restated,
    e.Filled: _filled,
    e.FillConfirmed: _fill_confirmed,
    e.FillVoided: _fill_voided,
    e.FillCorrected: _fill_corrected,
    e.CancelRequested: _cancel_requested,
    e.CancelPending: _cancel_pending,
    e.Cancelled: _cancelled,
    e.CancelRejected: _cancel_rejected,
    e.CancelOutcomeUnknown: _cancel_unknown,
    e.CancelNotSent: _cancel_not_sent,
    e.AmendRequested: _amend_requested,
    e.AmendPending: _amend_pending,
    e.Amended: _amended,
    e.AmendRejected: _amend_rejected,
    e.Lapsed: _lapsed,
    e.Expired: _expired,
    e.Voided: _voided,
    e.DoneForDay: _done_for_day,
    e.Stopped: _stopped,
    e.Suspended: _suspended,
    e.Resumed: _resumed,
    e.Calculated: _calculated,
    e.DuplicateReported: _repeated,
    e.UnknownValueSeen: _noted,
}
"""Every fact of an order and what it does to the fold."""
