from __future__ import annotations

import pytest

from domain.events import CancelPending
from domain.flags.cancel_answers import (
    ack_without_request,
    stray_answer,
)
from domain.flags.history import History, RequestHistory
from domain.requests import CancelAnswerStray
from tests.building import accepted, at, history, placed, request_history
from tests.cancelling import (
    LIMITS,
    Found,
    Q,
    answered,
    asked,
    cancelled,
    found,
    opened,
    refused,
)

ONCE = (str(Q),)
OPEN = (placed(), accepted(), asked())


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, cancelled()), [], id="the request is known"),
        pytest.param(history(placed(), cancelled(cancel_id=None)), [], id="no request is quoted"),
        pytest.param(
            history(placed(), cancelled(), refused()),
            [(ONCE, 1, None, (2,))],
            id="cancelled for a request that nobody sent: once, whatever else it says",
        ),
        pytest.param(
            history(placed(), refused()),
            [(ONCE, 1, None, (2,))],
            id="refused for a request that nobody sent",
        ),
        pytest.param(
            history(placed(), cancelled(requested=False)),
            [],
            id="it stood unasked in the answer to another cancel",
        ),
        pytest.param(
            history(placed(), CancelPending(cancel_id=Q)), [], id="pending is no outcome yet"
        ),
        pytest.param(
            history(placed(), cancelled(), at(asked(), seen=9)),
            [(ONCE, 1, 9, (2,))],
            id="the request is found later: cleared",
        ),
        pytest.param(
            history(placed(), at(cancelled(), seen=5), at(asked(), seen=2)),
            [(ONCE, 5, 5, (2,))],
            id="an older request is found later: cleared, and never before it opened",
        ),
        pytest.param(
            history(placed(), CancelPending(cancel_id=Q), asked(), cancelled()),
            [],
            id="only the pending came before the request",
        ),
    ],
)
def test_ack_without_request(given: History, then: list[Found]) -> None:
    assert found(ack_without_request(given, LIMITS)) == then


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
def test_stray_answer(given: RequestHistory, then: list[Found]) -> None:
    assert found(stray_answer(given, LIMITS)) == then
