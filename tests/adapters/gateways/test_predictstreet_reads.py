"""PredictStreet's reads: filters, pages by cursor, how an order and its matches are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.gateways.predictstreet.rows import number_of, uuid_of
from adapters.paper.book import Kind
from tests.adapters.gateways.predictstreet import ACME, OTHERS, OWN, order, street
from tests.adapters.gateways.serving import Served

D = Decimal


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with street() as served:
        yield served


def get(served: Served, path: str, **query: str) -> httpx2.Response:
    with served.client(**{"X-Api-Key": OWN}) as client:
        return client.get(path, params=query)


def placed(served: Served, **changed: object) -> str:
    with served.client(**{"X-Api-Key": OWN}) as client:
        return str(client.post("/api/orders/place", json=order(**changed)).json()["orderId"])


def pages(served: Served, path: str, name: str, **query: str) -> list[list[str]]:
    """The ids of every page, by following the cursor."""
    found: list[list[str]] = []
    cursor: str | None = ""
    while cursor is not None:
        body = get(served, path, **query, **({"cursor": cursor} if cursor else {})).json()
        found.append([row["id"] for row in body[name]])
        cursor = body["nextCursor"]
    return found


@given(st.integers(0, 2**76 - 1))
def test_an_id_is_a_uuid_that_leads_back_to_its_order(number: int) -> None:
    order_id = uuid_of(number, "8000")
    assert str(UUID(order_id)) == order_id
    assert UUID(order_id).version == 4
    assert number_of(order_id) == number
    assert number_of(uuid_of(number, "9000")) == -1


def test_an_order_is_shown_as_documented(served: Served) -> None:
    order_id = placed(served, clientOrderId="mm-7", quantity="100.50", price="0.4")
    served.do(lambda: served.frame.book.match(number_of(order_id), D("40.25")))
    row = get(served, f"/api/orders/{order_id}").json()
    created, updated = row.pop("createdAt"), row.pop("updatedAt")
    assert row == {
        "id": order_id,
        "userWallet": ACME,
        "vault": "0x" + "d4" * 20,
        "marketId": "XYZ-BIN-1",
        "side": "buy",
        "outcome": "0",
        "price": "0.4",
        "quantity": "100.5",
        "filledQty": "40.25",
        "remainingQty": "60.25",
        "expiry": 0,
        "type": "limit",
        "timeInForce": "gtc",
        "status": "PARTIAL",
        "clientOrderId": "mm-7",
    }
    assert created < updated
    assert len(created) == len("2026-02-07T12:00:00.000Z")


@pytest.mark.parametrize(
    ("how", "status", "filled", "rest"),
    [
        pytest.param(None, "OPEN", "0", "100", id="on the book"),
        pytest.param(Kind.CANCELLED, "CANCELLED", "0", "100", id="cancelled"),
        pytest.param(Kind.EXPIRED, "EXPIRED", "0", "100", id="expired"),
        pytest.param(Kind.LAPSED, "CANCELLED_BY_RESOLVE", "0", "100", id="the market resolved"),
        pytest.param(Kind.MATCHED, "FILLED", "100", "0", id="matched"),
        pytest.param(Kind.FILL_VOIDED, "SETTLEMENT_FAILED", "0", "0", id="all of it reverted"),
    ],
)
def test_the_states_of_an_order(
    served: Served, how: Kind | None, status: str, filled: str, rest: str
) -> None:
    order_id = placed(served)
    number, book = number_of(order_id), served.frame.book
    if how in {Kind.MATCHED, Kind.FILL_VOIDED}:
        fill = served.do(lambda: book.match(number, D(100)))
        if how is Kind.FILL_VOIDED:
            served.do(lambda: book.void_fill(fill.fill_id))
    elif how is not None:
        served.do(lambda: book.end(number, how))
    row = get(served, f"/api/orders/{order_id}").json()
    assert (row["status"], row["filledQty"], row["remainingQty"]) == (status, filled, rest)
    is_open = [r["id"] for r in get(served, "/api/orders/open").json()["orders"]]
    assert (order_id in is_open) is (status == "OPEN")


def test_a_match_is_settled_in_time_by_the_books_or_never(served: Served) -> None:
    order_id = placed(served)
    number, book = number_of(order_id), served.frame.book
    fill = served.do(lambda: book.match(number, D(10)))

    def told() -> tuple[str, bool, bool]:
        (row,) = get(served, f"/api/orders/{order_id}/fills").json()["trades"]
        return row["status"], row["txHash"] is not None, row["settledAt"] is not None

    def later(**time: float) -> None:
        served.do(lambda: setattr(served.clock, "now", served.clock.now + timedelta(**time)))

    assert told() == ("matched", False, False)
    later(seconds=1)
    assert told() == ("settlement_pending", True, False)
    later(seconds=5)
    assert told() == ("settled", True, True)
    served.do(lambda: book.void_fill(fill.fill_id))
    assert told() == ("settlement_failed", True, False)
    resolved = placed(served)
    served.do(lambda: book.match(number_of(resolved), D(10)))
    served.do(lambda: book.settle(number_of(resolved), "0"))
    (row,) = get(served, f"/api/orders/{resolved}/fills").json()["trades"]
    assert row["status"] == "settled"
    assert row["settledAt"] >= row["createdAt"]


@pytest.fixture(scope="module")
def shelf() -> Iterator[tuple[Served, dict[str, str]]]:
    """Seven orders of different kinds, the third matched in part, the last cancelled."""
    with street() as served:
        kinds: dict[str, dict[str, Any]] = {
            "a": {"marketId": "A-BIN-1"},
            "b": {"marketId": "A-BIN-1", "side": "sell", "price": "0.90"},
            "c": {"marketId": "A-BIN-1", "outcome": "1"},
            "d": {"marketId": "B-BIN-1"},
            "e": {"marketId": "B-BIN-1"},
            "market": {"marketId": "C-BIN-1", "type": "market"},
            "gone": {"marketId": "B-BIN-1"},
        }
        ids = {name: placed(served, **changed) for name, changed in kinds.items()}
        for _ in range(3):
            served.do(lambda: served.frame.book.match(number_of(ids["c"]), D(10)))
        served.do(lambda: served.frame.book.match(number_of(ids["d"]), D(5)))
        served.do(lambda: served.frame.book.cancel(ACME, number_of(ids["gone"])))
        with served.client(**{"X-Api-Key": OTHERS}) as client:
            client.post("/api/orders/place", json=order(price="0.01"))
        yield served, ids


Shelf = tuple[Served, dict[str, str]]


@pytest.mark.parametrize(
    ("path", "query", "names"),
    [
        pytest.param("open", {}, "edcba", id="what is open, newest first"),
        pytest.param("open", {"marketId": "A-BIN-1"}, "cba", id="of a market"),
        pytest.param("open", {"side": "SELL"}, "b", id="of a side, in any casing"),
        pytest.param("open", {"outcome": "1"}, "c", id="of an outcome"),
        pytest.param("open", {"type": "LIMIT"}, "edcba", id="of a type, in any casing"),
        pytest.param("open", {"marketId": "A-BIN-1", "side": "buy", "outcome": "0"}, "a", id="AND"),
        pytest.param("open", {"page": "2", "offset": "9"}, "edcba", id="offsets are passed over"),
        pytest.param("history", {"marketId": "B-BIN-1"}, "+ed", id="history has what is over"),
        pytest.param("history", {"status": "PARTIAL"}, "dc", id="history tells partial matches"),
        pytest.param("history", {"status": "CANCELLED", "type": "limit"}, "+", id="of a state"),
        pytest.param("history", {"from": "2026-02-08T00:00:00Z"}, "", id="nothing after"),
        pytest.param("history", {"to": "2026-02-07T11:00:00"}, "", id="nothing before"),
        pytest.param("history", {"type": "market"}, "M", id="market orders"),
    ],
)
def test_what_a_list_has(shelf: Shelf, path: str, query: dict[str, str], names: str) -> None:
    served, ids = shelf
    short = {**ids, "+": ids["gone"], "M": ids["market"]}
    rows = get(served, f"/api/orders/{path}", **query).json()["orders"]
    assert [row["id"] for row in rows] == [short[name] for name in names]
    if path == "open":
        assert {row["status"] for row in rows} == {"OPEN"}


@pytest.mark.parametrize(
    ("path", "name", "count"),
    [
        ("/api/orders/open", "orders", 5),
        ("/api/orders/history", "orders", 7),
        ("/api/me/trades", "trades", 4),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 4, 5, 7, 10**30])
def test_pages_by_cursor_are_the_whole_list(
    shelf: Shelf, path: str, name: str, count: int, limit: int
) -> None:
    served, _ = shelf
    (whole,) = pages(served, path, name)
    found = pages(served, path, name, limit=str(limit))
    assert len(whole) == count
    assert [row for page in found for row in page] == whole
    assert all(len(page) == limit for page in found[:-1])


def test_matches_before_a_time_leave_ties_out(shelf: Shelf) -> None:
    served, _ = shelf
    rows = get(served, "/api/me/trades").json()["trades"]
    older = get(served, "/api/me/trades", before=rows[1]["createdAt"]).json()["trades"]
    assert [row["id"] for row in older] == [row["id"] for row in rows[2:]]


CURSOR = "b3JkZXJzOjkwMDM"


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        pytest.param("orders/open", {"limit": "0"}, "invalid_limit", id="a page of nothing"),
        pytest.param("orders/history", {"limit": "-1"}, "invalid_limit", id="less than nothing"),
        pytest.param("me/trades", {"limit": "ten"}, "invalid_limit", id="a limit in words"),
        pytest.param("orders/history", {"status": "LIVE"}, "bad_request", id="an unknown state"),
        pytest.param("orders/history", {"from": "noon"}, "bad_request", id="a time in words"),
        pytest.param("orders/open", {"cursor": "zzz"}, "bad_request", id="a made-up cursor"),
        pytest.param("orders/open", {"cursor": "é"}, "bad_request", id="a cursor beyond ASCII"),
        pytest.param("me/trades", {"cursor": CURSOR}, "bad_request", id="another list's cursor"),
        pytest.param("me/trades", {"before": "x"}, "bad_request", id="before no time"),
        pytest.param("orders/open", {"side": "both"}, "validation_failed", id="an unknown side"),
        pytest.param("orders/open", {"outcome": "-1"}, "validation_failed", id="no outcome"),
        pytest.param("orders/open", {"type": "stop"}, "validation_failed", id="an unknown type"),
    ],
)
def test_a_query_that_is_refused(shelf: Shelf, path: str, query: dict[str, str], code: str) -> None:
    answer = get(shelf[0], f"/api/{path}", **query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_cursor_of_this_list_is_taken(shelf: Shelf) -> None:
    assert get(shelf[0], "/api/orders/open", cursor=CURSOR).status_code == 200
