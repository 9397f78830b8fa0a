"""Which message is read by what: paths, exchanges, losses, and bets that are read."""

from __future__ import annotations

from typing import Any

import pytest

from domain.events import Filled, Source
from domain.messages import CancelReply, CancelSent, OrderMessage
from domain.wire import Unreadable
from tests.adapters.venues.abp.building import (
    CANCEL,
    READ,
    answer,
    bet,
    line,
    lost,
    order,
    received,
    sent,
    tell,
)


@pytest.mark.parametrize(
    "path",
    [
        "/cancel-orders",
        "cancel-orders/",
        "/cancel-orders?x=1",
        "https://v2.55-tech.com/cancel-orders",
        "/gateway/abp/cancel-orders#top",
        " /Cancel-Orders ",
    ],
)
def test_a_path_is_read_whatever_stands_around_it(path: str) -> None:
    request = sent("post", path, {"orderIds": [9001]})
    assert isinstance(tell(request)[0], CancelSent)
    assert isinstance(tell(received(answer()), request)[-1], CancelReply)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/betslip?fixtureId=1"), ("GET", "/positions"), ("GET", "/pnl"),
        ("GET", "/accounts"), ("POST", "/accounts"), ("PATCH", "/accounts/7"),
        ("DELETE", "/accounts/7"), ("GET", "/bookmakers"), ("GET", "/markets"),
        ("GET", "/health"), ("GET", "/ready"), ("GET", "/status"), ("GET", "/metrics"),
        ("GET", "/ws"),
    ],
)  # fmt: skip
def test_documented_endpoints_without_orders_tell_nothing(method: str, path: str) -> None:
    request = sent(method, path)
    assert tell(request) == []
    assert tell(received({"$text": "anything"}), request) == []
    assert tell(lost("timeout"), request) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/cancel-orders"), ("DELETE", "/orders"), ("POST", "/orders/9001/cancel"),
        ("POST", "/"), ("POST", ""), ("POST", "/x"), ("GET", "http://[bad"),
    ],
)  # fmt: skip
def test_endpoints_in_no_document_are_set_aside(method: str, path: str) -> None:
    with pytest.raises(Unreadable, match=r"no documented message|http\.path"):
        tell(sent(method, path))


@pytest.mark.parametrize(
    ("one", "request_line"),
    [
        pytest.param(received(answer()), None, id="an answer without its request"),
        pytest.param(lost("timeout"), None, id="a loss without its request"),
        pytest.param(received(answer(), "200"), CANCEL, id="a status that is a text"),
        pytest.param(line("received", http={}), CANCEL, id="no status"),
        pytest.param(line("sent"), None, id="nothing at all"),
        pytest.param(line("sent", http={"method": 1, "path": []}), None, id="no path"),
        pytest.param(line("lost", error={}), CANCEL, id="a loss that says nothing"),
    ],
)
def test_what_has_no_meaning_alone_is_set_aside(one: Any, request_line: Any) -> None:  # noqa: ANN401 - any JSON value
    with pytest.raises(Unreadable):
        tell(one, request_line)


def test_a_loss_may_repeat_its_request() -> None:
    assert CANCEL.http is not None
    one = line("lost", http=CANCEL.http, error={"kind": "not_sent"})
    assert tell(one) == [CancelReply(not_sent=True)]


def test_a_lost_read_tells_nothing() -> None:
    assert tell(lost("timeout"), READ) == []


@pytest.mark.parametrize(
    "body",
    [
        {"status": "success", "bets": [bet()], "count": 1, "hasMore": False, "nextCursor": None},
        [bet()],
    ],
    ids=["envelope", "bare array"],
)
def test_bets_that_are_read_are_matches(body: object) -> None:
    (message,) = tell(received(body), sent("GET", "/bets"))
    assert isinstance(message, OrderMessage)
    assert message.source is Source.LIST
    assert isinstance(message.said_in[0], Filled)


def test_one_bet_is_read_by_its_path() -> None:
    request = sent("GET", "/bets/501")
    (message,) = tell(received(bet(placedCurrency=None)), request)
    assert isinstance(message, OrderMessage)
    assert isinstance(message.said[0], Filled)
    assert tell(received({"detail": "No bet"}, 404), request) == []


def test_a_list_of_orders_is_not_a_list_of_bets() -> None:
    with pytest.raises(Unreadable, match="betId"):
        tell(received([order()]), sent("GET", "/bets"))
