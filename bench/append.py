"""Appending: events per second against raw inserts of the same rows, and against the library's own.

The floor inserts the very rows that the log made (all nine columns, hashes included) into the same
table with the same indexes, with the driver's own means; on PostgreSQL with INSERT and with COPY.
Every part is as durable as in production, and all take turns in one run.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from typing import Any
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent
from sqlalchemy import make_url

from adapters.codec import encode
from adapters.eventlog.database import open_database
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.rows import EventRow
from bench.databases import KINDS, Databases, databases
from bench.measure import Took, best, show, times, took, verdict
from domain.events import Filled
from domain.recorded import Pending
from domain.values import Account

ROUNDS = 5
SIZES = {1: 300, 10: 1_000, 100: 10_000, 1_000: 50_000}
"""Events per transaction, and how many of them in a round."""
OWNER = Account("canonical", "desk")
SEEN = datetime(2026, 2, 7, 12, tzinfo=UTC)
COLUMNS = "position, stream_id, version, topic, state, recorded_at, capture_id, seq, hash"
Batches = Sequence[Sequence[Any]]
Work = Callable[[], None]
Opened = Callable[[str], AbstractContextManager[Work]]
"""Opens a database, and gives the work that is timed; opening is not."""


@dataclass(frozen=True)
class FilledEvent(DomainEvent):
    """The same fact as the library stores it, with its default transcoder."""

    fill_id: str
    size: Decimal
    venue: str
    account: str
    event_id: UUID


def pending(number: int) -> Pending:
    """A fill on its way into the log."""
    event = Filled(fill_id=f"X{number}", size=Decimal("12.50"))
    return Pending(uuid4(), 1, OWNER, uuid4(), SEEN, SEEN, None, None, event)


def library_event(number: int) -> FilledEvent:
    """The same for the library."""
    return FilledEvent(
        originator_id=uuid4(),
        originator_version=1,
        timestamp=SEEN,
        fill_id=f"X{number}",
        size=Decimal("12.50"),
        venue=OWNER.venue,
        account=OWNER.account,
        event_id=uuid4(),
    )


def cut(items: Sequence[Any], size: int) -> Batches:
    """The items in transactions of `size`."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def stored_rows(count: int, *, sqlite: bool) -> list[tuple[Any, ...]]:
    """Rows as the log makes them; the hashes are as long and as random."""
    rows: list[tuple[Any, ...]] = []
    for position in range(1, count + 1):
        entry = pending(position)
        stream = entry.stream.bytes if sqlite else entry.stream
        digest = sha256(os.urandom(8)).digest()
        rows.append((position, stream, 1, *encode(entry), 7, None, None, digest))
    return rows


@contextmanager
def raw_sqlite(url: str, batches: Batches) -> Generator[Work]:
    """The floor on SQLite: prepared inserts, one transaction per batch."""
    connection = sqlite3.connect(make_url(url).database or "", isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    sql = f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - constants

    def run() -> None:
        for batch in batches:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(sql, batch)
            connection.execute("COMMIT")

    yield run
    connection.close()


@contextmanager
def raw_postgres(url: str, batches: Batches, *, copy: bool) -> Generator[Work]:
    """The floor on PostgreSQL: prepared inserts, pipelined, or COPY; one transaction per batch."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    sql = f"INSERT INTO events ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608 - constants
    into = f"COPY events ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
    types = ["int8", "uuid", "int8", "text", "bytea", "int8", "int4", "int8", "bytea"]
    with psycopg.connect(address, autocommit=True) as connection, connection.cursor() as cursor:

        def run() -> None:
            for batch in batches:
                if len(batch) == 1:
                    cursor.execute(sql, batch[0], prepare=True)
                    continue
                with connection.transaction():
                    if not copy:
                        cursor.executemany(sql, batch)
                        continue
                    with cursor.copy(into) as copying:
                        copying.set_types(types)
                        for row in batch:
                            copying.write_row(row)

        yield run


@contextmanager
def ours(url: str, batches: Batches, *, encoded: bool) -> Generator[Work]:
    """The log; with the codec's work, or with rows that are encoded already."""
    engine = open_database(url)
    log = SqlEventLog(engine)
    log.head()  # connected

    def run() -> None:
        for batch in batches:
            if encoded:
                log.append(batch)
            else:
                log.append([EventRow(each.stream, each.version, *encode(each)) for each in batch])

    yield run
    engine.dispose()


@contextmanager
def application(environment: dict[str, str], batches: Batches) -> Generator[Work]:
    """The library's application with some persistence module, from event to commit."""
    with Application[UUID](environment) as app:
        app.recorder.max_notification_id()  # connected

        def run() -> None:
            for batch in batches:
                app.save(*batch)

        yield run


def library_environment(url: str) -> dict[str, str]:
    """The library's own recorders on a database of the same kind."""
    address = make_url(url)
    if address.drivername.startswith("sqlite"):
        return {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": f"{address.database}.library",
        }
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": address.database or "",
        "POSTGRES_HOST": str(address.query.get("host", address.host)),
        "POSTGRES_PORT": str(address.port or ""),
        "POSTGRES_USER": address.username or "",
        "POSTGRES_PASSWORD": address.password or "none",
    }


def works(place: Databases, size: int) -> dict[str, Callable[[], Took]]:
    """Every way of appending that is compared, each on a database of its own."""
    count = SIZES[size]
    sqlite = place.kind == "sqlite"
    facts = [pending(number) for number in range(count)]
    told = [library_event(number) for number in range(count)]
    rows = [EventRow(each.stream, each.version, *encode(each)) for each in facts]
    raw = cut(stored_rows(count, sqlite=sqlite), size)

    def on_fresh(opened: Opened) -> Took:
        url = place.fresh()
        with opened(url) as run:
            found = took(run)
        place.drop(url)
        return found

    def through(module: str) -> Opened:
        def opened(url: str) -> AbstractContextManager[Work]:
            own = {"PERSISTENCE_MODULE": "adapters.eventlog", "DATABASE_URL": url}
            return application(
                own if module == "ours" else library_environment(url), cut(told, size)
            )

        return opened

    parts: dict[str, Opened] = {}
    if sqlite:
        parts["raw INSERT"] = partial(raw_sqlite, batches=raw)
    else:
        parts["raw INSERT"] = partial(raw_postgres, batches=raw, copy=False)
        if size > 1:
            parts["raw COPY"] = partial(raw_postgres, batches=raw, copy=True)
    parts["log.append"] = partial(ours, batches=cut(rows, size), encoded=True)
    parts["codec + log.append"] = partial(ours, batches=cut(facts, size), encoded=False)
    if sqlite or find_spec("psycopg_pool"):
        parts["library, its recorders"] = through("theirs")
    parts["library on this log"] = through("ours")
    return {name: partial(on_fresh, work) for name, work in parts.items()}


def measure(place: Databases, size: int) -> None:
    """One table: events per second and what they are to the floor and to the library."""
    count = SIZES[size]
    found = best(ROUNDS, works(place, size))
    floor = min(took.wall_s for name, took in found.items() if name.startswith("raw"))
    inserts = found["raw INSERT"].wall_s
    theirs = found.get("library, its recorders")
    library = theirs.wall_s if theirs else float("nan")
    rows: list[list[object]] = [["", "events/s", "of INSERT", "of the best raw", "of the library"]]
    for name, part in found.items():
        ratios = [times(other / part.wall_s) for other in (inserts, floor, library)]
        rows.append([name, f"{count / part.wall_s:,.0f}", *ratios])
    show(f"{place.kind}, {size} per transaction", rows)
    own = found["log.append"].wall_s
    if size == 1:
        print(f"  of raw: {times(inserts / own)}; {verdict(inserts / own, 0.6, least=True)}")
        return
    full = found["codec + log.append"].wall_s
    print(f"  of the best raw: {times(floor / own)}; {verdict(floor / own, 0.5, least=True)}")
    if theirs is None:
        print("  not compared with the library's own recorders: they need psycopg-pool, install it")
        return
    print(f"  of the library: {times(library / full)}; {verdict(library / full, 2, least=True)}")


def main() -> None:
    """Both databases, every size."""
    kinds = [kind for kind in KINDS if not sys.argv[1:] or kind in sys.argv[1:]]
    for kind in kinds:
        with databases(kind) as place:
            url = place.fresh()
            print(f"\n{place.durability(url)}")
            place.drop(url)
            for size in SIZES:
                measure(place, size)


if __name__ == "__main__":
    main()
