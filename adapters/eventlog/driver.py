"""The driver's own connections, taken from SQLAlchemy's pool, for the paths where time counts.

Statements are SQLAlchemy Core, compiled once. They are run on the driver's cursor, because the
layers in between cost more than the statement itself on SQLite (docs/performance.md, "append").
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.sql.elements import CompilerElement

from adapters.eventlog.engines import unreachable
from adapters.eventlog.errors import NotReady, Unreachable

STREAMED_ROWS: Final = 5_000
"""How many rows the server sends at a time."""

Row = tuple[Any, ...]
Parameters = Mapping[str, Any]

_LOST: Final = frozenset({"57P01", "57P02", "57P03", "53300", "25006", "40001", "40P01"})
"""SQL states that say: not this server, not now; another try may find it well."""


class Lost(Exception):
    """The connection died, or was never made; whether a commit went through is not known."""


class Statement(NamedTuple):
    """A statement as the driver takes it: text, and the parameters that are always the same."""

    sql: str
    fixed: Mapping[str, Any] = {}


def compiled(engine: Engine, statement: CompilerElement) -> Statement:
    """A Core statement, made ready once; its parameters are given by name."""
    kind: Any = type(engine.dialect)  # SQLAlchemy leaves it untyped
    made = statement.compile(dialect=kind(paramstyle="named") if is_sqlite(engine) else kind())
    fixed = made.params or {}
    return Statement(str(made), {k: v for k, v in fixed.items() if v is not None})


def is_sqlite(engine: Engine) -> bool:
    """Whether the database is a file of SQLite."""
    return engine.dialect.name == "sqlite"


def stream_value(engine: Engine, stream: UUID) -> Any:  # noqa: ANN401 - what the driver takes
    """A stream as the driver of the database takes it."""
    return stream.bytes if is_sqlite(engine) else stream


@contextmanager
def connected(engine: Engine, *, autocommit: bool = True) -> Generator[Any]:
    """A connection of the driver, for a while; `Lost` when it dies, typed errors as they are.

    With `autocommit` off, psycopg opens a transaction at the first statement, and the caller
    ends it. What is still open when an error leaves is rolled back.
    """
    pool = engine.pool
    try:
        pooled = engine.raw_connection()
    except PoolTimeout as error:
        raise Unreachable(f"every connection is busy: {error}; try again later") from error
    except (DBAPIError, postgres_error()) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if is_lost(engine, cause):
            raise Lost(str(cause)) from error
        raise unreachable(engine, error) from error
    connection: Any = pooled.driver_connection
    try:
        if autocommit and not is_sqlite(engine):
            connection.autocommit = True
        yield connection
    except BaseException as error:
        if _is_dead(engine, connection) or is_lost(engine, error):
            pooled.invalidate(error)
            if isinstance(error, Exception):
                raise Lost(str(error)) from error
        else:
            _roll_back(connection, pooled)
        raise
    finally:
        if autocommit and not is_sqlite(engine) and not connection.closed:
            connection.autocommit = False
        if engine.pool is not pool:
            pooled.invalidate()  # the engine was disposed of meanwhile: nobody would close it
        pooled.close()


def _roll_back(connection: Any, pooled: PoolProxiedConnection) -> None:  # noqa: ANN401 - a driver's connection
    """Leave nothing open; the error that brought us here is the one that counts."""
    try:
        connection.rollback()
    except (sqlite3.Error, postgres_error()) as error:
        pooled.invalidate(error)


def _is_dead(engine: Engine, connection: Any) -> bool:  # noqa: ANN401 - a driver's connection
    return not is_sqlite(engine) and bool(connection.closed)


def postgres_error() -> type[Exception]:
    """What every error of PostgreSQL's driver is; asked for when something has failed."""
    from psycopg import Error  # noqa: PLC0415 - it takes time, and SQLite needs none of it

    return Error


def is_lost(engine: Engine, error: BaseException | None) -> bool:
    """Whether an error means that the connection, not the statement, failed."""
    if is_sqlite(engine):
        return False
    from psycopg import InterfaceError, OperationalError  # noqa: PLC0415 - it takes time, and SQLite needs none of it

    if not isinstance(error, OperationalError | InterfaceError):
        return False
    if error.sqlstate is not None:
        return error.sqlstate.startswith("08") or error.sqlstate in _LOST
    return True


def fetch(connection: Any, statement: Statement, parameters: Parameters) -> list[Row]:  # noqa: ANN401 - a driver's connection
    """All rows of a statement, in the driver's own tuples."""
    values = {**statement.fixed, **parameters}
    if isinstance(connection, sqlite3.Connection):
        return connection.execute(statement.sql, values).fetchall()
    with connection.cursor(binary=True) as cursor:
        cursor.execute(statement.sql, values)
        rows: list[Row] = cursor.fetchall()
        return rows


@contextmanager
def snapshot(engine: Engine) -> Generator[Any]:
    """A connection of the driver that sees one state of the database, however long it reads."""
    with connected(engine, autocommit=False) as connection:
        if is_sqlite(engine):
            connection.execute("BEGIN")
        else:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield connection
        connection.rollback()


def streamed(connection: Any, statement: Statement) -> Generator[Row]:  # noqa: ANN401 - a driver's connection
    """All rows of a statement on the connection of a `snapshot`, in flat memory."""
    if isinstance(connection, sqlite3.Connection):
        yield from connection.execute(statement.sql)
        return
    with connection.cursor("streamed", binary=True) as cursor:
        cursor.itersize = STREAMED_ROWS
        yield from cursor.execute(statement.sql)


def explained(engine: Engine, error: Exception) -> Exception:
    """What to raise for a driver's error: ours where we know what to do about it."""
    text = str(error)
    if isinstance(error, sqlite3.OperationalError):
        if "no such table" in text:
            return NotReady(f"{engine.url.database} has no tables; run `breakwater db upgrade`")
        if "locked" in text or "busy" in text:
            return Unreachable(f"{engine.url.database} is busy: another program writes; try again")
        return Unreachable(
            f"{engine.url.database}: {text}; see to the disk and its free space, then try again"
        )
    if is_sqlite(engine):
        return error
    from psycopg.errors import UndefinedFunction, UndefinedTable  # noqa: PLC0415 - it takes time, and SQLite needs none of it

    if isinstance(error, UndefinedTable | UndefinedFunction):
        shown = engine.url.render_as_string(hide_password=True)
        return NotReady(f"{shown} has no tables; run `breakwater db upgrade`")
    return error
