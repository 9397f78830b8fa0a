"""PredictStreet over real connections: the engine makes the venue's own books of the recording."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.sync.client import ClientConnection, connect

from adapters.bootstrap import App, opened
from adapters.gateways.predictstreet.rows import number_of, order_id_of
from adapters.gateways.predictstreet.venue import Trip
from adapters.live import LiveLog
from adapters.paper.book import Kind
from adapters.recording.recorder import Recorder
from adapters.settings import Settings
from tests.adapters.gateways.predictstreet import ACME, OTHERS, OWN, RIVAL, order, street
from tests.adapters.gateways.serving import Served
from tests.feeding import cancels, flags, orders, outcomes, sound

D = Decimal
QUANTITIES = ("size", "matched", "remaining", "cancelled", "lapsed", "voided")
UNKNOWN = "7b0d3a52-0000-4000-8000-00000000ffff"
TRIPS: dict[str, Trip] = {}


@pytest.fixture
def served() -> Iterator[Served]:
    TRIPS.clear()
    with street(trips=TRIPS) as served:
        yield served


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with opened(Settings(database_url=f"sqlite:///{tmp_path / 'story.db'}")) as app:
        yield app


@contextmanager
def recorded(served: Served, app: App) -> Generator[None]:
    """What is said goes into the app's log as it is said."""
    recorder = Recorder(partial(LiveLog, app), served.clock)
    served.frame.open_recording = lambda owner: recorder.session(owner, f"{owner.account}-1")
    try:
        yield
    finally:
        recorder.close()


@contextmanager
def listening(served: Served, key: str) -> Generator[ClientConnection]:
    """A connection that hears orders and fills."""
    url = f"ws://127.0.0.1:{served.port}/ws/user"
    with connect(url, additional_headers={"X-Api-Key": key}) as feed:
        channels = [{"channel": "user_orders"}, {"channel": "user_fills"}]
        command = {"id": 1, "cmd": "subscribe", "params": {"subscriptions": channels}}
        feed.send(json.dumps(command))
        assert [json.loads(feed.recv(5))["type"] for _ in range(2)] == ["connected", "subscribed"]
        yield feed


def books(served: Served) -> dict[str, tuple[Decimal, ...]]:
    """The venue's own books, by its ids."""
    return {
        order_id_of(order): tuple(getattr(order, name) for name in QUANTITIES)
        for wallet in (ACME, RIVAL)
        for order in served.frame.book.orders(wallet)
    }


def ours(app: App) -> dict[str, tuple[Decimal, ...]]:
    """What the engine holds of them."""
    return {name: tuple(row[part] for part in QUANTITIES) for name, row in orders(app).items()}


def post(client: httpx2.Client, path: str, body: object) -> Any:  # noqa: ANN401 - any JSON value
    answer = client.post(f"/api/orders/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ends_that_only_reads_tell_of(served: Served, acme: httpx2.Client) -> str:
    """One order expires, one is taken off by its market, one match is reverted on chain."""
    book = served.frame.book
    soon = int(served.clock.now.timestamp()) + 30
    expiring = post(acme, "place", order(price="0.20", expiry=soon, clientOrderId="mm-5"))
    resolved = post(acme, "place", order(price="0.20"))["orderId"]
    failing = str(post(acme, "place", order(price="0.20", marketId="C-BIN-1"))["orderId"])
    fill = served.do(lambda: book.match(number_of(failing), D(40)))
    served.do(lambda: book.end(number_of(resolved), Kind.LAPSED))
    served.do(lambda: book.void_fill(fill.fill_id))
    served.do(lambda: setattr(served.clock, "now", served.clock.now + timedelta(minutes=1)))
    acme.get("/api/orders/history")
    acme.get(f"/api/orders/{expiring['orderId']}")
    acme.get(f"/api/orders/{failing}/fills")
    acme.get("/api/me/trades")
    return failing


def test_what_is_recorded_gives_the_venue_s_own_books(served: Served, app: App) -> None:
    book = served.frame.book

    with (
        recorded(served, app),
        listening(served, OWN) as feed,
        served.client(**{"X-Api-Key": OWN}) as acme,
        served.client(**{"X-Api-Key": OTHERS}) as rival,
    ):
        # Matched in part by another wallet; a batch with an entry that is refused.
        first = post(acme, "place", order(clientOrderId="mm-1"))["orderId"]
        theirs = post(rival, "place", order(side="sell", quantity="60"))["orderId"]
        batch = [
            order(clientOrderId="mm-2", price="0.39"),
            order(clientOrderId="mm-3", price="0.505"),
            order(price="0.38", quantity="10.5"),
        ]
        second, _, third = (row["orderId"] for row in post(acme, "place-batch", {"orders": batch}))
        # What does not rest: half of it, then nothing.
        post(rival, "place", order(side="sell", price="0.60", quantity="5"))
        post(acme, "place", order(price="0.60", quantity="10", timeInForce="ioc"))
        post(acme, "place", order(price="0.60", quantity="10", timeInForce="fok"))
        post(acme, "place", order(price="0.39", side="sell", postOnly=True, clientOrderId="mm-4"))
        # Cancelled together: one of them twice, one unknown, one another's, one locked.
        locked = post(acme, "place", order(marketId="B-BIN-1", price="0.10"))["orderId"]
        TRIPS[locked] = "lock_invariant"
        ids = [first, second, second, UNKNOWN, theirs, locked]
        answer = post(acme, "cancel-batch", {"orderIds": ids})
        assert answer["cancelled"] == [first, second]
        # A repeat of the first order tells of it as it is now.
        assert post(acme, "place", order(clientOrderId="mm-1"))["status"] == "CANCELLED"
        # A stranger matches a part while nobody looks; then a single cancel, twice.
        served.do(lambda: book.match(number_of(third), D("3.25")))
        assert post(acme, "cancel", {"orderId": third})["unfilledQty"] == "7.25"
        assert post(acme, "cancel", {"orderId": third})["status"] == "not_found"
        failing = ends_that_only_reads_tell_of(served, acme)
        # What is left: by a filter, then (the lock being free again) all of it.
        TRIPS.clear()
        post(acme, "cancel-all", {"marketId": "C-BIN-1"})
        acme.post("/api/orders/cancel-all")
        rival.get("/api/me/trades")
        rival.get("/api/orders/open")
        heard = [json.loads(feed.recv(5))["type"] for _ in range(10)]
        assert heard.count("user_fill") == 2
    held = ours(app)
    assert held.pop("mm-3")[-1] == D(100)  # refused: never on the venue's books
    assert held == books(served)
    sound(app)
    rows = orders(app)
    assert all(row["certain"] for row in rows.values())
    assert {row["account"] for row in rows.values()} == {ACME, RIVAL}
    batch_told, one, again, market, everything = (outcomes(row) for row in cancels(app))
    assert [told.split(" ", 2)[2] for told in batch_told] == [
        "cancelled - 40 60/0/0",
        "cancelled - 100 0/0/0",
        "rejected UNKNOWN_ORDER - -/-/-",
        "rejected UNKNOWN_ORDER - -/-/-",
        "rejected BALANCE_LOCK - 0/0/0",
    ]
    assert [told.split(" ", 2)[2] for told in (*one, *again)] == [
        "cancelled - 7.25 3.25/0/0",
        "rejected UNKNOWN_ORDER - 3.25/0/0",
    ]
    assert market == [f"- {failing} cancelled - 60 0/0/0"]
    assert len(everything) == 2
    assert flags(app) == ["FIL-13"]  # the match that the chain took back: somebody must look
