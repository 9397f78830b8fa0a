from __future__ import annotations

from itertools import permutations

import pytest

from domain.events import Expired, OrderReported
from domain.flags.cancel_doubts import (
    cancel_outcome_unknown,
    missing_in_bulk_reply,
    request_outcome_unknown,
    unknown_missing_in_bulk_reply,
)
from domain.flags.history import History, RequestHistory
from domain.lifecycle import Status
from domain.reasons import CancelRejectReason
from domain.requests import AskedFor, CancelRefused, CancelUnanswered, Outcome, OutcomeKind
from tests.building import STREAM, accepted, at, filled, history, placed, request_history
from tests.cancelling import (
    LIMITS,
    Q2,
    Found,
    Q,
    again,
    answered,
    asked,
    cancelled,
    found,
    lost,
    opened,
    reduced,
    refused,
    reported,
)

ONCE = (str(Q),)
OPEN = (placed(), accepted(), asked())

SETTLED = [
    pytest.param([], None, id="no evidence: open"),
    pytest.param([cancelled()], 4, id="cancelled after all"),
    pytest.param([refused()], 4, id="refused after all"),
    pytest.param([reduced("10")], 4, id="a part was cancelled after all"),
    pytest.param([cancelled(cancel_id=None)], 4, id="off the book by another word"),
    pytest.param([again()], 4, id="confirmed again"),
    pytest.param([filled("100")], 4, id="all matched"),
    pytest.param([Expired()], 4, id="expired"),
    pytest.param([reported(Status.NEW)], 4, id="a report shows it live"),
    pytest.param([reported(Status.CANCELLED)], 4, id="a report shows it over"),
    pytest.param([reported(remaining="100")], 4, id="a report tells what remains"),
    pytest.param([OrderReported()], None, id="a report that says nothing"),
    pytest.param([at(reported(Status.NEW), seen=2.5)], None, id="a report seen before the loss"),
    pytest.param([filled("10")], None, id="a match of a part"),
    pytest.param([refused(cancel_id=Q2)], None, id="a refusal of another request"),
    pytest.param([filled("10"), cancelled()], 5, id="cleared by the first that is evidence"),
]


@pytest.mark.parametrize(("since", "closed"), SETTLED)
@pytest.mark.parametrize("why", ["timeout", "disconnected", "unreadable", "venue_error"])
def test_a_lost_answer_leaves_the_outcome_unknown(
    why: str, since: list[object], closed: float | None
) -> None:
    given = history(*OPEN, lost(why), *since)  # type: ignore[arg-type]  # events, some with times
    assert found(cancel_outcome_unknown(given, LIMITS)) == [(ONCE, 3, closed, (3, 4))]
    assert found(missing_in_bulk_reply(given, LIMITS)) == []


@pytest.mark.parametrize(("since", "closed"), SETTLED)
def test_an_order_left_out_of_the_answer_is_missing(
    since: list[object], closed: float | None
) -> None:
    given = history(*OPEN, lost("not_mentioned"), *since)  # type: ignore[arg-type]  # events, some with times
    assert found(missing_in_bulk_reply(given, LIMITS)) == [(ONCE, 3, closed, (3, 4))]
    assert found(cancel_outcome_unknown(given, LIMITS)) == []


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, refused(), lost()), [], id="the outcome was known already"),
        pytest.param(history(*OPEN, filled("100"), lost()), [], id="the order was over already"),
        pytest.param(
            history(*OPEN, lost(), lost("disconnected"), lost("not_mentioned")),
            [(ONCE, 3, None, (3, 4))],
            id="lost more than once: one flag for the request",
        ),
        pytest.param(
            history(*OPEN, lost(), asked(cancel_id=Q2), lost(cancel_id=Q2)),
            [(ONCE, 3, None, (3, 4)), ((str(Q2),), 5, None, (5, 6))],
            id="two requests are two doubts",
        ),
        pytest.param(
            history(placed(), lost()), [(ONCE, 1, None, (2,))], id="the request itself is not known"
        ),
    ],
)
def test_cancel_outcome_unknown(given: History, then: list[Found]) -> None:
    assert found(cancel_outcome_unknown(given, LIMITS)) == then


@pytest.mark.parametrize("order", list(permutations(range(2))), ids=str)
def test_evidence_settles_whether_it_came_before_or_after_the_loss(order: tuple[int, ...]) -> None:
    told = (lost(), cancelled())
    flags = cancel_outcome_unknown(history(*OPEN, *(told[index] for index in order)), LIMITS)
    assert [flag.key for flag in flags if flag.closed_at is None] == []


@pytest.mark.parametrize(
    ("why", "note"),
    [
        pytest.param("timeout", "No answer came to the cancel in time (30 s)", id="timeout"),
        pytest.param(
            "weather", "The outcome of the cancel is unknown, weather (30 s)", id="another word"
        ),
    ],
)
def test_the_note_tells_why_and_how_much(why: str, note: str) -> None:
    (flag,) = cancel_outcome_unknown(history(*OPEN, lost(why, detail="30 s")), LIMITS)
    assert flag.note == f"{note}: the 100 that remained may or may not be off the book."


TIMEOUT = CancelUnanswered(kind="timeout")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            request_history(opened(), TIMEOUT),
            [(("request",), 1, None, (1, 2))],
            id="touches no order and its answer was lost: open",
        ),
        pytest.param(
            request_history(opened(asked=(AskedFor("A1", STREAM),)), TIMEOUT),
            [],
            id="touches an order: the doubt is there",
        ),
        pytest.param(
            request_history(opened(), TIMEOUT, answered()),
            [(("request",), 1, 2, (1, 2))],
            id="an answer was read after all: cleared",
        ),
        pytest.param(
            request_history(opened(), CancelRefused(reason=CancelRejectReason.PERMISSION), TIMEOUT),
            [],
            id="the answer was known already",
        ),
        pytest.param(request_history(opened(), answered()), [], id="answered: no doubt"),
    ],
)
def test_request_outcome_unknown(given: RequestHistory, then: list[Found]) -> None:
    assert found(request_outcome_unknown(given, LIMITS)) == then


def missing(asked: str | None, *, known: bool = False) -> Outcome:
    order = STREAM if known else None
    return Outcome(outcome=OutcomeKind.NOT_MENTIONED, asked=asked, order=order)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            request_history(opened(), answered(missing("A7"), missing("A8"), missing("A7"))),
            [(("A7",), 1, None, (1, 2)), (("A8",), 1, None, (1, 2))],
            id="ids that nobody here knows were left out: one for each",
        ),
        pytest.param(
            request_history(opened(), answered(missing("A1", known=True))),
            [],
            id="an order of ours has its own flag",
        ),
        pytest.param(
            request_history(opened(), answered(Outcome(outcome=OutcomeKind.CANCELLED, asked="A7"))),
            [],
            id="mentioned: nothing is missing",
        ),
        pytest.param(
            request_history(opened(), answered(missing(None))),
            [(("",), 1, None, (1, 2))],
            id="asked for by no name",
        ),
    ],
)
def test_unknown_missing_in_bulk_reply(given: RequestHistory, then: list[Found]) -> None:
    assert found(unknown_missing_in_bulk_reply(given, LIMITS)) == then


def test_the_note_of_a_request_tells_why_it_is_in_doubt() -> None:
    given = request_history(opened(), CancelUnanswered(kind="timeout", detail="10 s"))
    (flag,) = request_outcome_unknown(given, LIMITS)
    assert flag.note == (
        "No answer came to the cancel in time (10 s): the request names no order that is known "
        "here."
    )
