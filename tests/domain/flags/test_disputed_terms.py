from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.events import FillCorrected, FillVoided, Terms, TermsDisputed
from domain.flags.disputed_terms import (
    fill_of_another,
    time_in_force_mismatch,
    wrong_account_or_market,
)
from domain.flags.history import History
from domain.values import Side
from tests.building import accepted, filled, history, placed
from tests.cancelling import LIMITS, Found, found
from tests.claiming import OPEN

F1 = ("F1",)
SOLD = TermsDisputed(terms=Terms(side=Side.SELL), fill_id="F1")
RIGHT = TermsDisputed()
MATCHED = (*OPEN, filled("40"))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*MATCHED, SOLD), [(F1, 3, None, (3, 4))], id="the match is of another side"
        ),
        pytest.param(
            history(*MATCHED, SOLD, replace(SOLD, terms=Terms(side=Side.SELL, market="M9"))),
            [(F1, 3, None, (3, 4))],
            id="and of another market: one finding",
        ),
        pytest.param(
            history(*MATCHED, SOLD, FillVoided(fill_id="F1")),
            [(F1, 3, 4, (3, 4))],
            id="taken back",
        ),
        pytest.param(
            history(
                *MATCHED,
                SOLD,
                FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(40)),
            ),
            [(F1, 3, 4, (3, 4))],
            id="corrected",
        ),
        pytest.param(
            history(*MATCHED, SOLD, replace(RIGHT, fill_id="F1")),
            [(F1, 3, 4, (3, 4))],
            id="told again, rightly",
        ),
        pytest.param(
            history(*MATCHED, SOLD, replace(RIGHT, fill_id="F2"), RIGHT),
            [(F1, 3, None, (3, 4))],
            id="another match is right",
        ),
        pytest.param(
            history(*MATCHED, SOLD, replace(SOLD, terms=Terms(market="M9"))),
            [(F1, 3, None, (3, 4))],
            id="told again, wrong in another way",
        ),
        pytest.param(history(*MATCHED, replace(SOLD, fill_id=None)), [], id="of no match"),
        pytest.param(
            history(*MATCHED, replace(SOLD, terms=Terms(time_in_force="IOC"))),
            [],
            id="which order it is, is not disputed",
        ),
        pytest.param(history(*OPEN, SOLD), [(F1, 2, None, (3,))], id="a match we do not have"),
    ],
)
def test_fill_of_another(given: History, then: list[Found]) -> None:
    assert found(fill_of_another(given, LIMITS)) == then


def test_what_the_record_names_is_told() -> None:
    wrong = replace(SOLD, terms=Terms(side=Side.SELL, selection="S9"))
    (flag,) = fill_of_another(history(*MATCHED, wrong), LIMITS)
    assert flag.note == (
        "The record of match F1 names side SELL, selection S9; "
        "the order is of side BUY, selection S1."
    )


ELSEWHERE = TermsDisputed(terms=Terms(market="M9"))
FIRST, SECOND = ("terms", "1"), ("terms", "2")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, ELSEWHERE), [(FIRST, 2, None, (3,))], id="reported in another market"
        ),
        pytest.param(
            history(*OPEN, ELSEWHERE, replace(ELSEWHERE, terms=Terms(market="M8")), RIGHT),
            [(FIRST, 2, 4, (3,))],
            id="and in a third, until it is ours again: one finding",
        ),
        pytest.param(
            history(*OPEN, ELSEWHERE, RIGHT, ELSEWHERE),
            [(FIRST, 2, 3, (3,)), (SECOND, 4, None, (5,))],
            id="twice",
        ),
        pytest.param(history(*MATCHED, SOLD), [], id="in the record of a match: another rule's"),
        pytest.param(
            history(*OPEN, TermsDisputed(account="rival")),
            [(("rival",), 2, None, (3,))],
            id="under another account",
        ),
        pytest.param(
            history(
                *OPEN,
                TermsDisputed(account="rival"),
                TermsDisputed(account="rival", terms=Terms(market="M9")),
            ),
            [(("rival",), 2, None, (3,)), (FIRST, 3, None, (4,))],
            id="under another account, and in another market",
        ),
    ],
)
def test_wrong_account_or_market(given: History, then: list[Found]) -> None:
    assert found(wrong_account_or_market(given, LIMITS)) == then


def test_where_the_venue_has_it_is_told() -> None:
    (flag,) = wrong_account_or_market(history(*OPEN, ELSEWHERE), LIMITS)
    assert flag.note == "The venue reports the order under market M9; ours is market M1."
    (other,) = wrong_account_or_market(history(*OPEN, TermsDisputed(account="rival")), LIMITS)
    assert other.note == "The venue reports the order under account rival; ours is account desk-7."


KEPT = (placed(time_in_force="GTC"), accepted())
KILLED = TermsDisputed(terms=Terms(time_in_force="IOC"))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*KEPT, KILLED), [(("1",), 2, None, (3,))], id="it rests otherwise"),
        pytest.param(
            history(*KEPT, KILLED, replace(KILLED, fill_id="F1"), RIGHT, RIGHT, KILLED),
            [(("1",), 2, 4, (3,)), (("2",), 6, None, (7,))],
            id="until it is as we asked, and again",
        ),
        pytest.param(history(*KEPT, ELSEWHERE), [], id="something else is disputed"),
    ],
)
def test_time_in_force_mismatch(given: History, then: list[Found]) -> None:
    assert found(time_in_force_mismatch(given, LIMITS)) == then


def test_how_it_rests_is_told() -> None:
    (flag,) = time_in_force_mismatch(history(*KEPT, KILLED), LIMITS)
    assert flag.note == "The venue has the order as IOC; we sent it as GTC."
