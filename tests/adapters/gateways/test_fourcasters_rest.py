"""4casters' REST: logins, places and cancels, each as it is documented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.adapters.gateways.fourcasters import (
    ACME,
    GAME,
    HOME,
    NO_ORDER,
    OTHER_GAME,
    READER,
    RIVAL,
    Json,
    Rest,
    against,
    booked,
    house,
    matched,
    ordering,
    spread,
    total,
)
from tests.adapters.gateways.serving import Served

D = Decimal
NO_GAME = "688c0516fbc14da0c202d4ff"


@pytest.fixture
def served() -> Iterator[Served]:
    with house() as served:
        yield served


@pytest.fixture
def acme(served: Served) -> Iterator[Rest]:
    with served.client(authorization=ACME) as client:
        yield Rest(client)


@pytest.fixture
def rival(served: Served) -> Iterator[Rest]:
    with served.client(authorization=RIVAL) as client:
        yield Rest(client)


@pytest.fixture(scope="module")
def shared() -> Iterator[Served]:
    """For what leaves no trace."""
    with house() as served:
        yield served


@pytest.fixture
def anyone(shared: Served) -> Iterator[Rest]:
    with shared.client(authorization=ACME) as client:
        yield Rest(client)


def test_a_login_gives_a_token_until_it_ends(served: Served) -> None:
    with served.client() as client:
        login = client.post("/user/login", json={"username": "acme", "password": ACME})
        token = login.json()["data"]["user"]["auth"]
        assert login.cookies["auth"] == token
        client.cookies.clear()
        assert token != ACME
        opened = [
            client.get("/user/getUnmatched", headers={"Authorization": token}),
            client.get("/user/getUnmatched", headers={"authorization": f"Bearer {token}"}),
            client.get("/user/getUnmatched", headers={"Cookie": f"auth={token}"}),
            client.post("/session/cancelAllOrders", json={"token": token}),
            client.get("/v2/user/messages", params={"afterID": "1-1", "token": token}),
            client.get("/v2/user/messages", params={"afterID": "1-1"}, headers={"Auth": token}),
        ]
        assert [answer.status_code for answer in opened] == [200] * 6
        with ordering(served, token) as orders:
            assert orders.ask("cancelAll") == {"data": []}
            assert client.post("/user/logout", headers={"Authorization": token}).status_code == 200
            with pytest.raises(Exception, match="1008"):
                orders.ask("cancelAll")
        assert client.post("/session/cancelAllOrders", json={"token": token}).status_code == 401


def test_a_token_is_good_for_thirty_days(served: Served) -> None:
    with served.client() as client:
        body = {"username": "acme", "password": ACME}
        token = client.post("/user/login", json=body).json()["data"]["user"]["auth"]
        client.cookies.clear()
        for days, status in ((29, 200), (2, 401)):
            served.clock.now += timedelta(days=days)
            answer = client.get("/user/getUnmatched", headers={"Authorization": token})
            assert answer.status_code == status
        assert answer.json() == {"error": "InvalidCredentials"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"username": "acme"}, 400, id="no password"),
        pytest.param({"username": "", "password": ACME}, 400, id="no name"),
        pytest.param({"username": 5, "password": ACME}, 400, id="a name that is no text"),
        pytest.param({"username": "acme", "password": "x"}, 401, id="a wrong password"),
        pytest.param({"username": "rival", "password": ACME}, 401, id="another account's key"),
    ],
)
def test_a_login_that_fails(shared: Served, body: Json, status: int) -> None:
    with shared.client() as client:
        answer = client.post("/user/login", json=body)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}


def test_a_place_over_rest(acme: Rest) -> None:
    placed = {**spread(), "gameID": GAME}
    del placed["gameId"], placed["orderType"]
    entry, refused, invalid = acme.place(
        placed, against(50, 110, orderType="fillAndKill"), spread(odds=5)
    )
    assert entry["unmatched"]["offered"] == 100
    assert refused == {
        "error": "fill and kill has no matches",
        "errorType": "rejected_order_type_rules",
    }
    assert invalid == {"error": "invalid odds", "errorType": "validation_error"}
    assert acme.post("/session/v3/place", orders=[])[0] == 400


def test_a_cancel_over_rest(served: Served, acme: Rest) -> None:
    first, second = acme.rest(spread(userReference="leg")), acme.rest(total())
    matched(served, first, "30")
    status, answer = acme.post("/session/cancel", sessionID=first)
    assert (status, answer["data"]) == (
        200,
        {
            "success": True,
            "sessionID": first,
            "description": f"{HOME} -3.5",
            "odds": -110,
            "filled": 30,
            "offered": 0,
            "remaining": 70,
            "gameID": GAME,
            "userReference": "leg",
        },
    )
    status, answer = acme.post("/session/cancelMultiple", sessionIDs=[first, NO_ORDER, second])
    assert status == 200
    assert answer["data"][:2] == [
        {"success": False, "reason": "order already cancelled", "sessionID": first},
        {"success": False, "reason": "order not found"},
    ]
    assert answer["data"][2]["success"]


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        pytest.param("cancel", {}, 400, "Invalid order id", id="no id"),
        pytest.param("cancel", {"sessionID": "5"}, 400, "Invalid order id", id="no id of theirs"),
        pytest.param("cancel", {"orderID": NO_ORDER}, 400, "Invalid order id", id="another name"),
        pytest.param("cancel", {"sessionID": NO_ORDER}, 404, "order not found", id="not there"),
        pytest.param(
            "cancelMultiple", {"sessionIDs": [NO_ORDER, "5"]}, 400, "Invalid order id",
            id="one malformed refuses the whole call",
        ),
        pytest.param("cancelMultiple", {}, 400, "sessionIDs is required", id="no ids"),
        pytest.param(
            "cancelMultiple", {"sessionIDs": [5]}, 400, "sessionIDs: at most 100 texts",
            id="an id that is no text",
        ),
        pytest.param(
            "cancelByReference", {"gameID": GAME}, 400, "userReferences is required",
            id="no references are not all of them",
        ),
        pytest.param(
            "cancelByReference", {"userReferences": ["a"]}, 400, "gameID is required", id="no game"
        ),
        pytest.param(
            "cancelByReference", {"userReferences": ["a"], "gameID": NO_GAME}, 404,
            "game not found", id="by reference, no such game",
        ),
        pytest.param(
            "cancelAllOrdersForGame", {"gameID": NO_GAME}, 404, "game not found", id="no such game"
        ),
        pytest.param(
            "cancelAllOrdersForGame", {"gameID": GAME, "type": "moneyline1x2"}, 400,
            "type is moneyline, spread or total", id="a type that this page does not have",
        ),
        pytest.param("cancelAllForLeague", {}, 400, "league is required", id="no league"),
    ],
)  # fmt: skip
def test_a_cancel_that_is_refused(
    anyone: Rest, path: str, body: Json, status: int, error: str
) -> None:
    order_id = anyone.rest()
    assert anyone.post(f"/session/{path}", **body) == (status, {"error": error})
    assert anyone.post("/session/cancel", sessionID=order_id)[0] == 200


def test_a_cancel_of_what_is_over_is_a_conflict(served: Served, acme: Rest) -> None:
    whole, gone = acme.rest(), acme.rest()
    matched(served, whole, "100")
    acme.post("/session/cancel", sessionID=gone)
    assert acme.post("/session/cancel", sessionID=whole) == (
        409,
        {"error": "Order could not be cancelled"},
    )
    assert acme.post("/session/cancel", sessionID=gone) == (
        409,
        {"error": "order already cancelled"},
    )


@pytest.mark.parametrize(
    ("path", "body", "gone"),
    [
        pytest.param(
            "cancelByReference", {"gameID": GAME, "userReferences": ["x", "y"]}, "ab", id="by ref"
        ),
        pytest.param(
            "cancelByReference", {"gameID": GAME, "userReferences": [""]}, "", id="by no ref"
        ),
        pytest.param("cancelAllOrdersForGame", {"gameID": GAME}, "abc", id="a game"),
        pytest.param(
            "cancelAllOrdersForGame", {"gameID": GAME, "type": "total"}, "bc", id="a type of it"
        ),
        pytest.param("cancelAllOrders", {}, "abcd", id="everything"),
        pytest.param("cancelAllForLeague", {"league": "NBA"}, "", id="no league of paper's"),
        pytest.param("cancelAllForLeague", {"league": "PAPER"}, "abcd", id="paper's league"),
    ],
)
def test_wide_cancels(served: Served, acme: Rest, path: str, body: Json, gone: str) -> None:
    orders = [
        spread(userReference="x"),
        total(userReference="y"),
        total("under", 5, 200),
        spread(gameId=OTHER_GAME, userReference="x"),
    ]
    ids = dict(zip("abcd", map(acme.rest, orders), strict=True))
    status, answer = acme.post(f"/session/{path}", **body)
    assert status == 200
    if path == "cancelAllForLeague":
        assert answer == {"data": {"ordersReceived": True}}
    else:
        assert [row["sessionID"] for row in answer["data"]] == [ids[one] for one in gone]
    live = [one for one, order_id in ids.items() if booked(served, "acme", order_id).is_live]
    assert set(live) == set("abcd") - set(gone)


def test_a_key_that_may_only_read(served: Served, acme: Rest) -> None:
    order_id = acme.rest()
    with served.client(authorization=READER) as client:
        reader = Rest(client)
        refused = (403, {"error": "InvalidCredentials"})
        assert reader.post("/session/cancel", sessionID=order_id) == refused
        assert reader.post("/session/v3/place", orders=[spread()]) == refused
        assert reader.post("/user/ordersHeartbeat", timeout=10) == refused
        assert len(reader.data("/user/getUnmatched")["unmatched"]) == 1


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b'{"sessionID": NaN}'])
def test_a_body_that_is_no_object(shared: Served, body: bytes) -> None:
    with shared.client(authorization=ACME) as client:
        answer = client.post("/session/cancelMultiple", content=body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
