"""Twins of the read models: filled beside the live tables, compared with them, or swapped in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, MetaData, Table, func, select
from sqlalchemy.schema import CreateIndex, CreateTable

from projections import bulk, swapping
from projections.columns import Row

ROWS_PER_WRITE = 2_000
TWIN = "__rebuild"
OLD = "__before"


class Twins:
    """The empty twins of some tables, and rows on their way into them."""

    def __init__(self, connection: Connection, live: Sequence[Table]) -> None:
        self.connection = connection
        self._live = live
        self._rows: dict[str, list[Row]] = {table.name: [] for table in live}
        for table in live:
            self.drop(table)
            connection.execute(CreateTable(self.twin(table)))

    def twin(self, table: Table) -> Table:
        """The twin of a table; the table itself when it is not being rebuilt."""
        if table.name not in self._rows:
            return table
        return table.to_metadata(MetaData(), name=table.name + TWIN)

    @property
    def dialect(self) -> str:
        """Which database it is."""
        return self.connection.dialect.name

    @property
    def names(self) -> Sequence[str]:
        """The tables that are being rebuilt."""
        return list(self._rows)

    def __contains__(self, table: Table) -> bool:
        """Whether the table is being rebuilt."""
        return table.name in self._rows

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Rows for a table that is being rebuilt."""
        waiting = self._rows[table.name]
        waiting.extend(rows)
        if len(waiting) >= ROWS_PER_WRITE:
            self._write(table, waiting)

    def flush(self) -> None:
        """Write all rows that still wait."""
        for table in self._live:
            self._write(table, self._rows[table.name])

    def _write(self, table: Table, waiting: list[Row]) -> None:
        if waiting:
            self.write_packed(table, bulk.pack(table, waiting, self.dialect))
            waiting.clear()

    def write_packed(self, table: Table, packed: bytes) -> None:
        """Write rows that were packed for this database, by whichever process."""
        bulk.fill(self.connection, table, packed, table.name + TWIN)

    def drop(self, table: Table) -> None:
        """Remove the twin of a table, if there is one."""
        self.connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table.name}{TWIN}")

    def swap(self) -> None:
        """Put the twins in the place of the live tables, with their indexes.

        Views over them, ours and others', look at the new ones from then on.
        """
        names = [table.name for table in self._live]
        views = swapping.views_over(self.connection, names)
        postgres = self.connection.dialect.name == "postgresql"
        if postgres:
            for name in names:  # nobody knows the new ones yet, and questions are planned by it
                self.connection.exec_driver_sql(f"ANALYZE {name}{TWIN}")
            swapping.take_tables(self.connection, [*(view.name for view in views), *names])
        with swapping.views_left_alone(self.connection):
            for name in names:
                self.connection.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {name}{OLD}")
                self.connection.exec_driver_sql(f"ALTER TABLE {name}{TWIN} RENAME TO {name}")
        swapping.look_again(self.connection, views)
        for table in self._live:
            self.connection.exec_driver_sql(f"DROP TABLE {table.name}{OLD}")
            if postgres:
                rename = f"ALTER INDEX {table.name}{TWIN}_pkey RENAME TO {table.name}_pkey"
                self.connection.exec_driver_sql(rename)
            for index in sorted(table.indexes, key=lambda item: str(item.name)):
                self.connection.execute(CreateIndex(index))

    def differences(self) -> dict[str, int]:
        """How many rows of each table are not the same in its twin, counted from both sides."""
        found: dict[str, int] = {}
        for table in self._live:
            one, two = select(table), select(self.twin(table))
            for this, that in ((one, two), (two, one)):
                query = select(func.count()).select_from(this.except_(that).subquery())
                found[table.name] = found.get(table.name, 0) + (
                    self.connection.execute(query).scalar_one()
                )
        return found
