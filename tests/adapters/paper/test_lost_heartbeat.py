"""A heartbeat that is lost: 4casters takes every order of the account off the book."""

from __future__ import annotations

import json
from collections.abc import Generator
from time import monotonic, sleep

import pytest
from websockets.sync.client import connect

from adapters.clock import utc_now
from tests.adapters.gateways.fourcasters import spread
from tests.adapters.paper.simulated import Simulated, simulated

BEATS = {"do": "drop", "effect": "before", "closes": False, "on": "heartbeat"}
CANCELS = {"do": "drop", "effect": "after", "closes": False, "on": "cancel"}


@pytest.fixture
def there() -> Generator[Simulated]:
    faults = [{**BEATS, "nth": 2}, {**CANCELS, "nth": 1}]
    with simulated({"fault": faults}, clock=utc_now, name="fourcasters") as venue:
        yield venue


def test_the_second_beat_is_not_heard(there: Simulated) -> None:
    ((_, key),) = there.keys.items()
    url = f"ws://127.0.0.1:{there.port}/orders/ws"
    with connect(url, additional_headers={"Authorization": key}) as orders:

        def ask(verb: str, **payload: object) -> None:
            orders.send(json.dumps([verb, {"requestID": verb, **payload}]))

        ask("placeV3", orders=[spread(), spread()])
        first, _ = json.loads(orders.recv(5))["data"]
        ask("cancelById", orderId=first["unmatched"]["orderID"])
        with pytest.raises(TimeoutError):
            orders.recv(0.3)
        assert [row["closed"] for row in there.books()["orders"]] == ["cancelled", None]
        ask("heartbeat", requestTimeout=1)
        assert json.loads(orders.recv(5))["data"]["type"] == "heartbeatAck"
        ask("heartbeat", requestTimeout=600)
        end = monotonic() + 10
        while there.books()["orders"][1]["closed"] is None and monotonic() < end:
            sleep(0.1)
        assert there.books()["orders"][1]["closed"] == "cancelled"
