"""Where the gateways meet the log: one process serves the venues' APIs and keeps everything."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, FastAPI
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from adapters.books import ReadModels
from adapters.bootstrap import App
from adapters.bootstrap_feed import Outgoing
from adapters.bootstrap_metrics import LogFigures
from adapters.clock import utc_now
from adapters.collecting import collected_rarely
from adapters.gateways.abp.routes import router as abp_router
from adapters.gateways.abp.socket import socket as abp_socket
from adapters.gateways.app import create_app
from adapters.gateways.events import events
from adapters.gateways.feed import Feed
from adapters.gateways.fourcasters.routes import fourcasters
from adapters.gateways.frame import Frame
from adapters.gateways.metering import Meters
from adapters.gateways.metrics import metrics
from adapters.gateways.predictstreet.routes import router as predictstreet_router
from adapters.gateways.predictstreet.socket import socket as predictstreet_socket
from adapters.gateways.streaming import PACE
from adapters.gateways.upstream import Upstream as Venue
from adapters.gateways.upstream import passing_on
from adapters.gateways.v1 import v1
from adapters.keyring import KeyedClients, keys_of, keys_secret
from adapters.live import new_capture, recorder_of
from adapters.paper.book import Book
from adapters.ports import ensure_free
from adapters.readiness import checks_of
from adapters.recording.recorder import Recorder, Session
from domain.values import Account

HEADER_MS_MAX = 5_000
"""A client that has not said what it wants by then is hung up on: slow senders hold no socket."""
CONNECTIONS_MAX = 4_096
"""Connections at a time, sockets that say nothing among them; more wait until one is free."""
DRAIN_S_MAX = 8
"""What is under way when the service is told to end has so long; then it is cut off."""
TICK_S = 0.25
"""How often orders whose time is over are taken off the paper venue's books."""
CAPTURES = "gateway"


def _abp(frame: Frame, feed: Feed) -> Sequence[APIRouter]:
    return abp_router(frame), abp_socket(frame, feed)


def _predictstreet(frame: Frame, feed: Feed) -> Sequence[APIRouter]:
    return predictstreet_router(frame), predictstreet_socket(frame, feed)


GATEWAYS: Mapping[str, Callable[[Frame, Feed], Sequence[APIRouter]]] = {
    "abp": _abp,
    "predictstreet": _predictstreet,
    "fourcasters": fourcasters,
}
"""The routes of each venue that is served; a further venue is one more line here."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """A real venue that one venue's clients are passed on to."""

    venue: str
    base_url: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the service listens."""

    host: str = "127.0.0.1"
    port: int = 8000


@contextmanager
def service(app: App, upstream: Upstream | None = None) -> Generator[FastAPI]:
    """The gateways over the paper venue, recorded in the app's log.

    With `upstream` one venue's paths go on to a real one instead.
    """
    with collected_rarely(), recorder_of(app) as recorder:
        clients = KeyedClients(keys_of(app))
        # Ids go on rising over restarts, as a venue's do: the books are new, the log is not. A
        # microsecond each, so that no restart begins below what was given out before.
        first_id = int(utc_now().timestamp() * 1_000_000)
        routers: list[APIRouter] = []
        books: list[Book] = []
        open_recording = partial(_recording, recorder)
        served = {
            name: GATEWAYS[name] for name in GATEWAYS if upstream is None or name != upstream.venue
        }
        for venue, routes in served.items():
            frame = Frame(
                venue,
                Book(utc_now, first_id),
                clients,
                utc_now,
                open_recording,
            )
            routers.extend(routes(frame, Feed(frame.book)))
            books.append(frame.book)
        outgoing = Outgoing(app)
        routers.append(v1(ReadModels(app), clients, tuple(GATEWAYS)))
        meters = Meters()
        pace = PACE._replace(streams_max=app.settings.streams_max)
        routers.append(events(outgoing, clients, tuple(GATEWAYS), pace, meters))
        routers.append(metrics(meters, LogFigures(app), clients, tuple(GATEWAYS)))
        ends: list[Callable[[], Coroutine[None, None, None]]] = []
        if upstream is not None:
            secret = keys_secret(app.settings)
            there = Venue(
                upstream.venue, upstream.base_url, open_recording, secret, upstream.account
            )
            routers.append(passing_on(there))  # last: it takes every path that is left
            ends.append(there.close)
        application = create_app(
            routers,
            partial(_alive, books, ends),
            checks_of(app, recorder),
            seen=meters.visited,
        )
        application.state.at_stop = outgoing.close
        try:
            yield application
        finally:
            outgoing.close()
            outgoing.join()


def _recording(recorder: Recorder, owner: Account) -> Session:
    return recorder.session(owner, new_capture(owner, CAPTURES))


@asynccontextmanager
async def _alive(
    books: Sequence[Book], ends: Sequence[Callable[[], Coroutine[None, None, None]]], _: FastAPI
) -> AsyncGenerator[None]:
    """Time passes at the venues for as long as the service runs."""
    passing = asyncio.create_task(_time_passes(books))
    try:
        yield
    finally:
        passing.cancel()
        for end in ends:
            await end()


async def _time_passes(books: Sequence[Book]) -> None:
    while True:
        for book in books:
            book.expire()
        await asyncio.sleep(TICK_S)


async def serve(application: FastAPI, where: Listening) -> None:
    """Serve until SIGINT or SIGTERM, then let what is under way end."""
    ensure_free(where.host, where.port)
    server = Server(
        application,
        address=where.host,
        port=where.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MS_MAX),
        backlog=CONNECTIONS_MAX,
        backpressure=CONNECTIONS_MAX,
        log_enabled=False,
    )
    server.workers_kill_timeout = DRAIN_S_MAX  # the embedded server takes it no other way
    loop = asyncio.get_running_loop()

    def stop() -> None:
        # Who follows the log is told, and need not be waited for.
        getattr(application.state, "at_stop", lambda: None)()
        server.stop()  # type: ignore[no-untyped-call]  # the server leaves it untyped

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    with suppress(TimeoutError):  # whoever was still sending after the drain is cut off
        await server.serve()
