from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from domain.events import FillCorrected, FillVoided, Lapsed, OrderRestated
from domain.flags.cancel_sizes import over_cancel, short_cancel
from domain.flags.history import History
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import LIMITS, Q2, Found, Q, asked, cancelled, found, reduced

ONCE = (str(Q),)
OPEN = (placed(), accepted())


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, asked(), cancelled()), [], id="all of it was cancelled"),
        pytest.param(history(*OPEN, asked("40"), reduced("40")), [], id="what we asked for"),
        pytest.param(history(*OPEN, asked("40"), reduced("50")), [], id="more than we asked for"),
        pytest.param(
            history(*OPEN, asked("40"), reduced("30")),
            [(ONCE, 3, None, (3, 4))],
            id="less than we asked for, and the rest is on the book",
        ),
        pytest.param(
            history(*OPEN, asked(), reduced("30")),
            [(ONCE, 3, None, (3, 4))],
            id="a part though we asked for all",
        ),
        pytest.param(
            history(*OPEN, filled("80"), asked("40"), reduced("20")),
            [],
            id="all that was left, because the rest had matched",
        ),
        pytest.param(
            history(*OPEN, asked("40"), reduced("30"), filled("10")),
            [(ONCE, 3, 4, (3, 4))],
            id="a match takes the rest: cleared",
        ),
        pytest.param(
            history(*OPEN, asked(), reduced("30"), filled("10"), Lapsed()),
            [(ONCE, 3, 5, (3, 4))],
            id="what is left lapses: cleared",
        ),
        pytest.param(
            history(*OPEN, asked("40"), reduced("30"), reduced("10")),
            [(ONCE, 3, 4, (3, 4))],
            id="cancelled in two steps: cleared by the second",
        ),
        pytest.param(
            history(*OPEN, asked("40"), reduced("30"), filled("5")),
            [(ONCE, 3, None, (3, 4))],
            id="a match takes some of the rest: open",
        ),
        pytest.param(
            history(
                *OPEN,
                asked("30"),
                reduced("30"),
                asked("40", cancel_id=Q2),
                reduced("10", cancel_id=Q2),
            ),
            [((str(Q2),), 5, None, (5, 6))],
            id="one request got all that it asked for, the next did not",
        ),
        pytest.param(
            history(*OPEN, asked(), reduced("30", cancel_id=Q2)),
            [],
            id="the cancel answers no request that we know",
        ),
        pytest.param(history(*OPEN, reduced("30", cancel_id=None)), [], id="unsolicited"),
        pytest.param(
            history(accepted(), asked(), reduced("30")), [], id="an order of unknown size: no sums"
        ),
        pytest.param(
            history(*OPEN, asked(), cancelled(cancel_id=None), reduced("30")),
            [],
            id="off the book already",
        ),
    ],
)
def test_short_cancel(given: History, then: list[Found]) -> None:
    assert found(short_cancel(given, LIMITS)) == then


def test_the_note_tells_what_stayed() -> None:
    (flag,) = short_cancel(history(*OPEN, asked("40"), reduced("30")), LIMITS)
    assert flag.note == "We asked to cancel 40 and the venue took 30 off the book: 10 stayed."
    assert (flag.ours, flag.theirs, flag.difference) == ("40", "30", "10")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, asked(), cancelled()), [], id="no size was told"),
        pytest.param(history(*OPEN, filled("40"), cancelled("60")), [], id="the sums close"),
        pytest.param(
            history(*OPEN, filled("40"), cancelled("70")),
            [((), 3, None, (4,))],
            id="more than was left",
        ),
        pytest.param(
            history(*OPEN, reduced("60"), reduced("50")),
            [((), 3, None, (3, 4))],
            id="two parts are more than the order",
        ),
        pytest.param(
            history(*OPEN, reduced("30"), cancelled("70"), cancelled("70")),
            [],
            id="the end told twice counts once",
        ),
        pytest.param(
            history(*OPEN, cancelled("100"), at(filled("15"), seen=9)),
            [((), 9, None, (3, 4))],
            id="a late match shows that the answer took too much",
        ),
        pytest.param(
            history(*OPEN, cancelled("100"), filled("15"), FillVoided(fill_id="F1")),
            [((), 3, 4, (3, 4))],
            id="cleared by the void of the match",
        ),
        pytest.param(
            history(
                *OPEN,
                filled("40"),
                cancelled("70"),
                FillCorrected(fill_id="F1", correction_id="F1b", size=Decimal(30)),
            ),
            [((), 3, 4, (4,))],
            id="cleared by the correction of the match",
        ),
        pytest.param(
            history(*OPEN, cancelled("120"), OrderRestated(size=Decimal(120))),
            [((), 2, 3, (3,))],
            id="cleared by a new size",
        ),
        pytest.param(
            history(
                *OPEN, cancelled("100"), filled("15"), FillVoided(fill_id="F1"), filled("5", "F2")
            ),
            [((), 3, 4, (3, 4)), (("2",), 5, None, (3, 6))],
            id="it can open again",
        ),
        pytest.param(
            history(*OPEN, cancelled("110"), filled("5")),
            [((), 2, None, (3,))],
            id="still too much after the next event: the same flag",
        ),
        pytest.param(
            history(accepted(), cancelled("70")), [], id="an order of unknown size: no sums"
        ),
        pytest.param(
            history(*OPEN, Lapsed(size=Decimal(50)), cancelled("60")),
            [((), 3, None, (4,))],
            id="a part had lapsed",
        ),
        pytest.param(
            history(*OPEN, cancelled(), cancelled("100"), asked()),
            [],
            id="told without a size first",
        ),
    ],
)
def test_over_cancel(given: History, then: list[Found]) -> None:
    assert found(over_cancel(given, LIMITS)) == then


def test_the_note_tells_both_sums() -> None:
    (flag,) = over_cancel(history(*OPEN, filled("40"), cancelled("70")), LIMITS)
    assert flag.note == (
        "The venue says that cancels took 70, and only 60 is left of the order after what matched, "
        "lapsed or was voided."
    )
    assert (flag.ours, flag.theirs, flag.difference) == ("60", "70", "10")


@examples(st.integers(0, 100), st.lists(st.integers(1, 60), max_size=3))
def test_parts_are_too_much_exactly_when_they_exceed_what_is_left(
    matched: int, parts: list[int]
) -> None:
    told = [reduced(str(size)) for size in parts]
    fills = [filled(str(matched))] if matched else []
    flags = list(over_cancel(history(*OPEN, *fills, *told), LIMITS))
    assert bool(flags) == (sum(parts) > 100 - matched and bool(parts))
