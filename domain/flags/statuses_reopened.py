"""Orders that were over and are live again."""

from __future__ import annotations

from collections.abc import Iterable

from domain import events as e
from domain.flags.claims import CLAIMING, Word
from domain.flags.claims_possible import status_told
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.flags.statuses_steps import DEAD
from domain.lifecycle import LIVE, TERMINAL, Status
from domain.order import Order
from domain.recorded import Recorded
from domain.values import ZERO

BACK_ON_THE_BOOK = (e.OrderAccepted, e.Resumed)
SAYS_LIVE = LIVE - {Status.PENDING_CANCEL, Status.PENDING_REPLACE}
"""A request of ours may be pending on an order that is over; that brings nothing back."""


def resurrected_order(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue shows the order live after it had been over (anomalies: QTY-13).

    Live: a report of a live status, an acknowledgement, a resumption, not shown by its times to
    be older. Over: off the book, or the venue's word for it. A void, a correction or an accepted
    increase between the two, or later, explains it; a later report that it is over clears it too.
    """
    if history.agreed and not _comes_back(history):
        return
    said = {word.place: word for word in history.words}
    over: Recorded | None = None
    proof: list[Recorded] = []
    number = 0
    for index, recorded in enumerate(history.events):
        before = history.before(index)
        word = said.get(index)
        ends = _ends(before, history.states[index], recorded, word)
        explained = _explains(before, recorded)
        if proof and (ends or explained):
            number += 1
            yield _flag(number, proof, recorded)
            proof = []
        if explained:
            over = None
        elif ends:
            over = recorded
        elif over is not None and _lives(before, recorded, word, over):
            proof = [*proof[:2], recorded] if proof else [over, recorded]
    if proof:
        yield _flag(number + 1, proof, None)


def _comes_back(history: History) -> bool:
    """Anything that can bring an order back stands after its end."""
    return history.order.closure is not None and any(
        isinstance(recorded.event, BACK_ON_THE_BOOK) and history.before(index).closure is not None
        for index, recorded in enumerate(history.events)
    )


def _ends(before: Order, after: Order, recorded: Recorded, word: Word | None) -> bool:
    if after.closure in DEAD and after.closure is not before.closure:
        return True
    event = recorded.event
    if isinstance(event, e.DuplicateReported) and event.what == "cancel":
        return after.closure in DEAD
    if word is None or word.stale:
        return False
    told = status_told(word)
    if told is Status.REJECTED and isinstance(event, e.OrderReported):
        return False  # the venue knows no such order (yet)
    return told in TERMINAL


def _explains(before: Order, recorded: Recorded) -> bool:
    event = recorded.event
    if isinstance(event, e.FillVoided | e.FillCorrected):
        return True
    if isinstance(event, e.Amended | e.OrderRestated) and event.size is not None:
        return before.size is not None and event.size > before.size
    return False


def _lives(before: Order, recorded: Recorded, word: Word | None, over: Recorded) -> bool:
    if isinstance(recorded.event, BACK_ON_THE_BOOK):
        first_word = isinstance(recorded.event, e.OrderAccepted) and before.closure is None
        return not _older(recorded, over, unless_proven=first_word)
    if word is None or word.stale or _older(recorded, over, unless_proven=False):
        return False
    return status_told(word) in SAYS_LIVE and word.claims.remaining != ZERO


def _older(one: Recorded, two: Recorded, *, unless_proven: bool) -> bool:
    """`one` was said before `two`, by the times told; without them, `unless_proven` decides."""
    if one.observed_at < two.observed_at:
        return True
    if one.occurred_at is None or two.occurred_at is None:
        return unless_proven
    if unless_proven:
        return one.occurred_at <= two.occurred_at
    return one.occurred_at < two.occurred_at


def _flag(number: int, proof: list[Recorded], closed: Recorded | None) -> Flag:
    opened_at = proof[1].observed_at
    return Flag(
        code="QTY-13",
        key=(str(number),),
        opened_at=opened_at,
        closed_at=closing(opened_at, closed),
        witness=places(*proof),
        note="The order was over, the venue shows it live again, and nothing explains it.",
        ours="over",
        theirs="live",
    )


RULES = (OrderRule("QTY-13", needs=CLAIMING, find=resurrected_order),)
