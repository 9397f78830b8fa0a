"""How a rebuild keeps out of everybody's way, and takes along the views over what it swaps.

Locks and snapshots are PostgreSQL's; SQLite has one writer and needs none.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

_TRIES_MAX = 60
_PAUSE = timedelta(milliseconds=50)
_WAIT = "200ms"
_NOT_NOW = frozenset({"55P03", "40P01"})
"""SQL states: the lock was not to be had in time; it would have been a deadlock."""


def one_at_a_time(connection: Connection) -> None:
    """Wait for another rebuild or comparison to end: the twins have one name for all."""
    if connection.dialect.name == "postgresql":
        # Not an advisory lock: asking for one would take the snapshot before it is had.
        connection.exec_driver_sql("LOCK TABLE projection_positions IN SHARE UPDATE EXCLUSIVE MODE")


def one_snapshot(connection: Connection) -> None:
    """Everything that this transaction reads is one state, whatever is written meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def take_tables(connection: Connection, names: Sequence[str]) -> None:
    """Take tables for the swap, all of them or none, so that no reader and this wait in a circle.

    A reader that looks at two of them in the other order would be a deadlock; and whoever comes
    while we wait would wait behind us. So wait briefly, let go, and try again.
    """
    lock = f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"
    for attempt in range(_TRIES_MAX):
        savepoint = connection.begin_nested()
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT}'")
        try:
            connection.exec_driver_sql(lock)
        except OperationalError as error:
            savepoint.rollback()
            state = getattr(error.orig, "sqlstate", None)
            if state not in _NOT_NOW or attempt + 1 == _TRIES_MAX:
                raise
            time.sleep(_PAUSE.total_seconds())
        else:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            savepoint.commit()
            return


class View(NamedTuple):
    """A view, under the name that leads to it, and what it selects."""

    name: str
    selects: str


_VIEWS_OVER = text("""
    SELECT DISTINCT view.oid::regclass::text AS name, pg_get_viewdef(view.oid) AS selects
    FROM pg_depend dependence
    JOIN pg_rewrite rule ON rule.oid = dependence.objid
    JOIN pg_class view ON view.oid = rule.ev_class AND view.relkind = 'v'
    WHERE dependence.classid = 'pg_rewrite'::regclass
      AND dependence.refclassid = 'pg_class'::regclass
      AND dependence.refobjid = ANY (SELECT unnest(:tables ::text[])::regclass::oid)
    ORDER BY name
""")


def views_over(connection: Connection, tables: Sequence[str]) -> Sequence[View]:
    """The views that look at any of these tables. PostgreSQL's alone: they look at the very table.

    On SQLite a view looks at whatever bears the name.
    """
    if connection.dialect.name != "postgresql":
        return ()
    found = connection.execute(_VIEWS_OVER, {"tables": list(tables)})
    return [View(row.name, row.selects) for row in found]


def look_again(connection: Connection, views: Sequence[View]) -> None:
    """Let views look at the tables that bear the names now.

    They stay what they are: with their rights, their comments, and the views over them.
    """
    for view in views:
        connection.exec_driver_sql(
            f"CREATE OR REPLACE VIEW {view.name} AS {view.selects}".replace("%", "%%")
        )


@contextmanager
def views_left_alone(connection: Connection) -> Generator[None]:
    """Tables are renamed and no view is changed for it: each looks at the name, not the table."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA legacy_alter_table").scalar_one()
    connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA legacy_alter_table = {before}")
