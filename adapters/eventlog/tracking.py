"""How far a reader of the log has come, kept in the transaction that holds what it made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table, select, update
from sqlalchemy.dialects import sqlite

from adapters.eventlog.schema import tracking
from domain.ports import Conflict

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def position_of(connection: Connection, name: str, *, table: Table = tracking) -> int | None:
    """How far `name` has come; None when it has not begun."""
    statement = select(table.c.position).where(table.c.name == name)
    return connection.execute(statement).scalar_one_or_none()


def move_position(
    connection: Connection, name: str, expected: int | None, new: int, *, table: Table = tracking
) -> None:
    """Move `name` from `expected` (None or 0: not begun) to `new`, past events it skips as well.

    Raise `Conflict` when another runner has moved it: then nothing of this transaction may stay.
    One that competes waits here until the other's transaction is over.
    """
    if new < (expected or 0):
        raise ValueError(f"{name} cannot go back from {expected} to {new}")
    if expected:
        statement = (
            update(table)
            .where(table.c.name == name, table.c.position == expected)
            .values(position=new)
        )
        moved = connection.execute(statement).rowcount
    else:
        moved = _insert(connection, name, new, table, only_from=0)
    if moved != 1:
        raise Conflict(f"{name} is not at {expected or 0} any more: another runner moved it")


def record_position(
    connection: Connection, name: str, position: int, *, table: Table = tracking
) -> None:
    """Move `name` forward to `position`; raise `Conflict` when it is there or further already.

    This is the library's rule, and safe for one event per transaction only: use `move_position`
    for several.
    """
    if _insert(connection, name, position, table, only_from=None) != 1:
        raise Conflict(f"{name} has passed position {position} already")


def _insert(
    connection: Connection, name: str, position: int, table: Table, *, only_from: int | None
) -> int:
    statement = _insert_into(connection, table).values(name=name, position=position)
    there = table.c.position
    allowed = there < statement.excluded.position if only_from is None else there == only_from
    upsert = statement.on_conflict_do_update(
        index_elements=[table.c.name], set_={"position": position}, where=allowed
    )
    return len(connection.execute(upsert.returning(there)).all())


def _insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may say what is to be done when the row is there."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - it takes time, SQLite needs none

    return postgresql.insert(table)
