from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.events import (
    DuplicateReported,
    FillCorrected,
    FillVoided,
    OrderDiscovered,
    OrderReported,
    OrderRestated,
    Source,
)
from domain.flags.fills import duplicate_fill, fill_voided, orphan_fill, overfill
from domain.flags.history import History
from tests.building import accepted, at, filled, history, placed, terms
from tests.cancelling import LIMITS, Found, cancelled, found
from tests.claiming import OPEN, amended, total

FIRST, SECOND = ("1",), ("2",)
BY_FILL = OrderDiscovered(source=Source.FILL)


def again(ref: str = "F1", what: str = "fill", *, differs: bool = False) -> DuplicateReported:
    return DuplicateReported(what=what, ref=ref, differs=differs)


def corrected(size: str, fill_id: str = "F1", correction_id: str = "K1") -> FillCorrected:
    return FillCorrected(fill_id=fill_id, correction_id=correction_id, size=Decimal(size))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, filled("40"), again()),
            [(("F1",), 3, 3, (3, 4))],
            id="told again: closed as it opens",
        ),
        pytest.param(
            history(*OPEN, filled("40"), again(), again()),
            [(("F1",), 3, 3, (3, 4, 5))],
            id="told three times: one finding",
        ),
        pytest.param(
            history(*OPEN, filled("40"), again(differs=True)),
            [(("F1", "differs"), 3, None, (3, 4))],
            id="other figures: stays open",
        ),
        pytest.param(
            history(*OPEN, filled("40"), again(), again(differs=True)),
            [(("F1",), 3, 3, (3, 4)), (("F1", "differs"), 4, None, (3, 5))],
            id="once the same, once different",
        ),
        pytest.param(
            history(*OPEN, filled("40"), corrected("30"), again("K1")),
            [(("K1",), 4, 4, (4, 5))],
            id="a correction told again as a match",
        ),
        pytest.param(
            history(*OPEN, total("40"), again("F9")),
            [(("F9",), 3, 3, (4,))],
            id="the first telling is not in this history",
        ),
        pytest.param(history(*OPEN, again("E1", "message")), [], id="another message"),
    ],
)
def test_duplicate_fill(given: History, then: list[Found]) -> None:
    assert found(duplicate_fill(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, filled("100")), [], id="all of it"),
        pytest.param(
            history(*OPEN, filled("60"), filled("50", "F2")),
            [(FIRST, 3, None, (3, 4))],
            id="10 too much",
        ),
        pytest.param(
            history(*OPEN, filled("60"), filled("50", "F2"), FillVoided(fill_id="F2")),
            [(FIRST, 3, 4, (3, 4))],
            id="a void",
        ),
        pytest.param(
            history(*OPEN, filled("110"), corrected("100")),
            [(FIRST, 2, 3, (3,))],
            id="a correction",
        ),
        pytest.param(
            history(*OPEN, filled("110"), OrderRestated(size=Decimal(110))),
            [(FIRST, 2, 3, (3,))],
            id="the size restated up",
        ),
        pytest.param(
            history(*OPEN, filled("110"), amended("120"), filled("20", "F2"), filled("1", "F3")),
            [(FIRST, 2, 3, (3,)), (SECOND, 4, None, (3, 5))],
            id="explained and too much again",
        ),
        pytest.param(
            history(*OPEN, filled("60"), amended("50")),
            [(FIRST, 3, None, (3, 4))],
            id="amended below what had matched",
        ),
        pytest.param(history(accepted(), filled("110")), [], id="no size known"),
        pytest.param(history(*OPEN, cancelled(), filled("100")), [], id="late, but not too much"),
    ],
)
def test_overfill(given: History, then: list[Found]) -> None:
    assert found(overfill(given, LIMITS)) == then


def test_an_overfill_says_by_how_much() -> None:
    (flag,) = overfill(history(*OPEN, filled("60"), filled("50.5", "F2")), LIMITS)
    assert (flag.ours, flag.theirs, flag.difference) == ("100", "110.5", "10.5")
    assert flag.note == "110.5 matched of an order of 100: 10.5 too much."


@for_any(st.lists(st.integers(1, 60), max_size=6))
def test_an_order_is_overfilled_exactly_when_its_matches_exceed_it(sizes: list[int]) -> None:
    fills = [filled(str(size), f"F{number}") for number, size in enumerate(sizes)]
    assert bool(list(overfill(history(*OPEN, *fills), LIMITS))) is (sum(sizes) > 100)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(BY_FILL, filled("40")), [((), 0, None, (1, 2))], id="a match of nobody's order"
        ),
        pytest.param(
            history(BY_FILL, filled("40"), placed()),
            [((), 0, 2, (1, 2))],
            id="we had placed it, told late",
        ),
        pytest.param(
            history(BY_FILL, filled("40"), accepted()), [((), 0, 2, (1, 2))], id="acknowledged"
        ),
        pytest.param(
            history(BY_FILL, filled("40"), OrderReported(), OrderReported(terms=terms())),
            [((), 0, 3, (1, 2))],
            id="a report tells its terms",
        ),
        pytest.param(
            history(BY_FILL, filled("40"), filled("5", "F2")),
            [((), 0, None, (1, 2))],
            id="two matches: one finding",
        ),
        pytest.param(
            history(BY_FILL), [((), 0, None, (1,))], id="its match is not in this history"
        ),
        pytest.param(history(*OPEN, BY_FILL, filled("40")), [], id="known before"),
        pytest.param(
            history(OrderDiscovered(source=Source.LIST), filled("40")), [], id="found by a list"
        ),
        pytest.param(
            history(OrderDiscovered(source=Source.LIST), placed()),
            [],
            id="found by a list, and ours",
        ),
    ],
)
def test_orphan_fill(given: History, then: list[Found]) -> None:
    assert found(orphan_fill(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("history_", "note"),
    [
        pytest.param(
            history(BY_FILL, filled("40.50")),
            "A match of 40.5 came for an order that nobody here knows.",
            id="its size",
        ),
        pytest.param(
            history(BY_FILL),
            "A match of unknown size came for an order that nobody here knows.",
            id="no size",
        ),
    ],
)
def test_an_orphan_fill_says_what_is_at_stake(history_: History, note: str) -> None:
    (flag,) = orphan_fill(history_, LIMITS)
    assert flag.note == note


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, filled("40"), FillVoided(fill_id="F1")),
            [(("F1",), 3, None, (3, 4))],
            id="a match that we hold",
        ),
        pytest.param(
            history(*OPEN, FillVoided(fill_id="F1")), [], id="a match that we do not hold"
        ),
        pytest.param(
            history(*OPEN, FillVoided(fill_id="F1"), at(filled("40"), seen=7)),
            [(("F1",), 7, None, (3, 4))],
            id="the match comes later: it counts from then",
        ),
        pytest.param(
            history(*OPEN, filled("40"), corrected("30"), FillVoided(fill_id="K1")),
            [(("K1",), 4, None, (4, 5))],
            id="a corrected match, by its new id",
        ),
        pytest.param(
            history(*OPEN, total("40"), FillVoided(fill_id="total:40")), [], id="only a total"
        ),
    ],
)
def test_fill_voided(given: History, then: list[Found]) -> None:
    assert found(fill_voided(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "note"),
    [
        pytest.param(
            history(*OPEN, filled("40"), FillVoided(fill_id="F1", size=Decimal(5), reason="VAR")),
            "The venue took back 5 of match F1 (VAR).",
            id="part of it, and why",
        ),
        pytest.param(
            history(*OPEN, filled("40"), FillVoided(fill_id="F1")),
            "The venue took back 40 of match F1.",
            id="all of it",
        ),
        pytest.param(
            history(
                *OPEN,
                filled("40"),
                corrected("30"),
                corrected("20", "K1", "K2"),
                FillVoided(fill_id="K2"),
            ),
            "The venue took back 20 of match K2.",
            id="all of a corrected match",
        ),
    ],
)
def test_a_void_says_how_much_is_gone(given: History, note: str) -> None:
    (flag,) = fill_voided(given, LIMITS)
    assert flag.note == note


def test_a_match_told_again_says_how_often() -> None:
    (flag,) = duplicate_fill(history(*OPEN, filled("40"), again(), again()), LIMITS)
    assert flag.note == "Match F1 was told 3 times; it counts once."
    (other,) = duplicate_fill(history(*OPEN, filled("40"), again(differs=True)), LIMITS)
    assert other.note == "Match F1 came again with other figures; the first stands."
