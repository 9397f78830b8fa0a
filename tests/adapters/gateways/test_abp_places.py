"""ABP's `POST /place-orders`: duplicates, expiry, what is declined; and its rate limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from adapters.gateways.abp.rates import Rates, TooOften
from adapters.gateways.abp.routes import router
from tests.adapters.gateways.serving import Served, serving
from tests.adapters.gateways.test_abp_answers import order, ref


@pytest.fixture
def venue() -> Iterator[Served]:
    with serving("abp", lambda frame, _: [router(frame)]) as served:
        yield served


def asked(venue: Served, *orders: Any) -> tuple[int, Any]:  # noqa: ANN401 - a body of any shape
    with venue.client(**{"x-api-key": "acme-key"}) as client:
        answer = client.post("/place-orders", json={"orders": orders})
    return answer.status_code, answer.json()


def test_a_duplicate_among_fresh_orders_is_passed_over(venue: Served) -> None:
    asked(venue, order(1))
    status, told = asked(venue, order(1), order(2), order(2))
    assert (status, told["status"]) == (200, "accepted")
    assert [row["requestUuid"] for row in told["acceptedOrders"]] == [ref(2)]
    assert told["declinedOrders"] == []


def test_a_request_of_duplicates_alone_is_a_conflict(venue: Served) -> None:
    asked(venue, order(1), order(2))
    assert asked(venue, order(2), order(1)) == (
        409,
        {
            "error": "All orders are duplicates",
            "duplicateUuids": [ref(2), ref(1)],
            "inProgressUuids": [],
        },
    )


@pytest.mark.parametrize(
    ("later", "status"),
    [
        pytest.param(timedelta(minutes=29, seconds=59), 409, id="within 30 minutes"),
        pytest.param(timedelta(minutes=30), 200, id="after 30 minutes it is a new order"),
    ],
)
def test_the_venue_remembers_a_request_for_half_an_hour(
    venue: Served, later: timedelta, status: int
) -> None:
    _, told = asked(venue, order(1))
    assert len(told["acceptedOrders"]) == 1
    venue.clock.now += later - timedelta(milliseconds=100)
    venue.clock.now += timedelta(milliseconds=100) if status == 200 else timedelta()
    assert asked(venue, order(1))[0] == status


def test_another_account_s_request_is_no_duplicate(venue: Served) -> None:
    asked(venue, order(1))
    with venue.client(**{"x-api-key": "rival-key"}) as rival:
        assert rival.post("/place-orders", json={"orders": [order(1)]}).status_code == 200


@pytest.mark.parametrize(
    ("expires", "lives_s"),
    [
        pytest.param({"expiresAt": None}, 5, id="five seconds unless told"),
        pytest.param({"expiresAt": "2026-02-07T12:10:00Z"}, 600, id="until then"),
        pytest.param({"expiresAt": "2026-02-07T12:10:00"}, 600, id="without an offset it is UTC"),
        pytest.param({"expiresAt": "2026-02-07T14:10:00+02:00"}, 600, id="with one it is that"),
        pytest.param({"expiresAt": "2999-01-01T00:00:00Z"}, 86400, id="a day at most"),
        pytest.param({"expiresAt": "0001-01-01T00:00:00+14:00"}, 0, id="at once if it is over"),
    ],
)
def test_an_order_expires_before_the_next_request_is_answered(
    venue: Served, expires: dict[str, Any], lives_s: int
) -> None:
    _, told = asked(venue, order(1, **expires))
    (row,) = told["acceptedOrders"]
    with venue.client(**{"x-api-key": "acme-key"}) as client:
        if lives_s:
            venue.clock.now += timedelta(seconds=lives_s - 1)
            (found,) = client.get(f"/orders?orderIds={row['orderId']}").json()["orders"]
            assert found["orderStatus"] == "PENDING"
        venue.clock.now += timedelta(seconds=2)
        (found,) = client.get(f"/orders?orderIds={row['orderId']}").json()["orders"]
        assert found["orderStatus"] == "EXPIRED"
        told = client.post("/cancel-orders", json={"orderIds": [row["orderId"]]}).json()
    assert told["cancelledCount"] == 0
    assert len(told["notCancelled"]["orders"]) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"orderCurrency": "EUR"}, 200, id="another currency"),
        pytest.param({"meta": {"note": "x", "n": 1.5}}, 200, id="a note of the client's own"),
        pytest.param({"back": False}, 200, id="a lay"),
        pytest.param({"fixtureId": None}, 400, id="no fixture: declined, and so all of them are"),
        pytest.param({"futureId": "f1"}, 501, id="a future"),
        pytest.param({"orderCurrency": "usd"}, 422, id="no currency"),
        pytest.param({"orderStake": 0}, 422, id="no stake"),
        pytest.param({"orderStake": -1}, 422, id="less than none"),
        pytest.param({"orderPrice": 1}, 422, id="odds that pay nothing"),
        pytest.param({"userRef": ""}, 422, id="no reference"),
        pytest.param({"testOrder": "no"}, 422, id="a word for a boolean"),
        pytest.param({"outcomeId": 2**63}, 422, id="a giant id"),
        pytest.param({"requestUuid": "x"}, 422, id="no UUID"),
        pytest.param({"requestUuid": None}, 422, id="none at all"),
    ],
)
def test_what_is_taken(venue: Served, changes: dict[str, Any], status: int) -> None:
    found, told = asked(venue, order(1, **changes))
    assert found == status, told
    if status == 400:
        assert told["status"] == "declined"
        (row,) = told["declinedOrders"]
        assert row["bets"] == []
        assert not row.keys() & {"orderId", "orderStatus", "createdAt"}
    if status == 200:
        (row,) = told["acceptedOrders"]
        assert row.items() >= {**order(1), **changes, "expiresAt": row["expiresAt"]}.items()


@pytest.mark.parametrize("count", [0, 101])
def test_1_to_100_orders(venue: Served, count: int) -> None:
    status, told = asked(venue, *(order(number) for number in range(count)))
    assert (status, told["detail"][0]["loc"]) == (422, ["body", "orders"])


def test_the_101st_request_within_a_second_is_one_too_many() -> None:
    now = [0.0]
    with serving("abp", lambda frame, _: [router(frame, Rates(now=lambda: now[0]))]) as venue:
        with venue.client(**{"x-api-key": "acme-key"}) as client:
            codes = [client.get("/orders?orderIds=1").status_code for _ in range(100)]
            assert set(codes) == {404}
            answer = client.post("/cancel-all-orders")
            assert answer.status_code == 429
            assert answer.json() == {
                "detail": "Rate limit exceeded",
                "limit": "100",
                "retry_after": 1,
            }
            told = {name: answer.headers[name] for name in LIMITS}
            assert told == {
                "x-ratelimit-limit": "100",
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": "1",
                "retry-after": "1",
            }
            with venue.client(**{"x-api-key": "rival-key"}) as rival:
                assert rival.get("/orders?orderIds=1").status_code == 404
            now[0] = 1.0
            assert client.get("/orders?orderIds=1").status_code == 404
        assert venue.recording("acme").answers[100]["retry_after"] == 1


LIMITS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after")


def test_the_second_slides() -> None:
    now = [0.0]
    rates = Rates(2, lambda: now[0])
    rates.count("a")
    now[0] = 0.9
    rates.count("a")
    with pytest.raises(TooOften):
        rates.count("a")
    now[0] = 1.0
    rates.count("a")
    with pytest.raises(TooOften):
        rates.count("a")
