from __future__ import annotations

import pytest

from domain.messages import CancelReply
from domain.wire import Line, Unreadable
from tests.adapters.venues.fourcasters.wire_lines import (
    ORDER,
    http_sent,
    line,
    loss,
    told,
    ws_sent,
)

CANCEL = ws_sent("cancelById", {"requestID": "q", "orderId": ORDER})
OVER_HTTP = http_sent("POST", "/session/cancel", {"sessionID": ORDER})


@pytest.mark.parametrize(
    ("lost", "request_line", "said"),
    [
        pytest.param(
            loss("timeout", "10 s"),
            CANCEL,
            CancelReply(lost="timeout", detail="10 s", request_ref="q"),
            id="no answer in time: the outcome is unknown",
        ),
        pytest.param(
            loss("disconnected", ws=CANCEL.ws),
            None,
            CancelReply(lost="disconnected", request_ref="q"),
            id="the lost line repeats the frame",
        ),
        pytest.param(
            loss("not_sent", "no route", ws={"channel": "orders"}),
            CANCEL,
            CancelReply(not_sent=True, detail="no route", request_ref="q"),
            id="it never left",
        ),
        pytest.param(
            loss("not_sent"), OVER_HTTP, CancelReply(not_sent=True), id="REST: it never left"
        ),
        pytest.param(
            loss("timeout", http=OVER_HTTP.http),
            None,
            CancelReply(lost="timeout"),
            id="REST: the lost line repeats the request",
        ),
    ],
)
def test_a_lost_cancel(lost: Line, request_line: Line | None, said: CancelReply) -> None:
    assert list(told(lost, request_line)) == [said]


@pytest.mark.parametrize(
    "request_line",
    [ws_sent("heartbeat", {}), http_sent("GET", "/user/getUnmatched")],
    ids=["a heartbeat", "a read"],
)
def test_other_losses_tell_of_no_order(request_line: Line) -> None:
    assert list(told(loss("timeout"), request_line)) == []


@pytest.mark.parametrize(
    ("lost", "request_line"),
    [
        pytest.param(loss("timeout"), None, id="nothing says what was lost"),
        pytest.param(loss("timeout", http={"status": 200}), None, id="REST: nothing says what"),
        pytest.param(line("lost"), CANCEL, id="nothing says how it was lost"),
    ],
)
def test_a_loss_that_tells_too_little_is_set_aside(lost: Line, request_line: Line | None) -> None:
    with pytest.raises(Unreadable):
        told(lost, request_line)
