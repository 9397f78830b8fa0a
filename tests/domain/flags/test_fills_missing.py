from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.events import Filled, FillVoided, OrderReported
from domain.flags.fills_missing import missing_fill
from domain.flags.history import History
from tests.building import NOON, at, filled, history
from tests.cancelling import LIMITS, Found, claims, found, reported
from tests.claiming import OPEN, at_venue, saying, total

FIRST, SECOND = ("1",), ("2",)
WITH_RECORDS = OrderReported(claims=replace(claims(matched="40"), records=True))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, saying(filled("40"), matched="40")), [], id="all recorded"),
        pytest.param(
            history(*OPEN, reported(matched="40")),
            [(FIRST, 12, None, (3,))],
            id="a total with no records, after ten seconds",
        ),
        pytest.param(
            history(*OPEN, reported(matched="40"), at(filled("40"), seen=12)),
            [],
            id="the record comes in time",
        ),
        pytest.param(
            history(*OPEN, reported(matched="40"), at(filled("40"), seen=13)),
            [(FIRST, 12, 13, (3,))],
            id="the record comes late",
        ),
        pytest.param(
            history(
                *OPEN, reported(matched="40"), reported(matched="50"), at(filled("40"), seen=13)
            ),
            [(FIRST, 12, None, (3,))],
            id="more is missing by now",
        ),
        pytest.param(
            history(*OPEN, reported(matched="40"), at(reported(matched="0"), seen=20)),
            [(FIRST, 12, 20, (3,))],
            id="the venue claims less",
        ),
        pytest.param(
            history(
                *OPEN,
                reported(matched="40"),
                at(filled("40"), seen=5),
                at(reported(matched="60"), seen=30),
            ),
            [(SECOND, 40, None, (5,))],
            id="once in time, once not",
        ),
        pytest.param(history(*OPEN, reported()), [], id="no total"),
        pytest.param(
            history(*OPEN, total("40")), [(FIRST, 12, None, (3,))], id="a total that we took over"
        ),
        pytest.param(
            history(*OPEN, Filled(fill_id="cancel:Q", size=Decimal(40), inferred=True)),
            [],
            id="implied by a cancel's answer: CXL-02",
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("10"), seen=5, venue=5),
                at(reported(matched="40"), seen=6, venue=4),
                at(reported(matched="20"), seen=7, venue=3),
            ),
            [(FIRST, 16, None, (4,))],
            id="old news of more than is recorded even now",
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("40"), seen=5, venue=5),
                at(FillVoided(fill_id="F1"), seen=6, venue=6),
                at(reported(matched="40"), seen=7, venue=5),
            ),
            [],
            id="old news of a match that was taken back",
        ),
        pytest.param(
            history(
                *OPEN,
                filled("40"),
                FillVoided(fill_id="F1"),
                reported(matched="10"),
                at(filled("5", "F2"), seen=20),
                at(filled("5", "F3"), seen=21),
            ),
            [(FIRST, 14, 21, (5,))],
            id="what was taken back does not count as the missing match",
        ),
        pytest.param(
            at_venue("predictstreet", *OPEN, total("40")),
            [(FIRST, 12, None, (3,))],
            id="a venue that keeps records",
        ),
        pytest.param(at_venue("abp", *OPEN, total("40")), [], id="a venue that does not"),
        pytest.param(
            at_venue("abp", *OPEN, WITH_RECORDS),
            [(FIRST, 12, None, (3,))],
            id="a report that came with its records",
        ),
        pytest.param(
            at_venue("abp", *OPEN, reported(matched="40")), [], id="a report that did not"
        ),
    ],
)
def test_missing_fill(given: History, then: list[Found]) -> None:
    assert found(missing_fill(given, LIMITS)) == then


def test_a_missing_fill_says_how_much_has_no_record() -> None:
    (flag,) = missing_fill(history(*OPEN, filled("10"), reported(matched="40.5")), LIMITS)
    assert (flag.ours, flag.theirs, flag.difference) == ("10", "40.5", "30.5")
    assert flag.note == (
        "The venue says that 40.5 matched and has told matches of 10: 30.5 has no match record."
    )


@for_any(st.floats(min_value=0, max_value=60))
def test_a_record_that_comes_in_time_is_never_called_missing(after: float) -> None:
    given = history(*OPEN, reported(matched="40"), at(filled("40"), seen=2 + after))
    flags = list(missing_fill(given, LIMITS))
    late = given.events[-1].observed_at > NOON + timedelta(seconds=2) + LIMITS.fill
    assert bool(flags) is late
    assert all(flag.opened_at == NOON + timedelta(seconds=12) for flag in flags)
