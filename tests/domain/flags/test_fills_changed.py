from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.events import FillCorrected, FillVoided
from domain.flags.fills_changed import fill_corrected, void_unknown_fill
from domain.flags.history import History
from tests.building import filled, history
from tests.cancelling import LIMITS, Found, found
from tests.claiming import OPEN, at_venue, price, total

FIX = FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(30), price=price("2.0"))
AGAIN = FillCorrected(fill_id="F2", correction_id="F3", size=Decimal(35))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, filled("40"), FIX), [(("F2",), 3, None, (3, 4))], id="a match corrected"
        ),
        pytest.param(
            history(*OPEN, filled("40"), FIX, AGAIN),
            [(("F2",), 3, None, (3, 4)), (("F3",), 4, None, (4, 5))],
            id="corrected again",
        ),
        pytest.param(
            history(*OPEN, FIX, filled("40")),
            [(("F2",), 3, None, (3, 4))],
            id="corrected before it came",
        ),
        pytest.param(history(*OPEN, FIX), [], id="nobody here has it"),
        pytest.param(
            history(*OPEN, replace(total("40"), fill_id="F1"), FIX),
            [],
            id="only a total told it",
        ),
    ],
)
def test_fill_corrected(given: History, then: list[Found]) -> None:
    assert found(fill_corrected(given, LIMITS)) == then


def test_what_was_corrected_to_what_is_told() -> None:
    one, two = fill_corrected(history(*OPEN, filled("40"), FIX, AGAIN), LIMITS)
    assert one.note == "The venue corrected match F1 of 40 to 30 at 2."
    assert two.note == "The venue corrected match F2 of 30 to 35."
    assert (one.ours, one.theirs, one.difference) == ("40", "30", "-10")


VOID = FillVoided(fill_id="F1")


def part(size: str, fill_id: str = "F1") -> FillVoided:
    """So much of a match was taken back."""
    return FillVoided(fill_id=fill_id, size=Decimal(size))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, filled("40"), VOID), [], id="all of a match that we have"),
        pytest.param(history(*OPEN, filled("40"), part("10")), [], id="a part of it"),
        pytest.param(
            history(*OPEN, VOID), [(("F1",), 2, None, (3,))], id="of a match that nobody here has"
        ),
        pytest.param(
            history(*OPEN, VOID, filled("40")),
            [(("F1",), 2, 3, (3, 4))],
            id="until it comes",
        ),
        pytest.param(
            history(*OPEN, filled("40"), part("50")),
            [(("F1",), 3, None, (3, 4))],
            id="more of it than it was",
        ),
        pytest.param(
            history(*OPEN, filled("40"), part("30"), part("20")),
            [(("F1",), 4, None, (3, 5))],
            id="in parts, more than it was",
        ),
        pytest.param(
            history(*OPEN, filled("40"), part("50"), part("1"), replace(FIX, size=Decimal(60))),
            [(("F1",), 3, 5, (3, 4))],
            id="until it is corrected to as much",
        ),
        pytest.param(history(*OPEN, filled("40"), FIX, part("30", "F2")), [], id="of a correction"),
        pytest.param(
            at_venue("abp", *OPEN, VOID), [], id="at a venue that does not report every match"
        ),
    ],
)
def test_void_unknown_fill(given: History, then: list[Found]) -> None:
    assert found(void_unknown_fill(given, LIMITS)) == then


def test_what_is_wrong_is_told() -> None:
    (unknown,) = void_unknown_fill(history(*OPEN, VOID), LIMITS)
    (more,) = void_unknown_fill(history(*OPEN, filled("40"), part("50")), LIMITS)
    assert unknown.note == "The venue took back match F1, which nobody here has."
    assert more.note == "The venue took back 50 of match F1, which was 40."
    assert (unknown.theirs, more.theirs) == (None, "50")
