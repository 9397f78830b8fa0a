from __future__ import annotations

from uuid import UUID

import pytest

from domain.events import OrderEvent
from domain.flags.cancel_answers import ack_without_request
from domain.flags.history import RequestHistory
from domain.flags.rules import examine_order
from domain.ids import derived
from domain.requests import CancelAnswerStray, Outcome, OutcomeKind
from tests.building import accepted, history, placed, request_history
from tests.cancelling import LIMITS, Found, answered, asked, cancelled, found, opened, refused

STRAY = CancelAnswerStray(venue="canonical", account="desk-7", request_ref="X1")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            request_history(STRAY, STRAY),
            [(("X1",), 0, None, (1,))],
            id="an answer to nothing that we sent: one flag",
        ),
        pytest.param(
            request_history(STRAY, opened()),
            [(("X1",), 0, 1, (1,))],
            id="the request is found later: cleared",
        ),
        pytest.param(request_history(opened(), STRAY), [], id="the request is known"),
        pytest.param(request_history(opened(), answered()), [], id="an answer that fits"),
    ],
)
def test_ack_without_request(given: RequestHistory, then: list[Found]) -> None:
    assert found(ack_without_request(given, LIMITS)) == then


def stray(ref: str, *orders: UUID | None) -> CancelAnswerStray:
    outcomes = tuple(Outcome(outcome=OutcomeKind.CANCELLED, order=order) for order in orders)
    return CancelAnswerStray(
        venue="canonical", account="desk-7", request_ref=ref, outcomes=outcomes
    )


A1, A2 = derived("order", "A1"), derived("order", "A2")


@pytest.mark.parametrize(
    ("orders", "about"),
    [
        pytest.param((), None, id="no order is named"),
        pytest.param((None,), None, id="an order that nobody here knows"),
        pytest.param((A1,), A1, id="one order: the flag is about it"),
        pytest.param((A1, A2), None, id="two orders: it is about neither alone"),
    ],
)
def test_a_stray_answer_is_about_the_only_order_it_names(
    orders: tuple[UUID | None, ...], about: UUID | None
) -> None:
    (flag,) = ack_without_request(request_history(stray("X1", *orders)), LIMITS)
    assert flag.order == about


@pytest.mark.parametrize(
    ("ref", "note"),
    [
        pytest.param(
            "X1",
            "The venue answered a cancel (X1) that nobody here is known to have sent.",
            id="named",
        ),
        pytest.param(
            " ", "The venue answered a cancel that nobody here is known to have sent.", id="unnamed"
        ),
    ],
)
def test_the_note_names_the_request_if_it_has_a_name(ref: str, note: str) -> None:
    (flag,) = ack_without_request(request_history(stray(ref)), LIMITS)
    assert flag.note == note


@pytest.mark.parametrize(
    "told",
    [
        pytest.param((cancelled(),), id="cancelled"),
        pytest.param((refused(),), id="refused"),
        pytest.param((cancelled(), asked()), id="and the request found"),
    ],
)
def test_a_stray_answer_is_told_once_not_on_the_order_too(told: tuple[OrderEvent, ...]) -> None:
    flags = examine_order(history(placed(), accepted(), *told), LIMITS)
    assert "CXL-16" not in {flag.code for flag in flags}
