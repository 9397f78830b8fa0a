from __future__ import annotations

from decimal import Decimal

import pytest

from domain.events import (
    DoneForDay,
    FillCorrected,
    FillVoided,
    OrderRejected,
    OrderRestated,
    Resumed,
)
from domain.flags.history import History
from domain.flags.statuses_reopened import resurrected_order
from domain.lifecycle import Status
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import LIMITS, Found, again, cancelled, found, reported
from tests.claiming import (
    CANCELLED,
    FULL,
    NEW,
    OPEN,
    PARTLY,
    amended,
    raised,
    saying,
)

FIRST, SECOND = ("1",), ("2",)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, cancelled()), [], id="cancelled, and that is all"),
        pytest.param(
            history(*OPEN, cancelled(), reported(NEW, remaining="100")),
            [(FIRST, 3, None, (3, 4))],
            id="a list shows it live",
        ),
        pytest.param(
            history(*OPEN, cancelled(), reported(NEW), reported(PARTLY)),
            [(FIRST, 3, None, (3, 4, 5))],
            id="two lists show it live: one finding",
        ),
        pytest.param(
            history(*OPEN, cancelled(), reported(NEW), reported(CANCELLED), reported(NEW)),
            [(FIRST, 3, 4, (3, 4)), (SECOND, 5, None, (5, 6))],
            id="over again by the venue's word, and live again",
        ),
        pytest.param(
            history(*OPEN, cancelled(), reported(NEW), again()),
            [(FIRST, 3, 4, (3, 4))],
            id="the cancel is told again",
        ),
        pytest.param(
            history(*OPEN, reported(CANCELLED), reported(NEW), cancelled()),
            [(FIRST, 3, 4, (3, 4))],
            id="live, and then cancelled in fact",
        ),
        pytest.param(
            history(placed(), cancelled(), accepted()), [(FIRST, 2, None, (2, 3))], id="accepted"
        ),
        pytest.param(
            history(*OPEN, cancelled(), Resumed()), [(FIRST, 3, None, (3, 4))], id="resumed"
        ),
        pytest.param(
            history(*OPEN, Resumed(), cancelled()), [], id="resumed before: the usual course"
        ),
        pytest.param(
            history(placed(), at(cancelled(), seen=3, venue=3), at(accepted(), seen=4, venue=2)),
            [],
            id="accepted before it by the venue's times",
        ),
        pytest.param(
            history(placed(), at(cancelled(), seen=3), at(accepted(), seen=2)),
            [],
            id="accepted before it by ours",
        ),
        pytest.param(
            history(placed(), saying(filled("100"), FULL), accepted()),
            [],
            id="filled at once, the acknowledgement comes after",
        ),
        pytest.param(
            history(
                placed(),
                at(saying(filled("100"), FULL, matched="9"), seen=3, venue=3),
                at(accepted(), seen=4, venue=3),
            ),
            [],
            id="filled and acknowledged at the same moment",
        ),
        pytest.param(
            history(
                placed(),
                at(saying(filled("100"), FULL, matched="9"), seen=3, venue=3),
                at(accepted(), seen=4, venue=4),
            ),
            [(FIRST, 4, None, (2, 3))],
            id="acknowledged after it was filled, by the venue's times",
        ),
        pytest.param(
            history(*OPEN, saying(filled("100"), FULL), reported(PARTLY, remaining="10")),
            [(FIRST, 3, None, (3, 4))],
            id="filled, and part-matched again",
        ),
        pytest.param(
            history(
                *OPEN,
                saying(filled("100"), FULL),
                FillVoided(fill_id="F1"),
                reported(NEW, matched="1"),
            ),
            [],
            id="explained by a void (J.1.a)",
        ),
        pytest.param(
            history(
                *OPEN,
                saying(filled("100"), FULL),
                FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(9)),
                reported(PARTLY),
                reported(NEW),
            ),
            [],
            id="explained by a correction",
        ),
        pytest.param(
            history(
                *OPEN, saying(filled("100"), FULL), amended("120"), reported(PARTLY, matched="1")
            ),
            [],
            id="explained by an increase (C.1.c)",
        ),
        pytest.param(
            history(*OPEN, cancelled(), reported(NEW), OrderRestated(size=Decimal(120))),
            [(FIRST, 3, 4, (3, 4))],
            id="explained afterwards",
        ),
        pytest.param(
            history(*OPEN, cancelled(), saying(amended("80"), NEW)),
            [(FIRST, 3, None, (3, 4))],
            id="a decrease explains nothing",
        ),
        pytest.param(
            history(accepted(), cancelled(), reported(NEW), amended("80")),
            [(FIRST, 2, None, (2, 3))],
            id="a size for an order that had none explains nothing",
        ),
        pytest.param(
            history(*OPEN, cancelled(), reported(NEW), amended(price="2")),
            [(FIRST, 3, None, (3, 4))],
            id="another price explains nothing",
        ),
        pytest.param(
            history(*OPEN, cancelled(), reported(Status.PENDING_CANCEL)),
            [],
            id="a pending request brings nothing back",
        ),
        pytest.param(
            history(*OPEN, cancelled(), reported(NEW, remaining="0")),
            [],
            id="live with nothing left",
        ),
        pytest.param(
            history(*OPEN, cancelled(), saying(filled("40"), PARTLY)), [], id="a late match"
        ),
        pytest.param(
            history(
                *OPEN,
                at(cancelled(), seen=3, venue=3),
                at(saying(filled("40"), PARTLY), seen=4, venue=4),
            ),
            [(FIRST, 4, None, (3, 4))],
            id="a match after the cancel, and live",
        ),
        pytest.param(
            history(*OPEN, DoneForDay(), reported(NEW, remaining="100")),
            [],
            id="done for the day is not over",
        ),
        pytest.param(
            history(placed(), reported(Status.REJECTED), accepted()),
            [],
            id="a status request overtook the order",
        ),
        pytest.param(
            history(placed(), OrderRejected(), accepted()),
            [(FIRST, 2, None, (2, 3))],
            id="rejected, then accepted",
        ),
        pytest.param(
            history(*OPEN, at(cancelled(), seen=3, venue=3), at(reported(NEW), seen=4, venue=2)),
            [],
            id="an old list",
        ),
    ],
)
def test_resurrected_order(given: History, then: list[Found]) -> None:
    assert found(resurrected_order(given, LIMITS)) == then


def test_an_order_that_came_back_breaks_each_rule_that_sees_it() -> None:
    given = history(*OPEN, cancelled(), reported(NEW, remaining="100", matched="0"))
    assert raised(given, "QTY") == ["QTY-02", "QTY-07", "QTY-13"]
