"""`breakwater demo`: the main job on the shipped captures, then cancels over real sockets."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from adapters.bootstrap import EXAMPLES, App, opened
from adapters.cli.asking_breaks import BREAK_COLUMNS
from adapters.cli.asking_cancels import CANCEL_COLUMNS, cancel_rows
from adapters.cli.asking_orders import ORDER_COLUMNS
from adapters.cli.ingesting import read_all, sentence
from adapters.cli.listing import Column, Format, Record, console, show
from adapters.rehearsing import Rehearsal, rehearsed
from adapters.settings import Settings
from projections import queries
from projections.break_queries import break_list

SHOWN = 12
RACE_COLUMNS = (
    Column("order", "venue_order_id"),
    Column("outcome", "outcome"),
    Column("reason", "reason"),
    Column("matched", "matched", right=True),
    Column("cancelled", "cancelled", right=True),
    Column("status", "status"),
)
SUFFIXES = (".ndjson", ".ndjson.gz", ".ndjson.zst", ".har")


def captures() -> list[str]:
    """The shipped captures, by name."""
    return [str(path) for path in sorted(EXAMPLES.iterdir()) if path.name.endswith(SUFFIXES)]


def demo(
    keep: Annotated[
        Path | None, typer.Option(help="Keep the database in this file, to ask more of it.")
    ] = None,
) -> None:
    """Read the example captures into SQLite and show what is open, cancelled, and broken.

    Then orders are placed and cancelled at a simulated venue, over real connections.
    """
    with tempfile.TemporaryDirectory(prefix="breakwater-demo-") as directory:
        file = keep.absolute() if keep is not None else Path(directory) / "demo.db"
        with opened(Settings(database_url=f"sqlite:///{file}")) as app:
            _tell(app)
        # In books of its own: the example day must not become today's.
        with opened(Settings(database_url=f"sqlite:///{directory}/rehearsal.db")) as app:
            _race(rehearsed(app))
    if keep is not None:
        typer.echo(f"\nAsk more: breakwater --database sqlite:///{file} breaks")


def _tell(app: App) -> None:
    out = console()
    for name in captures():
        out.print(f"reading {Path(name).name}", markup=False)
    out.print(sentence(read_all(app, captures())), markup=False)
    with app.reading() as connection:
        at = app.as_of(connection)
        found = list(queries.order_list(connection, open_only=True))
        _some(found, ORDER_COLUMNS, "open orders", "What may still match.")
        partial = [record for record in queries.cancel_list(connection) if _partial(record)]
        rows = [row for record in partial[:SHOWN] for row in cancel_rows(record)]
        _some(rows, CANCEL_COLUMNS, "cancels with partial fills", "Cancelled, yet part matched.")
        if at is None:
            return
        flags = list(break_list(connection, at))
        chosen = one_of_each(flags)
        text = f"{len(flags)} breaks of {len(chosen)} kinds; one of each."
        show(chosen, Format.TABLE, (), BREAK_COLUMNS, "what does not add up")
        out.print(text + "\n", markup=False)


def _race(told: Rehearsal) -> None:
    show(told.outcomes, Format.TABLE, (), RACE_COLUMNS, "cancelled over real connections")
    console().print(
        f"{told.orders} orders, cancelled in pairs while strangers matched; {told.lost} answer was "
        f"lost and asked for. {told.agree} of {told.orders} are as in the venue's own books.",
        markup=False,
    )


def _some(records: Iterable[Record], columns: tuple[object, ...], title: str, text: str) -> None:
    found = list(records)
    show(islice(found, SHOWN), Format.TABLE, (), columns, title)  # type: ignore[arg-type]  # columns of a table
    more = f" {len(found) - SHOWN} more." if len(found) > SHOWN else ""
    console().print(f"{text}{more}\n", markup=False)


def _partial(record: Record) -> bool:
    for outcome in record["outcomes"]:
        matched = (outcome["matched_before"], outcome["matched_in_flight"])
        if outcome["outcome"] == "cancelled" and any(item for item in matched):
            return True
    return False


def one_of_each(flags: Iterable[Record]) -> list[Record]:
    """The first flag of each code, by code."""
    first: dict[str, Record] = {}
    for flag in flags:
        first.setdefault(flag["code"], flag)
    return [first[code] for code in sorted(first)]
