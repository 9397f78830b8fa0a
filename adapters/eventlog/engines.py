"""Opening a database, and the two ways of using it: reading and writing.

SQLite: write-ahead log, foreign writers waited for, `synchronous=FULL` unless asked otherwise.
PostgreSQL: psycopg 3. A connection is opened when it is needed, not before.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final, Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.eventlog.errors import Unreachable

Durability = Literal["full", "normal", "off"]
"""`full`: an acknowledged append survives a power cut. `normal`: it survives a crash of the
program, and the last ones may be lost in a power cut. `off`: for tests on a scratch database."""

BUSY_S_MAX: Final = 30
_WAL_TRIES_MAX: Final = 200
_WAL_PAUSE_S: Final = 0.02
_SYNCHRONOUS: Final = {"full": "FULL", "normal": "NORMAL", "off": "OFF"}
_COMMIT: Final = {"full": "on", "normal": "off", "off": "off"}
_POSTGRES: Final = frozenset({"postgres", "postgresql", "postgresql+psycopg"})
_IMMEDIATE: Final = "breakwater_immediate"

_locks: dict[str, Lock] = {}
_locks_guard = Lock()


class BadDatabaseUrl(ValueError):
    """The database URL names nothing that this program can use."""


def open_database(url: str | URL, *, durability: Durability = "full") -> Engine:
    """An engine for `url`, a file of SQLite or a database of PostgreSQL; close by `dispose()`."""
    target = _parsed(url)
    if target.drivername.startswith("sqlite"):
        return _open_sqlite(target.set(drivername="sqlite+pysqlite"), durability)
    return _open_postgres(target.set(drivername="postgresql+psycopg"), durability)


def _parsed(url: str | URL) -> URL:
    try:
        target = make_url(url)
    except (ArgumentError, NoSuchModuleError) as error:
        raise BadDatabaseUrl(
            f"{url!r} is not a database URL; for a file write sqlite:///{url or 'breakwater.db'}"
        ) from error
    if target.drivername in _POSTGRES:
        return target
    if target.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise BadDatabaseUrl(
            f"{target.drivername!r} is not supported; use sqlite:///FILE or postgresql://…"
        )
    if target.database in {None, "", ":memory:"} or "mode=memory" in (target.database or ""):
        raise BadDatabaseUrl("a log in memory would be lost; name a file: sqlite:///breakwater.db")
    return target


def _open_sqlite(url: URL, durability: Durability) -> Engine:
    engine = create_engine(
        url,
        connect_args={
            "timeout": BUSY_S_MAX,
            "isolation_level": None,
            "check_same_thread": False,
        },
        pool_timeout=BUSY_S_MAX,
        max_overflow=-1,
    )

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        _use_wal(cursor)
        cursor.execute(f"PRAGMA synchronous={_SYNCHRONOUS[durability]}")
        cursor.execute("PRAGMA recursive_triggers=ON")  # INSERT OR REPLACE is a deletion too
        cursor.execute("PRAGMA cache_size=-65536")
        cursor.close()

    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(_IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _use_wal(cursor: Any) -> None:  # noqa: ANN401 - a driver's cursor
    """Switch a file to the write-ahead log; several programs may do so at the same moment."""
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    for attempt in range(_WAL_TRIES_MAX):
        try:
            cursor.execute("PRAGMA journal_mode=WAL").fetchone()
        except sqlite3.OperationalError as error:
            # SQLite does not wait here: two that switch at once would wait for each other.
            if "locked" not in str(error) or attempt + 1 == _WAL_TRIES_MAX:
                raise
            time.sleep(_WAL_PAUSE_S)
        else:
            return


def _open_postgres(url: URL, durability: Durability) -> Engine:
    options = f"-c synchronous_commit={_COMMIT[durability]}" if durability != "full" else ""
    given = url.query.get("options", "")
    joined = " ".join(filter(None, [given if isinstance(given, str) else " ".join(given), options]))
    arguments: dict[str, Any] = {"application_name": "breakwater", "connect_timeout": 10}
    if joined:
        arguments["options"] = joined
        url = url.difference_update_query(["options"])
    return create_engine(
        url, connect_args=arguments, max_overflow=20, pool_timeout=BUSY_S_MAX, pool_use_lifo=True
    )


def write_lock(engine: Engine) -> Lock:
    """The lock that writers of this process take before SQLite's own.

    Threads that wait here are served at once and in turn; SQLite would let each sleep and retry.
    """
    key = engine.url.database or ""
    with _locks_guard:
        return _locks.setdefault(key, Lock())


@contextmanager
def writing(engine: Engine) -> Generator[Connection]:
    """A transaction that will write: committed at the end, rolled back when an error leaves it.

    On SQLite it takes the write lock at its start, so that what it reads cannot become stale.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    lock = write_lock(engine)
    if not lock.acquire(timeout=BUSY_S_MAX):
        raise Unreachable("another part of this program writes for too long; try again")
    try:
        with engine.execution_options(**{_IMMEDIATE: True}).begin() as connection:
            yield connection
    finally:
        lock.release()


@contextmanager
def reading(engine: Engine) -> Generator[Connection]:
    """A connection that only reads; what it sees is one state of the database on SQLite."""
    with engine.connect() as connection:
        yield connection


def durability_of(engine: Engine) -> str:
    """What the database promises about a commit, in its own words, as it is set now."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
            level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
            names = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}
            return (
                f"SQLite {sqlite3.sqlite_version}: journal_mode={mode}, synchronous={names[level]}"
            )
        settings = ("server_version", "fsync", "synchronous_commit", "full_page_writes")
        found = [connection.exec_driver_sql(f"SHOW {setting}").scalar_one() for setting in settings]
        return f"PostgreSQL {found[0]}: " + ", ".join(
            f"{setting}={value}" for setting, value in zip(settings[1:], found[1:], strict=True)
        )


def unreachable(engine: Engine, error: Exception) -> Unreachable:
    """The database did not answer: say which one, why, and what to try."""
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()
    shown = engine.url.render_as_string(hide_password=True)
    return Unreachable(
        f"{shown} cannot be reached: {reason[0] if reason else type(error).__name__}; "
        "check that it runs and that the address is right, then try again"
    )
