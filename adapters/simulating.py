"""Where a venue's gateway meets the paper venue's faults: somebody else's server, unrecorded."""

from __future__ import annotations

import asyncio
import hashlib
import json
import signal
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from adapters import added
from adapters.clock import utc_now
from adapters.gateways.app import create_app
from adapters.gateways.clients import Client, Scope
from adapters.gateways.feed import Feed
from adapters.gateways.fourcasters.ids import order_id
from adapters.gateways.frame import Frame, Unrecorded
from adapters.gateways.predictstreet.rows import order_id_of
from adapters.paper.book import Order
from adapters.paper.operations import Told
from adapters.paper.script import Script, ScriptError, read_script
from adapters.paper.venue import SimulatedVenue
from adapters.paper.wire import FaultLayer
from adapters.serving import GATEWAYS, Listening, serve
from domain.values import Account

__all__ = [
    "GATEWAYS",
    "SERVERS",
    "Listening",
    "Script",
    "ScriptError",
    "SimulatedVenue",
    "application_of",
    "keys_for",
    "made",
    "read_script",
    "simulate",
]

Routes = Callable[[Frame, Feed], Sequence[APIRouter]]
EVERYTHING = frozenset({Scope.READ, Scope.CANCEL, Scope.PLACE})
HERE = frozenset({"127.0.0.1", "::1"})
TICK_S = 0.05
"""How often time is looked at when nobody asks anything."""
_WALLETS = "predictstreet"


def _called(order_id: Callable[[int], str], order: Order) -> str:
    """How an added venue calls the order."""
    return order_id(order.order_id)


_ADDED = added.added(added.SERVERS)
SERVERS: Mapping[str, Routes] = {**GATEWAYS, **{name: it.routes for name, it in _ADDED.items()}}
"""The routes of each venue that can be simulated: ours, and those that a package adds."""
_NAMES: Mapping[str, Callable[[Order], str]] = {
    "abp": lambda order: str(order.order_id),
    "predictstreet": order_id_of,
    "fourcasters": lambda order: order_id(order.order_id),
    **{name: partial(_called, it.order_id) for name, it in _ADDED.items()},
}


class FixedKeys:
    """Keys that whoever started the simulator knows: they are no secret."""

    def __init__(self, venue: str, keys: Mapping[str, str]) -> None:
        """`keys` are secrets by account."""
        self._venue = venue
        self._clients = {
            secret: Client(f"sim{number}", Account(venue, account), EVERYTHING)
            for number, (account, secret) in enumerate(keys.items(), 1)
        }

    def of(self, venue: str, secret: str) -> Client | None:
        """Whose key it is."""
        return self._clients.get(secret) if venue == self._venue else None

    def whose(self, texts: Sequence[str]) -> str | None:
        """The account that one of these texts is a key of."""
        found = (self._clients.get(text) for text in texts)
        return next((client.owner.account for client in found if client is not None), None)


def keys_for(venue: str, seed: int, asked: Sequence[str]) -> Mapping[str, str]:
    """The keys by account: `ACCOUNT=KEY` as asked, `ACCOUNT` alone gets one made from the seed."""
    usual = "0x" + "ac" * 20 if venue == _WALLETS else "acme"
    keys: dict[str, str] = {}
    for each in asked or [usual]:
        account, _, secret = each.partition("=")
        # Wallets are told apart without regard to case.
        account = account.lower() if venue == _WALLETS else account
        keys[account] = secret or _key(venue, seed, account)
    return keys


def _key(venue: str, seed: int, account: str) -> str:
    digest = hashlib.sha256(f"{venue}/{seed}/{account}".encode()).hexdigest()
    return f"ps_live_{digest[:16]}_{digest[16:59]}" if venue == _WALLETS else f"sim-{digest[:24]}"


def application_of(
    venue: SimulatedVenue, keys: Mapping[str, str], routes: Routes | None = None
) -> FastAPI:
    """The venue's gateway over these books, behind its faults; `routes` are its usual ones."""
    known = FixedKeys(venue.name, keys)
    unrecorded = Unrecorded()
    frame = Frame(venue.name, venue.book, known, venue.clock, lambda _owner: unrecorded)
    routers = (routes or SERVERS[venue.name])(frame, Feed(venue.book))
    app = create_app([*routers, _looking_in(venue)], _living(venue))
    app.add_middleware(FaultLayer, venue=venue, whose=known.whose)
    return app


def _living(venue: SimulatedVenue) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        async def go_on() -> None:
            while True:
                await asyncio.sleep(TICK_S)
                venue.advance()

        life = asyncio.create_task(go_on())
        try:
            yield
        finally:
            life.cancel()
            with suppress(asyncio.CancelledError):
                await life

    return lifespan


def _looking_in(venue: SimulatedVenue) -> APIRouter:
    routes = APIRouter(prefix="/paper", include_in_schema=False)

    @routes.get("/orders")
    async def paper_orders(request: Request) -> Response:
        """The venue's own books, for whoever sits at this machine."""
        if request.client is None or request.client.host not in HERE:
            raise HTTPException(404)
        venue.advance()
        return Response(_books(venue), media_type="application/json")

    return routes


def _books(venue: SimulatedVenue) -> bytes:
    return json.dumps(venue.books(), indent=1).encode() + b"\n"


def simulate(
    venue: SimulatedVenue,
    keys: Mapping[str, str],
    where: Listening,
    books: Path | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; the books are written then, and at each SIGUSR1."""

    def write() -> None:
        if books is not None:
            half = books.with_name(f"{books.name}.half")
            half.write_bytes(_books(venue))
            half.replace(books)

    async def run() -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, write)
        await serve(application_of(venue, keys), where)

    try:
        asyncio.run(run())
    finally:
        write()


def _news(path: str, frame: str) -> Told:
    """Every frame of an added venue is news, unless it was asked for."""
    del path, frame
    return Told.NEWS


def made(
    name: str, script: Script, seed: int, clock: Callable[[], datetime] = utc_now
) -> SimulatedVenue:
    """A venue with empty books, its clock the wall's unless another is given."""
    told = None if name in GATEWAYS else _news
    return SimulatedVenue(name, script, seed, clock, _NAMES[name], told)
