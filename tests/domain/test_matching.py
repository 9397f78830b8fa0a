"""Matches taken back and corrected: every order of arrival gives the same sums."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import events as e
from domain.evolve import fold
from domain.matching import in_force, sums
from domain.order import Bust, Correction, Fill
from domain.values import ZERO
from tests.building import filled, placed

Sums = tuple[int, int, int]
"""Matched, voided for good, taken back in all."""


def corrected(fill_id: str, correction_id: str, size: str) -> e.FillCorrected:
    """A match was replaced by one of another size."""
    return e.FillCorrected(fill_id=fill_id, correction_id=correction_id, size=Decimal(size))


def taken(
    fill_id: str, size: str | None = None, *, returns: bool = True, report_id: str | None = None
) -> e.FillVoided:
    """A match was taken back, or a part of it."""
    part = None if size is None else Decimal(size)
    return e.FillVoided(fill_id=fill_id, size=part, returns=returns, report_id=report_id)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param([filled("40"), filled("10", "F2")], (50, 0, 0), id="two matches"),
        pytest.param([filled("40"), taken("F1")], (0, 0, 40), id="taken back"),
        pytest.param([filled("40"), taken("F1", "30")], (10, 0, 30), id="in part"),
        pytest.param(
            [filled("40"), taken("F1", "30", report_id="a"), taken("F1", "5", report_id="b")],
            (5, 0, 35),
            id="in two parts: they add up",
        ),
        pytest.param(
            [filled("40"), taken("F1", "30"), taken("F1")], (0, 0, 40), id="in part, then all"
        ),
        pytest.param(
            [filled("40"), taken("F1", "30"), taken("F1", "30", report_id="b")],
            (0, 0, 40),
            id="more than there was: all of it",
        ),
        pytest.param(
            [filled("40"), taken("F1", returns=False)], (0, 40, 40), id="taken back for good"
        ),
        pytest.param(
            [filled("40"), taken("F1", "10"), taken("F1", "10", returns=False, report_id="b")],
            (20, 20, 20),
            id="a part for good: the venue's stricter word holds for the match",
        ),
        pytest.param([filled("40"), corrected("F1", "F2", "45")], (45, 0, 0), id="corrected"),
        pytest.param(
            [filled("40"), corrected("F1", "F2", "45"), corrected("F2", "F3", "30")],
            (30, 0, 0),
            id="a correction may itself be corrected",
        ),
        pytest.param(
            [filled("40"), corrected("F1", "F2", "45"), taken("F2")],
            (0, 0, 45),
            id="a correction taken back",
        ),
        pytest.param(
            [filled("40"), corrected("F1", "F2", "45"), taken("F1")],
            (0, 0, 45),
            id="taken back by its first id: none of it stands",
        ),
        pytest.param(
            [filled("40"), corrected("F1", "F2", "45"), corrected("F2", "F1", "30")],
            (30, 0, 0),
            id="corrected in a circle: the last word of it stands",
        ),
        pytest.param([taken("F1"), corrected("F1", "F2", "45")], (0, 0, 0), id="no such match"),
    ],
)
def test_sums(facts: list[e.OrderEvent], expected: Sums) -> None:
    for order in permutations(facts):
        state = fold([placed(), *order])
        assert tuple(map(int, (state.real, state.out, state.taken))) == expected


@given(
    st.permutations(
        [
            filled("40"),
            filled("9", "F2"),
            corrected("F1", "C1", "30"),
            corrected("C1", "C2", "20"),
            taken("C2", "5", returns=False, report_id="r1"),
            taken("C2", "6", report_id="r2"),
            taken("F2"),
        ]
    )
)
def test_any_order_of_arrival_agrees(facts: list[e.OrderEvent]) -> None:
    state = fold([placed(), *facts])
    assert tuple(map(int, (state.real, state.out, state.taken))) == (9, 11, 20)


def test_the_same_match_folded_twice_counts_once() -> None:
    assert fold([placed(), filled("40"), filled("40")]).real == Decimal(40)


def test_nothing_sums_to_nothing() -> None:
    assert sums({}, {}, {}) == (ZERO, ZERO, ZERO)


def test_in_force_tells_the_size_and_what_took_it_back() -> None:
    bust = Bust(None, returns=True)
    corrections = {"F1": Correction("F2", Decimal(45), None)}
    fill = Fill(Decimal(40), None)
    assert in_force("F1", fill, {}, {}) == (Decimal(40), None)
    assert in_force("F1", fill, {"F2": bust}, corrections) == (Decimal(45), bust)
