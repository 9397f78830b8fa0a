"""Databases to measure on: a SQLite file and a PostgreSQL, both as durable as in production."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from adapters.eventlog.database import durability_of, open_database, upgrade
from tests.postgres import ScratchDatabases, postgres_server

KINDS: Final = ("sqlite", "postgresql")


class Databases:
    """Makes migrated databases of one kind; they are gone when the measurement ends."""

    def __init__(self, kind: str, directory: Path, server: ScratchDatabases | None) -> None:
        self.kind = kind
        self._directory = directory
        self._server = server
        self._made = 0

    def fresh(self) -> str:
        """The URL of an empty database with our schema."""
        if self._server is not None:
            return self._server.fresh()
        self._made += 1
        url = f"sqlite:///{self._directory / f'{self._made}.db'}"
        engine = open_database(url)
        upgrade(engine)
        engine.dispose()
        return url

    def drop(self, url: str) -> None:
        """Remove a database, so that the disk does not fill while others are measured."""
        if self._server is not None:
            self._server.drop(url)
            return
        path = Path(url.removeprefix("sqlite:///"))
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)

    def durability(self, url: str) -> str:
        """What such a database promises about a commit."""
        engine = open_database(url)
        try:
            return durability_of(engine)
        finally:
            engine.dispose()


@contextmanager
def databases(kind: str) -> Generator[Databases]:
    """A place for databases of this kind, on the disk where temporary files are."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="breakwater-")))
        server: ScratchDatabases | None = None
        if kind == "postgresql":
            server = ScratchDatabases(stack.enter_context(postgres_server(durable=True)))
            stack.callback(server.close)
        yield Databases(kind, directory, server)
