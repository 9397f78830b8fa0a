from __future__ import annotations

from decimal import Decimal

import pytest

from domain.events import CancelOutcomeUnknown, FillVoided, Lapsed, OrderReported
from domain.flags.history import History
from domain.flags.quantities import (
    bucket_mismatch,
    matched_mismatch,
    price_mismatch,
    remaining_mismatch,
    size_mismatch,
)
from domain.flags.rule import FindInOrder
from tests.building import at, filled, history
from tests.cancelling import LIMITS, Found, Q, asked, cancelled, found, reduced, reported
from tests.claiming import (
    CANCELLED,
    NEW,
    OPEN,
    PARTLY,
    amended,
    amending,
    priced,
    saying,
    total,
)

FIRST, SECOND = ("1",), ("2",)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, reported(NEW, remaining="100")), [], id="equal"),
        pytest.param(history(*OPEN, reported(NEW, remaining="100.00")), [], id="equal as numbers"),
        pytest.param(
            history(*OPEN, reported(PARTLY, remaining="60")),
            [(FIRST, 2, None, (3,))],
            id="less remains at the venue",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY, remaining="60"), filled("40")),
            [(FIRST, 2, 3, (3,))],
            id="the match comes: explained",
        ),
        pytest.param(
            history(*OPEN, reported(remaining="60"), reported(remaining="100")),
            [(FIRST, 2, 3, (3,))],
            id="the venue takes it back",
        ),
        pytest.param(
            history(*OPEN, reported(remaining="60"), reported(remaining="50"), filled("50")),
            [(FIRST, 2, 4, (3, 4))],
            id="two reports that differ are one finding",
        ),
        pytest.param(
            history(*OPEN, reported(remaining="60"), filled("40"), reported(remaining="10")),
            [(FIRST, 2, 3, (3,)), (SECOND, 4, None, (5,))],
            id="explained and differing again: two findings",
        ),
        pytest.param(
            history(*OPEN, reported(remaining="60"), saying(filled("40"), remaining="20")),
            [(FIRST, 2, None, (3, 4))],
            id="a message that explains the last report and differs itself goes on with it",
        ),
        pytest.param(
            history(*OPEN, reported(remaining="60"), reported(NEW), filled("40")),
            [(FIRST, 2, 4, (3,))],
            id="a report that does not tell what remains settles nothing",
        ),
        pytest.param(
            history(OrderReported(), reported(remaining="60")), [], id="our size is not known"
        ),
        pytest.param(
            history(
                *OPEN,
                asked(),
                CancelOutcomeUnknown(cancel_id=Q, why="timeout"),
                reported(CANCELLED, remaining="0"),
            ),
            [],
            id="while a cancel's fate is unknown, anything up to what remained is possible",
        ),
        pytest.param(
            history(
                *OPEN,
                asked(),
                CancelOutcomeUnknown(cancel_id=Q, why="timeout"),
                reported(CANCELLED, remaining="120"),
            ),
            [(FIRST, 4, None, (5,))],
            id="more than remained is not possible",
        ),
        pytest.param(
            history(*OPEN, reduced("20"), reported(NEW, size="80", remaining="80")),
            [],
            id="size restated after a partial cancel",
        ),
        pytest.param(
            history(*OPEN, amending("70"), reported(NEW, size="70", remaining="70")),
            [],
            id="an amendment on its way, printed with its size",
        ),
        pytest.param(
            history(*OPEN, amending("70"), reported(NEW, remaining="70")),
            [],
            id="an amendment on its way, its size not printed",
        ),
        pytest.param(
            history(*OPEN, amending("70"), reported(NEW, size="100", remaining="70")),
            [(FIRST, 3, None, (4,))],
            id="the old size with the new remaining",
        ),
        pytest.param(
            history(*OPEN, amending("70"), amended("70"), reported(NEW, remaining="100")),
            [(FIRST, 4, None, (5,))],
            id="the amendment is done: the old figure is wrong",
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("40"), seen=5, venue=5),
                at(reported(remaining="100"), seen=6, venue=4),
            ),
            [],
            id="old news",
        ),
    ],
)
def test_remaining_mismatch(given: History, then: list[Found]) -> None:
    assert found(remaining_mismatch(given, LIMITS)) == then


def test_a_mismatch_says_both_figures_and_their_difference() -> None:
    (flag,) = remaining_mismatch(history(*OPEN, reported(remaining="60.50")), LIMITS)
    assert (flag.ours, flag.theirs, flag.difference) == ("100", "60.5", "-39.5")
    assert flag.note == "The venue says that 60.5 remains; by our events it is 100."


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, saying(filled("40"), matched="40")), [], id="equal"),
        pytest.param(
            history(*OPEN, saying(filled("40"), matched="50")),
            [(FIRST, 2, None, (3,))],
            id="more matched at the venue",
        ),
        pytest.param(
            history(*OPEN, saying(filled("40"), matched="50"), filled("10", "F2")),
            [(FIRST, 2, 3, (3,))],
            id="the missing match comes",
        ),
        pytest.param(
            history(*OPEN, total("40"), reported(matched="40")), [], id="a total that we took over"
        ),
        pytest.param(
            history(*OPEN, filled("110"), reported(matched="110")), [], id="too much, both agree"
        ),
        pytest.param(
            history(
                *OPEN,
                at(saying(filled("30", "F2"), matched="40"), seen=5, venue=5),
                at(saying(filled("10", "F1"), matched="10"), seen=6, venue=4),
            ),
            [(FIRST, 5, 6, (3,))],
            id="two matches in the wrong order, with times: settled by the older one",
        ),
        pytest.param(
            history(
                *OPEN,
                saying(filled("30", "F2"), matched="40"),
                saying(filled("10", "F1"), matched="10"),
            ),
            [(FIRST, 2, 3, (3,))],
            id="without times: the match was in the higher total already",
        ),
        pytest.param(
            history(
                *OPEN,
                saying(filled("50", "F1"), matched="100"),
                saying(filled("20", "F2"), matched="70"),
            ),
            [(FIRST, 2, 3, (3,))],
            id="a lower total that agrees is news, and settles it",
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("40"), seen=5, venue=5),
                at(reported(matched="70"), seen=6, venue=4),
            ),
            [(FIRST, 6, None, (4,))],
            id="old news of more than has matched even now",
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("40"), seen=3, venue=3),
                at(filled("10", "F2"), seen=5, venue=5),
                at(reported(matched="20"), seen=6, venue=4),
            ),
            [(FIRST, 6, None, (5,))],
            id="old news of less than had matched before it",
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("40"), seen=5, venue=5),
                at(FillVoided(fill_id="F1"), seen=6, venue=6),
                at(reported(matched="40"), seen=7, venue=5),
            ),
            [],
            id="old news of a match that was taken back since",
        ),
        pytest.param(
            history(*OPEN, at(filled("40"), seen=9), at(reported(matched="0"), seen=4)),
            [],
            id="seen before the match: old news without a venue time",
        ),
    ],
)
def test_matched_mismatch(given: History, then: list[Found]) -> None:
    assert found(matched_mismatch(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, cancelled(), reported(cancelled="100", lapsed="0", voided="0")),
            [],
            id="equal",
        ),
        pytest.param(
            history(*OPEN, cancelled(), reported(cancelled="0", lapsed="100", voided="0")),
            [(FIRST, 3, None, (4,))],
            id="lapsed, not cancelled",
        ),
        pytest.param(
            history(*OPEN, cancelled(), reported(lapsed="100")),
            [(FIRST, 3, None, (4,))],
            id="only one bucket told, and as much off the book",
        ),
        pytest.param(
            history(
                *OPEN, cancelled(), reported(lapsed="100", matched="40", remaining="0", size="100")
            ),
            [],
            id="not as much off the book: another flag's business",
        ),
        pytest.param(
            history(*OPEN, cancelled(), reported(cancelled="0", lapsed="40", voided="0")),
            [],
            id="the sums differ",
        ),
        pytest.param(
            history(
                *OPEN, cancelled(), reported(lapsed="100"), reported(NEW), reported(cancelled="100")
            ),
            [(FIRST, 3, 5, (4,))],
            id="the venue names it as we do later",
        ),
        pytest.param(
            history(
                *OPEN,
                Lapsed(size=Decimal(40)),
                saying(reduced("60"), cancelled="100", lapsed="0"),
                Lapsed(size=Decimal(0)),
            ),
            [(FIRST, 3, None, (4,))],
            id="two buckets swapped",
        ),
    ],
)
def test_bucket_mismatch(given: History, then: list[Found]) -> None:
    assert found(bucket_mismatch(given, LIMITS)) == then


def test_a_bucket_mismatch_names_the_buckets() -> None:
    given = history(*OPEN, cancelled(), reported(lapsed="100"))
    (flag,) = bucket_mismatch(given, LIMITS)
    assert (flag.ours, flag.theirs) == ("100 cancelled, 0 lapsed, 0 voided", "100 lapsed")


@pytest.mark.parametrize(
    "rule",
    [remaining_mismatch, matched_mismatch, bucket_mismatch, size_mismatch, price_mismatch],
)
def test_a_differing_report_told_twice_is_one_finding(rule: FindInOrder) -> None:
    report = priced("1.9", remaining="60", matched="30", size="90", lapsed="5")
    once = found(rule(history(*OPEN, report), LIMITS))
    twice = found(rule(history(*OPEN, report, report), LIMITS))
    assert [flag[:3] for flag in twice] == [flag[:3] for flag in once]
