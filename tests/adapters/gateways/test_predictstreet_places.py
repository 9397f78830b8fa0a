"""PredictStreet's placing: what is taken, what is refused and with which code, what is repeated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx2
import pytest

from tests.adapters.gateways.predictstreet import OTHERS, OWN, order, street
from tests.adapters.gateways.serving import NOON, Served

PAST = int(NOON.timestamp()) - 1
FUTURE = int(NOON.timestamp()) + 3600
MARKETS = (f"M{number}-BIN-1" for number in count())


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with street() as served:
        yield served


def post(served: Served, path: str, body: object, key: str = OWN) -> httpx2.Response:
    with served.client(**{"X-Api-Key": key}) as client:
        return client.post(f"/api/orders/{path}", content=json.dumps(body))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"price": "0"}, "invalid_amounts", id="a price of nothing"),
        pytest.param({"price": "1"}, "invalid_amounts", id="a price of one"),
        pytest.param({"price": "0.505"}, "invalid_amounts", id="a price between two ticks"),
        pytest.param({"price": "4e-1"}, "invalid_amounts", id="a price with an exponent"),
        pytest.param({"price": "-0.4"}, "invalid_amounts", id="a price below nothing"),
        pytest.param({"quantity": "0"}, "invalid_amounts", id="no quantity"),
        pytest.param({"quantity": "0.0000001"}, "invalid_amounts", id="seven decimals"),
        pytest.param({"quantity": "many"}, "invalid_amounts", id="a quantity that is none"),
        pytest.param({"type": "market", "timeInForce": "gtc"}, "invalid_tif", id="market and gtc"),
        pytest.param({"postOnly": True, "timeInForce": "ioc"}, "invalid_tif", id="post-only ioc"),
        pytest.param({"outcome": "2"}, "invalid_outcome", id="a third outcome of two"),
        pytest.param({"outcome": "yes"}, "invalid_outcome", id="an outcome that is no index"),
        pytest.param({"signature": "signed"}, "bad_signature", id="a signature of another shape"),
        pytest.param({"nonce": "9" * 78}, "bad_signature", id="a salt beyond uint256"),
        pytest.param({"expiry": PAST}, "expired", id="over already"),
        pytest.param({"fee": "1"}, "validation_failed", id="a field that nobody documented"),
        pytest.param({"signature": ...}, "validation_failed", id="no signature"),
        pytest.param({"maker": "acme"}, "validation_failed", id="a maker that is no address"),
        pytest.param({"side": "BUY"}, "validation_failed", id="a side in capitals"),
        pytest.param({"outcome": 0}, "validation_failed", id="an outcome that is no text"),
        pytest.param({"price": 0.4}, "validation_failed", id="a price that is no text"),
        pytest.param({"timeInForce": "day"}, "validation_failed", id="an unknown time in force"),
        pytest.param({"marketId": ""}, "validation_failed", id="no market"),
        pytest.param({"marketId": "\ud800"}, "validation_failed", id="half a character"),
        pytest.param({"\ud800": 1}, "validation_failed", id="a field of half a character"),
    ],
)
def test_an_order_that_is_refused(served: Served, changed: dict[str, Any], code: str) -> None:
    answer = post(served, "place", order(**changed))
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{", id="half an object"),
        pytest.param(b'{"orderId": NaN}', id="a number that is none"),
        pytest.param(b"\xff", id="bytes that are no text"),
        pytest.param(b"[" * 100_000, id="nested beyond reading"),
    ],
)
@pytest.mark.parametrize("path", ["place", "place-batch", "cancel", "cancel-batch"])
def test_a_body_that_is_no_request(served: Served, path: str, body: bytes) -> None:
    with served.client(**{"X-Api-Key": OWN}) as client:
        answer = client.post(f"/api/orders/{path}", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")


@pytest.mark.parametrize(
    ("changed", "status", "filled", "rest"),
    [
        pytest.param({}, "FILLED", "100", "0", id="a limit order that is matched"),
        pytest.param({"quantity": "150.5"}, "OPEN", "100", "50.5", id="the rest is on the book"),
        pytest.param({"price": "0.39"}, "OPEN", "0", "100", id="nobody offers at the price"),
        pytest.param(
            {"quantity": "150", "timeInForce": "ioc"}, "CANCELLED", "100", "50", id="ioc: no rest"
        ),
        pytest.param(
            {"quantity": "150", "timeInForce": "fok"}, "CANCELLED", "0", "150", id="fok: nothing"
        ),
        pytest.param({"timeInForce": "fok"}, "FILLED", "100", "0", id="fok: all of it"),
        pytest.param(
            {"type": "market", "quantity": "150"}, "CANCELLED", "100", "50", id="market is ioc"
        ),
        pytest.param({"postOnly": True}, "REJECTED", "0", "0", id="post-only would match"),
        pytest.param(
            {"postOnly": True, "price": "0.39"}, "OPEN", "0", "100", id="post-only and rests"
        ),
        pytest.param({"expiry": FUTURE, "price": "0.390"}, "OPEN", "0", "100", id="until then"),
    ],
)
def test_an_order_that_is_taken(
    served: Served, changed: dict[str, Any], status: str, filled: str, rest: str
) -> None:
    market = next(MARKETS)
    offer = post(served, "place", order(marketId=market, side="sell"), OTHERS).json()
    answer = post(served, "place", order(marketId=market, **changed))
    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["filledQty"], told["remainingQty"]) == (status, filled, rest)
    assert (told["orderId"] == "") is (status == "REJECTED")
    assert [row["quantity"] for row in told["trades"]] == ([filled] if filled != "0" else [])
    if status == "REJECTED":
        assert told["code"] == "post_only_would_cross"
    assert offer["status"] == "OPEN"


def test_a_repeated_order_is_the_order_placed_before(served: Served) -> None:
    asked = order(clientOrderId="mm-1", price="0.01")
    first = post(served, "place", asked).json()
    assert post(served, "place", asked).json() == first
    assert post(served, "place", asked, OTHERS).json()["orderId"] != first["orderId"]
    (again, new) = post(served, "place-batch", {"orders": [asked, order(price="0.01")]}).json()
    assert again == {"success": True, "clientOrderId": "mm-1", **first}
    assert new["orderId"] not in {"", first["orderId"]}


def test_the_entries_of_a_batch_stand_each_for_itself(served: Served) -> None:
    bad = order(clientOrderId="mm-2", price="0.505")
    good = order(clientOrderId="mm-3", price="0.01")
    answer = post(served, "place-batch", {"orders": [bad, good]})
    assert answer.status_code == 200
    refused, taken = answer.json()
    assert (refused["success"], refused["status"], refused["code"], refused["orderId"]) == (
        False,
        "REJECTED",
        "invalid_amounts",
        "",
    )
    assert (taken["success"], taken["status"], taken["clientOrderId"]) == (True, "OPEN", "mm-3")


@pytest.mark.parametrize(
    "orders",
    [
        pytest.param([], id="none"),
        pytest.param([order()] * 11, id="eleven"),
        pytest.param([order(), order(fee="1")], id="one with a field that nobody documented"),
    ],
)
def test_a_batch_that_is_refused_as_a_whole(served: Served, orders: list[Any]) -> None:
    answer = post(served, "place-batch", {"orders": orders})
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")


def test_an_order_whose_time_is_over_expires(served: Served) -> None:
    with served.client(**{"X-Api-Key": OWN}) as client:
        soon = int(served.clock.now.timestamp()) + 60
        placed = client.post("/api/orders/place", json=order(price="0.01", expiry=soon)).json()
        served.do(lambda: setattr(served.clock, "now", served.clock.now.replace(hour=13)))
        row = client.get(f"/api/orders/{placed['orderId']}").json()
    assert (row["status"], row["remainingQty"], row["expiry"]) == ("EXPIRED", "100", soon)
