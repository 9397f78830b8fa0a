"""What 4casters does by itself: the dead-man switch of each account, and expiries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from adapters.paper.book import Kind
from tests.adapters.gateways.fourcasters import (
    ACME,
    RIVAL,
    booked,
    heard,
    house,
    listening,
    ordering,
    spread,
)
from tests.adapters.gateways.serving import Served

D = Decimal
KEPT = 6


@pytest.fixture
def served() -> Iterator[Served]:
    with house(KEPT) as served:
        yield served


@pytest.fixture(scope="module")
def shared() -> Iterator[Served]:
    """For what leaves no trace."""
    with house(KEPT) as served:
        yield served


def until(done: Callable[[], bool]) -> None:
    """Return when it is so."""
    for _ in range(200):
        if done():
            return
        time.sleep(0.02)
    raise TimeoutError


@pytest.mark.parametrize(
    "seconds",
    [
        pytest.param(0, id="nothing"),
        pytest.param(-1, id="less than nothing"),
        pytest.param("10", id="a text"),
        pytest.param(None, id="none"),
        pytest.param(True, id="no number"),
        pytest.param(10**9, id="for ever"),
    ],
)
def test_a_heartbeat_of_no_time(shared: Served, seconds: object) -> None:
    with ordering(shared) as acme:
        answer = acme.ask("heartbeat", requestTimeout=seconds)
        assert answer == {"error": "Invalid heartbeat timeout"}


def test_a_heartbeat_that_lapses_cancels_everything_of_the_account(served: Served) -> None:
    with ordering(served) as acme, ordering(served, RIVAL) as rival:
        mine, theirs = acme.rest(), rival.rest()
        acknowledged = acme.ask("heartbeat", requestTimeout=10)["data"]
        assert (acknowledged["type"], acknowledged["timeoutSec"]) == ("heartbeatAck", 10)
        assert len(acknowledged["serverTime"].partition(".")[2]) == len("123456789Z")
        served.clock.now += timedelta(seconds=9)
        acme.ask("heartbeat", requestTimeout=10)
        served.clock.now += timedelta(seconds=9)
        time.sleep(0.2)
        assert booked(served, "acme", mine).is_live, "it lives"
    # Both connections are closed: that alone cancels nothing.
    assert booked(served, "acme", mine).is_live
    served.clock.now += timedelta(seconds=2)
    until(lambda: not booked(served, "acme", mine).is_live)
    assert booked(served, "acme", mine).closed is Kind.CANCELLED
    assert booked(served, "rival", theirs).is_live
    with ordering(served) as acme:  # it has lapsed, and does not lapse again
        later = acme.rest()
        served.clock.now += timedelta(hours=1)
        acme.ask("cancelMultiple", orderIDs=[])
        assert booked(served, "acme", later).is_live


def test_a_heartbeat_without_an_id_gets_one(served: Served) -> None:
    with ordering(served) as acme:
        assert acme.raw('["heartbeat", {"requestTimeout": 5}]')["requestID"] == "heartbeat-1"


def test_both_heartbeats_are_one_switch(served: Served) -> None:
    with ordering(served) as acme, served.client(authorization=ACME) as rest:
        order_id = acme.rest()
        acme.ask("heartbeat", requestTimeout=10)
        for timeout in (5, 0, None):
            refused = rest.post("/user/ordersHeartbeat", json={"timeout": timeout})
            assert (refused.status_code, refused.json()) == (
                400,
                {"error": "timeout must be greater than 5"},
            )
        beat = rest.post("/user/ordersHeartbeat", json={"timeout": 5.5}).json()["data"]
        assert beat["timeoutSec"] == 5.5
        served.clock.now += timedelta(seconds=6)
        until(lambda: not booked(served, "acme", order_id).is_live)


def test_an_order_expires_at_its_time(served: Served) -> None:
    with ordering(served) as acme, listening(served) as feed:
        short, long = acme.rest(spread(expirationMinutes=1)), acme.rest(spread(expirationMinutes=9))
        served.clock.now += timedelta(seconds=61)
        told = heard(feed, 3)[-1]
        assert (told["unmatched"]["orderID"], told["unmatched"]["offered"]) == (short, 0)
        assert acme.ask("cancelById", orderId=short) == {"error": "order is expired"}
        assert acme.ask("cancelById", orderId=long)["data"][0]["success"]
