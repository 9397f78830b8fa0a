"""Exports as tests run them, and what a warehouse makes of the files."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from adapters.bootstrap import App
from adapters.bootstrap_export import Issued, Wanted, export
from tests.feeding import Feed

Line = dict[str, Any]


def ran(app: App, directory: Path, kind: str = "ndjson", **wanted: Any) -> dict[str, Issued]:  # noqa: ANN401 - as `Wanted` has it
    """One run; what it issued, by dataset."""
    app.runner.catch_up()
    told = export(app, Wanted(directory=directory, kind=kind, **wanted), untold)
    return {one.dataset: one for one in told}


def untold(_dataset: str, _count: int) -> None:
    """Nobody watches."""


def manifest(directory: Path) -> dict[str, Any]:
    """What the manifest says."""
    found: dict[str, Any] = json.loads((directory / "manifest.json").read_text("utf-8"))
    return found


def bytes_of(directory: Path) -> dict[str, bytes]:
    """Every file that a reader of the directory sees."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.name.startswith("_")
    }


def issued(directory: Path, dataset: str) -> Iterator[tuple[str | None, str, Line]]:
    """Every line of a dataset with its day and venue, in the order of the manifest."""
    for file in manifest(directory)["files"]:
        if file["dataset"] == dataset:
            for line in READ[manifest(directory)["format"]](directory / file["path"]):
                yield file["day"], file["venue"], line


def loaded(directory: Path, dataset: str) -> dict[tuple[str | None, str, str], Line]:
    """What a warehouse holds that puts each line in the place of the one before it."""
    held: dict[tuple[str | None, str, str], Line] = {}
    for day, venue, line in issued(directory, dataset):
        key = (day, venue, line["line_id"])
        action = line["action"]
        assert (action == "NEW") == (key not in held), (action, key)
        if action == "CANCEL":
            del held[key]
        else:
            held[key] = line
    return held


def rows_held(directory: Path, dataset: str) -> dict[Any, Any]:
    """The same without how each line was issued."""
    issued_with = ("action", "computed_at_position", "corrects_position")
    return {
        key: {name: value for name, value in line.items() if name not in issued_with}
        for key, line in loaded(directory, dataset).items()
    }


def story() -> Feed:
    """One order, half matched."""
    return Feed().place("X").report("New", "O", "X", exec_id="n").trade("O", "X", "t1", "40")


def _ndjson(path: Path) -> Iterator[Line]:
    for text in path.read_text("utf-8").splitlines():
        yield json.loads(text)


def _csv(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _sqlite(path: Path) -> Iterator[Line]:
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        connection.row_factory = sqlite3.Row
        (name,) = next(iter(connection.execute("SELECT name FROM sqlite_master")))
        for row in connection.execute(f"SELECT * FROM {name}"):  # noqa: S608 - the file's own table
            yield dict(row)
    finally:
        connection.close()


def _parquet(path: Path) -> Iterator[Line]:
    parquet: Any = import_module("pyarrow.parquet")  # heavy, and it tells no types
    for batch in parquet.ParquetFile(path).iter_batches():
        yield from batch.to_pylist()


READ: Mapping[str, Any] = {
    "ndjson": _ndjson,
    "csv": _csv,
    "sqlite": _sqlite,
    "parquet": _parquet,
}
"""How a file of each kind is read."""
