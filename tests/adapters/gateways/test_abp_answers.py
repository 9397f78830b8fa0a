"""Every documented answer of ABP's routes, as a table of sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import httpx2
import pytest

from adapters.gateways.abp.rates import Rates
from adapters.gateways.abp.routes import router
from adapters.gateways.abp.socket import socket
from tests.adapters.gateways.serving import Served, serving

Json = Mapping[str, Any]


def ref(number: int) -> str:
    return str(UUID(int=number))


def order(number: int, **changes: object) -> Json:
    """An order of desk-1 that lives for an hour of the venue's clock."""
    return {
        "requestUuid": ref(number),
        "fixtureId": "id1",
        "outcomeId": 101,
        "orderPrice": 1.95,
        "orderStake": 100,
        "userRef": "desk-1",
        "testOrder": False,
        "expiresAt": "2026-02-07T13:00:00Z",
        **changes,
    }


@pytest.fixture(scope="module")
def venue() -> Iterator[Served]:
    """No limit on how often it is asked: that has tests of its own."""
    with serving(
        "abp", lambda frame, feed: [router(frame, Rates(10**6)), socket(frame, feed)]
    ) as served:
        yield served


@pytest.fixture
def client(venue: Served) -> Iterator[httpx2.Client]:
    """A caller at a venue that has forgotten everything else."""

    def forget() -> None:
        book = venue.frame.book
        for account in ("acme", "rival"):
            for known in list(book.orders(account)):
                book.forget(known.order_id)

    venue.do(forget)
    venue.clock.now += timedelta(hours=1)
    with venue.client(**{"x-api-key": "acme-key"}) as client:
        yield client


def placed(venue: Served, client: httpx2.Client, *orders: Json) -> list[int]:
    later = (venue.clock.now + timedelta(hours=1)).isoformat()
    body = {"orders": [{**told, "expiresAt": later} for told in orders]}
    answer = client.post("/place-orders", json=body)
    assert answer.status_code == 200, answer.text
    return [row["orderId"] for row in answer.json()["acceptedOrders"]]


def three(venue: Served, client: httpx2.Client) -> list[int]:
    """Two orders of desk-1 and one of desk-2, oldest first."""
    return placed(venue, client, order(1), order(2), order(3, userRef="desk-2"))


@pytest.mark.parametrize(
    ("filters", "cancelled"),
    [
        pytest.param({"orderIds": [0]}, [0], id="by the venue's id"),
        pytest.param({"requestUuids": [1]}, [1], id="by the client's UUID"),
        pytest.param({"userRef": "desk-1"}, [0, 1], id="by the user's reference"),
        pytest.param({"orderIds": [0], "userRef": "desk-2"}, [0, 2], id="by either of two filters"),
        pytest.param({"orderIds": [0], "requestUuids": [0]}, [0], id="once, though named twice"),
        pytest.param({"orderIds": [0], "requestUuids": []}, [0], id="an empty list names nothing"),
        pytest.param({"orderIds": [0], "userRef": None}, [0], id="null is no filter"),
        pytest.param({"orderIds": [0], "else": 1}, [0], id="an unknown field is passed over"),
    ],
)
def test_what_a_cancel_touches(
    venue: Served, client: httpx2.Client, filters: dict[str, Any], cancelled: Sequence[int]
) -> None:
    known = three(venue, client)
    if "orderIds" in filters:
        filters = {**filters, "orderIds": [known[index] for index in filters["orderIds"]]}
    if "requestUuids" in filters:
        filters = {**filters, "requestUuids": [ref(i + 1) for i in filters["requestUuids"]]}
    answer = client.post("/cancel-orders", json=filters)
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "cancelled")
    assert told["cancelledCount"] == len(cancelled)
    ids = [row["orderId"] for row in told["cancelled"]]
    assert ids == sorted((known[index] for index in cancelled), reverse=True)
    assert told["notCancelled"] == {"reason": "Order not cancellable", "orders": []}
    live = {known_order.order_id for known_order in venue.frame.book.live("acme")}
    assert live == set(known) - set(ids)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"{}", 400, id="no filter"),
        pytest.param(b'{"orderIds": []}', 400, id="an empty list is no filter"),
        pytest.param(
            b'{"orderIds": [], "requestUuids": [], "userRef": ""}', 400, id="nor are all of them"
        ),
        pytest.param(b'{"orderIds": null}', 400, id="nor is null"),
        pytest.param(b'{"everything": true}', 400, id="nor is a field that nobody knows"),
        pytest.param(b'{"orderIds": [1]}', 404, id="an order that is not there"),
        pytest.param(b'{"userRef": "desk"}', 404, id="the start of a reference is not it"),
        pytest.param(b"", 422, id="no body"),
        pytest.param(b"null", 422, id="null"),
        pytest.param(b"[]", 422, id="a list"),
        pytest.param(b'{"orderIds": "1"}', 422, id="text for a list"),
        pytest.param(b'{"orderIds": ["1"]}', 422, id="text for a number"),
        pytest.param(b'{"orderIds": [1.5]}', 422, id="half an id"),
        pytest.param(b'{"orderIds": [true]}', 422, id="true is no id"),
        pytest.param(b'{"requestUuids": ["x"]}', 422, id="no UUID"),
        pytest.param(b'{"userRef": 7}', 422, id="a number for a reference"),
        pytest.param(b'{"orderIds": [1], "orderIds": []}', 422, id="a field that stands twice"),
        pytest.param(b'{"orderIds": [' + b"9" * 10_000 + b"]}", 422, id="10,000 digits"),
        pytest.param(b'{"x": 1e999999999, "orderIds": [1]}', 422, id="a giant exponent"),
        pytest.param(b'{"x":' * 5000 + b"1" + b"}" * 5000, 422, id="5,000 deep"),
        pytest.param(b'{"x":' * 500 + b"1" + b"}" * 500, 422, id="500 deep"),
        pytest.param(b'{"userRef": "\xff"}', 422, id="broken UTF-8"),
        pytest.param(b'{"userRef": "\\ud800"}', 422, id="half a surrogate pair"),
        pytest.param('{"userRef": "a"}'.encode("utf-16"), 422, id="UTF-16"),
        pytest.param(b'{"userRef": NaN}', 422, id="a word that is no JSON"),
        pytest.param(b'{"userRef": "a"', 422, id="cut short"),
    ],
)
def test_a_cancel_that_names_nothing_touches_nothing(
    venue: Served, client: httpx2.Client, body: bytes, status: int
) -> None:
    three(venue, client)
    answer = client.post("/cancel-orders", content=body)
    assert answer.status_code == status, answer.text
    detail = answer.json()["detail"]
    if status == 422:
        assert all(problem.keys() == {"loc", "msg", "type"} for problem in detail)
    else:
        assert isinstance(detail, str)
    assert len(list(venue.frame.book.live("acme"))) == 3


@pytest.mark.parametrize("path", ["/cancel-orders", "/cancel-all-orders", "/place-orders"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 401, id="no key"),
        pytest.param({"x-api-key": ""}, 401, id="an empty key"),
        pytest.param({"x-api-key": "guess"}, 401, id="a key that was never given out"),
        pytest.param({"authorization": "Bearer acme-key"}, 401, id="in another header"),
        pytest.param({"x-api-key": "reader-key"}, 403, id="a key that may only read"),
    ],
)
def test_who_may_not(venue: Served, headers: dict[str, str], path: str, status: int) -> None:
    with venue.client(**headers) as client:
        answer = client.post(path, json={"userRef": "desk-1", "orders": [order(1)]})
    assert answer.status_code == status
    assert isinstance(answer.json()["detail"], str)


def test_what_is_over_is_not_cancelled_and_one_reason_is_told_for_all(
    venue: Served, client: httpx2.Client
) -> None:
    first, second, third = three(venue, client)
    venue.do(lambda: venue.frame.book.match(first, Decimal(100)))
    client.post("/cancel-orders", json={"orderIds": [second]})
    told = client.post("/cancel-orders", json={"orderIds": [first, second, third]}).json()
    assert [row["orderId"] for row in told["cancelled"]] == [third]
    refused = told["notCancelled"]
    assert refused["reason"] == "Order not cancellable"
    assert [(row["orderId"], row["orderStatus"]) for row in refused["orders"]] == [
        (second, "CANCELLED"),
        (first, "FILLED"),
    ]


def test_cancel_all_leaves_orders_that_have_bets(venue: Served, client: httpx2.Client) -> None:
    first, second, third = three(venue, client)
    venue.do(lambda: venue.frame.book.match(first, Decimal(40)))
    told = client.post("/cancel-all-orders").json()
    assert {row["orderId"] for row in told["cancelled"]} == {second, third}
    (left,) = told["notCancelled"]["orders"]
    assert (left["orderId"], left["orderStatus"]) == (first, "PARTIALLY_FILLED")
    assert client.post("/cancel-all-orders").json()["cancelledCount"] == 0


@pytest.mark.parametrize("path", ["/orders?orderIds={id}", "/orders?requestUuids={ref}"])
def test_another_account_s_order_answers_byte_for_byte_like_one_that_is_not_there(
    venue: Served, client: httpx2.Client, path: str
) -> None:
    (known, *_) = three(venue, client)
    with venue.client(**{"x-api-key": "rival-key"}) as rival:
        theirs = rival.get(path.format(id=known, ref=ref(1)))
        nobodys = rival.get(path.format(id=7, ref=ref(99)))
        assert (theirs.status_code, theirs.content) == (404, nobodys.content)
        for name, one, other in (
            ("orderIds", known, 7),
            ("requestUuids", ref(1), ref(99)),
            ("userRef", "desk-1", "desk-99"),
        ):
            body = one if name == "userRef" else [one]
            none = other if name == "userRef" else [other]
            answers = [rival.post("/cancel-orders", json={name: value}) for value in (body, none)]
            assert answers[0].content == answers[1].content
        bets = [rival.get(f"/bets?orderIds={value}").content for value in (known, 7)]
        assert bets[0] == bets[1]
    assert len(list(venue.frame.book.live("acme"))) == 3


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param("", 400, id="no filter"),
        pytest.param("orderIds=", 400, id="an empty filter is none"),
        pytest.param("orderIds=,", 400, id="nor is a comma"),
        pytest.param("userRef=", 400, id="nor is an empty reference"),
        pytest.param("limit=5", 400, id="a limit is no filter"),
        pytest.param("orderIds=x", 400, id="no number"),
        pytest.param("requestUuids=x", 400, id="no UUID"),
        pytest.param("orderIds=" + "9" * 10_000, 400, id="10,000 digits"),
        pytest.param("orderIds=5", 404, id="an order that is not there"),
        pytest.param("userRef=nobody", 404, id="a reference that nobody uses"),
        pytest.param("userRef=desk-1&limit=0", 422, id="a page of none"),
        pytest.param("userRef=desk-1&limit=1001", 422, id="a page of more than 1,000"),
        pytest.param("userRef=desk-1&limit=x", 422, id="a limit that is no number"),
        pytest.param("userRef=desk-1&afterOrderId=x", 422, id="a cursor that is no number"),
        pytest.param("userRef=desk-1&limit=1000", 200, id="a page of 1,000"),
        pytest.param("userRef=desk-1&afterOrderId=-5", 200, id="a cursor before everything"),
    ],
)
def test_reads(venue: Served, client: httpx2.Client, query: str, status: int) -> None:
    three(venue, client)
    answer = client.get(f"/orders?{query}")
    assert answer.status_code == status, answer.text


def test_pages_are_newest_first_and_cover_everything_once(
    venue: Served, client: httpx2.Client
) -> None:
    known = placed(venue, client, *(order(number) for number in range(1, 8)))
    seen: list[int] = []
    after: int | None = None
    while True:
        cursor: dict[str, int] = {} if after is None else {"afterOrderId": after}
        page = client.get("/orders", params={"userRef": "desk-1", "limit": 3, **cursor}).json()
        assert page["count"] == len(page["orders"])
        seen += [row["orderId"] for row in page["orders"]]
        after = page["nextCursor"]
        assert page["hasMore"] is (after is not None)
        if after is None:
            break
        assert after == seen[-1]
        placed(venue, client, order(100 + len(seen)))  # news does not move later pages
    assert seen == known[::-1]


def test_a_page_is_of_fifty_unless_asked(venue: Served, client: httpx2.Client) -> None:
    placed(venue, client, *(order(number) for number in range(1, 61)))
    page = client.get("/orders?userRef=desk-1").json()
    assert (page["count"], page["hasMore"]) == (50, True)


def test_bets_by_filters_and_by_id(venue: Served, client: httpx2.Client) -> None:
    first, second, _ = three(venue, client)
    for known in (first, second, first):
        venue.do(partial(venue.frame.book.match, known, Decimal(10)))
    page = client.get("/bets?userRef=desk-1&limit=2").json()
    assert (page["status"], page["count"], page["hasMore"]) == ("success", 2, True)
    newest, middle = page["bets"]
    assert [newest["orderId"], middle["orderId"]] == [first, second]
    rest = client.get("/bets", params={"orderIds": first, "afterBetId": newest["betId"]}).json()
    assert [bet["orderId"] for bet in rest["bets"]] == [first]
    one = client.get(f"/bets/{middle['betId']}")
    assert one.json() == middle
    assert client.get("/bets").status_code == 400
    assert client.get("/bets/7").status_code == 404
    with venue.client(**{"x-api-key": "rival-key"}) as rival:
        theirs = rival.get(f"/bets/{middle['betId']}")
        assert (theirs.status_code, theirs.content) == (404, rival.get("/bets/7").content)
