"""PredictStreet's three cancels: each id answered for, and never wider than what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from adapters.gateways.predictstreet.rows import number_of
from adapters.gateways.predictstreet.venue import Trip
from tests.adapters.gateways.predictstreet import OTHERS, OWN, order, street
from tests.adapters.gateways.serving import Served

UNKNOWN = "7b0d3a52-0000-4000-8000-00000000ffff"


TRIPS: dict[str, Trip] = {}


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    with street(trips=TRIPS) as served:
        yield served


@pytest.fixture
def served(running: Served) -> Served:
    """The service without live orders."""
    book = running.frame.book
    running.do(lambda: [book.cancel(order.account, order.order_id) for order in book.live()])
    return running


@pytest.fixture
def trips() -> dict[str, Trip]:
    TRIPS.clear()
    return TRIPS


def ask(served: Served, path: str, body: object, key: str = OWN) -> dict[str, Any]:
    with served.client(**{"X-Api-Key": key}) as client:
        answer = client.post(f"/api/orders/{path}", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def placed(served: Served, key: str = OWN, **changed: object) -> str:
    return str(ask(served, "place", order(**changed), key)["orderId"])


def test_a_cancel_tells_what_it_took_off_by_both_names(served: Served) -> None:
    order_id = placed(served)
    served.do(lambda: served.frame.book.match(number_of(order_id), Decimal(58)))
    told = {"orderId": order_id, "status": "cancelled", "unfilledQty": "42", "remainingQty": "42"}
    assert ask(served, "cancel", {"orderId": order_id}) == told


def test_a_cancel_says_not_found_of_whatever_it_cannot_take_off(served: Served) -> None:
    filled, gone, others = placed(served), placed(served), placed(served, OTHERS)
    served.do(lambda: served.frame.book.match(number_of(filled), Decimal(100)))
    ask(served, "cancel", {"orderId": gone})
    for order_id in (filled, gone, others, UNKNOWN, "0xabc", "../open"):
        told = {"orderId": order_id, "status": "not_found"}
        assert ask(served, "cancel", {"orderId": order_id}) == told


def test_a_batch_answers_for_every_id_once(served: Served, trips: dict[str, Trip]) -> None:
    live, over, others, locked, shaky = (
        placed(served),
        placed(served),
        placed(served, OTHERS),
        placed(served),
        placed(served),
    )
    ask(served, "cancel", {"orderId": over})
    trips.update({locked: "lock_invariant", shaky: "unknown", over: "unknown", others: "unknown"})
    ids = [over, live, live, UNKNOWN, others, locked, shaky, "0xabc", live.upper()]
    assert ask(served, "cancel-batch", {"orderIds": ids}) == {
        "cancelled": [live],
        "notCancelled": {
            over: "already_terminal",
            UNKNOWN: "not_found",
            others: "not_found",
            locked: "lock_invariant",
            shaky: "unknown",
            "0xabc": "not_found",
            live.upper(): "not_found",
        },
    }
    trips.clear()
    again = ask(served, "cancel-batch", {"orderIds": [live, locked, shaky]})
    assert again == {"cancelled": [locked, shaky], "notCancelled": {live: "already_terminal"}}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="no ids"),
        pytest.param({"orderIds": []}, id="none"),
        pytest.param({"orderIds": [UNKNOWN] * 101}, id="101, though all the same"),
        pytest.param({"orderIds": UNKNOWN}, id="no list"),
        pytest.param({"orderIds": [1]}, id="a number"),
        pytest.param({"orderIds": [""]}, id="an id of nothing"),
        pytest.param({"orderIds": [UNKNOWN], "orderId": UNKNOWN}, id="a field too many"),
        pytest.param({"order_ids": [UNKNOWN]}, id="another spelling"),
    ],
)
def test_a_batch_that_is_refused(served: Served, body: object) -> None:
    live = placed(served)
    with served.client(**{"X-Api-Key": OWN}) as client:
        answer = client.post("/api/orders/cancel-batch", json=body)
        left = client.get(f"/api/orders/{live}").json()
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
    assert left["status"] == "OPEN"


def test_a_hundred_ids_are_one_batch(served: Served) -> None:
    ids = [placed(served) for _ in range(3)] + [f"0x{number:x}" for number in range(97)]
    told = ask(served, "cancel-batch", {"orderIds": ids})
    assert (len(told["cancelled"]), len(told["notCancelled"])) == (3, 97)


BOOK = {
    "a buy": {"marketId": "A-BIN-1"},
    "a sell": {"marketId": "A-BIN-1", "side": "sell", "price": "0.90"},
    "no": {"marketId": "A-BIN-1", "outcome": "1"},
    "elsewhere": {"marketId": "B-BIN-1"},
}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        pytest.param(None, set(BOOK), id="no body: everything of the wallet"),
        pytest.param({}, set(BOOK), id="no filter: everything of the wallet"),
        pytest.param({"marketId": "A-BIN-1"}, {"a buy", "a sell", "no"}, id="a market"),
        pytest.param({"side": "SELL"}, {"a sell"}, id="a side, in any casing"),
        pytest.param({"outcome": 1}, {"no"}, id="an outcome"),
        pytest.param({"marketId": "A-BIN-1", "outcome": 0, "side": "buy"}, {"a buy"}, id="by AND"),
        pytest.param({"marketId": "C"}, set[str](), id="a market without orders"),
    ],
)
def test_cancel_all_takes_off_what_every_filter_leaves(
    served: Served, filters: dict[str, Any] | None, names: set[str]
) -> None:
    ids = {name: placed(served, **changed) for name, changed in BOOK.items()}
    others = placed(served, OTHERS)
    with served.client(**{"X-Api-Key": OWN}) as client:
        answer = client.post("/api/orders/cancel-all", json=filters).json()
        if filters is None:
            assert client.post("/api/orders/cancel-all").json()["cancelled"] == []
    market = (
        {} if filters is None or "marketId" not in filters else {"marketId": filters["marketId"]}
    )
    assert set(answer.pop("cancelled")) == {ids[name] for name in names}
    assert answer == {"notCancelled": {}, **market}
    with served.client(**{"X-Api-Key": OTHERS}) as client:
        assert client.get(f"/api/orders/{others}").json()["status"] == "OPEN"


def test_cancel_all_says_what_it_could_not_take_off(served: Served, trips: dict[str, Trip]) -> None:
    done, locked = placed(served), placed(served)
    trips[locked] = "lock_invariant"
    told = {"cancelled": [done], "notCancelled": {locked: "lock_invariant"}}
    assert ask(served, "cancel-all", {}) == told


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{", id="half an object"),
        pytest.param(b'{"marketId": null}', id="a market of null"),
        pytest.param(b'{"marketId": ""}', id="a market of nothing"),
        pytest.param(b'{"side": "both"}', id="a side that is none"),
        pytest.param(b'{"outcome": "0"}', id="an outcome as text"),
        pytest.param(b'{"market": "A-BIN-1"}', id="a filter that nobody documented"),
    ],
)
def test_what_cannot_be_read_is_never_everything(served: Served, body: bytes) -> None:
    live = placed(served)
    with served.client(**{"X-Api-Key": OWN}) as client:
        answer = client.post("/api/orders/cancel-all", content=body)
        left = client.get(f"/api/orders/{live}").json()
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
    assert left["status"] == "OPEN"
