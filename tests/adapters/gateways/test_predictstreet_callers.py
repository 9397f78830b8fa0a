"""Who calls PredictStreet: keys, wallets, scopes, buckets, and what nobody learns of others."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import httpx2
import pytest

from adapters.gateways.predictstreet.buckets import DOCUMENTED, Limit, Limits
from adapters.gateways.predictstreet.rows import number_of
from tests.adapters.gateways.predictstreet import (
    ACME,
    CANCELLER,
    MANY,
    NAMELESS,
    OTHERS,
    OWN,
    PLACER,
    READER,
    RIVAL,
    STRANGER,
    THIRD,
    order,
    street,
)
from tests.adapters.gateways.serving import Served

UNKNOWN = "7b0d3a52-0000-4000-8000-00000000ffff"
CALLS = (
    ("POST", "/api/orders/place"),
    ("POST", "/api/orders/place-batch"),
    ("POST", "/api/orders/cancel"),
    ("POST", "/api/orders/cancel-batch"),
    ("POST", "/api/orders/cancel-all"),
    ("GET", "/api/orders/open"),
    ("GET", "/api/orders/history"),
    ("GET", f"/api/orders/{UNKNOWN}"),
    ("GET", f"/api/orders/{UNKNOWN}/fills"),
    ("GET", "/api/me/trades"),
)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with street() as served:
        yield served


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        pytest.param({}, "auth_required", id="no key"),
        pytest.param({"X-Api-Key": "bw_1_2"}, "api_key_bad_format", id="a key of another form"),
        pytest.param({"X-Api-Key": f"{OWN}é"}, "api_key_bad_format", id="a key beyond ASCII"),
        pytest.param({"X-Api-Key": STRANGER}, "api_key_unknown_key", id="a key never given out"),
        pytest.param(
            {"X-Api-Key": NAMELESS}, "api_key_no_associated_wallet", id="a key for no wallet"
        ),
        pytest.param(
            {"X-Api-Key": MANY}, "api_key_user_wallet_required", id="any wallet, none named"
        ),
        pytest.param(
            {"X-Api-Key": MANY, "X-User-Wallet": "0x12"},
            "api_key_user_wallet_invalid",
            id="any wallet, a malformed one named",
        ),
    ],
)
def test_who_is_not_recognised(
    served: Served, method: str, path: str, headers: dict[str, str], code: str
) -> None:
    told = [(name.encode(), value.encode()) for name, value in headers.items()]
    with served.client() as client:
        answer = client.request(method, path, headers=told)
    assert (answer.status_code, answer.json()["code"]) == (401, code)


@pytest.mark.parametrize(
    ("key", "have", "refused"),
    [
        pytest.param(READER, ["portfolio:read"], range(5), id="a key that may read"),
        pytest.param(
            CANCELLER, ["orders:write:cancel"], (0, 1, 5, 6, 7, 8, 9), id="that may cancel"
        ),
        pytest.param(PLACER, ["orders:write:place"], range(2, 10), id="that may place"),
        pytest.param(OWN, [], (), id="that may do everything"),
    ],
)
def test_what_a_key_is_good_for(
    served: Served, key: str, have: list[str], refused: tuple[int, ...]
) -> None:
    with served.client(**{"X-Api-Key": key}) as client:
        answers = [client.request(method, path) for method, path in CALLS]
    for index, answer in enumerate(answers):
        if index not in refused:
            assert answer.status_code != 403
            continue
        needed = "orders:write" if CALLS[index][0] == "POST" else "portfolio:read"
        assert (answer.status_code, answer.json()["code"]) == (403, "api_key_scope_missing")
        assert answer.json()["details"] == {"requiredScope": needed, "have": have}


@pytest.mark.parametrize(
    ("headers", "wallet"),
    [
        pytest.param({"X-Api-Key": OWN}, ACME, id="the key's own wallet, in lower case"),
        pytest.param({"X-Api-Key": OWN, "X-User-Wallet": RIVAL}, ACME, id="no other than its own"),
        pytest.param({"X-Api-Key": OWN, "X-User-Wallet": "x"}, ACME, id="even a malformed one"),
        pytest.param({"X-Api-Key": MANY, "X-User-Wallet": THIRD}, THIRD, id="the one it names"),
        pytest.param(
            {"X-Api-Key": MANY, "X-User-Wallet": "0x" + "C3" * 20}, THIRD, id="in lower case"
        ),
    ],
)
def test_which_wallet_a_key_acts_for(served: Served, headers: dict[str, str], wallet: str) -> None:
    with served.client(**headers) as client:
        placed = client.post("/api/orders/place", json=order()).json()["orderId"]
        row = client.get(f"/api/orders/{placed}").json()
        assert client.get("/api/orders/open").json()["walletAddress"] == wallet
    assert row["userWallet"] == wallet
    assert served.recording(wallet).answers[-1]["walletAddress"] == wallet


def test_another_wallet_s_order_answers_byte_for_byte_like_one_that_is_not_there() -> None:
    with street() as served:
        with served.client(**{"X-Api-Key": OWN}) as owner:
            live = owner.post("/api/orders/place", json=order()).json()["orderId"]
            filled = owner.post("/api/orders/place", json=order(clientOrderId="c1")).json()
        for placed in (live, filled["orderId"]):
            served.do(partial(served.frame.book.match, number_of(placed), Decimal(60)))
        others = (
            {"X-Api-Key": OTHERS},
            {"X-Api-Key": MANY, "X-User-Wallet": THIRD},
        )
        for headers in others:
            with served.client(**headers) as client:
                for known in (live, filled["orderId"]):
                    assert _asked(client, known) == _asked(client, UNKNOWN)
                assert client.get("/api/orders/open").json()["orders"] == []
                assert client.get("/api/orders/history").json()["orders"] == []
                assert client.get("/api/me/trades").json()["trades"] == []
                everything = client.post("/api/orders/cancel-all", json={}).json()
                assert everything == {"cancelled": [], "notCancelled": {}}
                again = order(clientOrderId="c1", price="0.01")
                placed = client.post("/api/orders/place", json=again).json()["orderId"]
                assert placed != filled["orderId"]
        with served.client(**{"X-Api-Key": OWN}) as owner:
            assert owner.get(f"/api/orders/{live}").json()["status"] == "PARTIAL"


def _asked(client: httpx2.Client, order_id: str) -> list[tuple[int, bytes]]:
    """What every route that takes an id says of this one, the id itself taken out."""
    answers = [
        client.get(f"/api/orders/{order_id}"),
        client.get(f"/api/orders/{order_id}/fills"),
        client.post("/api/orders/cancel", json={"orderId": order_id}),
        client.post("/api/orders/cancel-batch", json={"orderIds": [order_id]}),
    ]
    return [
        (answer.status_code, answer.content.replace(order_id.encode(), b"ID")) for answer in answers
    ]


SMALL = Limits(wallet={"cancel": Limit(2, 1), "open": Limit(3, 60)}, ip={"orders": Limit(6, 60)})


def test_a_bucket_that_is_empty_says_when_to_come_again() -> None:
    with street(SMALL) as served:

        def ask(path: str, key: str = OWN) -> httpx2.Response:
            with served.client(**{"X-Api-Key": key}) as client:
                body: dict[str, Any] = {"orderId": UNKNOWN}
                is_read = path == "open"
                return client.request(
                    "GET" if is_read else "POST", f"/api/orders/{path}", json=body
                )

        def told(answer: httpx2.Response) -> tuple[int, str, str]:
            headers = answer.headers
            limit, left = headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]
            return answer.status_code, limit, left

        assert [told(ask("cancel")) for _ in range(2)] == [(200, "2", "1"), (200, "2", "0")]
        refused = ask("cancel")
        assert told(refused) == (429, "2", "0")
        assert refused.json()["code"] == "rate_limited"
        assert refused.headers["Retry-After"] == "1"
        reset = int(refused.headers["X-RateLimit-Reset"])
        assert 0 <= reset - served.clock.now.timestamp() <= 2
        # Each wallet has its own bucket; the address has one for all of them.
        assert told(ask("cancel", OTHERS)) == (200, "2", "1")
        assert told(ask("open")) == (200, "6", "1")
        assert told(ask("open", STRANGER)) == (401, "6", "0")
        assert told(ask("open")) == (429, "6", "0")
        served.do(lambda: setattr(served.clock, "now", served.clock.now.replace(minute=2)))
        assert told(ask("cancel")) == (200, "2", "1")
        assert served.recording(ACME).answers[2]["code"] == "rate_limited"


def test_the_documented_limits_are_those_of_production() -> None:
    per_second = {
        name: limit.count for name, limit in DOCUMENTED.wallet.items() if limit.seconds == 1
    }
    assert per_second == {
        "place": 20,
        "place-batch": 5,
        "cancel": 20,
        "cancel-batch": 5,
        "cancel-all": 1,
    }
    for name in ("open", "history", "detail", "fills"):
        assert DOCUMENTED.wallet[name] == Limit(300, 60)
    assert DOCUMENTED.ip["place"] == Limit(1000, 60)
