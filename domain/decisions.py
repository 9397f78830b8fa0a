"""Hold what a venue said against what the log holds: new facts go in, repeats change nothing.

A venue's word is never refused. A fact that is known already becomes a note that it was told
again; a running total becomes the match that it implies; everything else is recorded as said,
whether or not it fits (the flags tell what does not).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain import events as e
from domain.buckets import buckets
from domain.evolve import evolve
from domain.lifecycle import Closure
from domain.messages import MatchedTotal, Said
from domain.order import Order, Try, quantities
from domain.standing import WAITING
from domain.values import ZERO, plain

QUIET = frozenset({e.Source.LIST, e.Source.CANCEL})
"""Sources that repeat what is known by their nature; only what is new in them is recorded."""


def hear(
    order: Order, said: Iterable[Said], *, source: e.Source = e.Source.REPORT
) -> tuple[Order, list[e.OrderEvent]]:
    """The events that a message adds to an order, and the order after them.

    Heard twice, a message adds nothing but a note that it was repeated.
    """
    added: list[e.OrderEvent] = []
    known_before = order.seen
    for item in said:
        for event in _fresh(order, item, source, known_before):
            order = evolve(order, event)
            added.append(event)
    return order, added


def waiting_cancel(order: Order) -> UUID | None:
    """The cancel of ours that an unattributed venue report about this order must be about:
    the newest one whose outcome is not known."""
    waiting = [
        cancel_id
        for cancel_id, attempt in order.cancels.items()
        if attempt.state in WAITING or attempt.state is Try.UNMENTIONED
    ]
    return waiting[-1] if waiting else None


def _fresh(
    order: Order, item: Said, source: e.Source, known: frozenset[str]
) -> list[e.OrderEvent]:
    if isinstance(item, MatchedTotal):
        return _total(order, item)
    report_id: str | None = getattr(item, "report_id", None)
    if report_id is not None and report_id in known:
        return [_again(order, item, report_id)]
    judge = _JUDGES.get(type(item))
    return [item] if judge is None else judge(order, item, source)


def _again(order: Order, item: e.OrderEvent, report_id: str) -> e.OrderEvent:
    """A report id came twice. The same match told with other figures must be looked at."""
    if isinstance(item, e.Filled):
        known = order.fills.get(item.fill_id)
        differs = known is not None and known.size != item.size
        return e.DuplicateReported(what="fill", ref=item.fill_id, differs=differs)
    if isinstance(item, e.Cancelled):
        return e.DuplicateReported(what="cancel", ref=report_id, cancel_id=item.cancel_id)
    return e.DuplicateReported(what="message", ref=report_id)


def _total(order: Order, item: MatchedTotal) -> list[e.OrderEvent]:
    """What a running total tells beyond the matches that are known (voided ones included)."""
    missing = item.total - (order.real + order.inferred + order.taken)
    if missing <= ZERO:
        return []
    return [
        e.Filled(
            fill_id=f"total:{plain(item.total)}",
            size=missing,
            price=item.price,
            inferred=True,
            claims=item.claims,
        )
    ]


def _filled(order: Order, item: e.Filled, source: e.Source) -> list[e.OrderEvent]:
    known = order.fills.get(item.fill_id)
    if known is None:
        return [item]
    if known.size != item.size:
        return [e.DuplicateReported(what="fill", ref=item.fill_id, differs=True)]
    if known.provisional and not item.provisional:
        return [e.FillConfirmed(fill_id=item.fill_id)]
    if source in QUIET:
        return []
    return [e.DuplicateReported(what="fill", ref=item.fill_id, claims=item.claims)]


def _fill_voided(order: Order, item: e.FillVoided, source: e.Source) -> list[e.OrderEvent]:
    if item.fill_id not in order.busts:
        return [item]
    return _noted(item.fill_id, source)


def _fill_corrected(order: Order, item: e.FillCorrected, source: e.Source) -> list[e.OrderEvent]:
    known = order.corrections.get(item.fill_id)
    if known is None or known.correction_id != item.correction_id:
        return [item]
    return _noted(item.correction_id, source)


def _noted(ref: str, source: e.Source) -> list[e.OrderEvent]:
    return [] if source in QUIET else [e.DuplicateReported(what="message", ref=ref)]


def _placed(order: Order, item: e.OrderPlaced, _source: e.Source) -> list[e.OrderEvent]:
    if not order.placed:
        return [item]
    ref = item.names[0].value if item.names else order.names[0].value if order.names else ""
    same = replace(order.terms, placed_at=None, size=None) == replace(
        item.terms, placed_at=None, size=None
    )
    if same and (order.amended or order.size == item.terms.size):
        return [e.DuplicateReported(what="message", ref=ref)]
    return [e.DuplicateReported(what="order", ref=ref, differs=True)]


def _accepted(order: Order, item: e.OrderAccepted, source: e.Source) -> list[e.OrderEvent]:
    again_live = order.closure is not None and item.report_id is not None
    if not order.accepted or again_live:
        return [item]
    repeat = e.OrderReported(terms=item.terms, claims=item.claims, report_id=item.report_id)
    return _reported(order, repeat, source)


def _reported(order: Order, item: e.OrderReported, _source: e.Source) -> list[e.OrderEvent]:
    """A state told again word for word is not news, unless ours has changed since or something
    was in doubt: then the repeat says that the venue holds on to it."""
    same = item.claims == order.told and quantities(order) == order.told_of
    old_news = same and not order.doubts
    if old_news and evolve(order, replace(item, report_id=None)) == order:
        return []
    return [item]


def _state_again(order: Order, item: Any, source: e.Source) -> list[e.OrderEvent]:  # noqa: ANN401 - any closing event
    """The order is over already and the venue tells so again."""
    claims: e.Claims | None = item.claims
    if source in QUIET:
        if claims is None:
            return []
        return _reported(order, e.OrderReported(claims=claims), source)
    ref = item.report_id or type(item).__name__
    return [e.DuplicateReported(what="message", ref=ref, claims=claims)]


def _closing(how: Closure) -> Callable[[Order, Any, e.Source], list[e.OrderEvent]]:
    def judge(order: Order, item: Any, source: e.Source) -> list[e.OrderEvent]:  # noqa: ANN401 - any closing event
        closed = order.closure is how or (source in QUIET and order.closure is not None)
        if closed and getattr(item, "size", None) is None:
            return _state_again(order, item, source)
        return [item]

    return judge


def _cancelled(order: Order, item: e.Cancelled, source: e.Source) -> list[e.OrderEvent]:
    if not item.whole:
        return [item]
    attempt = order.cancels.get(item.cancel_id) if item.cancel_id is not None else None
    unanswered = attempt is not None and attempt.state is not Try.DONE
    if order.closure is Closure.CANCELLED:
        if source is e.Source.LIST and not unanswered:
            return _state_again(order, item, source)
        return [
            e.DuplicateReported(
                what="cancel",
                ref=str(item.cancel_id or item.report_id or ""),
                cancel_id=item.cancel_id,
                claims=item.claims,
            )
        ]
    if order.closure is not None and source is e.Source.LIST:
        return _state_again(order, item, source)
    return [*_implied(order, item), item]


def _implied(order: Order, item: e.Cancelled) -> list[e.OrderEvent]:
    """A cancel that took less than what was left implies that the rest had matched, unless the
    same answer tells how much had."""
    if item.size is None or item.matched is not None or order.size is None:
        return []
    missing = buckets(order).remaining - item.size
    if order.closure is not None or missing <= ZERO:
        return []
    ref = item.cancel_id or item.report_id or "unsolicited"
    return [e.Filled(fill_id=f"cancel:{ref}", size=missing, inferred=True)]


def _cancel_rejected(order: Order, item: e.CancelRejected, source: e.Source) -> list[e.OrderEvent]:
    attempt = order.cancels.get(item.cancel_id) if item.cancel_id is not None else None
    if attempt is None or attempt.state is not Try.REJECTED:
        return [item]
    return _noted(str(item.cancel_id), source)


def _cancel_pending(order: Order, item: e.CancelPending, source: e.Source) -> list[e.OrderEvent]:
    attempt = order.cancels.get(item.cancel_id) if item.cancel_id is not None else None
    if attempt is None or attempt.state is not Try.PENDING:
        return [item]
    return _noted(str(item.cancel_id), source)


def _amended(order: Order, item: e.Amended, source: e.Source) -> list[e.OrderEvent]:
    if order.amends.get(item.amend_ref) is not Try.DONE:
        return [item]
    return _noted(item.amend_ref, source)


def _amend_rejected(order: Order, item: e.AmendRejected, source: e.Source) -> list[e.OrderEvent]:
    if order.amends.get(item.amend_ref) is not Try.REJECTED:
        return [item]
    return _noted(item.amend_ref, source)


def _amend_requested(order: Order, item: e.AmendRequested, source: e.Source) -> list[e.OrderEvent]:
    if item.amend_ref not in order.amends:
        return [item]
    return _noted(item.amend_ref, source)


_JUDGES: Mapping[type, Callable[[Order, Any, e.Source], list[e.OrderEvent]]] = {
    e.OrderPlaced: _placed,
    e.OrderAccepted: _accepted,
    e.OrderReported: _reported,
    e.Filled: _filled,
    e.FillVoided: _fill_voided,
    e.FillCorrected: _fill_corrected,
    e.Cancelled: _cancelled,
    e.CancelRejected: _cancel_rejected,
    e.CancelPending: _cancel_pending,
    e.OrderRejected: _closing(Closure.REJECTED),
    e.Expired: _closing(Closure.EXPIRED),
    e.Lapsed: _closing(Closure.LAPSED),
    e.Voided: _closing(Closure.VOIDED),
    e.Calculated: _closing(Closure.CALCULATED),
    e.AmendRequested: _amend_requested,
    e.Amended: _amended,
    e.AmendRejected: _amend_rejected,
}
