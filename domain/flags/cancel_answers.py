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
from domain.flags.cancel_evidence import decides, older, proof, quoted
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import Answer, At, History, RequestHistory
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
        why = "" if event.raw_reason is None else f" (“{event.raw_reason}”)"
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


def ack_without_request(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-16: the outcome of a cancel that quotes a request which never touched the order.

    Cleared when the request is found, as when a capture is read later.
    """
    for cancel_id, answers in history.answers.items():
        request = history.requests.get(cancel_id)
        if request is not None and request.index < answers[0].index:
            continue
        answer = next(filter(_answers_us, answers), None)
        if answer is None or (request is not None and request.index < answer.index):
            continue
        found = None if request is None else request.recorded
        yield _stray(str(cancel_id), answer.recorded, found, (answer.position,))


def _answers_us(answer: At[Answer]) -> bool:
    """The venue tells an outcome as if we had asked for it."""
    if isinstance(answer.event, Cancelled):
        return answer.event.requested
    return isinstance(answer.event, CancelRejected)


def stray_answer(history: RequestHistory, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-16 for an answer that quotes a request which nobody here sent.

    Cleared when the request is found, as when a capture is read later.
    """
    requests = [request.recorded for request in history.of(CancelOpened)]
    for answer in history.of(CancelAnswerStray)[:1]:
        if requests and requests[0].position < answer.position:
            continue
        found = requests[0] if requests else None
        yield _stray(answer.event.request_ref, answer.recorded, found, (answer.position,))


def _stray(ref: str, entry: Recorded, request: Recorded | None, witness: tuple[int, ...]) -> Flag:
    return Flag(
        code="CXL-16",
        key=(ref,),
        opened_at=entry.observed_at,
        closed_at=closing(entry.observed_at, request),
        witness=witness,
        note=f"The venue answered a cancel ({ref}) that nobody here is known to have sent.",
        theirs=ref,
    )


RULES = (
    OrderRule("CXL-13", frozenset({DuplicateReported}), duplicate_cancel_ack),
    OrderRule("CXL-14", frozenset({CancelRejected}), conflicting_cancel_outcome),
    OrderRule("CXL-15", frozenset({Cancelled}), unsolicited_cancel),
    OrderRule("CXL-16", frozenset({Cancelled, CancelRejected}), ack_without_request),
    RequestRule("CXL-16", stray_answer),
)
"""The rules about answers that do not fit what was asked."""
