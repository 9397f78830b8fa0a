from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.events import CancelNotSent, CancelPending, OrderEvent
from domain.flags.cancel_repeats import cancel_already_pending, cancel_on_terminal, cancel_storm
from domain.flags.history import History
from domain.ids import derived
from domain.reasons import CancelRejectReason
from tests.building import Told, accepted, at, filled, history, placed
from tests.cancelling import LIMITS, Q2, Found, Q, again, asked, cancelled, found, lost, refused

OPEN = (placed(), accepted())
KEY, KEY2 = (str(Q),), (str(Q2),)
PENDING_ALREADY = CancelRejectReason.ALREADY_PENDING
TWICE = (*OPEN, asked(), asked(cancel_id=Q2))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, asked(), cancelled()), [], id="asked once"),
        pytest.param(history(*TWICE), [(KEY2, 3, None, (3, 4))], id="asked again, none answered"),
        pytest.param(history(*TWICE, cancelled()), [(KEY2, 3, 4, (3, 4))], id="the first is done"),
        pytest.param(history(*TWICE, refused()), [(KEY2, 3, 4, (3, 4))], id="the first is refused"),
        pytest.param(
            history(*TWICE, refused(PENDING_ALREADY, Q2), cancelled()),
            [(KEY2, 3, 5, (3, 4))],
            id="the second is refused for it: still one finding, until the first is resolved",
        ),
        pytest.param(
            history(*OPEN, asked(), lost(), asked(cancel_id=Q2), filled("100")),
            [(KEY2, 4, 5, (3, 5))],
            id="asked again because the answer was lost: over with the order",
        ),
        pytest.param(
            history(*OPEN, asked(), refused(), asked(cancel_id=Q2)),
            [],
            id="asked again after an answer",
        ),
        pytest.param(
            history(*OPEN, asked(), CancelNotSent(cancel_id=Q), asked(cancel_id=Q2)),
            [],
            id="the first never left",
        ),
        pytest.param(
            history(*OPEN, asked(), cancelled(), asked(cancel_id=Q2)), [], id="over already"
        ),
        pytest.param(
            history(*OPEN, asked(), refused(PENDING_ALREADY)),
            [(KEY, 3, None, (3, 4))],
            id="pending by the venue's word alone",
        ),
        pytest.param(
            history(*OPEN, asked(), refused(PENDING_ALREADY), filled("100")),
            [(KEY, 3, 4, (3, 4))],
            id="pending by the venue's word, until the order ends",
        ),
        pytest.param(
            history(*OPEN, refused(PENDING_ALREADY, None)),
            [(("unsolicited",), 2, None, (3,))],
            id="a refusal that quotes no request",
        ),
    ],
)
def test_cancel_already_pending(given: History, then: list[Found]) -> None:
    assert found(cancel_already_pending(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, asked()), [], id="on the book"),
        pytest.param(history(asked()), [], id="nothing known before it"),
        pytest.param(history(placed("0"), asked()), [], id="an order of nothing"),
        pytest.param(
            history(*OPEN, filled("100"), asked()), [(KEY, 3, None, (3, 4))], id="all had matched"
        ),
        pytest.param(
            history(*OPEN, cancelled(), at(asked(cancel_id=Q2), seen=9)),
            [(KEY2, 9, None, (3, 4))],
            id="cancelled before",
        ),
        pytest.param(
            history(*OPEN, at(filled("100"), seen=5), at(asked(), seen=4)),
            [],
            id="sent before the end was seen, though the log heard of it later",
        ),
    ],
)
def test_cancel_on_terminal(given: History, then: list[Found]) -> None:
    assert found(cancel_on_terminal(given, LIMITS)) == then


def test_what_had_ended_the_order_is_told() -> None:
    (full,) = cancel_on_terminal(history(*OPEN, filled("100"), asked()), LIMITS)
    (taken,) = cancel_on_terminal(history(*OPEN, cancelled(), asked(cancel_id=Q2)), LIMITS)
    assert (full.ours, taken.ours) == ("FILLED", "CANCELLED")


THREE = replace(LIMITS, storm_min=3, storm=timedelta(seconds=10))


def loop(*times: float, answers: CancelRejectReason | None = None) -> list[Told]:
    """A cancel at each time, refused half a second later if `answers` says so."""
    told: list[Told] = [placed(), accepted()]
    for number, time in enumerate(times):
        cancel_id = derived("cancel", number)
        told.append(at(asked(cancel_id=cancel_id), seen=time))
        if answers is not None:
            told.append(at(refused(answers, cancel_id), seen=time + 0.5))
    return told


def storm(*told: Told) -> History:
    return history(*told)  # type: ignore[arg-type]  # events of orders, with their times


FIRST = (str(derived("cancel", 0)),)
LATER = (str(derived("cancel", 1)),)
STAYS = CancelRejectReason.NOT_CANCELLABLE
C0, C1, C2 = (derived("cancel", number) for number in range(3))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(storm(*loop(1, 2)), [], id="twice is no loop"),
        pytest.param(
            storm(*loop(1, 2, 3)),
            [(FIRST, 3, 13, (3, 5))],
            id="three times without an answer: until no more come",
        ),
        pytest.param(
            storm(*loop(1, 2, 3, answers=STAYS)),
            [(FIRST, 3, 13, (3, 7))],
            id="refused alike each time",
        ),
        pytest.param(storm(*loop(1, 12, 23)), [], id="too far apart"),
        pytest.param(
            storm(*loop(1, 5, 9, 13, 17)),
            [(FIRST, 9, 27, (3, 7))],
            id="a long loop: any three in a row are near each other",
        ),
        pytest.param(
            storm(*loop(1, 12, 13, 14)), [(LATER, 14, 24, (4, 6))], id="the first stands apart"
        ),
        pytest.param(
            storm(*loop(1, 2, 3, 9, 30, 31, 32)),
            [(FIRST, 3, 19, (3, 6)), ((str(derived("cancel", 4)),), 32, 42, (7, 9))],
            id="two loops",
        ),
        pytest.param(
            storm(*loop(1, 2, 3), at(cancelled(cancel_id=C1), seen=5)),
            [(FIRST, 3, 5, (3, 5))],
            id="over when the order is cancelled",
        ),
        pytest.param(
            storm(
                *loop(1, 2, 3, answers=STAYS)[:-1],
                at(refused(CancelRejectReason.TOO_LATE, C2), seen=4),
            ),
            [(FIRST, 3, 4, (3, 7))],
            id="over when another answer comes",
        ),
        pytest.param(
            storm(
                *loop(1, 2, 3, answers=STAYS)[:-1],
                at(CancelPending(cancel_id=C2), seen=4),
            ),
            [(FIRST, 3, 13, (3, 7))],
            id="not over when the venue says that it is pending",
        ),
        pytest.param(
            storm(
                *loop(1, answers=STAYS),
                at(asked(cancel_id=C1), seen=2),
                at(refused(CancelRejectReason.RATE_LIMITED, C1), seen=2.5),
                at(asked(cancel_id=C2), seen=3),
            ),
            [],
            id="different answers between them",
        ),
        pytest.param(storm(*loop(1, 2, 3), CancelNotSent(cancel_id=C1)), [], id="one never left"),
    ],
)
def test_cancel_storm(given: History, then: list[Found]) -> None:
    assert found(cancel_storm(given, THREE)) == then


def test_the_loop_is_counted() -> None:
    (flag,) = cancel_storm(storm(*loop(1, 2, 3, 4)), THREE)
    assert flag.note == "4 cancels of the order were sent within 3 s, to no other answer."
    assert flag.difference == "4"


def test_a_loop_once_over_stays_over() -> None:
    told: list[OrderEvent] = []
    (early,) = cancel_storm(storm(*loop(1, 2, 3), *told), THREE)
    (later, _other) = cancel_storm(storm(*loop(1, 2, 3, 40, 41, 42)), THREE)
    assert later.closed_at == early.closed_at


def test_a_cancel_told_again_is_an_answer_too() -> None:
    given = storm(*loop(1, 2, 3, answers=STAYS), at(again(C2), seen=3.8))
    (flag,) = cancel_storm(given, THREE)
    assert found([flag])[0][2] == 3.8
