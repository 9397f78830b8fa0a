"""Ingest: from a file of lines to committed events and current projections, against the floor.

The floor parses the same lines and inserts the same wire rows and event rows, with the same bytes
into the same tables with the same indexes and the same durability, in transactions of as many
lines, through the driver alone. It interprets nothing, checks nothing, makes no name, no chain
and no projection.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from adapters.bootstrap import open_files, opened
from adapters.engine.ingest import BATCH_LINES
from adapters.eventlog.database import open_database
from adapters.settings import Settings
from bench import traffic
from bench.databases import KINDS, Databases, databases
from bench.measure import Took, best, show, times, took, verdict
from bench.memory import peak_kb

GOAL = 4.0
_EVENTS = "position, stream_id, version, topic, state, recorded_at, capture_id, seq, hash"
_WIRE = "capture_id, seq, observed_at, exchange, outcome, raw, digest"
_INSERT_WIRE = f"INSERT INTO wire ({_WIRE}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own names
_INSERT_EVENTS = f"INSERT INTO events ({_EVENTS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own names
Rows = list[tuple[Any, ...]]
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(prog="python -m bench ingest", description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--on", choices=KINDS, action="append")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="breakwater-") as directory:
        capture = traffic.write(Path(directory) / "capture.ndjson", chosen.lines)
        for kind in chosen.on or KINDS:
            with databases(kind) as place:
                _measure(place, capture, chosen.rounds)
                for lines in (chosen.lines // 5, chosen.lines, chosen.lines * 2):
                    peak = _peak(place, traffic.write(Path(directory) / "other.ndjson", lines))
                    print(f"  peak memory for {lines:,} lines: {peak / 1024:.0f} MB")


def _measure(place: Databases, capture: Path, rounds: int) -> None:
    lines = capture.read_bytes().splitlines()
    first = place.fresh()
    ours(first, capture)
    batches = _stored(first, len(lines))
    events = sum(len(rows) for _, rows in batches)
    durability = place.durability(first)
    place.drop(first)

    insert = floor_sqlite if place.kind == "sqlite" else floor_postgresql

    def raw() -> Took:
        with fresh(place) as url:
            return took(partial(insert, url, lines, batches))

    def whole() -> Took:
        with fresh(place) as url:
            return took(partial(ours, url, capture))

    found = best(rounds, {"floor": raw, "ingest": whole})
    floor, full = found["floor"], found["ingest"]
    wall, cpu = full.wall_s / floor.wall_s, full.cpu_s / floor.cpu_s
    show(
        f"ingest, {len(lines):,} lines, {events:,} events; {durability}",
        [
            ("", "wall s", "cpu s", "lines/s", "to the floor"),
            ("floor", f"{floor.wall_s:.2f}", f"{floor.cpu_s:.2f}", _rate(lines, floor), ""),
            ("ingest", f"{full.wall_s:.2f}", f"{full.cpu_s:.2f}", _rate(lines, full), times(wall)),
        ],
    )
    print(f"  {verdict(wall, GOAL)}; by processor time {times(cpu)}")


def _rate(lines: Sequence[bytes], this: Took) -> str:
    return f"{len(lines) / this.wall_s:,.0f}"


def _peak(place: Databases, capture: Path) -> int:
    with fresh(place) as url:
        return peak_kb(url, capture)


@contextmanager
def fresh(place: Databases) -> Generator[str]:
    """A database for one piece of work."""
    url = place.fresh()
    try:
        yield url
    finally:
        place.drop(url)


def ours(url: str, capture: Path) -> None:
    """What `breakwater ingest` does."""
    with opened(Settings(database_url=url)) as app:
        app.ingest(open_files([str(capture)]))


def _stored(url: str, count: int) -> list[tuple[Rows, Rows]]:
    """The wire rows and event rows that an ingest left, as the driver takes them, by batch."""
    engine = open_database(url)
    with engine.connect() as connection:
        read = connection.exec_driver_sql
        wire = [tuple(row) for row in read(f"SELECT {_WIRE} FROM wire ORDER BY seq")]  # noqa: S608 - our own names
        events = [tuple(row) for row in read(f"SELECT {_EVENTS} FROM events ORDER BY position")]  # noqa: S608 - our own names
    engine.dispose()
    batches: list[tuple[Rows, Rows]] = []
    for first in range(1, count + 1, BATCH_LINES):
        last = first + BATCH_LINES - 1
        batches.append(
            (
                wire[first - 1 : last],
                [row for row in events if first <= row[7] <= last],
            )
        )
    return batches


def floor_sqlite(url: str, lines: Sequence[bytes], batches: Sequence[tuple[Rows, Rows]]) -> None:
    """Parse and `executemany`."""
    engine = open_database(url)
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    for number, (wire, events) in enumerate(batches):
        for line in lines[number * BATCH_LINES : (number + 1) * BATCH_LINES]:
            _decode(line)
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(_INSERT_WIRE, wire)
        connection.executemany(_INSERT_EVENTS, events)
        connection.execute("COMMIT")
    pooled.close()
    engine.dispose()


def floor_postgresql(
    url: str, lines: Sequence[bytes], batches: Sequence[tuple[Rows, Rows]]
) -> None:
    """Parse and binary COPY, the fastest way in that the driver has."""
    engine = open_database(url)
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    wire_types = ("int4", "int8", "int8", "text", "text", "bytea", "bytea")
    event_types = ("int8", "uuid", "int8", "text", "bytea", "int8", "int4", "int8", "bytea")
    for number, (wire, events) in enumerate(batches):
        for line in lines[number * BATCH_LINES : (number + 1) * BATCH_LINES]:
            _decode(line)
        with connection.cursor() as cursor:
            for name, columns, types, rows in (
                ("wire", _WIRE, wire_types, wire),
                ("events", _EVENTS, event_types, events),
            ):
                with cursor.copy(f"COPY {name} ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
                    copy.set_types(types)
                    for row in rows:
                        copy.write_row(row)
        connection.commit()
    pooled.close()
    engine.dispose()


if __name__ == "__main__":
    main()
