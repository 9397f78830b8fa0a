from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from domain.events import Expired, OrderReported
from domain.flags.cancel_refusals import too_late_to_cancel, too_late_unexplained
from domain.flags.history import History
from domain.lifecycle import Status
from domain.reasons import SAYS_OVER, CancelRejectReason
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import (
    LIMITS,
    Q2,
    Found,
    Q,
    asked,
    found,
    implied,
    refused,
    reported,
)

ONCE = (str(Q),)
OPEN = (placed(), accepted(), asked())
R = CancelRejectReason


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(placed(), filled("100"), asked(), refused()),
            [(ONCE, 3, 3, (3, 4))],
            id="all had matched: noted and cleared at the refusal",
        ),
        pytest.param(
            history(*OPEN, refused(), filled("60"), filled("40", "F2")),
            [(ONCE, 5, 5, (3, 4, 6))],
            id="the matches are told after the refusal: noted with the last",
        ),
        pytest.param(
            history(*OPEN, refused(), implied("100")),
            [(ONCE, 4, 4, (3, 4, 5))],
            id="a total tells that all matched: noted",
        ),
        pytest.param(history(*OPEN, refused(), filled("60")), [], id="some is left: not explained"),
        pytest.param(
            history(*OPEN, refused(R.TAKEN_OR_LAPSED), filled("100")),
            [],
            id="another reason: not this note",
        ),
        pytest.param(
            history(*OPEN, at(refused(), seen=3, venue=3), at(filled("100"), seen=9, venue=8)),
            [],
            id="matched after the refusal by the venue's clock: it was not too late then",
        ),
        pytest.param(
            history(filled("100"), asked(), refused()), [], id="an order of unknown size: no sums"
        ),
        pytest.param(
            history(placed(), filled("100"), asked(), refused(), refused()),
            [(ONCE, 3, 3, (3, 4))],
            id="refused twice for one request: noted once",
        ),
    ],
)
def test_too_late_to_cancel(given: History, then: list[Found]) -> None:
    assert found(too_late_to_cancel(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, refused()),
            [(ONCE, 63, None, (3, 4))],
            id="nothing explains it: opens when the time for explanations is up",
        ),
        pytest.param(
            history(placed(), filled("100"), asked(), refused()),
            [],
            id="nothing is left: explained",
        ),
        pytest.param(
            history(*OPEN, refused(), at(filled("100"), seen=63)),
            [],
            id="explained in the last moment: never shown",
        ),
        pytest.param(
            history(*OPEN, refused(), at(filled("100"), seen=64)),
            [(ONCE, 63, 64, (3, 4))],
            id="explained later: cleared",
        ),
        pytest.param(
            history(*OPEN, refused(), at(filled("60"), seen=64)),
            [(ONCE, 63, None, (3, 4))],
            id="explained in part: stays",
        ),
        pytest.param(
            history(*OPEN, refused(), at(Expired(), seen=64)),
            [(ONCE, 63, 64, (3, 4))],
            id="the end of the order explains it",
        ),
        pytest.param(
            history(*OPEN, refused(), at(reported(Status.NEW, remaining="100"), seen=70)),
            [(ONCE, 63, 70, (3, 4))],
            id="shown live with what we hold: cleared",
        ),
        pytest.param(
            history(*OPEN, refused(), reported(Status.NEW, remaining="40")),
            [(ONCE, 63, None, (3, 4))],
            id="shown live with another amount: stays",
        ),
        pytest.param(
            history(*OPEN, refused(), reported(Status.CANCELLED, remaining="0")),
            [(ONCE, 63, None, (3, 4))],
            id="shown over: that is what it said already, and our books still hold it open",
        ),
        pytest.param(
            history(*OPEN, refused(), OrderReported()),
            [(ONCE, 63, None, (3, 4))],
            id="a report that says nothing clears nothing",
        ),
        pytest.param(
            history(
                *OPEN,
                at(refused(), seen=3, venue=3),
                at(reported(Status.NEW, remaining="100"), seen=9, venue=2),
            ),
            [(ONCE, 63, None, (3, 4))],
            id="a report from before the refusal clears nothing",
        ),
        pytest.param(
            history(*OPEN, refused(R.RATE_LIMITED)), [], id="not said to be over: no question"
        ),
        pytest.param(
            history(*OPEN, refused(), refused(cancel_id=Q2)),
            [(ONCE, 63, None, (3, 4)), ((str(Q2),), 64, None, (5,))],
            id="two requests are two questions",
        ),
    ],
)
def test_too_late_unexplained(given: History, then: list[Found]) -> None:
    assert found(too_late_unexplained(given, LIMITS)) == then


@pytest.mark.parametrize("reason", R, ids=str)
def test_every_word_for_over_asks_the_same_question(reason: CancelRejectReason) -> None:
    flags = list(too_late_unexplained(history(*OPEN, refused(reason)), LIMITS))
    assert [flag.theirs for flag in flags] == ([reason.value] if reason in SAYS_OVER else [])


def test_the_note_tells_the_reason_and_what_is_open() -> None:
    (flag,) = too_late_unexplained(history(*OPEN, filled("60"), refused()), LIMITS)
    assert flag.note == (
        "The venue refused the cancel as TOO_LATE, and nothing tells what became of the 40 that "
        "we hold open."
    )
    assert (flag.ours, flag.theirs) == ("40", "TOO_LATE")


@examples(st.floats(0, 200))
def test_the_question_never_shows_before_its_time(later: float) -> None:
    given = history(*OPEN, at(refused(), seen=3), at(filled("100"), seen=3 + later))
    for flag in too_late_unexplained(given, LIMITS):
        assert flag.opened_at - given.events[3].observed_at == LIMITS.explain
        assert flag.closed_at is not None
        assert flag.closed_at > flag.opened_at
        assert later > LIMITS.explain / timedelta(seconds=1)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_in_whatever_order_a_refusal_crosses_the_matches_nothing_stays_open(
    order: tuple[int, ...],
) -> None:
    told = (refused(), filled("60"), filled("40", "F2"))
    given = history(*OPEN, *(told[index] for index in order))
    assert found(too_late_unexplained(given, LIMITS)) == []
    assert [flag.key for flag in too_late_to_cancel(given, LIMITS)] == [ONCE]
