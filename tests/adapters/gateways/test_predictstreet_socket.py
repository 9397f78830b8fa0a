"""PredictStreet's user feed: who is let in, what can be subscribed to, what is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from adapters.gateways.predictstreet.rows import number_of
from adapters.paper.book import Kind
from tests.adapters.gateways.predictstreet import (
    ACME,
    CANCELLER,
    MANY,
    NAMELESS,
    OTHERS,
    OWN,
    STRANGER,
    THIRD,
    WalletKeys,
    order,
    street,
)
from tests.adapters.gateways.serving import Served

BOTH = [{"channel": "user_orders"}, {"channel": "user_fills"}]
VAULT = "0x" + "d4" * 20


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with street() as served:
        yield served


def user(served: Served, query: str = "", **headers: str) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{served.port}/ws/user{query}", additional_headers=headers)


def told(feed: ClientConnection) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(feed.recv(5))
    return found


def ask(feed: ClientConnection, **command: object) -> dict[str, Any]:
    feed.send(json.dumps(command))
    return told(feed)


def placed(served: Served, key: str = OWN, **changed: object) -> str:
    with served.client(**{"X-Api-Key": key}) as client:
        return str(client.post("/api/orders/place", json=order(**changed)).json()["orderId"])


@pytest.mark.parametrize(
    ("query", "headers", "why"),
    [
        pytest.param("", {}, "auth_required", id="no key"),
        pytest.param("?key=secret", {}, "api_key_bad_format", id="a key of another form"),
        pytest.param(f"?key={STRANGER}", {}, "api_key_unknown_key", id="a key never given out"),
        pytest.param(
            "", {"X-Api-Key": NAMELESS}, "api_key_no_associated_wallet", id="a key for no wallet"
        ),
        pytest.param("", {"X-Api-Key": MANY}, "api_key_no_associated_wallet", id="none named"),
        pytest.param(
            f"?key={MANY}&user_wallet=0x1", {}, "api_key_user_wallet_invalid", id="a malformed one"
        ),
    ],
)
def test_who_is_not_let_in(served: Served, query: str, headers: dict[str, str], why: str) -> None:
    with user(served, query, **headers) as feed, pytest.raises(ConnectionClosed) as closed:
        feed.recv(5)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4401, why)


@pytest.mark.parametrize(
    ("query", "headers", "wallet"),
    [
        pytest.param("", {"X-Api-Key": OWN}, ACME, id="the key in a header"),
        pytest.param(f"?key={OWN}", {}, ACME, id="the key in the query"),
        pytest.param(
            "", {"X-Api-Key": MANY, "X-User-Wallet": "0x" + "C3" * 20}, THIRD, id="wallet: header"
        ),
        pytest.param(f"?key={MANY}&user_wallet={THIRD}", {}, THIRD, id="wallet: query"),
    ],
)
def test_who_is_greeted(served: Served, query: str, headers: dict[str, str], wallet: str) -> None:
    with user(served, query, **headers) as feed:
        greeting = told(feed)
    assert greeting["type"] == "connected"
    assert greeting["data"]["walletAddress"] == wallet
    assert greeting["data"]["gateway"] == "user"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        pytest.param({"channel": "token_book", "ids": ["1"]}, "forbidden", id="a public channel"),
        pytest.param({"channel": "user_news"}, "invalid_params", id="an unknown channel"),
        pytest.param({"channel": ["user_orders"]}, "invalid_params", id="no channel's name"),
        pytest.param("user_orders", "invalid_params", id="no object"),
        pytest.param(
            {"channel": "user_orders", "ids": [ACME]}, "invalid_params", id="ids that it has not"
        ),
        pytest.param({"channel": "vault_positions"}, "invalid_params", id="no vaults"),
        pytest.param(
            {"channel": "vault_positions", "ids": ["0x1"]}, "invalid_params", id="no address"
        ),
        pytest.param(
            {"channel": "vault_positions", "ids": [ACME]}, "forbidden", id="another's vault"
        ),
        pytest.param(
            {"channel": "vault_positions", "ids": [f"0x{n:040x}" for n in range(101)]},
            "subscription_too_many_ids",
            id="101 vaults",
        ),
    ],
)
def test_a_subscription_that_is_rejected_beside_one_that_is_not(
    served: Served, wanted: object, code: str
) -> None:
    with user(served, **{"X-Api-Key": OWN}) as feed:
        told(feed)
        answer = ask(
            feed,
            id=1,
            cmd="subscribe",
            params={"subscriptions": [wanted, {"channel": "user_fills"}]},
        )
    assert answer["accepted"] == [{"sid": 1, "channel": "user_fills"}]
    assert [row["code"] for row in answer["rejected"]] == [code]


def test_a_key_that_may_not_read_hears_nothing(served: Served) -> None:
    with user(served, **{"X-Api-Key": CANCELLER}) as feed:
        told(feed)
        answer = ask(feed, id=1, cmd="subscribe", params={"subscriptions": BOTH})
    assert answer["accepted"] == []
    assert {row["code"] for row in answer["rejected"]} == {"api_key_scope_missing"}


def test_a_connection_holds_256_subscriptions(served: Served) -> None:
    with user(served, **{"X-Api-Key": OWN}) as feed:
        told(feed)
        answer = ask(feed, id=1, cmd="subscribe", params={"subscriptions": BOTH * 129})
    assert len(answer["accepted"]) == 256
    assert {row["code"] for row in answer["rejected"]} == {"subscription_cap_exceeded"}


def test_vaults_are_added_and_removed(served: Served) -> None:
    placed(served, price="0.01")
    placed(served, price="0.01", maker="0x" + "e5" * 20)
    with user(served, **{"X-Api-Key": OWN}) as feed:
        told(feed)
        wanted = [{"channel": "vault_positions", "ids": [VAULT, VAULT.upper().replace("X", "x")]}]
        answer = ask(feed, id=1, cmd="subscribe", params={"subscriptions": wanted})
        held = {"sid": 1, "channel": "vault_positions", "ids": [VAULT]}
        assert answer["accepted"] == [held]
        other = "0x" + "e5" * 20
        more = ask(feed, id=2, cmd="update_subscription", params={"sid": 1, "add_ids": [other]})
        assert (more["type"], more["ids"]) == ("subscription_updated", [VAULT, other])
        less = ask(feed, id=3, cmd="update_subscription", params={"sid": 1, "remove_ids": [VAULT]})
        assert less["ids"] == [other]
        ask(feed, id=4, cmd="subscribe", params={"subscriptions": BOTH[:1]})
        for sid in (2, 9):
            refused = ask(feed, id=5, cmd="update_subscription", params={"sid": sid})
            assert (refused["type"], refused["code"]) == ("error", "invalid_params")
        listed = ask(feed, id=6, cmd="list_subscriptions")
        assert [row["sid"] for row in listed["subscriptions"]] == [1, 2]
        ended = ask(feed, id=7, cmd="unsubscribe", params={"sids": [2, 9, "2"]})
        assert (ended["type"], ended["sids"]) == ("unsubscribed", [2])


@pytest.mark.parametrize(
    ("raw", "kind", "code"),
    [
        pytest.param("hello", "error", "invalid_params", id="no JSON"),
        pytest.param("[1]", "error", "invalid_params", id="no object"),
        pytest.param('{"id":1,"cmd":"dance"}', "error", "invalid_params", id="unknown command"),
        pytest.param('{"id":1,"cmd":["ping"]}', "error", "invalid_params", id="no command"),
        pytest.param(
            '{"id":1,"cmd":"subscribe"}', "error", "invalid_params", id="nothing to subscribe to"
        ),
        pytest.param(
            '{"id":1,"cmd":"ping","params":[]}', "error", "invalid_params", id="params: a list"
        ),
        pytest.param('{"cmd":"get_book_snapshot"}', "error", "forbidden", id="a book"),
        pytest.param(
            '{"id":"\\ud800","cmd":"ping"}', "error", "invalid_params", id="half a character"
        ),
        pytest.param('{"id":1.5,"cmd":"ping"}', "pong", None, id="an id that is no id"),
        pytest.param(b'{"id":7,"cmd":"ping"}', "pong", None, id="a binary frame"),
        pytest.param(
            '{"cmd":"unsubscribe","params":{"sids":1}}', "error", "invalid_params", id="1"
        ),
    ],
)
def test_how_commands_are_answered(
    served: Served, raw: str | bytes, kind: str, code: str | None
) -> None:
    with user(served, **{"X-Api-Key": OWN}) as feed:
        told(feed)
        feed.send(raw)
        answer = told(feed)
        assert (answer["type"], answer.get("code")) == (kind, code)
        assert ask(feed, id=2, cmd="ping")["id"] == 2


def test_a_frame_that_is_too_large_ends_the_connection(served: Served) -> None:
    with user(served, **{"X-Api-Key": OWN}) as feed:
        told(feed)
        feed.send(" " * 70_000)
        with pytest.raises(ConnectionClosed):
            feed.recv(5)
    assert placed(served, price="0.01")


def test_orders_and_matches_are_told_to_their_wallet_alone() -> None:
    with (
        street() as served,
        user(served, **{"X-Api-Key": OWN}) as own,
        user(served, **{"X-Api-Key": OWN}) as second,
        user(served, **{"X-Api-Key": OTHERS}) as others,
    ):
        for feed in (own, second, others):
            told(feed)
        ask(second, id=1, cmd="subscribe", params={"subscriptions": BOTH})
        ask(others, id=1, cmd="subscribe", params={"subscriptions": BOTH[:1]})
        bought = placed(served, clientOrderId="mm-1")
        placed(served, OTHERS, side="sell", quantity="30")
        served.do(lambda: served.frame.book.end(number_of(bought), Kind.CANCELLED))
        lapsed = placed(served)
        served.do(lambda: served.frame.book.end(number_of(lapsed), Kind.LAPSED))
        heard = [told(second) for _ in range(4)]
        assert [(m["type"], m["channel"], m["sid"]) for m in heard] == [
            ("order_placed", "user_orders", 1),
            ("user_fill", "user_fills", 2),
            ("order_cancelled", "user_orders", 1),
            ("order_placed", "user_orders", 1),
        ]
        assert [m["data"].get("status") for m in heard] == ["OPEN", None, "CANCELLED", "OPEN"]
        fill = heard[1]["data"]
        assert (fill["walletAddress"], fill["orderId"], fill["quantity"]) == (ACME, bought, "30")
        assert (fill["clientOrderId"], fill["source"], fill["price"]) == ("mm-1", "matcher", "0.4")
        assert "clientOrderId" not in heard[3]["data"]
        assert told(others)["data"]["side"] == "sell"
        # The first connection subscribed to nothing: the second one's messages are recorded.
        assert ask(own, id=9, cmd="ping")["type"] == "pong"
        assert served.recording(ACME).kinds.count("received") == 2 + 4


def test_a_key_that_is_taken_back_ends_its_connections() -> None:
    keys = WalletKeys()
    with street(recheck_s=0.05, keys=keys) as served, user(served, **{"X-Api-Key": OWN}) as feed:
        told(feed)
        del keys.known[OWN]
        with pytest.raises(ConnectionClosed) as closed:
            feed.recv(5)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4401, "api_key_revoked")
