"""The engine against a simulated venue over real connections: cancels, faults, quiet, both books.

Orders are placed in peace. Then cancels are sent in small lots while everything goes
wrong; a part of the orders is never asked for. When it is quiet, the venue is asked about what is
unknown, once more about every order, and our books are held against the venue's, order by order.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import httpx2
from fastapi import FastAPI

from adapters.bootstrap import App, opened
from adapters.cancelling import Ask, Intent, Told, carried_out, plan_of
from adapters.clients.client import Paces
from adapters.gateways.predictstreet.buckets import UNLIMITED
from adapters.gateways.predictstreet.routes import router
from adapters.gateways.predictstreet.socket import socket
from adapters.live import new_capture, recorder_of
from adapters.paper.script import Script
from adapters.paper.venue import SimulatedVenue
from adapters.resolving import Resolved, abandoned_told, resolved
from adapters.settings import Settings
from adapters.simulating import GATEWAYS, Routes, application_of, keys_for, made
from adapters.speaking import Line, line_of
from adapters.transport.http import HttpTransport
from adapters.transport.pacing import Pace
from domain.requests import ScopeKind
from domain.values import Account
from projections import queries
from projections.queries import Only
from tests.adapters.gateways.serving import free_port, running
from tests.whole.forgotten import missed
from tests.whole.placing import PLACES

BUCKETS = ("size", "matched", "remaining", "cancelled", "lapsed", "voided")
LOT = 5
"""How many orders a cancel names."""
LEFT_ALONE = 10
"""Every tenth order is never asked for."""
ANSWER_S = 0.5
QUIET_S_MAX = 60
ONE_WORD = {"fourcasters": "`lookupOrder` says `cancelled` of whatever went off the book"}
"""Venues whose reads do not tell a lapse from a cancel."""
SCRIPT = Path(__file__).parents[2] / "examples" / "faults-all.toml"
INTENT = Intent("ann", "everything goes wrong")
ROUTES: Mapping[str, Routes] = {
    # Its documented bucket of reads would make two thousand orders a matter of a quarter hour.
    **GATEWAYS,
    "predictstreet": lambda frame, feed: (router(frame, UNLIMITED), socket(frame, feed)),
}


@dataclass
class Proof:
    """What came of it."""

    orders: int
    asked: int
    sent: int = 0
    lost: int = 0
    agree: int = 0
    uncertain: list[str] = field(default_factory=list[str])
    forgotten: list[str] = field(default_factory=list[str])
    differ: dict[str, tuple[object, object]] = field(
        default_factory=dict[str, tuple[object, object]]
    )
    otherwise: list[str] = field(default_factory=list[str])
    """Off the book by another name: the venue has one word for several ways."""
    wider: list[str] = field(default_factory=list[str])
    open_requests: int = 0
    unknown_requests: int = 0
    lost_intents: int = 0
    quiet_s: float = 0
    seconds: float = 0
    fired: dict[str, int] = field(default_factory=dict[str, int])


class Server:
    """The venue's server: it may go away and come back, and its books stay."""

    def __init__(self, application: FastAPI, port: int) -> None:
        self._application = application
        self._port = port
        self._stack = ExitStack()

    def start(self) -> None:
        """Serve."""
        self._stack.enter_context(running(self._application, self._port))

    def stop(self) -> None:
        """Go away; every connection ends."""
        self._stack.close()


@dataclass
class Live:
    """A venue, an account of ours there, and our books."""

    venue: SimulatedVenue
    app: App
    line: Line
    client: httpx2.Client
    server: Server

    def books(self) -> list[dict[str, Any]]:
        """The venue's truth."""
        rows: list[dict[str, Any]] = self.client.get("/paper/orders").json()["orders"]
        return rows


@contextmanager
def live(name: str, script: Script, seed: int, directory: Path, **more: float) -> Generator[Live]:
    """Serve the venue and open our books until the block ends; `more` is for the connection."""
    venue = made(name, script, seed)
    ((account, key),) = keys_for(name, seed, []).items()
    file = directory / "venue.key"
    file.write_text(key)
    with free_port() as port, ExitStack() as stack:
        server = Server(application_of(venue, {account: key}, ROUTES[name]), port)
        stack.callback(server.stop)
        server.start()
        url = f"http://127.0.0.1:{port}"
        connection = {
            "venue": name, "account": account, "base_url": url, "key_file": str(file),
            "ws_url": f"ws://127.0.0.1:{port}/orders/ws", "answer_s_max": ANSWER_S,
            **more,
        }  # fmt: skip
        settings = Settings.model_validate(
            {
                "database_url": f"sqlite:///{directory / 'live.db'}",
                "connections": {"sim": connection},
            }
        )
        line = line_of(settings, Account(name, account))
        headers = line.codec.credentials(key, account)
        with (
            opened(settings) as app,
            httpx2.Client(base_url=url, headers=dict(headers), timeout=20) as client,
        ):
            yield Live(venue, app, replace(line, paces=_unhurried(line)), client, server)


def _unhurried(line: Line) -> Paces:
    paces = Paces(line.codec, monotonic)
    if line.owner.venue != "abp":  # whose own limit is a hundred a second: it is kept
        paces.cancels, paces.reads = Pace((), monotonic), Pace((), monotonic)
    return paces


def prove(there: Live, orders: int, seed: int, lot: int = LOT) -> Proof:
    """Place, cancel while everything goes wrong, wait for quiet, compare."""
    began = monotonic()
    with peace(there):
        ids = placed(there, orders)
    chosen = [name for number, name in enumerate(ids) if number % LEFT_ALONE]
    Random(seed).shuffle(chosen)  # noqa: S311 - to be repeated, not to be safe
    proof = Proof(orders=len(ids), asked=len(chosen))
    requests: list[str] = []
    for start in range(0, len(chosen), lot):
        told, made_ids = cancelled(there, chosen[start : start + lot])
        proof.sent += len(told)
        proof.lost += sum(one.lost is not None for one in told)
        requests += made_ids
    there.venue.quieten()
    settled = _quiet(there, proof)
    learned(there, ids)
    in_a_list = {str(row["venue_order_id"]) for row in settled.left}
    _compare(there, proof, set(chosen), in_a_list, missed(there.app))
    _intents(there, proof, requests)
    proof.seconds = monotonic() - began
    for trigger in there.venue.faults.triggers:
        name = trigger.fault.do
        proof.fired[name] = proof.fired.get(name, 0) + trigger.fired
    return proof


@contextmanager
def peace(there: Live) -> Generator[None]:
    """Nothing goes wrong within."""
    faults, there.venue.faults.triggers = there.venue.faults.triggers, []
    yield
    there.venue.faults.triggers = faults


def learned(there: Live, ids: Sequence[str]) -> None:
    """Our books hear of these orders from the venue."""
    app, line = there.app, there.line
    with recorder_of(app) as recorder:
        session = recorder.session(line.owner, new_capture(line.owner, "lookup"))

        async def asked() -> None:
            async with line.client(session) as client:
                await client.look_up([Ask(ScopeKind.ORDERS, tuple(ids))])

        asyncio.run(asked())
    app.runner.catch_up()


def cancelled(there: Live, ids: Sequence[str]) -> tuple[Sequence[Told], Sequence[str]]:
    """What `breakwater cancel --order …` does."""
    plan = plan_of(there.app, there.line.owner, there.line.codec, Ask(ScopeKind.ORDERS, tuple(ids)))
    told = carried_out(there.app, there.line, plan, INTENT, lambda _told: None)
    there.app.runner.catch_up()
    return told


def _quiet(there: Live, proof: Proof) -> Resolved:
    began = monotonic()
    abandoned_told(there.app, there.line.owner)
    settled = resolved(there.app, there.line)
    proof.quiet_s = monotonic() - began
    return settled


def _compare(
    there: Live, proof: Proof, asked: set[str], in_a_list: set[str], in_breaks: set[str]
) -> None:
    """Our orders and the venue's: every difference has a reason, or is one."""
    owner = there.line.owner
    with there.app.reading() as connection:
        held = {
            str(row["venue_order_id"]): row
            for row in queries.order_list(connection, Only(owner.venue, owner.account))
        }
    for row in there.books():
        name = row["order_id"]
        ours = held.get(name)
        told = tuple(Decimal(row[bucket]) for bucket in BUCKETS)
        mine = None if ours is None else tuple(ours[bucket] for bucket in BUCKETS)
        if name not in asked and Decimal(row["cancelled"]) and not row["forgotten"]:
            proof.wider.append(name)
        if mine == told and ours is not None and ours["certain"]:
            proof.agree += 1
        elif name in in_a_list and ours is not None and _within(ours, told[2]):
            proof.uncertain.append(name)
        elif row["forgotten"] and (name in in_breaks or name not in asked):
            proof.forgotten.append(name)  # it is a break, or nobody had a reason to ask after it
        elif owner.venue in ONE_WORD and mine is not None and _but_for_how(mine, told):
            proof.otherwise.append(name)
        else:
            proof.differ[name] = (mine, told)


def _within(ours: Mapping[str, Any], remaining: Decimal) -> bool:
    """We say that we do not know, and what is so is among what may be."""
    bounds: tuple[Decimal, Decimal] = ours["remaining_min"], ours["remaining_max"]
    return not ours["certain"] and bounds[0] <= remaining <= bounds[1]


def _but_for_how(ours: Sequence[Decimal], theirs: Sequence[Decimal]) -> bool:
    """Size, matched and remaining agree; only how the rest went off the book is told otherwise."""
    return ours[:3] == theirs[:3] and sum(ours) == sum(theirs)


def _intents(there: Live, proof: Proof, requests: Sequence[str]) -> None:
    """Every cancel that was sent is in the log, with who and why, and has ended somehow."""
    with there.app.reading() as connection:
        known = {row["cancel_id"]: row for row in queries.cancel_list(connection)}
    stored = [known[each] for each in requests if each in known]
    proof.lost_intents = proof.sent - sum(
        (row["requested_by"], row["why"]) == (INTENT.by, INTENT.why) for row in stored
    )
    proof.open_requests = sum(row["status"] == "open" for row in stored)
    proof.unknown_requests = sum(row["status"] == "unknown" for row in stored)


def placed(there: Live, orders: int) -> list[str]:
    """Place orders over a recorded connection; the venue's ids of them."""
    calls, read = PLACES[there.venue.name]
    line = there.line
    with recorder_of(there.app) as recorder:
        session = recorder.session(line.owner, new_capture(line.owner, "desk"))
        opens = line.codec.credentials(line.key, line.owner.account)
        transport = HttpTransport(line.where.base_url, session, line.paces.reads, opens)

        async def sent() -> list[str]:
            try:
                return [
                    name
                    for call in calls(range(orders), line.owner)
                    for name in read(json.loads((await transport.send(call)).body))
                ]
            finally:
                await transport.close()

        ids = asyncio.run(sent())
    there.app.runner.catch_up()
    return ids
