from __future__ import annotations

from itertools import permutations

import pytest

from domain.events import Filled, FillVoided
from domain.flags.fills_totals import duplicate_fill_new_id, out_of_order_fill
from domain.flags.history import History
from tests.building import at, filled, history
from tests.cancelling import LIMITS, Found, found, reported
from tests.claiming import OPEN, match, price, saying, still_open, total

PAIR = ("F1", "F2")
FIRST, SECOND = ("1",), ("2",)


def timed(event: Filled, venue: float, *, seen: float | None = None) -> tuple[Filled, float, float]:
    """A match at the venue's time, seen a second later unless told."""
    return event, venue + 1 if seen is None else seen, venue


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(
                *OPEN,
                timed(saying(filled("10"), matched="10"), 5),
                timed(saying(filled("10", "F2"), matched="10"), 5.5, seen=7),
            ),
            [(PAIR, 7, None, (3, 4))],
            id="equal, within a second, and the venue counts one",
        ),
        pytest.param(
            history(*OPEN, timed(filled("10"), 5), timed(filled("10", "F2"), 5, seen=7)),
            [],
            id="no claim denies the second",
        ),
        pytest.param(
            history(
                *OPEN,
                timed(filled("10"), 5),
                timed(saying(filled("10", "F2"), matched="20"), 5.5, seen=7),
            ),
            [],
            id="the venue counts both",
        ),
        pytest.param(
            history(
                *OPEN,
                timed(filled("10"), 5),
                timed(saying(filled("10", "F2"), matched="10"), 7, seen=8),
            ),
            [],
            id="two seconds apart",
        ),
        pytest.param(
            history(
                *OPEN,
                timed(filled("10"), 5),
                timed(saying(filled("10", "F2", "2.00"), matched="10"), 5, seen=8),
            ),
            [],
            id="another price",
        ),
        pytest.param(
            history(
                *OPEN,
                timed(filled("10"), 5),
                timed(filled("11", "F3"), 5.2, seen=6.5),
                timed(saying(filled("10", "F2"), matched="21"), 5.5, seen=7),
            ),
            [(PAIR, 7, None, (3, 5))],
            id="another match between the two",
        ),
        pytest.param(
            history(
                *OPEN,
                timed(filled("10"), 5),
                timed(filled("10", "F2"), 5, seen=7),
                at(reported(matched="10"), seen=8, venue=6),
                at(reported(matched="20"), seen=9, venue=7),
            ),
            [(PAIR, 8, 9, (3, 4, 5))],
            id="a later claim counts both",
        ),
        pytest.param(
            history(
                *OPEN,
                timed(filled("10"), 5),
                timed(filled("10", "F2"), 5, seen=7),
                at(reported(matched="10"), seen=8, venue=6),
                at(reported(), seen=8.5, venue=6),
                at(FillVoided(fill_id="F2"), seen=9, venue=7),
            ),
            [(PAIR, 8, 9, (3, 4, 5))],
            id="one of them is taken back",
        ),
        pytest.param(
            history(
                *OPEN,
                timed(filled("10"), 5),
                timed(filled("10", "F2"), 5, seen=7),
                at(reported(matched="10"), seen=8, venue=4),
            ),
            [],
            id="old news denies nothing",
        ),
        pytest.param(
            history(*OPEN, filled("10"), saying(filled("10", "F2"), matched="10")),
            [(PAIR, 3, None, (3, 4))],
            id="without times: seen within a second, and too much by exactly one of them",
        ),
        pytest.param(
            history(*OPEN, filled("10"), saying(filled("10", "F2"), matched="15")),
            [],
            id="without times: too much by something else",
        ),
        pytest.param(
            history(*OPEN, total("10"), reported(matched="5")), [], id="a total is no second match"
        ),
        pytest.param(
            history(*OPEN, reported(matched="5"), filled("10"), filled("10", "F2")),
            [],
            id="claimed before the second",
        ),
    ],
)
def test_duplicate_fill_new_id(given: History, then: list[Found]) -> None:
    assert found(duplicate_fill_new_id(given, LIMITS)) == then


def test_matches_without_a_price_can_be_twins_and_one_told_first_stands_first() -> None:
    one = Filled(fill_id="F2", size=price("10").value)
    two = Filled(fill_id="F1", size=price("10").value)
    given = history(
        *OPEN, timed(one, 5, seen=6), timed(two, 4.5, seen=7), at(reported(matched="10"), seen=8)
    )
    (flag,) = duplicate_fill_new_id(given, LIMITS)
    assert (flag.key, flag.ours, flag.theirs, flag.difference) == (PAIR, "20", "10", "-10")
    assert flag.note == (
        "Matches F2 and F1 of 10 look like one: together with them 20 matched, "
        "and the venue claims 10."
    )


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, match("40", "F1", "40", "60"), match("10", "F2", "50", "0")),
            [],
            id="totals go up",
        ),
        pytest.param(
            history(*OPEN, reported(matched="50"), reported(matched="40")),
            [(FIRST, 3, None, (3, 4))],
            id="a total goes down",
        ),
        pytest.param(
            history(*OPEN, reported(matched="50"), reported(matched="40"), reported(matched="50")),
            [(FIRST, 3, 4, (3, 4))],
            id="as high again",
        ),
        pytest.param(
            history(
                *OPEN,
                reported(matched="50"),
                reported(matched="40"),
                reported(),
                reported(matched="45"),
                reported(matched="60"),
                reported(matched="1"),
            ),
            [(FIRST, 3, 6, (3, 4, 6)), (SECOND, 7, None, (7, 8))],
            id="down, higher, down again",
        ),
        pytest.param(
            history(
                *OPEN,
                filled("50"),
                reported(matched="50"),
                FillVoided(fill_id="F1"),
                reported(matched="1"),
            ),
            [],
            id="a void between",
        ),
        pytest.param(
            history(
                *OPEN,
                filled("50"),
                reported(matched="50"),
                saying(FillVoided(fill_id="F1"), matched="1"),
            ),
            [],
            id="the void's own report",
        ),
        pytest.param(
            history(
                *OPEN,
                filled("50"),
                reported(matched="50"),
                reported(matched="0"),
                FillVoided(fill_id="F1"),
            ),
            [(FIRST, 4, 5, (4, 5))],
            id="the void comes after",
        ),
        pytest.param(
            history(
                *OPEN,
                at(reported(matched="50"), seen=5, venue=5),
                at(reported(matched="40"), seen=6, venue=4),
                at(reported(matched="30"), seen=7, venue=3),
            ),
            [(("older",), 6, 6, (3, 4, 5))],
            id="older messages, identified by their times",
        ),
        pytest.param(
            history(*OPEN, match("30", "F2", "40", "60"), match("10", "F1", "10", "90")),
            [(("older",), 3, 3, (3, 4))],
            id="an older message, identified by its match",
        ),
        pytest.param(
            history(*OPEN, filled("50"), reported(matched="40")), [], id="the first total"
        ),
    ],
)
def test_out_of_order_fill(given: History, then: list[Found]) -> None:
    assert found(out_of_order_fill(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("told", "note"),
    [
        pytest.param(
            ("50", "40"),
            "An older report came after the one that claimed 50 matched; 40 was true before it.",
            id="one",
        ),
        pytest.param(
            ("50", "40", "30"),
            "2 older reports came after the one that claimed 50 matched; 40 was true before it.",
            id="two",
        ),
    ],
)
def test_older_messages_are_counted(told: tuple[str, ...], note: str) -> None:
    reports = [
        at(reported(matched=total_), seen=5 + number, venue=5 - number)
        for number, total_ in enumerate(told)
    ]
    (flag,) = out_of_order_fill(history(*OPEN, *reports), LIMITS)
    assert flag.note == note


@pytest.mark.parametrize("timed_", [True, False], ids=["with venue times", "without"])
def test_in_whatever_order_matches_arrive_nothing_stays_open(*, timed_: bool) -> None:
    fills = [
        (1, match("10", "F1", "10", "90")),
        (2, match("20", "F2", "30", "70")),
        (3, match("5", "F3", "35", "65")),
        (4, match("65", "F4", "100", "0")),
    ]
    for order in permutations(fills):
        told = [
            at(fill, seen=10 + place, venue=number if timed_ else None)
            for place, (number, fill) in enumerate(order)
        ]
        left = still_open(history(*OPEN, *told), "QTY", "FIL")
        assert left == [], [fill.fill_id for _number, fill in order]
