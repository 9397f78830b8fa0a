"""Read models that nobody else sees: made for one question, gone with its answer.

They are SQLite's, whatever keeps the log: the same queries and the same code that makes rows work
on them, and whoever asks needs no right to write.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, StaticPool, Table, create_engine

from projections import bulk
from projections.columns import Row

ROWS_PER_WRITE = 500


class Scratch:
    """Empty tables, and rows on their way into them."""

    def __init__(self, connection: Connection, tables: Sequence[Table]) -> None:
        self.connection = connection
        self._rows: dict[str, list[Row]] = {table.name: [] for table in tables}
        self._tables = tables
        for table in tables:
            table.create(connection)

    def __contains__(self, table: Table) -> bool:
        """Whether rows of this table are wanted."""
        return table.name in self._rows

    def twin(self, table: Table) -> Table:
        """Where the rows of a table go: here it has its own name."""
        return table

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Rows for a table that is wanted."""
        waiting = self._rows[table.name]
        waiting.extend(rows)
        if len(waiting) >= ROWS_PER_WRITE:
            self._write(table, waiting)

    def flush(self) -> None:
        """Write all rows that still wait."""
        for table in self._tables:
            self._write(table, self._rows[table.name])

    def clear(self) -> None:
        """Empty the tables again."""
        for table in self._tables:
            self._rows[table.name].clear()
            self.connection.execute(table.delete())

    def _write(self, table: Table, waiting: list[Row]) -> None:
        bulk.upsert(self.connection, table, waiting)
        waiting.clear()


@contextmanager
def scratch(*tables: Table) -> Generator[Scratch]:
    """Tables in a file without a name, which SQLite keeps in memory while it is small."""
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(""), poolclass=StaticPool)
    try:
        with engine.connect() as connection:
            yield Scratch(connection, tables)
    finally:
        engine.dispose()
