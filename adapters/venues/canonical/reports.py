"""ExecutionReport: one function per `exec_type`; claims ride along and change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from adapters.venues.canonical.fields import NO_ID, unknown_word
from adapters.venues.canonical.told import DUPLICATE, SPLIT, Told, means, names_in, told_in
from adapters.venues.canonical.wire import ExecutionReport, needed, read
from adapters.venues.canonical.words import EXEC_TYPES, ExecType, instant, plain_word
from domain import events as e
from domain.messages import Message, OrderMessage
from domain.values import Name, NameKind
from domain.wire import Line, Unreadable


def execution_report(line: Line, frame: Mapping[str, object]) -> tuple[Message, ...]:
    """What an ExecutionReport tells of its order."""
    report = read(ExecutionReport, frame)
    told = told_in(line, report)
    word = needed("exec_type", report.exec_type)
    kind, says = _SAYS.get(plain_word(word), _UNKNOWN)
    said = says(told)
    at = None if report.transact_time is None else instant(report.transact_time)
    names, found_by, chain = names_in(told)
    met: tuple[tuple[str, Name], ...] = ()
    if kind is ExecType.TRADE and report.trd_match_id is not None:
        met = ((told.ref, Name(NameKind.DEAL, report.trd_match_id)),)
    about_cancel = kind is ExecType.CANCELED or kind is ExecType.PENDING_CANCEL
    return (
        OrderMessage(
            names=names,
            said=(said, *_unknown(told, kind, at)),
            found_by=found_by,
            chain=(*chain, *(name for _fill, name in met)),
            terms=told.terms,
            known_only=kind is ExecType.ORDER_STATUS and report.order_id == NO_ID,
            source=e.Source.FILL if kind is ExecType.TRADE else e.Source.REPORT,
            occurred_at=at,
            cancel_ref=told.quoted if about_cancel else None,
            answers=kind is ExecType.CANCELED and told.quoted is not None,
            quotes=True,
            account=report.account,
            met=met,
        ),
    )


def _unknown(told: Told, kind: ExecType | None, at: datetime | None) -> list[e.OrderEvent]:
    """Words of the report that are in no table; what they stand beside holds all the same."""
    report = told.report
    unknown: list[e.OrderEvent] = []
    if kind is None and report.exec_type is not None:
        unknown.append(unknown_word("exec_type", report.exec_type))
    if report.ord_status and (told.claims is None or told.claims.status is None):
        unknown.append(unknown_word("ord_status", report.ord_status))
    if report.side and told.terms.side is None:
        unknown.append(unknown_word("side", report.side))
    if report.transact_time and at is None:
        unknown.append(unknown_word("transact_time", report.transact_time))
    return unknown


def _told_terms(told: Told) -> e.Terms:
    """The terms without the stand-in for an instrument, which would hide the one told later."""
    return told.terms if told.report.instrument else replace(told.terms, market=None)


def _pending_new(told: Told) -> e.OrderEvent:
    return e.OrderPending(claims=told.claims)


def _new(told: Told) -> e.OrderEvent:
    return e.OrderAccepted(terms=_told_terms(told), claims=told.claims, report_id=told.report_id)


def _trade(told: Told) -> e.OrderEvent:
    size = told.report.last_qty
    if size is None:
        raise Unreadable("last_qty: missing: nothing says how much was matched")
    if not size:
        raise Unreadable("last_qty: zero: nothing was matched")
    return e.Filled(
        fill_id=told.ref,
        size=size,
        price=told.last_price,
        claims=told.claims,
        report_id=told.report_id,
    )


def _trade_cancel(told: Told) -> e.OrderEvent:
    return e.FillVoided(
        fill_id=needed("exec_ref_id", told.report.exec_ref_id),
        reason=told.why,
        claims=told.claims,
        report_id=told.report_id,
    )


def _trade_correct(told: Told) -> e.OrderEvent:
    size = told.report.last_qty
    if size is None:
        raise Unreadable("last_qty: missing: nothing says what is right")
    return e.FillCorrected(
        fill_id=needed("exec_ref_id", told.report.exec_ref_id),
        correction_id=told.ref,
        size=size,
        price=told.last_price,
        claims=told.claims,
        report_id=told.report_id,
    )


def _canceled(told: Told) -> e.OrderEvent:
    part = told.report.cancel_qty
    return e.Cancelled(
        size=part,
        whole=part is None,
        initiator=e.Initiator.VENUE if told.quoted is None else e.Initiator.US,
        raw_reason=told.why,
        claims=told.claims,
        report_id=told.report_id,
    )


def _pending_cancel(told: Told) -> e.OrderEvent:
    return e.CancelPending(claims=told.claims, report_id=told.report_id)


def _replaced(told: Told) -> e.OrderEvent:
    return e.Amended(
        amend_ref=told.request,
        size=told.terms.size,
        price=told.terms.price,
        claims=told.claims,
        report_id=told.report_id,
    )


def _pending_replace(told: Told) -> e.OrderEvent:
    return e.AmendPending(amend_ref=told.request, claims=told.claims, report_id=told.report_id)


def _rejected(told: Told) -> e.OrderEvent:
    return e.OrderRejected(
        raw_reason=told.why,
        duplicate=means(DUPLICATE, told.report.ord_rej_reason, told.report.reason),
        claims=told.claims,
        report_id=told.report_id,
    )


def _expired(told: Told) -> e.OrderEvent:
    return e.Expired(raw_reason=told.why, claims=told.claims, report_id=told.report_id)


def _lapsed(told: Told) -> e.OrderEvent:
    return e.Lapsed(raw_reason=told.why, claims=told.claims, report_id=told.report_id)


def _done_for_day(told: Told) -> e.OrderEvent:
    return e.DoneForDay(claims=told.claims, report_id=told.report_id)


def _stopped(told: Told) -> e.OrderEvent:
    # LastQty and LastPx are what is guaranteed, not a match (FIX L.1.a).
    return e.Stopped(
        size=told.report.last_qty,
        price=told.last_price,
        claims=told.claims,
        report_id=told.report_id,
    )


def _suspended(told: Told) -> e.OrderEvent:
    return e.Suspended(claims=told.claims, report_id=told.report_id)


def _triggered(told: Told) -> e.OrderEvent:
    return e.Resumed(claims=told.claims, report_id=told.report_id)


def _restated(told: Told) -> e.OrderEvent:
    return e.OrderRestated(
        size=told.terms.size,
        price=told.terms.price,
        reason=told.why,
        split=means(SPLIT, told.report.exec_restatement_reason, told.report.reason),
        claims=told.claims,
        report_id=told.report_id,
    )


def _order_status(told: Told) -> e.OrderEvent:
    # FIX 4.2 gives every status report the ExecID "0": that names none of them.
    known = told.report_id if told.report_id != "0" else None
    return e.OrderReported(terms=_told_terms(told), claims=told.claims, report_id=known)


def _calculated(told: Told) -> e.OrderEvent:
    return e.Calculated(claims=told.claims, report_id=told.report_id)


BY_EXEC_TYPE: Mapping[ExecType, Callable[[Told], e.OrderEvent]] = {
    ExecType.PENDING_NEW: _pending_new,
    ExecType.NEW: _new,
    ExecType.TRADE: _trade,
    ExecType.TRADE_CANCEL: _trade_cancel,
    ExecType.TRADE_CORRECT: _trade_correct,
    ExecType.CANCELED: _canceled,
    ExecType.PENDING_CANCEL: _pending_cancel,
    ExecType.REPLACED: _replaced,
    ExecType.PENDING_REPLACE: _pending_replace,
    ExecType.REJECTED: _rejected,
    ExecType.EXPIRED: _expired,
    ExecType.DONE_FOR_DAY: _done_for_day,
    ExecType.STOPPED: _stopped,
    ExecType.SUSPENDED: _suspended,
    ExecType.RESTATED: _restated,
    ExecType.ORDER_STATUS: _order_status,
    ExecType.TRIGGERED: _triggered,
    ExecType.CALCULATED: _calculated,
    ExecType.LAPSED: _lapsed,
}
"""What each `exec_type` says has happened."""

_SAYS = {word: (kind, BY_EXEC_TYPE[kind]) for word, kind in EXEC_TYPES.items()}
"""Both tables in one look-up: hashing an enum member costs more than the rest of it."""
_UNKNOWN = (None, _order_status)
