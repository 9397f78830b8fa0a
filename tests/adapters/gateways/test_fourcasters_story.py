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
