"""A rehearsal: cancels over real sockets against a simulated venue, while strangers match."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from granian.constants import Interfaces
from granian.server.embed import Server

from adapters.bootstrap import App
from adapters.cancel_report import reported
from adapters.cancelling import Ask, Intent, carried_out, plan_of
from adapters.clients.client import Address, Paces
from adapters.live import new_capture, recorder_of
from adapters.paper.script import Script
from adapters.paper.venue import SimulatedVenue
from adapters.resolving import resolved
from adapters.simulating import application_of, keys_for, made
from adapters.speaking import CODECS, Line
from adapters.transport.http import Bounds, HttpCall, HttpTransport
from domain.requests import ScopeKind
from domain.values import Account, plain
from projections import queries
from projections.queries import Only

VENUE, SEED, PAIRS = "abp", 7, 3
BUCKETS = ("size", "matched", "remaining", "cancelled", "lapsed", "voided")
INTENT = Intent("demo", "the market is about to turn")
SCRIPT = Script.model_validate(
    {
        "fault": [
            {"do": "crossing", "share": "0.4", "nth": [2, 5]},
            {"do": "crossing", "share": "1", "nth": 3},
            {"do": "drop", "effect": "after", "on": "cancel", "nth": 3},
        ]
    }
)
"""Two cancels are overtaken in part, one wholly; the last answer never comes."""
READY_S_MAX = 10


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of it: an outcome for each order, and how many orders both books agree on."""

    outcomes: Sequence[Mapping[str, Any]]
    lost: int
    agree: int
    orders: int


def rehearsed(app: App) -> Rehearsal:
    """Place six orders, cancel them two at a time, ask about what was not answered."""
    venue = made(VENUE, SCRIPT, SEED)
    ((account, key),) = keys_for(VENUE, SEED, []).items()
    with _beside(venue, {account: key}) as url:
        owner, codec = Account(VENUE, account), CODECS[VENUE]()
        paces = Paces(codec, time.monotonic)
        line = Line("rehearsal", owner, codec, paces, Bounds(), Address(url), key)
        names = _placed(app, line)
        rows: list[Mapping[str, Any]] = []
        lost = 0
        for pair in range(0, len(names), 2):
            plan = plan_of(app, owner, codec, Ask(ScopeKind.ORDERS, tuple(names[pair : pair + 2])))
            told, ids = carried_out(app, line, plan, INTENT, lambda _told: None)
            app.runner.catch_up()
            lost += sum(one.lost is not None for one in told)
            if any(one.lost is not None for one in told):
                resolved(app, line)
            rows += reported(app, ids)
    return Rehearsal(rows, lost, _agreeing(app, owner, venue), len(names))


def _placed(app: App, line: Line) -> list[str]:
    asked = [
        {
            "requestUuid": str(UUID(int=number + 1)), "fixtureId": "id1", "outcomeId": 101,
            "orderPrice": 2.5, "orderStake": 100, "userRef": "demo", "testOrder": True,
            "expiresAt": "2036-01-01T00:00:00Z",
        }
        for number in range(2 * PAIRS)
    ]  # fmt: skip
    call = HttpCall("POST", "/place-orders", body=json.dumps({"orders": asked}).encode())
    with recorder_of(app) as recorder:
        session = recorder.session(line.owner, new_capture(line.owner, "desk"))
        opens = line.codec.credentials(line.key, line.owner.account)
        transport = HttpTransport(line.where.base_url, session, line.paces.reads, opens)

        async def sent() -> list[str]:
            try:
                told = json.loads((await transport.send(call)).body, parse_float=str)
            finally:
                await transport.close()
            return [str(row["orderId"]) for row in told["acceptedOrders"]]

        names = asyncio.run(sent())
    app.runner.catch_up()
    return names


def _agreeing(app: App, owner: Account, venue: SimulatedVenue) -> int:
    with app.reading() as connection:
        ours = {
            row["venue_order_id"]: tuple(plain(row[bucket]) for bucket in BUCKETS)
            for row in queries.order_list(connection, Only(owner.venue, owner.account))
        }
    theirs = {
        row["order_id"]: tuple(row[bucket] for bucket in BUCKETS) for row in venue.books()["orders"]
    }
    return sum(ours.get(name) == told for name, told in theirs.items())


@contextmanager
def _beside(venue: SimulatedVenue, keys: Mapping[str, str]) -> Generator[str]:
    """Serve on a free port of the loopback, in a thread with a loop of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    loop = asyncio.new_event_loop()
    server = Server(
        application_of(venue, keys), port=port, interface=Interfaces.ASGI, log_enabled=False
    )

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(server.serve())

    thread = threading.Thread(target=run, name="simulator")
    thread.start()
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join()
        loop.close()


def _wait_for(port: int) -> None:
    end = time.monotonic() + READY_S_MAX
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
