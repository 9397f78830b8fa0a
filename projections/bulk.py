"""Rows into tables, many at a time, with statements that are built once per table and database."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection, Table

from projections.columns import Row, copied, writer

KEYS_MAX = 500
COPIED_MIN = 20
"""Fewer rows are upserted by themselves: two more statements would take longer."""


@cache
def _upsert(table: Table, name: str, dialect: str) -> str:
    columns = [column.name for column in table.columns]
    mark = "?" if dialect == "sqlite" else "%s"
    marks = ", ".join([mark] * len(columns))
    keys = [column.name for column in table.primary_key.columns]
    rest = [column for column in columns if column not in keys]
    sets = ", ".join(f"{column} = excluded.{column}" for column in rest)
    return (
        f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks}) "  # noqa: S608 - names of our own tables
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets}"
    )


def upsert(connection: Connection, table: Table, rows: Sequence[Row], name: str = "") -> None:
    """Insert the rows, or replace those whose key is there already; values are native ones."""
    if not rows:
        return
    dialect = connection.dialect.name
    if dialect != "sqlite" and len(rows) >= COPIED_MIN:
        _replace(connection, table, rows)
        return
    write = writer(table, dialect)
    connection.exec_driver_sql(
        _upsert(table, name or table.name, dialect), [write(row) for row in rows]
    )


def _replace(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Many rows for PostgreSQL: two statements, and the second is its fastest way in."""
    keys = [(place, column) for place, column in enumerate(table.columns) if column.primary_key]
    places = [place for place, _ in keys]
    last = {tuple(row[place] for place in places): row for row in rows}
    names = ", ".join(column.name for _, column in keys)
    same = " AND ".join(f"old.{column.name} = new.{column.name}" for _, column in keys)
    arrays = ", ".join(f"%s::{column.type.compile(connection.dialect)}[]" for _, column in keys)
    connection.exec_driver_sql(
        f"DELETE FROM {table.name} old USING unnest({arrays}) AS new({names}) WHERE {same}",  # noqa: S608 - names of our own tables
        tuple(list(column) for column in zip(*last, strict=True)),
    )
    fill(connection, table, copied(list(last.values())), table.name)


def pack(table: Table, rows: Sequence[Row], dialect: str) -> bytes:
    """Rows in the form in which the database of this dialect takes them fastest; see `fill`."""
    if dialect == "sqlite":
        write = writer(table, dialect)
        return marshal.dumps([write(row) for row in rows])
    return copied(rows)


def fill(connection: Connection, table: Table, packed: bytes, name: str) -> None:
    """Insert packed rows, none of whose keys is there, the fastest way that the database has."""
    columns = ", ".join(column.name for column in table.columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {name} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own tables
        connection.exec_driver_sql(statement, marshal.loads(packed))  # noqa: S302 - our own process packed them
        return
    driver = connection.connection.driver_connection
    assert driver is not None, "a connection in use has its driver"
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
        copy.write(packed)


def delete(connection: Connection, table: Table, column: str, keys: Sequence[str]) -> None:
    """Delete the rows whose `column` is one of `keys`."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    for start in range(0, len(keys), KEYS_MAX):
        part = keys[start : start + KEYS_MAX]
        marks = ", ".join([mark] * len(part))
        statement = f"DELETE FROM {table.name} WHERE {column} IN ({marks})"  # noqa: S608 - names of our own tables
        connection.exec_driver_sql(statement, tuple(part))
