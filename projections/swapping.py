"""How a rebuild keeps out of everybody's way on PostgreSQL; SQLite has one writer and needs none.

Every statement here is PostgreSQL's; on SQLite these functions do nothing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection
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
