"""Reconcile: a venue's list of a million orders against our books, beside a join of the columns.

The books hold every order's row, and the facts of those that differ. The statement is a CSV of
the account's orders; one order of a thousand differs, and one of ten thousand stands on one side
only. Ours is what `breakwater reconcile` does: read the file, look every order up, hold what
differs against the order's facts, and record the run. The floor reads the same columns of the same
file and of the same rows with Polars, joins them and keeps what differs, as text. Each runs in a
program of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from adapters.bootstrap import App, opened
from adapters.eventlog.database import open_database
from adapters.settings import Settings
from bench.databases import KINDS, Databases, databases
from bench.measure import Took, show, times, took, verdict
from bench.traffic import START
from domain.events import Cancelled, Filled, OrderAccepted, OrderEvent, OrderPlaced, Terms
from domain.flags.history import History, order_history
from domain.ids import event_id, order_stream
from domain.recorded import Pending, Recorded
from domain.values import Account, Name, NameKind, Price, Side, plain
from projections import bulk, tables
from projections import orders as shown

GOAL = 5.0
OWNER = Account("canonical", "desk")
ORDERS_PER_BATCH = 5_000
DIFFERS_EVERY, LONE_EVERY = 1_000, 10_000
COLUMNS = ("venue_order_id", "client_order_id", "size", "matched", "remaining", "price", "status")
_PRICES = tuple(Decimal(cents) / 100 for cents in range(101, 1100))


class Measured(NamedTuple):
    """What one way of doing it took, and what it found."""

    took: Took
    peak_kb: int
    found: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(prog="python -m bench reconcile", description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--on", choices=KINDS, action="append")
    parser.add_argument("--way", choices=("ours", "floor"), help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.way is not None:
        _one_way(chosen.way, *chosen.rest)
        return
    with tempfile.TemporaryDirectory(prefix="breakwater-") as directory:
        statement = Path(directory) / "statement.csv"
        write_statement(statement, chosen.orders)
        for kind in chosen.on or KINDS:
            with databases(kind) as place:
                _measure(place, statement, chosen.orders, chosen.rounds)


def _measure(place: Databases, statement: Path, orders: int, rounds: int) -> None:
    url = place.fresh()
    durability = place.durability(url)
    with opened(Settings(database_url=url)) as app:
        fill(app, orders)
    found: dict[str, Measured] = {}
    for number in range(rounds):
        for way in ("floor", "ours"):
            this = _apart(way, url, statement, number)
            known = found.get(way, this)
            found[way] = this if this.took.wall_s < known.took.wall_s else known
    floor, ours = found["floor"], found["ours"]
    ratio = ours.took.wall_s / floor.took.wall_s
    rows = [("", "wall s", "cpu s", "orders/s", "peak MB", "found", "to the floor")]
    for way, one in found.items():
        rows.append(
            (
                {"floor": "Polars join", "ours": "reconcile"}[way],
                f"{one.took.wall_s:.2f}",
                f"{one.took.cpu_s:.2f}",
                f"{orders / one.took.wall_s:,.0f}",
                f"{one.peak_kb / 1024:.0f}",
                f"{one.found:,}",
                times(ratio) if way == "ours" else "",
            )
        )
    show(f"reconcile, {orders:,} orders against as many lines; {durability}", rows)
    cpu = ours.took.cpu_s / floor.took.cpu_s
    print(f"  {verdict(ratio, GOAL)}; by processor time {times(cpu)}")


def _apart(way: str, url: str, statement: Path, number: int) -> Measured:
    """One way, once, in a program of its own."""
    command = [sys.executable, "-m", "bench.reconcile", "--way", way, url, str(statement)]
    done = subprocess.run(  # noqa: S603 - ourselves
        [*command, str(number)], check=True, stdout=subprocess.PIPE, text=True
    )
    told = json.loads(done.stdout)
    return Measured(Took(told["wall_s"], told["cpu_s"]), told["peak_kb"], told["found"])


def _one_way(way: str, url: str, statement: str, number: str) -> None:
    found: list[int] = []
    work = {"ours": ours, "floor": floor}[way]
    this = took(lambda: found.append(work(url, statement, int(number))))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
    told = {"wall_s": this.wall_s, "cpu_s": this.cpu_s, "peak_kb": int(peak), "found": found[0]}
    print(json.dumps(told))


def ours(url: str, statement: str, number: int) -> int:
    """What `breakwater reconcile` does; each round is of another moment, so that it is recorded."""
    as_of = START + timedelta(days=1, seconds=number)
    with opened(Settings(database_url=url)) as app:
        read = app.statement(OWNER, [statement])
        return len(app.reconcile(read, as_of, complete=True).differences)


def floor(url: str, statement: str, number: int) -> int:
    """Both sides into Polars, joined; what differs in any column or stands on one side only."""
    pl: Any = import_module("polars")  # here: its memory is the floor's alone

    del number
    kinds: dict[str, Any] = dict.fromkeys(COLUMNS, pl.String)
    theirs = pl.read_csv(statement, schema_overrides=kinds)
    held = pl.DataFrame(_rows(url), schema=kinds, orient="row")
    both = held.join(theirs, on="venue_order_id", how="full", suffix="_theirs")
    differs = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(f"{name}_theirs")) for name in COLUMNS
    )
    return int(both.filter(differs).height)


def _rows(url: str) -> list[tuple[Any, ...]]:
    """Our rows through the driver alone, numbers as text."""
    engine = open_database(url)
    try:
        pooled = engine.raw_connection()
        connection: Any = pooled.driver_connection
        sqlite = engine.dialect.name == "sqlite"  # its decimals are plain text already
        numbers = {"size", "matched", "remaining", "price"}
        columns = ", ".join(
            name if sqlite or name not in numbers else f"trim_scale({name})::text"
            for name in COLUMNS
        )
        mark = "?" if sqlite else "%s"
        query = f"SELECT {columns} FROM orders WHERE venue = {mark} AND account = {mark}"  # noqa: S608 - our own names
        cursor = connection.cursor()
        cursor.execute(query, (OWNER.venue, OWNER.account))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        pooled.close()
        return rows
    finally:
        engine.dispose()


class _Order(NamedTuple):
    """One order of the benchmark, the same on both sides but where it is meant to differ."""

    size: Decimal
    matched: Decimal
    cancelled: bool
    price: Decimal


def _order(number: int) -> _Order:
    size = Decimal(10 + number * 7919 % 99_991) / 100
    matched = (Decimal(0), size / 2, size)[number % 3]
    return _Order(size, matched, number % 3 == 0 and number % 2 == 0, _PRICES[number % 999])


def write_statement(path: Path, orders: int) -> None:
    """The venue's list, as CSV in our own column names."""
    with path.open("w", encoding="ascii") as file:
        file.write(",".join(COLUMNS) + "\n")
        for number in range(orders):
            if number % LONE_EVERY == LONE_EVERY - 1:
                continue  # only ours
            order = _order(number)
            rest = Decimal(0) if order.cancelled else order.size - order.matched
            status = "CANCELLED" if order.cancelled else "NEW"
            if order.matched:
                status = "PARTIALLY_FILLED" if rest else "FILLED"
            matched = order.matched
            if number % DIFFERS_EVERY == 1:
                matched += 1
            name = number if number % LONE_EVERY != LONE_EVERY - 2 else number + 10 * orders
            figures = (order.size, matched, rest, order.price)
            file.write(f"O{name},C{name},{','.join(map(plain, figures))},{status}\n")


def fill(app: App, orders: int) -> None:
    """Every order's row in the read model; facts and names in the log of those that differ.

    A row that agrees is settled by the read model alone. The facts of the others would take most
    of an hour to store, and none of them is ever asked for.
    """
    asked = [number for number in range(orders) if _is_asked(number)]
    for start in range(0, len(asked), ORDERS_PER_BATCH):
        _append(app, asked[start : start + ORDERS_PER_BATCH])
    app.rebuild(app.runner.projections)
    rest = (number for number in range(orders) if not _is_asked(number))
    while batch := list(islice(rest, ORDERS_PER_BATCH)):
        made = [made for number in batch if (made := shown.row(_history(number))) is not None]
        with app.writing() as connection:
            bulk.upsert(connection, tables.orders, made)


def _is_asked(number: int) -> bool:
    """Whether a run asks for the order's facts: it differs, or stands on one side only."""
    return number % DIFFERS_EVERY == 1 or number % LONE_EVERY >= LONE_EVERY - 2


def _history(number: int) -> History:
    stream, _, events = _told(number)
    return order_history(
        stream,
        [
            Recorded(
                1,
                stream,
                version,
                OWNER,
                event_id("bench", str(number), version),
                at,
                at,
                at,
                None,
                None,
                event,
            )
            for version, (at, event) in enumerate(events, 1)
        ],
    )


def _append(app: App, numbers: Sequence[int]) -> None:
    events: list[Pending] = []
    names: list[tuple[Account, Name, UUID]] = []
    for number in numbers:
        stream, called, told = _told(number)
        names.extend((OWNER, name, stream) for name in called)
        events.extend(
            Pending(
                stream,
                version,
                OWNER,
                event_id("bench", str(number), version),
                at,
                at,
                None,
                None,
                event,
            )
            for version, (at, event) in enumerate(told, 1)
        )
    app.store.append(events, names, (), (), ())


def _told(number: int) -> tuple[UUID, tuple[Name, Name], list[tuple[datetime, OrderEvent]]]:
    """The order's stream, its names, and its facts, each with its time."""
    client, venue = Name(NameKind.CLIENT, f"C{number}"), Name(NameKind.VENUE, f"O{number}")
    at = START + timedelta(milliseconds=number)
    told = [(at, event) for event in _life(number, client, venue)]
    return order_stream(OWNER, client), (client, venue), told


def _life(number: int, client: Name, venue: Name) -> Iterator[OrderEvent]:
    order = _order(number)
    terms = Terms(size=order.size, price=Price(order.price), side=Side.BUY, market="M1")
    yield OrderPlaced(terms=terms, names=(client,))
    yield OrderAccepted(names=(venue,))
    if order.matched:
        yield Filled(fill_id=f"F{number}", size=order.matched, price=Price(order.price))
    elif order.cancelled:
        yield Cancelled(size=order.size)


if __name__ == "__main__":
    main()
