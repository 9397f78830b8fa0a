"""Every fault over real connections: what the client sees, and what the venue did all the same."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.adapters.paper.simulated import simulated


@pytest.mark.parametrize(
    ("fault", "cancelled"),
    [
        pytest.param({"do": "drop", "effect": "before"}, "0", id="dropped before: not done"),
        pytest.param({"do": "drop", "effect": "after"}, "100", id="dropped after: done"),
        pytest.param({"do": "half"}, "100", id="the answer is cut in the middle: done"),
    ],
)
def test_the_connection_is_lost(fault: dict[str, Any], cancelled: str) -> None:
    with simulated({"fault": [{**fault, "on": "cancel", "nth": 1}]}) as venue:
        order_id = venue.place(1).json()["acceptedOrders"][0]["orderId"]
        with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
            venue.cancel(order_id)
        (row,) = venue.books()["orders"]
        assert row["cancelled"] == cancelled
        assert venue.books()["faults"] == [{"fault": 1, "do": fault["do"], "fired": 1}]
        # The next request finds the venue as it was.
        again = venue.cancel(order_id).json()
        assert again["cancelledCount"] == (1 if cancelled == "0" else 0)


def test_silence_until_the_client_gives_up() -> None:
    fault = {"do": "drop", "effect": "after", "closes": False, "on": "cancel"}
    with simulated({"fault": [fault]}) as venue:
        order_id = venue.place(1).json()["acceptedOrders"][0]["orderId"]
        with pytest.raises(httpx2.ReadTimeout):
            venue.client.post("/cancel-orders", json={"orderIds": [order_id]}, timeout=0.3)
        assert venue.books()["orders"][0]["cancelled"] == "100"


@pytest.mark.parametrize(
    ("fault", "status", "body", "cancelled"),
    [
        pytest.param(
            {"do": "error", "status": 502}, 502, "upstream unavailable", "0",
            id="the venue is not reached",
        ),
        pytest.param(
            {"do": "error", "status": 500, "body": "oops", "effect": "after"}, 500, "oops", "100",
            id="the venue did it, and the answer says that it failed",
        ),
        pytest.param(
            {"do": "throttle", "retry_after_s": 2, "body": "slow down"}, 429, "slow down", "0",
            id="too often: not done",
        ),
        pytest.param(
            {"do": "garbage", "body": "<html>"}, 200, "<html>", "100",
            id="an answer that is no JSON: done",
        ),
        pytest.param(
            {"do": "garbage", "body": "{", "effect": "before"}, 200, "{", "0",
            id="an answer that is no JSON: not done",
        ),
    ],
)  # fmt: skip
def test_another_answer(fault: dict[str, Any], status: int, body: str, cancelled: str) -> None:
    with simulated({"fault": [{**fault, "on": "cancel"}]}) as venue:
        order_id = venue.place(1).json()["acceptedOrders"][0]["orderId"]
        answer = venue.cancel(order_id)
        assert (answer.status_code, answer.text) == (status, body)
        assert answer.headers.get("retry-after") == ("2" if status == 429 else None)
        assert venue.books()["orders"][0]["cancelled"] == cancelled


def test_half_an_answer_that_claims_to_be_whole() -> None:
    with simulated({"fault": [{"do": "half", "announced": "half", "on": "cancel"}]}) as venue:
        order_id = venue.place(1).json()["acceptedOrders"][0]["orderId"]
        answer = venue.cancel(order_id)
        assert answer.status_code == 200
        with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
            answer.json()


@pytest.mark.parametrize(
    ("share", "matched", "cancelled", "status"),
    [
        pytest.param("1", "100", "0", 200, id="all of it is matched first: nothing to cancel"),
        pytest.param("0.4", "40", "60", 200, id="a part is matched first, the rest cancelled"),
    ],
)
def test_a_stranger_crosses_the_cancel(
    share: str, matched: str, cancelled: str, status: int
) -> None:
    with simulated({"fault": [{"do": "crossing", "share": share}]}) as venue:
        order_id = venue.place(1).json()["acceptedOrders"][0]["orderId"]
        answer = venue.cancel(order_id)
        (row,) = venue.books()["orders"]
        assert (answer.status_code, row["matched"], row["cancelled"]) == (
            status,
            matched,
            cancelled,
        )
        rows = answer.json()["cancelled"] or answer.json()["notCancelled"]["orders"]
        assert [bet["placedStake"] for bet in rows[0]["bets"]] == [int(matched)]


@pytest.mark.parametrize(
    ("fault", "closed", "forgotten"),
    [
        pytest.param({"do": "ends", "how": "lapsed"}, "lapsed", False, id="it lapses"),
        pytest.param({"do": "ends", "how": "voided"}, "voided", False, id="it is voided"),
        pytest.param({"do": "ends", "how": "cancelled"}, "cancelled", False, id="it is cancelled"),
        pytest.param({"do": "forgets"}, "cancelled", True, id="it is forgotten"),
    ],
)
def test_what_the_venue_does_by_itself(
    fault: dict[str, Any],
    closed: str,
    forgotten: bool,  # noqa: FBT001 - what is expected
) -> None:
    with simulated({"fault": [{**fault, "on": "read"}]}) as venue:
        order_id = venue.place(1).json()["acceptedOrders"][0]["orderId"]
        answer = venue.client.get("/orders", params={"orderIds": order_id})
        (row,) = venue.books()["orders"]
        assert answer.status_code == (404 if forgotten else 200)
        assert (row["closed"], row["forgotten"], row["remaining"]) == (closed, forgotten, "0")
        parts = ("matched", "remaining", "cancelled", "lapsed", "voided")
        assert sum(int(row[part]) for part in parts) == 100


def test_a_clock_that_is_off() -> None:
    with simulated({"fault": [{"do": "clock", "minutes": -5, "nth": 2}]}) as venue:
        times = [venue.place(n).json()["acceptedOrders"][0]["createdAt"][11:16] for n in (1, 2)]
    assert times == ["12:00", "11:55"]


def test_an_answer_that_takes_its_time() -> None:
    faults = [{"do": "latency", "seconds": [0.15, 0.2], "effect": e} for e in ("before", "after")]
    with simulated({"fault": faults}) as venue:
        assert venue.place(1).elapsed.total_seconds() >= 0.3


def test_the_books_are_for_this_machine_and_know_no_key() -> None:
    with simulated({}) as venue:
        venue.place(1)
        found = httpx2.get(f"http://127.0.0.1:{venue.port}/paper/orders").json()
    assert [row["order_id"] for row in found["orders"]] == ["100001"]
    assert found["orders"][0]["client_order_id"] == "00000000-0000-0000-0000-000000000001"
