from __future__ import annotations

import pytest

from domain.events import Cancelled, CancelRejected, OrderReported
from domain.flags.history import History
from domain.flags.quantities_report import (
    filled_with_partial,
    identity_broken,
    identity_broken_before,
    terminal_with_remaining,
)
from domain.lifecycle import Status
from domain.reasons import CancelRejectReason
from tests.building import accepted, at, filled, history
from tests.cancelling import LIMITS, Found, cancelled, found, reduced, reported
from tests.claiming import CANCELLED, FULL, NEW, OPEN, PARTLY, saying

FIRST, SECOND = ("1",), ("2",)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, reported(PARTLY, size="100", matched="40", remaining="60")),
            [],
            id="closes, though it differs from ours",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY, size="100", matched="40", remaining="50")),
            [(FIRST, 2, None, (3,))],
            id="10 are nowhere",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY, matched="40", remaining="50")),
            [(FIRST, 2, None, (3,))],
            id="size untold: ours counts",
        ),
        pytest.param(
            history(*OPEN, reported(matched="40", remaining="50", cancelled="10")),
            [],
            id="told as cancelled, status untold",
        ),
        pytest.param(
            history(*OPEN, reduced("10"), reported(PARTLY, matched="40", remaining="50")),
            [],
            id="our cancelled part counts where none is told",
        ),
        pytest.param(
            history(
                *OPEN, reduced("10"), reported(PARTLY, size="90", matched="40", remaining="50")
            ),
            [],
            id="the venue prints the size less what was cancelled",
        ),
        pytest.param(
            history(OrderReported(), reported(matched="40", remaining="50")),
            [],
            id="no size at all",
        ),
        pytest.param(history(*OPEN, reported(PARTLY, matched="40")), [], id="remaining untold"),
        pytest.param(
            history(
                *OPEN,
                reported(PARTLY, matched="40", remaining="50"),
                reported(PARTLY),
                reported(PARTLY, matched="40", remaining="60"),
                reported(PARTLY, matched="40", remaining="70"),
            ),
            [(FIRST, 2, 4, (3,)), (SECOND, 5, None, (6,))],
            id="the next report closes, the one after it does not",
        ),
        pytest.param(
            history(*OPEN, saying(cancelled(), CANCELLED, matched="40", remaining="0")),
            [],
            id="over: what did not match is off the book",
        ),
        pytest.param(
            history(*OPEN, saying(cancelled(), CANCELLED, matched="140", remaining="0")),
            [(FIRST, 2, None, (3,))],
            id="over: more matched than there was",
        ),
        pytest.param(
            history(*OPEN, saying(cancelled(), CANCELLED, matched="40", remaining="60")),
            [],
            id="over, with something left: the sums close, and QTY-11 says the rest",
        ),
        pytest.param(
            history(*OPEN, saying(cancelled(), CANCELLED, matched="40", remaining="50")),
            [(FIRST, 2, None, (3,))],
            id="over, with something left, and the sums do not close",
        ),
        pytest.param(
            history(*OPEN, saying(cancelled(), matched="40", remaining="0")),
            [],
            id="status untold: over by our events",
        ),
        pytest.param(
            history(*OPEN, reported(Status.DONE_FOR_DAY, matched="40", remaining="60")),
            [],
            id="done for the day: a good-till order keeps what remains",
        ),
        pytest.param(
            history(*OPEN, reported(Status.DONE_FOR_DAY, matched="40", remaining="0")),
            [],
            id="done for the day: a day order does not",
        ),
    ],
)
def test_identity_broken(given: History, then: list[Found]) -> None:
    assert found(identity_broken(given, LIMITS)) == then


LEFT_OVER = saying(cancelled(), CANCELLED, matched="40", remaining="60")


@pytest.mark.parametrize(
    ("told", "difference", "note"),
    [
        pytest.param(
            reported(NEW, matched="10", remaining="80"),
            "-10",
            "The venue's own figures do not close: 10 matched and 80 remaining of 100.",
            id="live",
        ),
        pytest.param(
            reported(NEW, matched="10", remaining="80", cancelled="20"),
            "10",
            "The venue's own figures do not close: 10 matched and 80 remaining, 20 off the book "
            "of 100.",
            id="with what is off the book",
        ),
        pytest.param(
            reported(CANCELLED, matched="110", remaining="0", cancelled="20"),
            "10",
            "The venue's own figures do not close: 110 matched and 0 remaining of 100.",
            id="over",
        ),
    ],
)
def test_the_difference_is_what_does_not_close(
    told: OrderReported, difference: str, note: str
) -> None:
    (flag,) = identity_broken(history(*OPEN, told), LIMITS)
    assert (flag.difference, flag.note) == (difference, note)


@pytest.mark.parametrize(
    ("told", "differences"),
    [
        pytest.param(LEFT_OVER, ["0"], id="over with something left, though it closes"),
        pytest.param(reported(NEW, matched="10", remaining="80"), ["-10"], id="live"),
        pytest.param(reported(NEW, remaining="80"), [], id="not all was told"),
        pytest.param(reported(CANCELLED, matched="110", remaining="0"), ["10"], id="over"),
    ],
)
def test_the_first_rule_set_gave_other_answers(
    told: OrderReported | Cancelled, differences: list[str]
) -> None:
    flags = identity_broken_before(history(*OPEN, told), LIMITS)
    assert [flag.difference for flag in flags] == differences
    assert list(identity_broken_before(history(*OPEN), LIMITS)) == []


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, saying(filled("100"), FULL, matched="100")), [], id="filled"),
        pytest.param(
            history(*OPEN, saying(filled("60"), FULL, matched="60")),
            [(FIRST, 2, None, (3,))],
            id="60 of 100",
        ),
        pytest.param(
            history(*OPEN, saying(filled("60"), FULL)),
            [(FIRST, 2, None, (3,))],
            id="matched untold: ours counts",
        ),
        pytest.param(
            history(*OPEN, saying(filled("60"), FULL), filled("40", "F2")),
            [(FIRST, 2, 3, (3,))],
            id="the rest comes",
        ),
        pytest.param(
            history(*OPEN, saying(filled("60"), FULL), reported(matched="60"), reported(PARTLY)),
            [(FIRST, 2, 4, (3,))],
            id="another status comes",
        ),
        pytest.param(
            history(*OPEN, reduced("40"), saying(filled("60"), FULL, size="100")),
            [],
            id="the rest was cancelled before",
        ),
        pytest.param(
            history(*OPEN, saying(filled("60"), FULL, size="60", matched="60")),
            [],
            id="filled at the venue's own size: QTY-05",
        ),
        pytest.param(history(accepted(), saying(filled("60"), FULL)), [], id="no size known"),
        pytest.param(
            history(
                *OPEN,
                saying(CancelRejected(reason=CancelRejectReason.TOO_LATE), FULL),
            ),
            [],
            id="a refused cancel leaves a doubt: CXL-06",
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("60"), seen=5, venue=5),
                at(reported(FULL, matched="60"), seen=6, venue=4),
                at(reported(PARTLY), seen=7, venue=3),
            ),
            [(FIRST, 6, None, (4,))],
            id="old news contradicts itself too, and settles nothing",
        ),
        pytest.param(
            history(*OPEN, at(filled("60"), seen=5, venue=5), at(reported(FULL), seen=6, venue=4)),
            [],
            id="old news without figures",
        ),
    ],
)
def test_filled_with_partial_qty(given: History, then: list[Found]) -> None:
    assert found(filled_with_partial(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, saying(cancelled(), CANCELLED, remaining="0", matched="1")),
            [],
            id="nothing remains",
        ),
        pytest.param(
            history(*OPEN, saying(cancelled(), CANCELLED, remaining="60")),
            [(FIRST, 2, None, (3,))],
            id="cancelled with 60 left",
        ),
        pytest.param(
            history(
                *OPEN,
                reported(CANCELLED, remaining="60"),
                reported(CANCELLED),
                reported(CANCELLED, remaining="0"),
            ),
            [(FIRST, 2, 4, (3,))],
            id="a later report tells that nothing remains",
        ),
        pytest.param(
            history(*OPEN, reported(Status.DONE_FOR_DAY, remaining="60")), [], id="done for the day"
        ),
        pytest.param(
            history(
                *OPEN,
                at(reported(CANCELLED, remaining="60"), seen=3, venue=3),
                at(reported(PARTLY, remaining="60"), seen=4, venue=2),
            ),
            [(FIRST, 3, None, (3,))],
            id="old news settles nothing",
        ),
    ],
)
def test_terminal_with_remaining(given: History, then: list[Found]) -> None:
    assert found(terminal_with_remaining(given, LIMITS)) == then


def test_the_reports_say_what_is_wrong_in_a_sentence() -> None:
    given = history(*OPEN, saying(filled("40"), FULL, matched="40", remaining="50"))
    notes = [
        flag.note
        for rule in (identity_broken, filled_with_partial, terminal_with_remaining)
        for flag in rule(given, LIMITS)
    ]
    assert notes == [
        "The venue's own figures do not close: 40 matched and 50 remaining of 100.",
        "The venue calls the order filled with 40 of 100 matched.",
        "The venue calls the order FILLED and says that 50 remains.",
    ]
