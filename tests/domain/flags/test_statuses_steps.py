from __future__ import annotations

from decimal import Decimal

import pytest

from domain import events as e
from domain.flags.history import History
from domain.flags.statuses_steps import IMPOSSIBLE, illegal_transition
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import LIMITS, Found, Q, asked, cancelled, found, reduced, refused
from tests.claiming import OPEN, amended, amending

DEAD: dict[str, tuple[e.OrderEvent, ...]] = {
    "cancelled": (*OPEN, cancelled()),
    "expired": (*OPEN, e.Expired()),
    "lapsed": (*OPEN, e.Lapsed()),
    "voided": (*OPEN, e.Voided()),
    "rejected": (*OPEN, e.OrderRejected()),
}
LIVE: dict[str, tuple[e.OrderEvent, ...]] = {
    "placed": (placed(),),
    "accepted": OPEN,
    "partly matched": (*OPEN, filled("40")),
    "filled": (*OPEN, filled("100")),
    "done for the day": (*OPEN, e.DoneForDay()),
}
STEPS: dict[type, e.OrderEvent] = {
    e.OrderPending: e.OrderPending(),
    e.OrderAccepted: accepted(),
    e.OrderRejected: e.OrderRejected(),
    e.CancelPending: e.CancelPending(cancel_id=Q),
    e.Cancelled: cancelled(cancel_id=None),
    e.Expired: e.Expired(),
    e.Lapsed: e.Lapsed(),
    e.AmendPending: e.AmendPending(amend_ref="R1"),
    e.Amended: amended("120"),
    e.Suspended: e.Suspended(),
    e.Resumed: e.Resumed(),
    e.Stopped: e.Stopped(),
}
POSSIBLE = (
    {("placed", step) for step in STEPS}
    | {
        (state, step)
        for state in ("accepted", "partly matched", "filled", "done for the day")
        for step in STEPS
        if step is not e.OrderPending
    }
    - {
        ("partly matched", e.OrderRejected),
        ("filled", e.OrderRejected),
        ("filled", e.Expired),
        ("filled", e.Lapsed),
    }
    | {
        ("cancelled", e.Cancelled),
        ("rejected", e.OrderRejected),
        ("expired", e.Expired),
        ("expired", e.Lapsed),
        ("lapsed", e.Expired),
        ("lapsed", e.Lapsed),
    }
)
"""The table again: which step may follow which state. Every other cell is impossible."""


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@pytest.mark.parametrize("state", [*LIVE, *DEAD])
def test_each_step_from_each_state(state: str, step: type) -> None:
    before = {**LIVE, **DEAD}[state]
    flags = list(illegal_transition(history(*before, STEPS[step]), LIMITS))
    assert bool(flags) is ((state, step) not in POSSIBLE)


def test_the_table_has_every_step_of_the_rule() -> None:
    assert STEPS.keys() == IMPOSSIBLE.keys()


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, cancelled(), filled("40"), e.Resumed(), e.Resumed()),
            [(("Resumed",), 4, None, (3, 5))],
            id="one finding for each kind of step, with the end that forbids it",
        ),
        pytest.param(
            history(*OPEN, cancelled(), e.Resumed(), e.Suspended()),
            [(("Resumed",), 3, None, (3, 4)), (("Suspended",), 4, None, (3, 5))],
            id="two kinds of steps",
        ),
        pytest.param(
            history(placed(), at(cancelled(), seen=3, venue=3), at(accepted(), seen=4, venue=2)),
            [],
            id="an older message is out of order, not impossible",
        ),
        pytest.param(
            history(placed(), at(cancelled(), seen=3), at(accepted(), seen=2)),
            [],
            id="seen before the end, told after it",
        ),
        pytest.param(
            history(placed(), at(cancelled(), seen=3, venue=3), at(accepted(), seen=4, venue=4)),
            [(("OrderAccepted",), 4, None, (2, 3))],
            id="accepted after it was cancelled",
        ),
        pytest.param(history(*OPEN, cancelled(), filled("40")), [], id="a late match is CXL-03"),
        pytest.param(
            history(*OPEN, cancelled(), refused(), e.DoneForDay()),
            [],
            id="these say nothing of before",
        ),
        pytest.param(history(*OPEN, e.Expired(), reduced("1")), [], id="part of a cancel"),
        pytest.param(
            history(*OPEN, cancelled(), e.Lapsed(size=Decimal(5))),
            [(("Lapsed",), 3, None, (3, 4))],
            id="a part lapses of what was cancelled",
        ),
        pytest.param(
            history(*OPEN, cancelled(), e.Lapsed(size=Decimal(0))), [], id="nothing lapses"
        ),
        pytest.param(history(accepted(), filled("9"), e.Expired()), [], id="no size known"),
        pytest.param(
            history(*OPEN, filled("100"), amending("120"), amended("120")),
            [],
            id="an increase of a filled order is legal",
        ),
        pytest.param(history(e.Resumed()), [], id="the first thing heard"),
        pytest.param(
            history(asked(), e.OrderPending()), [], id="considered, and only asked before"
        ),
    ],
)
def test_illegal_transition(given: History, then: list[Found]) -> None:
    assert found(illegal_transition(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "note"),
    [
        pytest.param(
            history(*OPEN, cancelled(), amended("120")),
            "The venue says that the order was amended; it was cancelled already.",
            id="an end",
        ),
        pytest.param(
            history(*OPEN, filled("100"), e.Expired()),
            "The venue says that the order expired; it was matched already.",
            id="a match",
        ),
        pytest.param(
            history(*OPEN, e.OrderPending()),
            "The venue says that the order is being considered; it was accepted already.",
            id="an acknowledgement",
        ),
    ],
)
def test_an_impossible_step_says_what_was_before(given: History, note: str) -> None:
    (flag,) = illegal_transition(given, LIMITS)
    assert flag.note == note
