"""Feed: events a second over HTTP, in pages and as a stream, against the raw SELECT of them.

The service is a process of its own; the reader takes bytes and looks at nothing but `next`. Beside
it: what the select gives with each event made ready to leave, and what an account's key gets, one
of five hundred in the log.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import logging
import multiprocessing
import re
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import psutil
import structlog
from granian.constants import Interfaces
from granian.server.embed import Server

from adapters.bootstrap import opened
from adapters.bootstrap_feed import Outgoing
from adapters.eventlog.driver import compiled, connected, fetch
from adapters.eventlog.queries import queries
from adapters.eventlog.selecting import Narrowing
from adapters.gateways.app import create_app
from adapters.gateways.clients import Client, Scope
from adapters.gateways.events import events
from adapters.settings import Settings
from bench.databases import KINDS, Databases, databases
from bench.measure import Took, best, show, times, took
from bench.questions import ACCOUNTS, fill, life
from domain.values import Account
from tests.adapters.gateways.serving import free_port, wait_for

PAGE: Final = 1_000
ROUNDS: Final = 3
_NEXT = re.compile(rb'"next":(\d+)\}$')


class Keys:
    """The name of an account is its key; any other is an auditor's."""

    def of(self, venue: str, secret: str) -> Client | None:
        """Whose key it is."""
        scope = Scope.READ if secret.startswith("desk-") else Scope.AUDITOR
        return Client("k", Account(venue, secret), frozenset({scope}))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(prog="python -m bench feed", description=__doc__)
    parser.add_argument("--orders", type=int, default=30_000)
    parser.add_argument("--on", choices=KINDS, action="append")
    chosen = parser.parse_args(arguments)
    for kind in chosen.on or KINDS:
        with databases(kind) as place:
            _measure(place, chosen.orders)


def _measure(place: Databases, orders: int) -> None:
    url = place.fresh()
    with opened(Settings(database_url=url)) as app:
        fill(app, orders, life, timedelta(milliseconds=1))
        head = app.store.head()
        raw = app.store.log
        statement = queries(sqlite=url.startswith("sqlite"))["after"]
        outgoing = Outgoing(app)
        ready = compiled(app.engine, statement)

        def select() -> None:
            with connected(raw.engine) as connection:
                after = 0
                while rows := fetch(connection, ready, {"position": after, "most": PAGE}):
                    after = rows[-1][0]
            _whole(after, head)

        def encode() -> None:
            after = 0
            while (found := outgoing.read(Narrowing(), after, PAGE, 1 << 30)).events:
                after = found.until
            _whole(after, head)

        with _served(url) as (port, server):
            works: dict[str, Callable[[], object]] = {
                "raw SELECT": select,
                "SELECT, made CloudEvents": encode,
                "GET /v1/events, pages of 1,000": lambda: _pages(port, "auditor", head, PAGE),
                "GET /v1/events, pages of 100": lambda: _pages(port, "auditor", head, 100),
                "GET /v1/events/stream": lambda: _stream(port, "auditor", head),
                "an account's pages (1 of 500)": lambda: _pages(port, "desk-7", head, PAGE),
            }
            found = best(ROUNDS, {name: _once(work, server) for name, work in works.items()})
    floor = found["raw SELECT"]
    rows = [("", "positions/s", "to the raw SELECT", "processor, µs each", "to the raw SELECT")]
    for name, spent in found.items():
        rate, each = head / spent.wall_s, spent.cpu_s / head * 1e6
        walls, processors = times(spent.wall_s / floor.wall_s), times(spent.cpu_s / floor.cpu_s)
        rows.append((name, f"{rate:,.0f}", walls, f"{each:.2f}", processors))
    show(f"feed of {head:,} events, {ACCOUNTS} accounts; {place.durability(url)}", rows)


def _once(work: Callable[[], object], server: psutil.Process) -> Callable[[], Took]:
    """Once, with the processor time of the service where it does the work, else of this process."""

    def served_s() -> float:
        used = server.cpu_times()
        return used.user + used.system

    def once() -> Took:
        before = served_s()
        spent = took(work)
        there = served_s() - before
        return Took(spent.wall_s, there if there > spent.cpu_s / 4 else spent.cpu_s)

    return once


def _whole(after: int, head: int) -> None:
    if after != head:
        raise AssertionError(f"it ended at {after}, not at {head}")


def _pages(port: int, key: str, head: int, limit: int) -> None:
    """Every page of what the key sees."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    after = 0
    while after < head:
        path = f"/v1/events?after={after}&limit={limit}"
        connection.request("GET", path, headers={"x-api-key": key})
        body = connection.getresponse().read()
        told = _NEXT.search(body[-40:])
        if told is None:
            raise AssertionError(body[:200])
        after = int(told[1])
    connection.close()
    _whole(after, head)


def _stream(port: int, key: str, head: int) -> None:
    """The stream up to the end of the log."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/v1/events/stream", headers={"x-api-key": key})
    answer = connection.getresponse()
    last = b"\nid: %d\n" % head
    rest = b""
    while last not in rest:
        piece = answer.read1(1 << 18)
        if not piece:
            raise AssertionError("the stream ended")
        rest = rest[-len(last) :] + piece
    connection.close()


@contextmanager
def _served(url: str) -> Generator[tuple[int, psutil.Process]]:
    """The service in a process of its own: its port, and the process."""
    with free_port() as port:
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(url, port))
        process.start()
    try:
        wait_for(port)
        time.sleep(0.2)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.join()


def _serve(url: str, port: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with opened(Settings(database_url=url)) as app:
        routes = events(Outgoing(app), Keys(), ("canonical",))
        server = Server(
            create_app([routes]), port=port, interface=Interfaces.ASGI, log_enabled=False
        )
        asyncio.run(server.serve())


if __name__ == "__main__":
    main()
