"""Cancels through the gateway, over loopback, against a bare route that inserts one row.

The floor is FastAPI on granian with one route that inserts one row into the same database, as
durable as ours. Both run as processes of their own and take turns; the client is a plain socket.
Beside the times stands the processor time of the serving process (Linux counts it to the
nanosecond), which says more than times do while others use the machine.
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
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
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

REQUESTS = 60
CALLERS = 16
BATCH = 100
BATCHES = 6
BODY = "x" * 200
ROUNDS = 8
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


class Serving(NamedTuple):
    """A process that serves one of the two."""

    port: int
    process_id: int

    def spent_ms(self) -> float:
        """The processor time of all its threads so far; nothing where the system does not say."""
        tasks = Path(f"/proc/{self.process_id}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


@contextmanager
def served(kind: str, url: str) -> Generator[Serving]:
    """A process that serves it."""
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
        yield Serving(port, process.pid)
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


@dataclass
class Taken:
    """What one kind of request took: each its time, in milliseconds, and each round its work."""

    times: list[float] = field(default_factory=list[float])
    work: list[float] = field(default_factory=list[float])

    def add(self, serving: Serving, caller: Caller, path: str, bodies: Sequence[bytes]) -> None:
        """One round, one request after the other."""
        spent = serving.spent_ms()
        for body in bodies:
            began = time.perf_counter()
            caller.post(path, body)
            self.times.append((time.perf_counter() - began) * 1000)
        self.work.append((serving.spent_ms() - spent) / len(bodies))

    def at(self, share: float) -> float:
        """The time that this share of the requests did not exceed."""
        took = sorted(self.times)
        return took[min(len(took) - 1, int(len(took) * share))]


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
    floor, one, batch = Taken(), Taken(), Taken()
    rate = {"floor": 0.0, "gateway": 0.0}
    with ExitStack() as stack:
        place = stack.enter_context(databases(kind))
        url = place.fresh()
        with opened(Settings(database_url=url)) as app:
            key = keys_of(app).create("abp", "acme", ["read", "cancel", "place"]).secret
        floored = stack.enter_context(served("floor", place.fresh()))
        gateway = stack.enter_context(served("gateway", url))
        for number in range(ROUNDS):
            caller = Caller(gateway.port, key)
            ids = placed(caller, 2 * REQUESTS + BATCHES * BATCH, number * 10_000 + 1)
            time.sleep(2)  # read models follow what was placed
            floor.add(floored, Caller(floored.port, key), "/row", [b"{}"] * REQUESTS)
            singles = [cancel([one_id]) for one_id in ids[: 2 * REQUESTS]]
            one.add(gateway, caller, "/cancel-orders", singles[:REQUESTS])
            rest = ids[2 * REQUESTS :]
            many = [cancel(rest[start : start + BATCH]) for start in range(0, len(rest), BATCH)]
            batch.add(gateway, caller, "/cancel-orders", many)
            found = together(floored.port, key, "/row", [b"{}"] * REQUESTS)
            rate["floor"] = max(rate["floor"], found)
            found = together(gateway.port, key, "/cancel-orders", singles[REQUESTS:])
            rate["gateway"] = max(rate["gateway"], found)
        durability = place.durability(url)
    told(f"{kind} ({durability})", floor, one, batch, rate)


def told(title: str, floor: Taken, one: Taken, batch: Taken, rate: dict[str, float]) -> None:
    """Print it."""
    rows = [
        ("one row, bare", floor, f"{rate['floor']:.0f}"),
        ("cancel of one id", one, f"{rate['gateway']:.0f}"),
        (f"cancel of {BATCH}", batch, ""),
    ]
    show(
        title,
        [
            ("", "p50 ms", "p99 ms", "processor ms, best round", f"per second, {CALLERS} callers"),
            *(
                (name, f"{taken.at(0.5):.2f}", f"{taken.at(0.99):.2f}", f"{min(taken.work):.2f}", n)
                for name, taken, n in rows
            ),
        ],
    )
    ratios = [
        ("one id against the floor", one, floor, 2),
        (f"{BATCH} ids against one", batch, one, 5),
    ]
    for name, this, that, goal in ratios:
        half, work = this.at(0.5) / that.at(0.5), min(this.work) / min(that.work)
        print(f"  {name}: {times(half)}", verdict(half, goal), f"by processor time {times(work)}")


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
