"""The lifecycle's tables, written out again: coverage does not see a wrong cell."""

from __future__ import annotations

from itertools import product

import pytest

from domain.lifecycle import LIVE, PRECEDENCE, SHOWN_AFTER_CLOSURE, TERMINAL, Closure, Status, shown
from tests.domain.fix_matrices import fix_precedence

RANKS = """
    PENDING_CANCEL    12
    PENDING_REPLACE   11
    DONE_FOR_DAY      10
    CALCULATED         9
    FILLED             8
    STOPPED            7
    SUSPENDED          6
    CANCELLED          5
    EXPIRED            5
    PARTIALLY_FILLED   4
    REPLACED           3
    NEW                2
    REJECTED           2
    PENDING_NEW        2
"""
AFTER = """
    CANCELLED     CANCELLED
    EXPIRED       EXPIRED
    LAPSED        EXPIRED
    DONE_FOR_DAY  DONE_FOR_DAY
    CALCULATED    DONE_FOR_DAY
    REJECTED      REJECTED
    VOIDED        CANCELLED
    NOT_SENT      REJECTED
"""
SAYS = """
    PENDING_NEW       live
    NEW               live
    PARTIALLY_FILLED  live
    FILLED            over
    CANCELLED         over
    EXPIRED           over
    REJECTED          over
    REPLACED          live
    PENDING_CANCEL    live
    PENDING_REPLACE   live
    DONE_FOR_DAY      neither: a good-till order rests
    STOPPED           live
    SUSPENDED         live
    CALCULATED        neither: a good-till order rests
"""


def rows(table: str) -> dict[str, str]:
    """The first word of each line, and the second."""
    return {line.split()[0]: line.split()[1] for line in table.strip().splitlines()}


def test_every_status_has_its_rank() -> None:
    assert {status.value: str(rank) for status, rank in PRECEDENCE.items()} == rows(RANKS)
    assert set(PRECEDENCE) == set(Status)


def test_the_ranks_are_those_of_fix() -> None:
    assert {status.value: rank for status, rank in PRECEDENCE.items()} == fix_precedence()


def test_every_closure_is_shown_as_a_status() -> None:
    told = {closure.value: status.value for closure, status in SHOWN_AFTER_CLOSURE.items()}
    assert told == rows(AFTER)
    assert set(SHOWN_AFTER_CLOSURE) == set(Closure)


def test_what_a_status_says_of_the_order() -> None:
    said = {
        status.value: "live" if status in LIVE else "over" if status in TERMINAL else "neither:"
        for status in Status
    }
    assert said == rows(SAYS)
    assert not LIVE & TERMINAL


@pytest.mark.parametrize(("one", "two"), list(product(Status, Status)))
def test_of_two_states_the_higher_is_shown_and_of_equals_the_first(
    one: Status, two: Status
) -> None:
    ranks = rows(RANKS)
    assert shown([one, two]) is (two if int(ranks[two]) > int(ranks[one]) else one)
