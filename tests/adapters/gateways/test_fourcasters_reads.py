"""4casters' reads over REST: open orders, matches, graded bets, each as it is documented."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.adapters.gateways.fourcasters import (
    ACME,
    GAME,
    HOME,
    NO_ORDER,
    RIVAL,
    Json,
    Rest,
    against,
    booked,
    house,
    matched,
    settled,
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
