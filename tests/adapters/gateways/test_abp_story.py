"""ABP over real connections: a bet is matched in part, cancelled, heard of, and all of it kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from websockets.sync.client import connect

from adapters.gateways.abp.routes import router
from adapters.gateways.abp.socket import socket
from tests.adapters.gateways.serving import Served, serving

REFERENCE = "0b6f6f0e-0000-4000-8000-000000000001"
ORDER = {
    "requestUuid": REFERENCE,
    "fixtureId": "id1",
    "outcomeId": 101,
    "orderPrice": 1.95,
    "orderStake": 100,
    "userRef": "desk-7",
    "testOrder": False,
}


@pytest.fixture
def served() -> Iterator[Served]:
    with serving("abp", lambda frame, feed: [router(frame), socket(frame, feed)]) as served:
        yield served


def test_a_bet_matched_in_part_and_cancelled(served: Served) -> None:
    with (
        served.client(**{"X-API-Key": "acme-key"}) as client,
        connect(f"ws://127.0.0.1:{served.port}/ws") as feed,
    ):
        feed.send(json.dumps({"type": "login", "apiKey": "acme-key", "channels": []}))
        assert json.loads(feed.recv(5))["type"] == "login_ok"
        placed = client.post("/place-orders", json={"orders": [ORDER]}).json()
        assert placed["status"] == "accepted"
        order_id = placed["acceptedOrders"][0]["orderId"]
        served.do(lambda: served.frame.book.match(order_id, Decimal(40)))
        answer = client.post("/cancel-orders", json={"orderIds": [order_id, 5]}).json()
        assert (answer["status"], answer["cancelledCount"]) == ("cancelled", 1)
        (row,) = answer["cancelled"]
        assert (row["orderStatus"], row["orderStake"], row["filledStake"]) == ("CANCELLED", 100, 40)
        assert [bet["placedStake"] for bet in row["bets"]] == [40]
        heard = [json.loads(feed.recv(5)) for _ in range(4)]
        assert [(m["channel"], m["event"], m["seq"]) for m in heard] == [
            ("orders", "INSERT", 1),
            ("orders", "UPDATE", 2),
            ("bets", "INSERT", 3),
            ("orders", "UPDATE", 4),
        ]
        assert [m["payload"].get("orderStatus") for m in heard] == [
            "PENDING",
            "PARTIALLY_FILLED",
            None,
            "CANCELLED",
        ]
    kept = served.recording("acme")
    assert [body["status"] for body in kept.answers] == ["accepted", "cancelled"]
    assert kept.kinds.count("sent") == 2
    assert len(kept.messages) == 8


@pytest.mark.parametrize(
    ("key", "status"),
    [
        pytest.param(None, 401, id="no key"),
        pytest.param("other", 401, id="a key that was never given out"),
        pytest.param("reader-key", 403, id="a key that may only read"),
        pytest.param("rival-key", 404, id="another account's order is not there"),
        pytest.param("acme-key", 200, id="the account's own"),
    ],
)
def test_who_may_cancel(served: Served, key: str | None, status: int) -> None:
    with served.client(**{"x-api-key": "acme-key"}) as owner:
        owner.post("/place-orders", json={"orders": [ORDER]})
    with served.client(**({} if key is None else {"x-api-key": key})) as client:
        answer = client.post("/cancel-orders", json={"requestUuids": [REFERENCE]})
    assert answer.status_code == status
