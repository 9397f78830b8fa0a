"""4casters' REST: logins, places, edits, cancels, reads, graded bets, each as it is documented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from adapters.gateways.fourcasters.ids import order_number
from tests.adapters.gateways.fourcasters import (
    ACME,
    GAME,
    HOME,
    NO_ORDER,
    OTHER_GAME,
    READER,
    RIVAL,
    Json,
    against,
    booked,
    house,
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


class Rest:
    """The REST API as one account calls it."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def post(self, path: str, **body: object) -> tuple[int, Any]:
        """The status and the body of an answer."""
        answer = self._client.post(path, json=body)
        return answer.status_code, answer.json()

    def get(self, path: str, **query: str) -> tuple[int, Any]:
        """The same of a read."""
        answer = self._client.get(path, params=query)
        return answer.status_code, answer.json()

    def place(self, *orders: Json) -> list[Json]:
        """What became of each order."""
        status, answer = self.post("/session/v3/place", orders=orders)
        assert status == 200
        rows: list[Json] = answer["data"]["createdSessions"]
        return rows

    def rest(self, order: Json | None = None) -> str:
        """Place one order; the id under which it rests."""
        (row,) = self.place(order or spread())
        order_id: str = row["unmatched"]["orderID"]
        return order_id

    def data(self, path: str, **query: str) -> Any:  # noqa: ANN401 - any JSON value
        """What a read gives."""
        status, answer = self.get(path, **query)
        assert status == 200, answer
        return answer["data"]


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


def matched(served: Served, order_id: str, amount: str) -> None:
    served.do(lambda: served.frame.book.match(order_number(order_id) or 0, D(amount)))


def settled(served: Served, order_id: str, outcome: str) -> None:
    served.do(lambda: served.frame.book.settle(order_number(order_id) or 0, outcome))


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


def test_an_edit_is_a_cancel_and_another_order(served: Served, acme: Rest, rival: Rest) -> None:
    old = acme.rest(spread(100, 150, userReference="leg", expirationMinutes=5))
    matched(served, old, "30")
    theirs = rival.rest(against(40, -105))
    _, answer = acme.post("/session/editOrder", sessionID=old, orderOdds=105, orderVolume=50)
    data = answer["data"]
    assert (data["cancelled"]["filled"], data["cancelled"]["remaining"]) == (30, 70)
    assert [(fill["orderID"], fill["amount"]) for fill in data["matched"]] == [(theirs, 38.1)]
    new = booked(served, "acme", data["unmatched"]["orderID"])
    assert data["unmatched"]["orderID"] != old
    assert (new.size, new.remaining, new.terms.expires_at) == (D(50), D("11.9"), None)
    assert new.terms.extra["replaces"] == order_number(old)
    assert acme.get("/session/lookupOrder", orderID=old)[1]["data"]["order"]["cancelled"]


@pytest.mark.parametrize(
    ("path", "changed", "outcome"),
    [
        pytest.param("editOrder", {}, (100, -110), id="what is not told stays"),
        pytest.param("editOrder", {"orderOdds": None}, (100, -110), id="null stays"),
        pytest.param("editOrder", {"orderVolume": 7}, (7, -110), id="the volume"),
        pytest.param("editOrder", {"expiryChange": 0}, (100, -110), id="until the game starts"),
        pytest.param("v4/editOrder", {"intendedOrderVolume": 99}, (100, -110), id="a guard"),
        pytest.param(
            "v4/editOrder", {"intendedOrderVolume": 98.99}, None,
            id="a guard that fails: off, and nothing in its place",
        ),
        pytest.param("editOrder", {"intendedOrderVolume": 5}, (100, -110), id="version 3 has none"),
    ],
)  # fmt: skip
def test_edits(acme: Rest, path: str, changed: Json, outcome: tuple[float, float] | None) -> None:
    _, answer = acme.post(f"/session/{path}", sessionID=acme.rest(), **changed)
    data = answer["data"]
    assert data["cancelled"]["success"]
    if outcome is None:
        assert (data["matched"], "unmatched" in data) == ([], False)
    else:
        assert (data["unmatched"]["offered"], data["unmatched"]["odds"]) == outcome


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        pytest.param({"sessionID": None}, 400, "Invalid order id", id="no order"),
        pytest.param({"sessionID": "5"}, 400, "Invalid order id", id="no id"),
        pytest.param({"sessionID": NO_ORDER}, 404, "order not found", id="not there"),
        pytest.param({"orderOdds": 0}, 400, "invalid orderOdds", id="no odds"),
        pytest.param({"orderVolume": 0}, 400, "invalid orderVolume", id="no volume"),
        pytest.param({"expiryChange": -1}, 400, "invalid expiryChange", id="over before"),
        pytest.param(
            {"intendedOrderVolume": "x"}, 400, "invalid intendedOrderVolume", id="no guard"
        ),
    ],
)
def test_an_edit_that_is_refused_leaves_the_order(
    shared: Served, anyone: Rest, changed: Json, status: int, error: str
) -> None:
    order_id = anyone.rest()
    told = {"sessionID": order_id, **changed}
    assert anyone.post("/session/v4/editOrder", **told) == (status, {"error": error})
    assert booked(shared, "acme", order_id).is_live


def test_an_edit_of_what_is_over_places_nothing(served: Served, acme: Rest) -> None:
    order_id = acme.rest()
    matched(served, order_id, "100")
    assert acme.post("/session/editOrder", sessionID=order_id, orderVolume=5) == (
        200,
        {
            "data": {
                "cancelled": {
                    "success": False,
                    "orderID": order_id,
                    "description": "Order could not be cancelled",
                },
                "matched": [],
            }
        },
    )


def test_open_orders_and_matches(served: Served, acme: Rest, rival: Rest) -> None:
    theirs = rival.rest(against(20, -100))
    (entry,) = acme.place(spread(100, 100, userReference="leg", expirationMinutes=5))
    order_id = entry["unmatched"]["orderID"]
    matched(served, order_id, "30")
    (row,) = acme.data("/user/getUnmatched")["unmatched"]
    told = ("id", "type", "bet", "odds", "spread", "filled", "offered", "remaining", "origin")
    assert [row[name] for name in told] == [
        order_id, "spread", 100, 100, -3.5, 30, 80, 50, "offer",
    ]  # fmt: skip
    assert row["expiry"] is not None
    bets = acme.data("/user/getMatchedBets")["matchedBets"]
    assert [(bet["id"], bet["origin"], bet["risk"], bet["win"]) for bet in bets] == [
        (theirs, "wager", "20.00", "20.00"),
        (order_id, "offer", "30.00", "30.00"),
    ]
    assert acme.data("/user/getOrdersForGame", gameID=GAME) == {"unmatched": [row], "matched": bets}
    by_reference = {"userReference": "leg", "gameID": GAME}
    assert acme.data("/user/getBetByUserReference", **by_reference) == {
        "unmatched": [row],
        "matched": bets,
        "graded": [],
    }
    wager = entry["unmatched"]["wagerRequestID"]
    assert acme.data("/user/getBetByWagerRequestID", wagerRequestID=wager) == {
        "unmatched": [],
        "matched": bets,
        "graded": [],
    }
    assert acme.get("/user/getBetByID", id=order_id) == (200, {"bet": row})
    assert acme.get("/user/getBetByID", txID=bets[0]["txID"]) == (200, {"bet": bets[0]})


@pytest.mark.parametrize(
    ("path", "query", "status", "error"),
    [
        pytest.param("/session/lookupOrder", {}, 404, "order not found", id="no order"),
        pytest.param("/user/getOrdersForGame", {}, 404, "game not found", id="no game"),
        pytest.param(
            "/user/getBetByUserReference", {"gameID": GAME}, 408,
            "userReference and gameID are required", id="a parameter is missing: 408, documented",
        ),
        pytest.param(
            "/user/getBetByWagerRequestID", {}, 408, "wagerRequestID is required", id="no wager"
        ),
        pytest.param(
            "/user/getBetByID", {}, 400, "exactly one of id and txID is required", id="neither"
        ),
        pytest.param(
            "/user/getBetByID", {"id": "1", "txID": "2"}, 400,
            "exactly one of id and txID is required", id="both",
        ),
        pytest.param("/user/getBetByID", {"id": NO_ORDER}, 404, "bet not found", id="no bet"),
        pytest.param(
            "/user/v2/getGradedSince", {}, 400, "since or cursor is required", id="no start"
        ),
        pytest.param(
            "/user/v2/getGradedSince", {"cursor": "0.forged"}, 400, "invalid cursor", id="forged"
        ),
        pytest.param(
            "/user/v2/getGradedSince", {"since": "x"}, 400, "since is a date", id="no date"
        ),
        pytest.param(
            "/user/v2/getGraded", {"startDate": "2026-01-01", "endDate": "2026-02-06"}, 400,
            "the window is at most 35 days", id="a window too wide",
        ),
    ],
)  # fmt: skip
def test_a_read_that_is_refused(
    anyone: Rest, path: str, query: dict[str, str], status: int, error: str
) -> None:
    assert anyone.get(path, **query) == (status, {"error": error})


@pytest.mark.parametrize(
    ("order", "shown"),
    [
        pytest.param(total(), ("under", None, None, 45.5), id="a total: the opposite side"),
        pytest.param(spread(), (None, HOME, -3.5, None), id="a spread"),
    ],
)
def test_one_order_is_looked_up(
    served: Served, acme: Rest, order: Json, shown: tuple[object, ...]
) -> None:
    order_id = acme.rest(order)
    matched(served, order_id, "12.5")
    found = acme.data("/session/lookupOrder", orderID=order_id)["order"]
    assert (found["OU"], found["participant"], found["spread"], found["total"]) == shown
    assert (found["matchedRisk"], found["unmatchedRisk"]) == ("12.50", "87.50")
    assert found["cancelled"] is False


@pytest.mark.parametrize(
    ("outcome", "result", "pnl"),
    [
        pytest.param("winner", "36.36", "36.36", id="won"),
        pytest.param("loser", "-40.00", "-40.00", id="lost"),
        pytest.param("half-win", "18.18", "18.18", id="half won"),
        pytest.param("half-loss", "-20.00", "-20.00", id="half lost"),
        pytest.param("push", "0.00", "0.00", id="neither"),
        pytest.param("refund", "0.00", "0.00", id="the stake comes back"),
        pytest.param("abandoned", None, "0.00", id="no documented word: no result"),
    ],
)
def test_graded_bets(
    served: Served, acme: Rest, outcome: str, result: str | None, pnl: str
) -> None:
    order_id = acme.rest()
    matched(served, order_id, "40")
    settled(served, order_id, outcome)
    data = acme.data("/user/v2/getGraded")
    (row,) = data["graded"]
    assert (row["outcome"], row.get("result"), row["fee"]) == (outcome, result, "0.00")
    assert (row["id"], row["graded"], row["closed"]) == (order_id, True, False)
    assert data["summary"] == {"pnl": pnl, "volume": "40.00"}
    assert acme.data("/user/getGradedWagers") == data
    assert acme.post("/user/v2/getGraded")[1]["data"] == data
    assert acme.data("/user/getMatchedBets")["matchedBets"] == []
    assert acme.data("/user/getUnmatched")["unmatched"] == []
    before = {"endDate": "2026-02-07T11:00:00Z"}
    assert acme.data("/user/v2/getGraded", **before)["graded"] == []


def test_a_bet_that_is_graded_again_stands_there_again(served: Served, acme: Rest) -> None:
    order_id = acme.rest()
    matched(served, order_id, "40")
    settled(served, order_id, "winner")
    walk = acme.data("/user/v2/getGradedSince", since="2026-02-07T00:00:00Z")
    assert [row["outcome"] for row in walk["graded"]] == ["winner"]
    settled(served, order_id, "loser")
    fill = booked(served, "acme", order_id).fills[0].fill_id
    served.do(lambda: served.frame.book.void_fill(fill))
    again = acme.data("/user/v2/getGradedSince", cursor=walk["cursor"])
    assert [(row["outcome"], row["result"]) for row in again["graded"]] == [
        ("loser", "-40.00"),
        ("refunded", "0.00"),
    ]
    assert again["graded"][1]["adminRefund"]
    assert len({row["txID"] for row in (*walk["graded"], *again["graded"])}) == 1
    (last,) = acme.data("/user/v2/getGraded")["graded"]
    assert last == again["graded"][1]
    later = acme.data("/user/v2/getGradedSince", since="2026-02-08T00:00:00Z")
    assert later["graded"] == []


def test_the_walk_along_settlements_has_pages_of_a_hundred(served: Served, acme: Rest) -> None:
    order_id = acme.rest(spread(1000))
    for _ in range(205):
        matched(served, order_id, "1")
    settled(served, order_id, "winner")
    query = {"since": "2026-02-07T00:00:00Z"}
    sizes: list[tuple[int, bool]] = []
    while len(sizes) < 3:
        page = acme.data("/user/v2/getGradedSince", **query)
        sizes.append((len(page["graded"]), page["hasMore"]))
        query = {"cursor": page["cursor"]}
    assert sizes == [(100, True), (100, True), (5, False)]
    assert acme.post("/user/v2/getGradedSince", **query)[1]["data"]["graded"] == []


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
