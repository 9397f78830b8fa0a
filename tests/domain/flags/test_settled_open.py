"""What remains of an order after its market has a result."""

from __future__ import annotations

import pytest

from domain.events import Lapsed, OrderEvent, Result, Settled, Settlement
from domain.flags.history import History
from domain.flags.rules import examine_order
from tests.building import at, filled, history
from tests.cancelling import LIMITS, Found, found
from tests.claiming import OPEN


def settled(result: Result | None = Result.WON, fill_id: str | None = None) -> Settled:
    return Settled(settlement=Settlement(result=result), fill_id=fill_id)


PART: list[OrderEvent] = [*OPEN, filled("40")]
GRACE = LIMITS.settled.total_seconds()


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*PART, at(settled(), seen=10)),
            [((), 10 + GRACE, None, (4,))],
            id="settled as a whole: the rest should be gone",
        ),
        pytest.param(
            history(*PART, at(settled(fill_id="F1"), seen=10)),
            [((), 10 + GRACE, None, (4,))],
            id="one match has a result: so has the market",
        ),
        pytest.param(
            history(*PART, at(settled(), seen=10), at(Lapsed(), seen=500)),
            [((), 10 + GRACE, 500, (4, 5))],
            id="it lapses late: closed",
        ),
        pytest.param(
            history(*PART, at(settled(), seen=10), at(filled("59", "F2"), seen=500)),
            [((), 10 + GRACE, None, (4,))],
            id="a late match leaves the last unit of it: open",
        ),
        pytest.param(
            history(*PART, at(settled(), seen=10), at(Lapsed(), seen=10 + GRACE)),
            [],
            id="it lapses in time",
        ),
        pytest.param(
            history(*PART, Lapsed(), at(settled(), seen=10)), [], id="it had lapsed before"
        ),
        pytest.param(history(*OPEN, filled("100"), settled()), [], id="nothing remained"),
        pytest.param(
            history(*PART, settled(Result.VOID, "F1")), [], id="one match is void: no result"
        ),
        pytest.param(history(*PART, settled(Result.CASHED_OUT)), [], id="cashed out: no result"),
        pytest.param(history(*PART, settled(None, "F1")), [], id="a word that nobody knows"),
        pytest.param(
            history(*PART, settled(Result.CASHED_OUT), at(settled(), seen=10)),
            [((), 10 + GRACE, None, (5,))],
            id="cashed out in part, then settled",
        ),
        pytest.param(
            history(*PART, at(settled(), seen=10), at(settled(fill_id="F1"), seen=11)),
            [((), 10 + GRACE, None, (4,))],
            id="told twice: one flag",
        ),
    ],
)
def test_an_order_is_open_though_it_was_settled(given: History, then: list[Found]) -> None:
    flags = [flag for flag in examine_order(given, LIMITS) if flag.code == "ECO-03"]
    assert found(flags) == then
    for flag in flags:
        assert (flag.ours, flag.theirs, flag.difference) == ("60", "0", "60")
