"""Appending only while something holds that another process may end: looked at in the transaction.

Whoever acts on the strength of a lease stores what it is about to do first. That is where a holder
who was too slow is stopped: its intent is not stored, and nothing leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from adapters.eventlog.driver import Lost, is_lost, is_sqlite
from adapters.eventlog.engines import writing
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.postgres_append import PostgresAppend
from adapters.eventlog.rows import Batch
from adapters.eventlog.sqlite_append import SqliteAppend

Guard = Callable[[Connection], None]
"""Raises, in the transaction that is about to write, when it must not."""


class GuardedLog(SqlEventLog):
    """A log whose appends are refused, while `acts` is set, when the guard says so."""

    def __init__(self, engine: Engine, guard: Guard) -> None:
        super().__init__(engine)
        self.acts = False
        self._guard = guard
        made = _OnSqlite if is_sqlite(engine) else _OnPostgres
        self.writer = made(engine, self._may)

    def _may(self, connection: Connection) -> None:
        if self.acts:
            self._guard(connection)


class _OnSqlite(SqliteAppend):
    """Stores a batch behind a guard."""

    def __init__(self, engine: Engine, guard: Guard) -> None:
        super().__init__(engine)
        self._guarded = engine, guard

    def append(self, batch: Batch, recorded_at: int) -> int:
        """Store `batch` in a transaction that asks the guard first."""
        return _stored(*self._guarded, lambda driver: self.store(driver, batch, recorded_at))


class _OnPostgres(PostgresAppend):
    """Stores a batch behind a guard."""

    def __init__(self, engine: Engine, guard: Guard) -> None:
        super().__init__(engine)
        self._guarded = engine, guard

    def append(self, batch: Batch, recorded_at: int) -> int:
        """Store `batch` in a transaction that asks the guard first."""
        return _stored(*self._guarded, lambda driver: self.store(driver, batch, recorded_at))


def _stored(engine: Engine, guard: Guard, store: Callable[[Any], int]) -> int:
    try:
        with writing(engine) as connection:
            guard(connection)
            return store(connection.connection.driver_connection)
    except Exception as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if is_lost(engine, cause):
            raise Lost(str(cause)) from error
        raise
