"""Cancels of unknown outcome: the answer was lost, or it left the order out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from domain.events import CancelOutcomeUnknown
from domain.flags.cancel_evidence import OUTCOMES, decides, in_brackets, over, proof
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import Answer, At, History, RequestHistory
from domain.flags.rule import OrderRule, RequestRule
from domain.recorded import Recorded
from domain.requests import (
    CancelAnswered,
    CancelOpened,
    CancelRefused,
    CancelUnanswered,
    OutcomeKind,
)
from domain.values import plain


def cancel_outcome_unknown(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-11: the cancel was sent and its answer was lost or could not be read.

    Neither cancelled nor refused may be concluded. Cleared by positive evidence: an outcome, the
    end of the order, or a later report of its state. FIX ambiguous outcome; NT #4152.
    """
    for doubt, clear in _doubts(history, unmentioned=False):
        remaining = plain(history.held(doubt.index).remaining)
        yield _unknown(
            (str(doubt.event.cancel_id),),
            doubt.recorded,
            clear,
            proof(history, doubt.event.cancel_id, doubt.position),
            f"{_why(doubt.event.why, doubt.event.detail)}: the {remaining} that remained may or "
            "may not be off the book.",
        )


def request_outcome_unknown(history: RequestHistory, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-11 for a request that touches no order of ours: its answer was lost or unreadable.

    Cleared when an answer is read after all.
    """
    if any(request.event.touched for request in history.of(CancelOpened)):
        return
    for lost in history.of(CancelUnanswered)[:1]:
        answers = [answer.recorded for answer in history.of(CancelAnswered, CancelRefused)]
        clear = min(answers, key=lambda entry: entry.observed_at, default=None)
        if clear is not None and clear.position < lost.position:
            continue
        yield _unknown(
            ("request",),
            lost.recorded,
            clear,
            (*(request.position for request in history.of(CancelOpened)), lost.position),
            f"{_why(lost.event.kind, lost.event.detail)}: the request names no order that is "
            "known here.",
        )


_WORDS = {
    "timeout": "No answer came to the cancel in time",
    "disconnected": "The connection was lost before the cancel was answered",
    "unreadable": "The answer to the cancel could not be read",
    "venue_error": "The venue failed while it handled the cancel",
}


def _why(kind: str, detail: str | None) -> str:
    words = _WORDS.get(kind, f"The outcome of the cancel is unknown, {kind}")
    return words + in_brackets(detail)


def _unknown(
    key: tuple[str, ...],
    entry: Recorded,
    clear: Recorded | None,
    witness: tuple[int, ...],
    note: str,
) -> Flag:
    return Flag(
        code="CXL-11",
        key=key,
        opened_at=entry.observed_at,
        closed_at=closing(entry.observed_at, clear),
        witness=witness,
        note=note,
    )


def missing_in_bulk_reply(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-21: we asked for the order and the answer mentions it neither as cancelled nor refused.

    Cleared by evidence about the order: an outcome, its end, or a later report of its state.
    Polymarket canceled/not_canceled; NT #4523.
    """
    for doubt, clear in _doubts(history, unmentioned=True):
        remaining = plain(history.held(doubt.index).remaining)
        entry = doubt.recorded
        yield Flag(
            code="CXL-21",
            key=(str(doubt.event.cancel_id),),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, clear),
            witness=proof(history, doubt.event.cancel_id, doubt.position),
            note="The answer to the cancel does not mention the order: the "
            f"{remaining} that remained may or may not be off the book.",
        )


def unknown_missing_in_bulk_reply(history: RequestHistory, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-21 for an id that names no order here: asked for, and left out of the answer.

    Nothing here can clear it: the log holds nothing else of that id.
    """
    told: set[str] = set()
    opened = tuple(item.position for item in history.of(CancelOpened))
    for answer in history.of(CancelAnswered):
        for outcome in answer.event.outcomes:
            name = outcome.asked or outcome.venue_order_id or ""
            missing = outcome.outcome is OutcomeKind.NOT_MENTIONED and outcome.order is None
            if not missing or name in told:
                continue
            told.add(name)
            yield Flag(
                code="CXL-21",
                key=(name,),
                opened_at=answer.recorded.observed_at,
                witness=(*opened, answer.position),
                note=f"The answer to the cancel does not mention {name}, which was asked for and "
                "names no order that is known here.",
            )


_Doubt = tuple[At[CancelOutcomeUnknown], Recorded | None]


def _doubts(history: History, *, unmentioned: bool) -> Iterator[_Doubt]:
    """The cancels whose fate was unknown, each with the positive evidence that ended the doubt.

    One per request. Evidence is an outcome that quotes the request, the end of the order, or a
    later report of its state; what was settled before the doubt came up is not in doubt.
    """
    asked: set[UUID] = set()
    for item in history.of(CancelOutcomeUnknown):
        cancel_id = item.event.cancel_id
        if item.event.why == "counted":
            continue  # the answer came; how far its count carries is CXL-20
        if (item.event.why == "not_mentioned") is not unmentioned or cancel_id in asked:
            continue
        asked.add(cancel_id)
        outcome = _outcome(history, cancel_id)
        if outcome is not None and outcome.index < item.index:
            continue
        if not over(history, item.index):
            yield item, _settled(history, item, outcome)


def _outcome(history: History, cancel_id: UUID) -> At[Answer] | None:
    told = history.answers.get(cancel_id, ())
    return next((answer for answer in told if isinstance(answer.event, OUTCOMES)), None)


def _settled(
    history: History, doubt: At[CancelOutcomeUnknown], outcome: At[Answer] | None
) -> Recorded | None:
    for index in range(doubt.index + 1, len(history.events)):
        entry = history.events[index]
        if over(history, index) or (outcome is not None and outcome.index == index):
            return entry
        if decides(entry.event) and entry.observed_at >= doubt.recorded.observed_at:
            return entry
    return None


_UNKNOWN = frozenset({CancelOutcomeUnknown})

RULES = (
    OrderRule("CXL-11", _UNKNOWN, cancel_outcome_unknown),
    RequestRule("CXL-11", request_outcome_unknown),
    OrderRule("CXL-21", _UNKNOWN, missing_in_bulk_reply),
    RequestRule("CXL-21", unknown_missing_in_bulk_reply),
)
"""The rules about cancels of unknown outcome."""
