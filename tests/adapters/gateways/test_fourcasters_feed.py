"""4casters' user feed and its replay: what is told of an account's own orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect

from adapters.gateways.feed import QUEUE_MAX, Feed
from adapters.gateways.fourcasters.asked import wanted
from adapters.gateways.fourcasters.house import House
from adapters.gateways.fourcasters.messages import read_cursor
from adapters.gateways.fourcasters.rows import time as written_time
from adapters.gateways.frame import Frame
from adapters.paper.book import Book, Kind
from tests.adapters.gateways.fourcasters import (
    ACME,
    GAME,
    HOME,
    RIVAL,
    VENUE,
    Json,
    Orders,
    against,
    booked,
    heard,
    house,
    listening,
    ordering,
    spread,
)
from tests.adapters.gateways.serving import Kept, KnownKeys, Served, Time

D = Decimal
KEPT = 6


@pytest.fixture
def served() -> Iterator[Served]:
    with house(KEPT) as served:
        yield served


@pytest.fixture(scope="module")
def shared() -> Iterator[Served]:
    """For what leaves no trace."""
    with house(KEPT) as served:
        yield served


def figures(message: Json) -> tuple[Any, ...]:
    """Who acted, and the figures of the match and of the resting order."""
    matched, rest = message["matched"], message["unmatched"]
    names = "filled", "offered", "remaining"
    return (
        message["origin"],
        None if matched is None else matched["amount"],
        None if rest is None else tuple(rest[name] for name in names),
    )


def test_the_life_of_an_order_as_it_is_documented(served: Served) -> None:
    with ordering(served) as acme, ordering(served, RIVAL) as rival, listening(served) as feed:
        order_id = acme.rest(spread(100, 100, userReference="leg"))
        rival.place(against(35, -100))
        rival.place(against(25, -100))
        acme.ask("cancelById", orderId=order_id)
        told = heard(feed, 4)
    assert [figures(message) for message in told] == [
        ("offer", None, (0, 100, 100)),
        ("offer", 35, (35, 100, 65)),
        ("offer", 25, (25, 100, 40)),  # of a fill `filled` is this event's only
        ("offer", None, (60, 0, 0)),  # of a cancel it is all that matched
    ]
    assert {message["unmatched"]["orderID"] for message in told} == {order_id}
    assert told[1]["matched"] == {
        "txID": told[1]["matched"]["txID"],
        "orderID": order_id,
        "wagerRequestID": told[0]["unmatched"]["wagerRequestID"],
        "amount": 35,
        "risk": 35,
        "win": 35,
        "odds": 100,
        "type": "spread",
        "number": -3.5,
        "side": HOME,
        "userReference": "leg",
    }
    assert {name: told[0][name] for name in ("gameID", "parentGameID", "live", "platform")} == {
        "gameID": GAME,
        "parentGameID": None,
        "live": False,
        "platform": "api",
    }
    ids = [read_cursor(message["messageID"]) for message in told]
    assert None not in ids
    assert ids == sorted(ids, key=lambda found: found or (0, 0))


def test_a_taker_hears_of_its_match_and_of_what_rests(served: Served) -> None:
    with ordering(served) as acme, ordering(served, RIVAL) as rival:
        theirs = rival.rest(against(40, -100))
        with listening(served) as feed, listening(served, RIVAL) as other:
            (entry,) = acme.place(spread(100, 100, orderType="postArb"))
            placed, taken = heard(feed, 2)
            (made,) = heard(other, 1)
    assert figures(placed) == ("offer", None, (0, 60, 60)), "what it took is not in what rests"
    assert placed["unmatched"]["isPostArb"] is True
    assert figures(taken) == ("wager", 40, None)
    assert taken["matched"]["orderID"] == theirs
    assert made["matched"]["txID"] == taken["matched"]["txID"] == entry["matched"][0]["txID"]
    assert made["unmatched"]["orderID"] == theirs


@pytest.mark.parametrize("how", [Kind.LAPSED, Kind.VOIDED, Kind.EXPIRED, Kind.CANCELLED])
def test_whatever_ends_an_order_is_a_cancel_on_the_feed(served: Served, how: Kind) -> None:
    with ordering(served) as acme, listening(served) as feed:
        number = booked(served, "acme", acme.rest()).order_id
        served.do(lambda: served.frame.book.end(number, how))
        assert figures(heard(feed, 2)[1]) == ("offer", None, (0, 0, 0))


def test_what_is_never_told(served: Served) -> None:
    with ordering(served) as acme, ordering(served, RIVAL) as rival, listening(served) as feed:
        rival.rest(against(10, -100))
        acme.place(spread(50, 100, orderType="fillAndKill"))  # its rest never had an id
        number = booked(served, "acme", acme.rest()).order_id
        served.do(lambda: served.frame.book.match(number, D(50)))
        served.do(lambda: served.frame.book.settle(number, "winner"))
        served.do(lambda: served.frame.book.end(number, Kind.CANCELLED))
        told = [figures(message) for message in heard(feed, 4)]
    assert [origin for origin, _, _ in told] == ["wager", "offer", "offer", "offer"]
    assert told[-1][2] == (50, 0, 0), "a settlement is not told, the cancel is"


def test_every_listener_hears_the_same_and_one_of_them_is_kept(served: Served) -> None:
    with ordering(served) as acme, listening(served) as one, listening(served) as two:
        acme.rest()
        assert heard(one, 1) == heard(two, 1)
    # The command, its answer, one message of the feed.
    assert served.recording("acme").kinds == ["sent", "received", "received"]


def replayed(served: Served, query: Json, token: str = ACME) -> Json:
    with served.client(authorization=token) as client:
        answer = client.get("/v2/user/messages", params=query)
        return {"code": answer.status_code, **answer.json()}


@pytest.mark.parametrize(
    ("after", "before", "status", "told"),
    [
        pytest.param(7, None, "success", [8, 9], id="the latest"),
        pytest.param(9, None, "success", [], id="nothing since"),
        pytest.param(5, 8, "success", [6, 7], id="between two, both left out"),
        pytest.param(3, None, "success", [4, 5, 6, 7, 8, 9], id="all that is kept"),
        pytest.param(2, None, "cache_expired", [4, 5, 6, 7, 8, 9], id="one is gone: what is left"),
        pytest.param(
            None, None, "cache_expired", [4, 5, 6, 7, 8, 9],
            id="before the service began nobody knows what was",
        ),
    ],
)  # fmt: skip
def test_replay(
    served: Served, after: int | None, before: int | None, status: str, told: list[int]
) -> None:
    with ordering(served) as acme, listening(served) as feed:
        for bet in range(1, 11):
            acme.rest(spread(bet))
        live = heard(feed, 10)
    query = {"afterID": "0-0" if after is None else live[after]["messageID"]}
    if before is not None:
        query["beforeID"] = live[before]["messageID"]
    answer = replayed(served, query)
    messages = answer["messages" if status == "success" else "availableMessages"]
    assert (answer["status"], messages) == (status, [live[index] for index in told])


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({}, id="after nothing"),
        pytest.param({"afterID": "x"}, id="no message id"),
        pytest.param({"afterID": "1-"}, id="half an id"),
        pytest.param({"afterID": "1-2", "beforeID": "3"}, id="before no id"),
        pytest.param({"afterID": f"{'9' * 40}-1"}, id="a number without end"),
    ],
)
def test_a_replay_of_no_id(shared: Served, query: Json) -> None:
    assert replayed(shared, query) == {
        "code": 400,
        "error": "afterID and beforeID are message IDs",
    }


def test_ids_rise_when_the_clock_does_not() -> None:
    clock = Time()
    frame = Frame(VENUE, Book(clock), KnownKeys(VENUE), clock, lambda _: Kept())
    feed = Feed(frame.book)
    at = House(frame, feed)
    listener, _ = feed.join("acme")
    ids: list[Any] = []
    for seconds in (0, -3600, -3600, 7200):
        clock.now += timedelta(seconds=seconds)
        at.market.place("acme", wanted(spread(10, number=-3)))
        kept = at.messages.of(listener.waiting.get_nowait())
        assert kept is not None
        ids.append(kept.cursor)
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("path", ["/orders/ws", "/v2/user"])
@pytest.mark.parametrize(
    ("token", "opens"),
    [
        pytest.param(None, False, id="no token"),
        pytest.param("unknown", False, id="a token that was never given"),
        pytest.param("acme-key", True, id="a key, raw"),
        pytest.param("Bearer acme-key", True, id="a key, as a bearer"),
    ],
)
def test_the_handshake(shared: Served, path: str, token: str | None, *, opens: bool) -> None:
    headers = {} if token is None else {"Authorization": token}
    url = f"ws://127.0.0.1:{shared.port}{path}"
    if opens:
        with connect(url, additional_headers=headers):
            return
    with pytest.raises(InvalidStatus) as refused, connect(url, additional_headers=headers):
        pass
    assert refused.value.response.status_code in {401, 403}


def test_what_a_client_says_on_the_feed_means_nothing(served: Served) -> None:
    with ordering(served) as acme, listening(served) as feed:
        feed.send("hello")
        feed.send(b"\xff")
        acme.rest()
        assert heard(feed, 1)[0]["origin"] == "offer"


def test_times_are_told_in_milliseconds(served: Served) -> None:
    assert written_time(served.clock.now.replace(microsecond=0)) == "2026-02-07T12:00:00.000Z"


def test_a_command_of_one_connection_does_not_wait_for_another(served: Served) -> None:
    def quick(orders: Orders) -> bool:
        return orders.ask("cancelAll") == {"data": []}

    with ordering(served) as one, ordering(served) as two:
        assert all(quick(orders) for orders in (one, two, one))


def test_who_is_logged_out_hears_no_more(served: Served) -> None:
    with ordering(served) as acme, served.client() as rest:
        body = {"username": "acme", "password": ACME}
        token = rest.post("/user/login", json=body).json()["data"]["user"]["auth"]
        with listening(served, token) as feed:
            acme.rest()
            assert len(heard(feed, 1)) == 1
            rest.post("/user/logout", headers={"Authorization": token})
            acme.rest()
            with pytest.raises(ConnectionClosedError, match="1008"):
                heard(feed, 1)


def test_who_falls_behind_is_let_go(served: Served) -> None:
    with ordering(served) as acme, listening(served) as feed:
        number = booked(served, "acme", acme.rest()).order_id
        assert len(heard(feed, 1)) == 1

        def much() -> None:
            for _ in range(QUEUE_MAX + 1):
                served.frame.book.settle(number, "winner")

        served.do(much)
        with pytest.raises(ConnectionClosedError, match="1013"):
            heard(feed, 1)
