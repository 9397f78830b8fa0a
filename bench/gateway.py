"""Cancels through the gateway, over loopback, against a bare route that inserts one row.

The floor is FastAPI on granian with one route that inserts one row into the same database, as
durable as ours. Both run as processes of their own and take turns; the client is a plain socket.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, FastAPI, Response
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert

from adapters.bootstrap import opened
from adapters.clock import utc_now
from adapters.eventlog.database import open_database, writing
from adapters.gateways.abp.rates import Rates
from adapters.gateways.abp.routes import router
from adapters.gateways.feed import Feed
from adapters.gateways.frame import Frame
from adapters.keyring import keys_of
from adapters.serving import GATEWAYS, Listening, serve, service
from adapters.settings import Settings
from bench.databases import KINDS, databases
from bench.measure import show, times, verdict

REQUESTS = 200
CALLERS = 16
BATCH = 100
BODY = "x" * 200
ROUNDS = 2
ROW = Table("floor", MetaData(), Column("id", Integer, primary_key=True), Column("body", Text))


def bare(url: str) -> FastAPI:
    """One route, one row."""
    engine = open_database(url)
    ROW.create(engine, checkfirst=True)
    app = FastAPI()

    @app.post("/row")
    def row() -> Response:  # pyright: ignore[reportUnusedFunction] - served as a route
        """Insert it."""
        with writing(engine) as connection:
            connection.execute(insert(ROW).values(body=BODY))
        return Response(b'{"status":"ok"}', media_type="application/json")

    return app


def unlimited(frame: Frame, feed: Feed) -> Sequence[APIRouter]:
    """ABP's routes without its rate limit."""
    del feed
    return [router(frame, Rates(10**9))]


def run(kind: str, url: str, port: int) -> None:
    """Serve one of the two until told to end."""
    where = Listening(port=port)
    if kind == "floor":
        asyncio.run(serve(bare(url), where))
        return
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    # As fast as it can be asked: the venue's own limit is not what is measured.
    gateways: Any = GATEWAYS
    gateways["abp"] = unlimited
    with opened(Settings(database_url=url)) as app, service(app) as application:
        asyncio.run(serve(application, where))


class Caller:
    """A connection that is kept; one request at a time."""

    def __init__(self, port: int, key: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._key = key

    def post(self, path: str, body: bytes) -> bytes:
        """The body of the answer."""
        head = (
            f"POST {path} HTTP/1.1\r\nhost: x\r\nx-api-key: {self._key}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        top, _, rest = data.partition(b"\r\n\r\n")
        if not top.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(top.decode() + rest.decode())
        length = int(top.lower().partition(b"content-length:")[2].split()[0])
        while len(rest) < length:
            rest += self._more()
        return rest

    def _more(self) -> bytes:
        found = self._socket.recv(65536)
        if not found:
            raise RuntimeError("hung up on")
        return found


@contextmanager
def served(kind: str, url: str) -> Generator[int]:
    """The port of a process that serves it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "bench.gateway", kind, url, str(port)]
    process = subprocess.Popen(command)  # noqa: S603 - ourselves
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def placed(caller: Caller, count: int, first: int) -> list[int]:
    """The ids of so many orders, each resting for an hour."""
    later = (utc_now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    ids: list[int] = []
    for start in range(first, first + count, BATCH):
        orders = [
            {
                "requestUuid": str(UUID(int=number)),
                "fixtureId": "id1",
                "outcomeId": 101,
                "orderPrice": 1.95,
                "orderStake": 10,
                "userRef": f"desk-{number}",
                "testOrder": False,
                "expiresAt": later,
            }
            for number in range(start, min(start + BATCH, first + count))
        ]
        told = json.loads(caller.post("/place-orders", json.dumps({"orders": orders}).encode()))
        ids += [row["orderId"] for row in told["acceptedOrders"]]
    return ids


def timed(caller: Caller, path: str, bodies: Sequence[bytes]) -> list[float]:
    """How long each took, sorted, in milliseconds."""
    took: list[float] = []
    for body in bodies:
        began = time.perf_counter()
        caller.post(path, body)
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)


def together(port: int, key: str, path: str, bodies: Sequence[bytes]) -> float:
    """Requests per second of several callers at a time."""
    parts = [bodies[start::CALLERS] for start in range(CALLERS)]
    callers = [Caller(port, key) for _ in parts]

    def work(caller: Caller, part: Sequence[bytes]) -> None:
        for body in part:
            caller.post(path, body)

    threads = [
        threading.Thread(target=work, args=pair) for pair in zip(callers, parts, strict=True)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(bodies) / (time.perf_counter() - began)


def cancel(ids: Sequence[int]) -> bytes:
    """The body of a cancel."""
    return json.dumps({"orderIds": list(ids)}).encode()


def measure(kind: str) -> None:
    """One database: the floor and the gateway in turns."""
    floor: list[float] = []
    one: list[float] = []
    batch: list[float] = []
    rate = {"floor": 0.0, "gateway": 0.0}
    with ExitStack() as stack:
        place = stack.enter_context(databases(kind))
        url = place.fresh()
        with opened(Settings(database_url=url)) as app:
            key = keys_of(app).create("abp", "acme", ["read", "cancel", "place"]).secret
        bare_port = stack.enter_context(served("floor", place.fresh()))
        port = stack.enter_context(served("gateway", url))
        for number in range(ROUNDS):
            ids = placed(Caller(port, key), 2 * REQUESTS + 10 * BATCH, number * 10_000 + 1)
            time.sleep(2)  # read models follow what was placed
            rows = Caller(bare_port, key)
            floor += timed(rows, "/row", [b"{}"] * REQUESTS)
            singles = [cancel([one_id]) for one_id in ids[: 2 * REQUESTS]]
            caller = Caller(port, key)
            one += timed(caller, "/cancel-orders", singles[:REQUESTS])
            rest = ids[2 * REQUESTS :]
            many = [cancel(rest[start : start + BATCH]) for start in range(0, len(rest), BATCH)]
            batch += timed(caller, "/cancel-orders", many)
            found = together(bare_port, key, "/row", [b"{}"] * REQUESTS)
            rate["floor"] = max(rate["floor"], found)
            found = together(port, key, "/cancel-orders", singles[REQUESTS:])
            rate["gateway"] = max(rate["gateway"], found)
        durability = place.durability(url)
    told(f"{kind} ({durability})", sorted(floor), sorted(one), sorted(batch), rate)


def told(
    title: str,
    floor: Sequence[float],
    one: Sequence[float],
    batch: Sequence[float],
    rate: dict[str, float],
) -> None:
    """Print it."""

    def at(took: Sequence[float], share: float) -> float:
        return took[min(len(took) - 1, int(len(took) * share))]

    half = {"floor": at(floor, 0.5), "one": at(one, 0.5), "batch": at(batch, 0.5)}
    show(
        title,
        [
            ("", "p50 ms", "p99 ms", f"per second, {CALLERS} callers"),
            (
                "one row, bare",
                f"{half['floor']:.2f}",
                f"{at(floor, 0.99):.2f}",
                f"{rate['floor']:.0f}",
            ),
            (
                "cancel of one id",
                f"{half['one']:.2f}",
                f"{at(one, 0.99):.2f}",
                f"{rate['gateway']:.0f}",
            ),
            (f"cancel of {BATCH}", f"{half['batch']:.2f}", f"{at(batch, 0.99):.2f}", ""),
        ],
    )
    print(f"  one id against the floor: {times(half['one'] / half['floor'])}", end=" ")
    print(verdict(half["one"] / half["floor"], 2))
    print(f"  {BATCH} ids against one: {times(half['batch'] / half['one'])}", end=" ")
    print(verdict(half["batch"] / half["one"], 5))


def main() -> int:
    """Measure on every database, or those that are named."""
    if len(sys.argv) == 4 and sys.argv[1] in {"floor", "gateway"}:  # noqa: PLR2004 - our own call
        run(sys.argv[1], sys.argv[2], int(sys.argv[3]))
        return 0
    with tempfile.TemporaryDirectory() as directory:
        os.environ["BREAKWATER_KEYS_SECRET"] = "measured " * 4
        os.environ.setdefault("TMPDIR", directory)
        for kind in sys.argv[1:] or KINDS:
            measure(kind)
    return 0


if __name__ == "__main__":
    sys.exit(main())
