"""Answers to a cancel that came twice, contradict each other, or answer nothing that we asked."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.events import (
    Cancelled,
    CancelRejected,
    DuplicateReported,
    Initiator,
)
from domain.flags.cancel_evidence import decides, in_brackets, older, proof, quoted
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History, RequestHistory
from domain.flags.rule import OrderRule, RequestRule
from domain.order import Try
from domain.recorded import Recorded
from domain.requests import CancelAnswerStray, CancelOpened


def duplicate_cancel_ack(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-13: the same cancel was confirmed twice.

    Cleared as it opens, because the repeat was recorded as one and changed nothing; a repeat with
    other content stays open. NT #3544 (HTTP and stream).
    """
    told: set[tuple[str, ...]] = set()
    for repeat in history.of(DuplicateReported):
        event, entry = repeat.event, repeat.recorded
        key = (event.ref, "differs") if event.differs else (event.ref,)
        if event.what != "cancel" or key in told:
            continue
        told.add(key)
        other = ", with other content than the first time" if event.differs else ""
        yield Flag(
            code="CXL-13",
            key=key,
            opened_at=entry.observed_at,
            closed_at=None if event.differs else entry.observed_at,
            witness=(*_first_told(history, repeat), repeat.position),
            note=f"The cancel was confirmed again{other}; it counts once.",
        )


def _first_told(history: History, repeat: At[DuplicateReported]) -> tuple[int, ...]:
    """Where the cancel was told that the repeat repeats, if the log tells."""
    earlier = [cancel for cancel in history.of(Cancelled) if cancel.index < repeat.index]
    same = [cancel for cancel in earlier if cancel.event.cancel_id == repeat.event.cancel_id]
    return tuple(cancel.position for cancel in (same or earlier)[:1])


def conflicting_cancel_outcome(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-14: the venue both cancelled and refused to cancel for one request.

    Cleared when a later report of the order's state decides which of the two was true.
    """
    told: set[str] = set()
    for refusal in history.of(CancelRejected):
        cancel_id = refusal.event.cancel_id
        if cancel_id is None or str(cancel_id) in told:
            continue
        taken = _confirmation(history, cancel_id)
        if taken is None:
            continue
        told.add(str(cancel_id))
        first, second = sorted((refusal.recorded, taken))
        yield Flag(
            code="CXL-14",
            key=(str(cancel_id),),
            opened_at=second.observed_at,
            closed_at=closing(second.observed_at, _decided(history, first, second)),
            witness=proof(history, cancel_id, first.position, second.position),
            note="The venue told both that it cancelled and that it refused "
            f"({refusal.event.reason}) for the same request.",
            ours="CANCELLED",
            theirs=refusal.event.reason.value,
        )


def _confirmation(history: History, cancel_id: UUID) -> Recorded | None:
    """The first event that says that this request took the order off the book."""
    for entry in history.answers.get(cancel_id, ()):
        if isinstance(entry.event, Cancelled | DuplicateReported):
            return entry.recorded
    return None


def _decided(history: History, first: Recorded, second: Recorded) -> Recorded | None:
    """The first report after both, and not of an earlier time, that says live or over."""
    for entry in history.events:
        stale = older(entry, first) or older(entry, second)
        if entry.position > second.position and decides(entry.event) and not stale:
            return entry
    return None


def unsolicited_cancel(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-15: the venue cancelled, and no cancel that we had sent asked for it.

    Not for an order that stood unasked in the answer to another cancel (CXL-22). A note: it stays
    with the order. FIX E.1.b.
    """
    found = 0
    for cancel in history.of(Cancelled):
        event, entry = cancel.event, cancel.recorded
        asked = event.cancel_id is not None or _asked_before(history, entry)
        if not event.requested or (asked and event.initiator is not Initiator.VENUE):
            continue
        found += 1
        said = (event.raw_reason or "").strip()
        why = in_brackets(said and f"“{said}”")
        yield Flag(
            code="CXL-15",
            key=(quoted(event.cancel_id), event.report_id or str(found)),
            opened_at=entry.observed_at,
            witness=(cancel.position,),
            note=f"The venue cancelled the order by itself{why}: no cancel of ours asked for it.",
            theirs=event.raw_reason,
        )


def _asked_before(history: History, cancel: Recorded) -> bool:
    """A cancel of ours for this order had left when the venue's cancel was seen."""
    attempts = history.order.cancels
    return any(
        request.recorded.observed_at <= cancel.observed_at
        and attempts[cancel_id].state is not Try.NOT_SENT
        for cancel_id, request in history.requests.items()
    )


def ack_without_request(history: RequestHistory, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-16: the outcome of a cancel that quotes a request which nobody here sent.

    Told once, of the request that is not there, and of the order if the answer names only one; a
    row that answers another request of ours is CXL-22. Cleared when the request is found, as when
    a capture is read later.
    """
    requests = [request.recorded for request in history.of(CancelOpened)]
    answers = history.of(CancelAnswerStray)
    for answer in answers[:1]:
        if requests and requests[0].position < answer.position:
            continue
        ref, entry = answer.event.request_ref, answer.recorded
        yield Flag(
            code="CXL-16",
            key=(ref,),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, requests[0] if requests else None),
            witness=(entry.position,),
            note=f"The venue answered a cancel{in_brackets(ref)} that nobody here is known to "
            "have sent.",
            theirs=ref,
            order=_only_order(answers),
        )


def _only_order(answers: Iterable[At[CancelAnswerStray]]) -> UUID | None:
    """The order that the answers are about, if it is one."""
    orders = {outcome.order for answer in answers for outcome in answer.event.outcomes}
    return next(iter(orders)) if len(orders) == 1 else None


RULES = (
    OrderRule("CXL-13", frozenset({DuplicateReported}), duplicate_cancel_ack),
    OrderRule("CXL-14", frozenset({CancelRejected}), conflicting_cancel_outcome),
    OrderRule("CXL-15", frozenset({Cancelled}), unsolicited_cancel),
    RequestRule("CXL-16", ack_without_request),
)
"""The rules about answers that do not fit what was asked."""
