"""Lines as a SQLite file with one table, the same bytes for the same lines."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from adapters.warehouse.shape import Shape, Values
from projections.reporting import Kind

AT_ONCE = 1_000
_WHOLE = frozenset({Kind.WHOLE, Kind.TRUTH})


class SqlitePart:
    """A table called as the dataset; amounts and times are texts, SQLite has no better."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for setting in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF"):
            self._connection.execute(f"PRAGMA {setting}")
        self._connection.execute(f"PRAGMA user_version = {shape.version:d}")
        columns = ", ".join(
            f"{column.name} {'INTEGER' if column.kind in _WHOLE else 'TEXT'}"
            for column in shape.columns
        )
        self._connection.execute("BEGIN")
        self._connection.execute(f"CREATE TABLE {shape.dataset} ({columns})")
        marks = ", ".join("?" * len(shape.columns))
        self._insert = f"INSERT INTO {shape.dataset} VALUES ({marks})"  # noqa: S608 - our own names
        self._waiting: list[Values] = []

    def add(self, values: Values) -> None:
        """One line more."""
        self._waiting.append(values)
        if len(self._waiting) >= AT_ONCE:
            self._write()

    def close(self) -> None:
        """The file is whole."""
        self._write()
        self._connection.execute("COMMIT")
        self._connection.close()

    def _write(self) -> None:
        self._connection.executemany(self._insert, self._waiting)
        self._waiting.clear()
