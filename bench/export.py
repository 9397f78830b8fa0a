"""Export: orders and matches as Parquet, against ADBC and pyarrow over the same rows.

What it is measured against reads the view in the same order and writes one file with the same
compression. It converts no text to a decimal, keeps no memory of what it gave, and hashes nothing.
A second run finds that nothing is new.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from adapters.bootstrap import App, opened
from adapters.bootstrap_export import Wanted, export
from adapters.settings import Settings
from bench.databases import KINDS, Databases, databases
from bench.measure import Took, best, show, times, took, verdict
from bench.questions import fill
from domain.events import Filled, OrderAccepted, OrderEvent, OrderPlaced, Terms
from domain.values import Name, Price, PriceFormat, Side

GOAL = 5.0
DATASETS = ("orders", "fills")
_KEYS = {"orders": "order_key", "fills": "order_key, fill_id"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(prog="python -m bench export", description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--on", choices=KINDS, action="append")
    chosen = parser.parse_args(arguments)
    for kind in chosen.on or KINDS:
        with databases(kind) as place:
            _measure(place, chosen.orders, chosen.rounds)


def _measure(place: Databases, orders: int, rounds: int) -> None:
    url = place.fresh()
    with opened(Settings(database_url=url)) as app:
        fill(app, orders, _life, timedelta(seconds=1))
        with tempfile.TemporaryDirectory(prefix="breakwater-") as name:
            directory = Path(name)
            works: dict[str, Callable[[], Took]] = {
                "breakwater export parquet": lambda: _ours(app, directory),
                "ADBC and pyarrow": lambda: took(lambda: _theirs(url, directory)),
            }
            found = best(rounds, works)
            again = took(lambda: _run(app, directory / "kept"))
            size = sum(path.stat().st_size for path in (directory / "kept").rglob("*.parquet"))
    ours, theirs = found["breakwater export parquet"], found["ADBC and pyarrow"]
    rows: list[Sequence[object]] = [("", "wall s", "processor s", "to ADBC and pyarrow")]
    rows.extend(
        (name, f"{each.wall_s:.2f}", f"{each.cpu_s:.2f}", times(each.wall_s / theirs.wall_s))
        for name, each in {**found, "a second run, nothing new": again}.items()
    )
    ratio = ours.wall_s / theirs.wall_s
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    show(
        f"export of {orders:,} orders with their matches on {place.kind}, {size >> 20} MiB; "
        f"{verdict(ratio, GOAL)}; at most {most} MiB of memory, filling the log included",
        rows,
    )


def _ours(app: App, directory: Path) -> Took:
    for old in sorted((directory / "kept").rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() else old.unlink()
    return took(lambda: _run(app, directory / "kept"))


def _run(app: App, directory: Path) -> None:
    wanted = Wanted(directory=directory, kind="parquet", datasets=DATASETS)
    export(app, wanted, lambda _dataset, _count: None)


def _theirs(url: str, directory: Path) -> None:
    parquet: Any = import_module("pyarrow.parquet")
    with _connected(url) as connection:
        for dataset in DATASETS:
            cursor = connection.cursor()
            cursor.execute(
                f"SELECT * FROM rpt_{dataset}_v1 ORDER BY day, venue, {_KEYS[dataset]}"  # noqa: S608 - names of ours
            )
            reader = cursor.fetch_record_batch()
            path = directory / f"{dataset}.parquet"
            with parquet.ParquetWriter(
                path, reader.schema, compression="zstd", compression_level=3
            ) as writer:
                for batch in reader:
                    writer.write_batch(batch)
            cursor.close()


def _life(number: int, client: Name, venue: Name) -> Iterator[tuple[timedelta, OrderEvent]]:
    """One order, a second after the one before it, and its match."""
    price = Price(Decimal("1.5") + Decimal(number % 200) / 100, PriceFormat.DECIMAL)
    size = Decimal(100 + number % 50)
    terms = Terms(
        size=size,
        price=price,
        side=Side.BUY,
        market=f"M{number % 997}",
        selection="home",
        currency="EUR",
    )
    yield timedelta(), OrderPlaced(terms=terms, names=(client,))
    yield timedelta(), OrderAccepted(names=(venue,))
    yield timedelta(), Filled(fill_id=f"F{number}", size=size / 4, price=price)


@contextmanager
def _connected(url: str) -> Generator[Any]:
    """A connection of ADBC to the database of this URL."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        driver: Any = import_module("adbc_driver_sqlite.dbapi")
        target = str(address.database)
    else:
        driver = import_module("adbc_driver_postgresql.dbapi")
        target = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with driver.connect(target) as connection:
        yield connection


if __name__ == "__main__":
    main()
