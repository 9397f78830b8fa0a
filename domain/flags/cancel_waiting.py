"""Cancels that wait for an answer, and answers that came late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from domain.events import CancelNotSent, CancelOutcomeUnknown, CancelPending, CancelRequested
from domain.flags.cancel_evidence import over
from domain.flags.claims import same_message
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import Answer, At, History, RequestHistory
from domain.flags.rule import OrderRule, RequestRule
from domain.recorded import Recorded
from domain.requests import (
    CancelAnswered,
    CancelAnswerStray,
    CancelOpened,
    CancelRefused,
    CancelUnanswered,
    CancelUnsent,
)
from domain.values import plain

_Wait = tuple[tuple[str, ...], Recorded, str, Recorded | None]
"""What tells two waits for one request apart, their start in time and in words, and their end."""


def stuck_cancel(history: History, limits: Thresholds) -> Iterable[Flag]:
    """CXL-10: we asked to cancel the order and nothing came back in time.

    A PendingCancel is an answer but no outcome: from then on the outcome is waited for. Cleared by
    any answer that quotes the request, or by the end of the order. A request that never left
    waits for nothing. NT #4523.
    """
    for request in history.requests.values():
        pending, outcome = _answers(history, request)
        limit = request.recorded.observed_at + limits.ack
        if outcome is not None and isinstance(outcome.event, CancelNotSent):
            continue
        if pending is None and outcome is not None and outcome.observed_at <= limit:
            continue
        ended = _earliest(
            outcome, history.first(request.index, lambda index, _o, _e: over(history, index))
        )
        waits: list[_Wait] = [((), request.recorded, "the cancel", _earliest(pending, ended))]
        if pending is not None:
            start = max(request.recorded, pending, key=lambda entry: entry.observed_at)
            waits.append((("pending",), start, "the venue’s “pending cancel”", ended))
        for kind, start, after, end in waits:
            opened = start.observed_at + limits.ack
            if end is not None and end.observed_at <= opened:
                continue
            remaining = plain(history.held(request.index).remaining)
            yield Flag(
                code="CXL-10",
                key=(str(request.event.cancel_id), *kind),
                opened_at=opened,
                closed_at=closing(opened, end),
                witness=tuple(sorted({request.position, start.position})),
                note=f"Nothing came within {_span(limits.ack)} of {after}: "
                f"{remaining} may still be on the book.",
                ours=remaining,
            )


def _answers(
    history: History, request: At[CancelRequested]
) -> tuple[Recorded | None, Recorded | None]:
    """The first PendingCancel and the first outcome that quote the request."""
    pending: Recorded | None = None
    for entry in history.answers.get(request.event.cancel_id, ()):
        if not isinstance(entry.event, CancelPending):
            return pending, entry.recorded
        pending = pending or entry.recorded
    return pending, None


def _earliest(*entries: Recorded | None) -> Recorded | None:
    known = [entry for entry in entries if entry is not None]
    return min(known, key=lambda entry: entry.observed_at, default=None)


def _span(time: timedelta) -> str:
    return f"{time.total_seconds():g} s"


def stuck_request(history: RequestHistory, limits: Thresholds) -> Iterable[Flag]:
    """CXL-10 for a request that touches no order of ours: no answer to it in time.

    Cleared by any answer, also one that the log held before the request came to it. A request
    that touches orders is followed on each of them.
    """
    for request in history.of(CancelOpened)[:1]:
        answers = history.of(
            CancelAnswered, CancelAnswerStray, CancelRefused, CancelUnanswered, CancelUnsent
        )
        end = _earliest(*(answer.recorded for answer in answers))
        opened = request.recorded.observed_at + limits.ack
        if request.event.touched or (end is not None and end.observed_at <= opened):
            continue
        if end is None or not isinstance(end.event, CancelUnsent):
            yield Flag(
                code="CXL-10",
                key=("request",),
                opened_at=opened,
                closed_at=closing(opened, end),
                witness=(request.position,),
                note=f"Nothing came within {_span(limits.ack)} of the cancel, which names no "
                "order that is known here.",
            )


def late_cancel_response(history: History, limits: Thresholds) -> Iterable[Flag]:
    """CXL-12: an answer came after its time, or after something else had ended the order.

    A PendingCancel starts the time again. Opened and cleared on arrival. NT #4730.
    """
    for request in history.requests.values():
        since = request.recorded.observed_at
        for answer in history.answers.get(request.event.cancel_id, ()):
            if isinstance(answer.event, CancelOutcomeUnknown | CancelNotSent):
                continue
            late = answer.recorded.observed_at - since
            ended = _ended_before(history, answer)
            if late > limits.ack or ended is not None:
                yield _late(request, answer.recorded, late, ended)
                break
            since = answer.recorded.observed_at
            if not isinstance(answer.event, CancelPending):
                break


def _ended_before(history: History, answer: At[Answer]) -> Recorded | None:
    """What had ended the order before the answer came, if that was not an answer itself."""
    if not answer.index or not over(history, answer.index - 1):
        return None
    first = next(index for index in range(answer.index) if over(history, index))
    entry = history.events[first]
    own = isinstance(entry.event, Answer) and entry.event.cancel_id == answer.event.cancel_id
    return None if own or same_message(entry, answer.recorded) else entry


def _late(
    request: At[CancelRequested], answer: Recorded, late: timedelta, ended: Recorded | None
) -> Flag:
    positions = {request.position, answer.position}
    why = "after its time"
    if ended is not None:
        positions.add(ended.position)
        why = "when the order was over already"
    return Flag(
        code="CXL-12",
        key=(str(request.event.cancel_id),),
        opened_at=answer.observed_at,
        closed_at=answer.observed_at,
        witness=tuple(sorted(positions)),
        note=f"The answer to the cancel came after {_span(late)}, {why}.",
    )


RULES = (
    OrderRule("CXL-10", frozenset({CancelRequested}), stuck_cancel),
    RequestRule("CXL-10", stuck_request),
    OrderRule("CXL-12", frozenset({CancelRequested}), late_cancel_response),
)
"""The rules about the time that an answer takes."""
