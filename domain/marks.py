"""What names a fact for ever, so that it is known again when it is told again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain import events as e


def marks(event: e.OrderEvent) -> tuple[str, ...]:
    """The texts that the fold remembers a fact by; none when it remembers the fact itself, or when
    a repeat cannot be told from a second happening.
    """
    found = own_marks(event)
    kind = type(event)
    if kind in _STATES:
        found = (*found, kind.__name__)
    report = report_mark(event)
    return found if report is None else (*found, report)


def report_mark(event: e.OrderEvent) -> str | None:
    """The id of the report, among reports of this kind.

    A venue that uses an id again for a fact of another kind told two facts. Several facts of one
    report share it. Matches need no mark: the fold keeps them by their own ids.
    """
    kind = type(event)
    report_id: str | None = getattr(event, "report_id", None)
    if report_id is None or kind is e.Filled:
        return None
    return f"{_KINDS.get(kind, kind.__name__)}:report:{report_id}"


def own_marks(event: e.OrderEvent) -> tuple[str, ...]:
    """What the fact is by itself: a request of ours has one outcome of a kind, whatever ids the
    reports of it carry.
    """
    own = _OWN.get(type(event))
    return () if own is None else own(event)


def _of_request(event: Any) -> tuple[str, ...]:  # noqa: ANN401 - any event about a request of ours
    if event.cancel_id is None:
        return ()
    return (f"{type(event).__name__}:{event.cancel_id}",)


def _unanswered(event: e.CancelOutcomeUnknown) -> tuple[str, ...]:
    return (f"CancelOutcomeUnknown:{event.cancel_id}:{event.why}",)


def _rejected(event: e.CancelRejected) -> tuple[str, ...]:
    if event.cancel_id is None:
        return ()
    return (f"CancelRejected:{event.cancel_id}:{event.reason}",)


def _partly_cancelled(event: e.Cancelled) -> tuple[str, ...]:
    """Reports with ids may take several parts off for one request; without ids, it is one part."""
    if event.whole or event.report_id is not None:
        return ()
    return _of_request(event)


def _of_amendment(event: Any) -> tuple[str, ...]:  # noqa: ANN401 - any event about a change of ours
    return (f"{type(event).__name__}:{event.amend_ref}",)


def _correction(event: e.FillCorrected) -> tuple[str, ...]:
    return (f"FillCorrected:{event.correction_id}",)


def _word(event: e.UnknownValueSeen) -> tuple[str, ...]:
    return (f"UnknownValueSeen:{event.field}={event.value}",)


def _guarantee(event: e.Stopped) -> tuple[str, ...]:
    return (f"Stopped:{event.size}:{event.price}",) if event.report_id is None else ()


def _reused(event: e.ClientRefReused) -> tuple[str, ...]:
    return (f"ClientRefReused:{event.name.kind}:{event.name.value}:{event.other}",)


_KINDS: Mapping[type, str] = {e.OrderAccepted: "state", e.OrderReported: "state"}
"""An acceptance that is told again is a state that is told."""

_STATES = frozenset({e.OrderPending, e.OrderRestated, e.DoneForDay, e.Suspended, e.Resumed})
"""Told again, these are repeats only if they change nothing by then: once they have been told."""

_OWN: Mapping[type, Callable[[Any], tuple[str, ...]]] = {
    e.CancelRequested: _of_request,
    e.CancelPending: _of_request,
    e.CancelOutcomeUnknown: _unanswered,
    e.CancelNotSent: _of_request,
    e.CancelRejected: _rejected,
    e.Cancelled: _partly_cancelled,
    e.AmendRequested: _of_amendment,
    e.AmendPending: _of_amendment,
    e.Amended: _of_amendment,
    e.AmendRejected: _of_amendment,
    e.FillCorrected: _correction,
    e.Stopped: _guarantee,
    e.ClientRefReused: _reused,
    e.UnknownValueSeen: _word,
}
