"""A cancel of a part, and a cancel after a refusal: what the answer to a request was worth."""

from __future__ import annotations

from collections.abc import Iterable

from domain.buckets import buckets
from domain.events import Cancelled, CancelRejected
from domain.flags.cancel_evidence import in_brackets, proof, quoted
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.reasons import CancelRejectReason
from domain.values import plain


def partial_cancel(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-17: a part of what remained was asked for and taken off: no break, and cleared at once.

    Told when the answer took exactly what was asked. Betfair sizeReduction; Kalshi reduce_by.
    """
    for cancel in history.of(Cancelled):
        event, entry = cancel.event, cancel.recorded
        request = None if event.cancel_id is None else history.requests.get(event.cancel_id)
        if event.whole or event.size is None or request is None:
            continue
        before = buckets(history.before(cancel.index)).remaining
        if event.size != request.event.size or event.size >= before:
            continue
        yield Flag(
            code="CXL-17",
            key=(str(event.cancel_id), event.report_id or ""),
            opened_at=entry.observed_at,
            closed_at=entry.observed_at,
            witness=proof(history, event.cancel_id, cancel.position),
            note=f"{plain(event.size)} of the {plain(before)} that remained was cancelled, as "
            "asked.",
            ours=plain(before),
            theirs=plain(event.size),
        )


SAID_SO = frozenset(
    {
        CancelRejectReason.TAKEN_OR_LAPSED,
        CancelRejectReason.ALREADY_TERMINAL,
        CancelRejectReason.ALREADY_CANCELLED,
    }
)
"""After these refusals a cancel is no surprise: the venue had said that the order was over."""


def cancel_after_reject(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-24: the venue refused to cancel the order and then cancelled it, unasked since.

    Explained, and so cleared as it opens, when the refusal said that the order was over, when the
    cancel is the late answer to another request of ours, or when the venue says why it cancelled
    by itself.
    """
    told: set[tuple[str, ...]] = set()
    for cancel in history.of(Cancelled):
        refusal = _refused_before(history, cancel)
        entry = cancel.recorded
        if refusal is None or _key(refusal, cancel) in told:
            continue
        told.add(_key(refusal, cancel))
        explained = _explanation(cancel, refusal)
        yield Flag(
            code="CXL-24",
            key=_key(refusal, cancel),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, entry if explained else None),
            witness=proof(history, refusal.event.cancel_id, refusal.position, cancel.position),
            note=f"The venue refused to cancel the order ({refusal.event.reason}) and then "
            f"cancelled it, with no newer request of ours{in_brackets(explained)}.",
            ours=refusal.event.reason.value,
            theirs="CANCELLED",
        )


def _refused_before(history: History, cancel: At[Cancelled]) -> At[CancelRejected] | None:
    """The newest refusal before this cancel, if nothing was asked for after it."""
    refusals = [item for item in history.of(CancelRejected) if item.index < cancel.index]
    if not refusals:
        return None
    last = refusals[-1]
    own = None if last.event.cancel_id is None else history.requests.get(last.event.cancel_id)
    since = last.index if own is None else own.index
    newer = any(since < request.index < cancel.index for request in history.requests.values())
    return None if newer else last


def _key(refusal: At[CancelRejected], cancel: At[Cancelled]) -> tuple[str, ...]:
    return quoted(refusal.event.cancel_id), cancel.event.report_id or ""


def _explanation(cancel: At[Cancelled], refusal: At[CancelRejected]) -> str | None:
    event = cancel.event
    if refusal.event.reason in SAID_SO:
        return "which it had said was over"
    if event.cancel_id is not None and event.cancel_id != refusal.event.cancel_id:
        return "late, for an earlier request"
    if event.cancel_id is None and event.raw_reason:
        return f"by itself: “{event.raw_reason.strip()}”"
    return None


RULES = (
    OrderRule("CXL-17", frozenset({Cancelled}), partial_cancel, since=2),
    OrderRule("CXL-24", frozenset({CancelRejected}), cancel_after_reject, since=2),
)
"""The rules about cancels of a part, and after a refusal."""
