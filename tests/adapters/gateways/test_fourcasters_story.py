"""4casters over real connections: what the engine makes of the recording are the venue's books."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection

from adapters.bootstrap import App, opened
from adapters.live import LiveLog
from adapters.recording.recorder import Recorder
from adapters.settings import Settings
from projections import queries
from tests.adapters.gateways.fourcasters import (
    ACME,
    GAME,
    NO_ORDER,
    RIVAL,
    against,
    booked,
    heard,
    house,
    listening,
    ordering,
    spread,
    total,
)
from tests.adapters.gateways.serving import Served
from tests.feeding import cancels, flags, sound

D = Decimal
QUANTITIES = ("size", "matched", "remaining", "cancelled", "lapsed", "voided")


@pytest.fixture
def served() -> Iterator[Served]:
    with house() as served:
        yield served


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with opened(Settings(database_url=f"sqlite:///{tmp_path / 'story.db'}")) as app:
        yield app


def wait_until_heard(connection: ClientConnection, kind: str) -> list[dict[str, Any]]:
    """The next messages up to one of this kind."""
    told: list[dict[str, Any]] = []
    while not told or _kind(told[-1]) != kind:
        told += heard(connection, 1)
    return told


def _kind(message: dict[str, Any]) -> str:
    matched, rest = message["matched"], message["unmatched"]
    if matched is not None:
        return "taker" if rest is None else "maker"
    return "cancelled" if rest["offered"] == 0 else "placed"


@contextmanager
def recorded(served: Served, app: App) -> Generator[None]:
    """What is said goes into the app's log as it is said."""
    recorder = Recorder(partial(LiveLog, app), served.clock)
    served.frame.open_recording = lambda owner: recorder.session(owner, f"{owner.account}-1")
    try:
        yield
    finally:
        recorder.close()


def ours(app: App) -> list[dict[str, Any]]:
    """The account's orders as the engine holds them."""
    with app.reading() as connection:
        return [row for row in queries.order_list(connection) if row["account"] == "acme"]


def books(served: Served) -> dict[str, tuple[Decimal, ...]]:
    """The venue's own books, by its ids."""
    return {
        f"0b{order.order_id:022x}": (
            order.size, order.matched, order.remaining, order.cancelled, order.lapsed, order.voided,
        )
        for order in served.frame.book.orders("acme")
    }  # fmt: skip


def test_what_is_recorded_gives_the_venues_own_books(served: Served, app: App) -> None:
    with (
        recorded(served, app),
        ordering(served) as acme,
        ordering(served, RIVAL) as rival,
        listening(served) as feed,
        served.client(authorization=f"Bearer {ACME}") as rest,
    ):
        # Matched in part by another account, then cancelled together with one that is over.
        first, second, third = (
            row["unmatched"]["orderID"]
            for row in acme.place(spread(100, -110, userReference="leg-1"), total(), total())
        )
        rival.place(against(55, 110))
        assert booked(served, "acme", first).matched == D("60.5")
        acme.ask("cancelById", orderId=second)
        answer = acme.ask("cancelMultiple", orderIDs=[first, second, "5"])["data"]
        assert [row["success"] for row in answer] == [True, False, False]
        assert (answer[0]["filled"], answer[0]["remaining"]) == (60.5, 39.5)
        # Edited: the old one is off, another rests in its place.
        edited = rest.post(
            "/session/editOrder", json={"sessionID": third, "orderOdds": 105, "orderVolume": 80}
        ).json()["data"]
        fourth = edited["unmatched"]["orderID"]
        # Taken at once in part, the rest is killed.
        rival.place(total("under", 30, -100))
        served.do(lambda: served.frame.book.match(booked(served, "acme", fourth).order_id, D(20)))
        rival.rest(spread(50, -105))
        (taken,) = acme.place(against(80, 105, orderType="fillAndKill"))
        assert taken["unmatched"] == {}
        # The connection is lost, something happens, and it is asked for afterwards.
        before = wait_until_heard(feed, "taker")
        feed.close()
        fifth = acme.rest(spread(10, 150))
        after = rest.get("/v2/user/messages", params={"afterID": before[-1]["messageID"]}).json()
        assert (after["status"], [_kind(m) for m in after["messages"]]) == ("success", ["placed"])
        with listening(served) as again:
            # No heartbeat comes in time.
            acme.ask("heartbeat", requestTimeout=5)
            served.clock.now += timedelta(seconds=6)
            gone = wait_until_heard(again, "cancelled")
            gone += wait_until_heard(again, "cancelled")
            assert {m["unmatched"]["orderID"] for m in gone} == {fourth, fifth}
    assert not list(app.set_aside())
    told = ours(app)
    found = {row["venue_order_id"]: tuple(D(row[name]) for name in QUANTITIES) for row in told}
    expected = books(served)
    assert {first, second, third, fourth, fifth} < set(expected)
    (killed,) = set(expected) - set(found)  # what never rests has no id at this venue
    assert found == {None if name == killed else name: held for name, held in expected.items()}
    assert all(row["certain"] for row in told)
    assert {request["status"] for request in cancels(app)} == {"answered"}
    assert flags(app) == []
    sound(app)


def commands(order_id: str) -> list[tuple[str, dict[str, Any]]]:
    """Commands of every verb, most of which are refused."""
    return [
        ("cancelById", {"orderId": order_id}),
        ("cancelById", {"orderId": order_id}),
        ("cancelById", {"orderId": "x"}),
        ("cancelMultiple", {"orderIDs": [order_id, NO_ORDER]}),
        ("cancelAllByGame", {"gameId": NO_ORDER}),
        ("cancelAllByGame", {"gameId": GAME, "type": "total"}),
        ("placeV3", {"orders": [spread(odds=1)]}),
        ("placeV3", {"orders": []}),
        ("heartbeat", {"requestTimeout": 0}),
    ]


def test_everything_that_it_says_can_be_read(served: Served, app: App, tmp_path: Path) -> None:
    with (
        recorded(served, app),
        ordering(served) as acme,
        served.client() as rest,
        listening(served) as feed,
    ):
        login = rest.post("/user/login", json={"username": "acme", "password": ACME}).json()
        token = login["data"]["user"]["auth"]
        rest.headers["authorization"] = f"Bearer {token}"
        one, two, three, four = map(acme.rest, (spread(50, 150), total(), total("under"), spread()))
        number = booked(served, "acme", one).order_id
        served.do(lambda: served.frame.book.match(number, D(20)))
        for verb, payload in commands(two):
            acme.ask(verb, **payload)
        calls: list[tuple[str, dict[str, Any]]] = [
            ("session/cancel", {"sessionID": three}),
            ("session/cancel", {"sessionID": NO_ORDER}),
            ("session/cancelMultiple", {"sessionIDs": [three, NO_ORDER]}),
            ("session/editOrder", {"sessionID": three, "orderVolume": 5}),
            ("session/editOrder", {"sessionID": NO_ORDER}),
            ("session/editOrder", {"sessionID": four, "orderVolume": 12, "token": token}),
            ("session/v3/place", {"orders": [spread(7, 200), spread(odds=3)]}),
            ("session/v3/place", {"orders": []}),
            ("session/cancelByReference", {"gameID": GAME, "userReferences": ["leg"]}),
            ("session/cancelAllOrdersForGame", {"gameID": GAME, "type": "moneyline"}),
            ("session/cancelAllForLeague", {"league": "NBA"}),
            ("user/ordersHeartbeat", {"timeout": 600}),
        ]
        for path, body in calls:
            rest.post(f"/{path}", json=body)
        served.do(lambda: served.frame.book.settle(number, "winner"))
        for path in (
            f"session/lookupOrder?orderID={one}",
            f"session/lookupOrder?orderID={three}",
            f"session/lookupOrder?orderID={NO_ORDER}",
            "user/getUnmatched",
            "user/getMatchedBets",
            f"user/getOrdersForGame?gameID={GAME}",
            f"user/getBetByUserReference?gameID={GAME}&userReference=leg",
            "user/getBetByWagerRequestID?wagerRequestID=1",
            f"user/getBetByID?id={one}",
            "user/v2/getGraded",
            "user/getGradedWagers",
            "user/v2/getGradedSince?since=2026-01-01",
            f"v2/user/messages?afterID=1-1&token={token}",
        ):
            rest.get(f"/{path}")
        heard(feed, 5)
    assert not list(app.set_aside())
    expected = books(served)
    told = {row["venue_order_id"]: row for row in ours(app)}
    assert {
        name: tuple(D(row[quantity]) for quantity in QUANTITIES) for name, row in told.items()
    } == expected
    assert {request["status"] for request in cancels(app)} <= {"answered", "refused"}
    sound(app)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert one.encode() in kept
    for secret in (ACME, token):
        assert secret.encode() not in kept
