"""Status words of the venue that our events do not allow: another one, or one gone back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from domain import events as e
from domain.flags.claims import CLAIMING, Word
from domain.flags.claims_possible import cancel_waits, status_told, statuses
from domain.flags.claims_spans import flag_of, places, spans
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.lifecycle import TERMINAL, Status
from domain.recorded import Recorded
from domain.standing import status_of


def status_mismatch(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue's status is none that our events allow (anomalies: QTY-07).

    Cleared by an event after which it is possible, or by a report whose status is.
    """
    if history.agreed:
        return

    def possible(index: int, word: Word) -> bool:
        return word.claims.status in statuses(history.states[index], history.held(index))

    def differs(word: Word) -> bool | None:
        if word.stale or status_told(word) is None:
            return None
        waited = word.claims.status is Status.PENDING_CANCEL and cancel_waits(
            history.before(word.start)
        )
        return not waited and not possible(word.after, word)

    for span in spans(history, differs, possible):
        index = span.last.after
        ours, theirs = _ours(history, index), str(span.last.claims.status)
        note = f"The venue calls the order {theirs}; by our events it is {ours}."
        yield flag_of("QTY-07", span, note, ours=ours, theirs=theirs)


def _ours(history: History, index: int) -> str:
    return str(status_of(history.states[index], history.held(index)))


STAGE: Mapping[Status, int] = {
    Status.PENDING_NEW: 0,
    Status.NEW: 1,
    Status.PARTIALLY_FILLED: 2,
    Status.FILLED: 3,
}
"""How far along an order is; other ends are for QTY-13, marks like PENDING_CANCEL say nothing."""


class _Reached(NamedTuple):
    """The furthest stage that is evidenced, and by which event."""

    status: Status
    recorded: Recorded


def status_regression(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue's status went back with no void, correction or restatement (anomalies: QTY-08).

    Evidence with a smaller venue time, or without times an earlier report or match, had it
    further along. Cleared by a report that is as far along again, or that the order is over.
    """
    if history.agreed:
        return
    reached = _stages(history)
    passed: dict[int, _Reached] = {}

    def back(word: Word) -> bool | None:
        told, before = status_told(word), reached[word.start]
        if word.stale or told is None or told not in STAGE:
            return False if told in TERMINAL and not word.stale else None
        if before is None or _explains(history, word):
            return None
        if STAGE[told] >= STAGE[before.status]:
            return False
        passed[word.place] = before
        return True if _later(word.recorded, before.recorded) else None

    for span in spans(history, back):
        before = passed[span.last.place]
        theirs = str(span.last.claims.status)
        note = f"The venue calls the order {theirs} after it had been {before.status}."
        flag = flag_of("QTY-08", span, note, ours=str(before.status), theirs=theirs)
        witness = places(before.recorded, *span.ends)
        yield replace(flag, witness=witness)


GOES_BACK = (e.FillVoided, e.FillCorrected, e.OrderRestated)
"""After these an order may rightly be less far along."""


def _stages(history: History) -> list[_Reached | None]:
    """Before each event: how far the order had come by the venue's word or by its matches."""
    told = {word.place: status_told(word) for word in history.words}
    found: list[_Reached | None] = []
    reached: _Reached | None = None
    for index, recorded in enumerate(history.events):
        found.append(reached)
        event = recorded.event
        if isinstance(event, GOES_BACK):
            reached = None
        elif isinstance(event, e.Amended) and reached is not None:
            reached = reached._replace(status=min(reached.status, _PART, key=STAGE.__getitem__))
        status = told.get(index)
        if isinstance(event, e.Filled):
            reached = _further(reached, _Reached(_PART, recorded))
        if status is not None and status in _EVIDENCE:
            reached = _further(reached, _Reached(status, recorded))
    return found


_PART = Status.PARTIALLY_FILLED
_EVIDENCE = frozenset({Status.PARTIALLY_FILLED, Status.FILLED})


def _further(one: _Reached | None, two: _Reached) -> _Reached:
    return two if one is None or STAGE[two.status] > STAGE[one.status] else one


def _explains(history: History, word: Word) -> bool:
    """The message itself says why the order is less far along."""
    entries = history.events[word.start : word.after + 1]
    return any(isinstance(entry.event, (*GOES_BACK, e.Amended)) for entry in entries)


def _later(one: Recorded, two: Recorded) -> bool:
    """By the venue's clock, or by the log where the venue told no times."""
    if one.occurred_at is None or two.occurred_at is None:
        return True
    return one.occurred_at > two.occurred_at


RULES = (
    OrderRule("QTY-07", needs=CLAIMING, find=status_mismatch, differing=True),
    OrderRule("QTY-08", needs=CLAIMING, find=status_regression, differing=True),
)
