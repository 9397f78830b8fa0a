from __future__ import annotations

from decimal import Decimal

import pytest

from domain.events import (
    CancelRejected,
    Expired,
    Filled,
    FillVoided,
    Lapsed,
    OrderDiscovered,
    Resumed,
    Source,
    Suspended,
)
from domain.flags.fills_times import fill_after_close, fill_before_ack
from domain.flags.history import History
from domain.reasons import CancelRejectReason
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import LIMITS, Found, cancelled, found, refused, reported
from tests.claiming import NEW, OPEN, total


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, filled("40")), [], id="accepted first"),
        pytest.param(
            history(placed(), filled("40")), [((), 1, None, (2,))], id="nothing says it was taken"
        ),
        pytest.param(
            history(placed(), filled("40"), filled("10", "F2"), accepted()),
            [((), 1, 3, (2,))],
            id="accepted afterwards",
        ),
        pytest.param(
            history(placed(), filled("40"), reported(NEW)), [((), 1, 2, (2,))], id="told of later"
        ),
        pytest.param(history(placed(), reported(NEW), filled("40")), [], id="told of before"),
        pytest.param(
            history(OrderDiscovered(source=Source.FILL), filled("40")), [], id="not placed by us"
        ),
        pytest.param(
            history(placed(), filled("100"), cancelled()), [((), 1, 2, (2,))], id="cancelled later"
        ),
    ],
)
def test_fill_before_ack(given: History, then: list[Found]) -> None:
    assert found(fill_before_ack(given, LIMITS)) == then


def test_what_matched_before_the_order_was_taken_is_told() -> None:
    (flag,) = fill_before_ack(history(placed(), filled("40")), LIMITS)
    assert flag.note == "40 matched before the venue had said that it took the order."


F1 = ("F1",)
CLOSED = refused(CancelRejectReason.MARKET_CLOSED)
SHUT = at(Suspended(), seen=5, venue=4)
LATE = at(filled("40"), seen=10, venue=9)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, SHUT, LATE), [(F1, 10, None, (3, 4))], id="suspended"),
        pytest.param(
            history(*OPEN, at(Lapsed(), seen=5, venue=4), LATE),
            [(F1, 10, None, (3, 4))],
            id="lapsed",
        ),
        pytest.param(
            history(*OPEN, at(Expired(), seen=5), LATE), [(F1, 10, None, (3, 4))], id="expired"
        ),
        pytest.param(
            history(*OPEN, at(CLOSED, seen=5), LATE),
            [(F1, 10, None, (3, 4))],
            id="the market was closed, by a refusal",
        ),
        pytest.param(
            history(*OPEN, at(refused(), seen=5), LATE), [], id="refused for another reason"
        ),
        pytest.param(
            history(*OPEN, at(Lapsed(size=Decimal(5)), seen=5), LATE), [], id="a part lapsed"
        ),
        pytest.param(
            history(*OPEN, SHUT, at(filled("40"), seen=10, venue=3)), [], id="matched before it"
        ),
        pytest.param(
            history(*OPEN, SHUT, at(filled("40"), seen=10)), [], id="nobody says when it matched"
        ),
        pytest.param(
            history(*OPEN, LATE, at(Suspended(), seen=11, venue=4)),
            [(F1, 11, None, (3, 4))],
            id="the suspension was told later",
        ),
        pytest.param(
            history(*OPEN, SHUT, at(Resumed(), seen=7, venue=6), LATE), [], id="resumed in between"
        ),
        pytest.param(
            history(*OPEN, SHUT, LATE, at(Resumed(), seen=11, venue=6)),
            [(F1, 10, 11, (3, 4))],
            id="told later that it was resumed in between",
        ),
        pytest.param(
            history(*OPEN, SHUT, LATE, at(Resumed(), seen=11, venue=10)),
            [(F1, 10, None, (3, 4))],
            id="resumed afterwards",
        ),
        pytest.param(
            history(*OPEN, SHUT, LATE, at(FillVoided(fill_id="F1"), seen=12)),
            [(F1, 10, 12, (3, 4))],
            id="taken back",
        ),
        pytest.param(
            history(*OPEN, SHUT, at(total("40"), seen=10, venue=9)), [], id="a total has no time"
        ),
    ],
)
def test_fill_after_close(given: History, then: list[Found]) -> None:
    assert found(fill_after_close(given, LIMITS)) == then


def test_both_times_are_told() -> None:
    (flag,) = fill_after_close(history(*OPEN, SHUT, LATE), LIMITS)
    assert flag.note == (
        "40 matched at 12:00:09.000000, after the order had been suspended at 12:00:04.000000."
    )
    assert isinstance(LATE[0], Filled)
    assert isinstance(CLOSED, CancelRejected)
