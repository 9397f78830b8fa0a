"""What names a fact for ever, so that it is known again when it is told again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain import events as e

Mark = tuple[object, ...]


def marks(event: e.OrderEvent) -> tuple[Mark, ...]:
    """What the fold remembers a fact by.

    Nothing when it remembers the fact itself, or when a repeat cannot be told from a second
    happening.
    """
    kind = type(event)
    own = _OWN.get(kind)
    found = () if own is None else own(event)
    report = report_mark(event)
    if report is not None:
        found = (*found, report)
    if kind in _STATES or (kind in _ENDS and _takes_all(event)):
        found = (*found, (kind,))
    return found


def _takes_all(event: Any) -> bool:  # noqa: ANN401 - any fact that can end an order
    if type(event) is e.Cancelled:
        return event.whole
    return getattr(event, "size", None) is None


def report_mark(event: e.OrderEvent) -> Mark | None:
    """The id of the report, among reports of this kind.

    A venue that uses an id again for a fact of another kind told two facts. Several facts of one
    report share it. Matches need no mark: the fold keeps them by their own ids.
    """
    kind = type(event)
    report_id: str | None = getattr(event, "report_id", None)
    if report_id is None or kind is e.Filled:
        return None
    return (e.OrderReported if kind is e.OrderAccepted else kind, "report", report_id)


def own_marks(event: e.OrderEvent) -> tuple[Mark, ...]:
    """What the fact is by itself, whatever ids the reports of it carry.

    A request of ours has one outcome of a kind; a word that nobody knows is unknown once.
    """
    own = _OWN.get(type(event))
    return () if own is None else own(event)


def _of_request(
    event: e.CancelRequested | e.CancelPending | e.CancelNotSent | e.Cancelled,
) -> tuple[Mark, ...]:
    if event.cancel_id is None:
        return ()
    return ((type(event), event.cancel_id),)


def _unanswered(event: e.CancelOutcomeUnknown) -> tuple[Mark, ...]:
    return ((e.CancelOutcomeUnknown, event.cancel_id, event.why),)


def _rejected(event: e.CancelRejected) -> tuple[Mark, ...]:
    if event.cancel_id is None:
        return ()
    return ((e.CancelRejected, event.cancel_id, event.reason),)


def _partly_cancelled(event: e.Cancelled) -> tuple[Mark, ...]:
    """Reports with ids may take several parts off for one request; without ids, it is one part."""
    unnamed = not event.whole and event.report_id is None
    return _of_request(event) if unnamed else ()


def _of_amendment(
    event: e.AmendRequested
    | e.AmendPending
    | e.AmendRejected
    | e.AmendOutcomeUnknown
    | e.AmendNotSent,
) -> tuple[Mark, ...]:
    return ((type(event), event.amend_ref),)


def _amended(event: e.Amended) -> tuple[Mark, ...]:
    """A venue may change an order by itself and more than once, all under one reference.

    Reports with ids tell the times apart; without ids, equal terms are one change.
    """
    if event.report_id is not None:
        return ()
    return ((e.Amended, event.amend_ref, event.size, event.price),)


def _sent_again(event: e.DuplicateReported) -> tuple[Mark, ...]:
    """Another order was sent under this one's reference: a refusal may be meant for that."""
    return ((e.OrderPlaced, event.ref),) if event.what == "order" and event.differs else ()


def _correction(event: e.FillCorrected) -> tuple[Mark, ...]:
    return ((e.FillCorrected, event.correction_id),)


def _part_taken_back(event: e.FillVoided) -> tuple[Mark, ...]:
    """Reports with ids may take back several parts; without ids, an equal part is the same."""
    if event.size is None or event.report_id is not None:
        return ()
    return ((e.FillVoided, event.fill_id, event.size),)


def _word(event: e.UnknownValueSeen) -> tuple[Mark, ...]:
    return ((e.UnknownValueSeen, event.field, event.value),)


def _guarantee(event: e.Stopped) -> tuple[Mark, ...]:
    return ((e.Stopped, event.size, event.price),) if event.report_id is None else ()


def _replacement(event: e.ReplacementSeen) -> tuple[Mark, ...]:
    return ((e.ReplacementSeen, event.amend_ref, event.order),)


def _reused(event: e.ClientRefReused) -> tuple[Mark, ...]:
    return ((e.ClientRefReused, event.name, event.other),)


_STATES = frozenset(
    {
        e.PlaceOutcomeUnknown,
        e.PlaceNotSent,
        e.DuplicateRefused,
        e.OrderPending,
        e.OrderRestated,
        e.DoneForDay,
        e.Suspended,
        e.Resumed,
    }
)
"""Told again, these are repeats only if they change nothing by then: once they have been told."""

_ENDS = frozenset({e.OrderRejected, e.Cancelled, e.Lapsed, e.Expired, e.Voided, e.Calculated})
"""Once they have taken all that remained, these are repeats for as long as the order is over."""

_OWN: Mapping[type, Callable[[Any], tuple[Mark, ...]]] = {
    e.CancelRequested: _of_request,
    e.CancelPending: _of_request,
    e.CancelOutcomeUnknown: _unanswered,
    e.CancelNotSent: _of_request,
    e.CancelRejected: _rejected,
    e.Cancelled: _partly_cancelled,
    e.AmendRequested: _of_amendment,
    e.AmendPending: _of_amendment,
    e.Amended: _amended,
    e.AmendRejected: _of_amendment,
    e.AmendOutcomeUnknown: _of_amendment,
    e.AmendNotSent: _of_amendment,
    e.FillVoided: _part_taken_back,
    e.FillCorrected: _correction,
    e.Stopped: _guarantee,
    e.ClientRefReused: _reused,
    e.ReplacementSeen: _replacement,
    e.DuplicateReported: _sent_again,
    e.UnknownValueSeen: _word,
}
