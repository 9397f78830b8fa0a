"""Where the library's test cases run: mixed into each of them, once per database."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping

import pytest

from adapters.eventlog.factory import Factory
from tests.postgres import ScratchDatabases


class OnSqlite:
    """The cases run on a file of SQLite."""

    url: str
    other_url: str

    @pytest.fixture(autouse=True)
    def databases(self, sqlite_url: str, empty_sqlite_url: str) -> None:
        """Two fresh files."""
        self.url, self.other_url = sqlite_url, empty_sqlite_url


class OnPostgres:
    """The cases run on a database of PostgreSQL."""

    url: str
    other_url: str

    @pytest.fixture(autouse=True)
    def databases(self, postgres_url: str, postgres_databases: ScratchDatabases) -> Iterator[None]:
        """Two fresh databases."""
        self.url, self.other_url = postgres_url, postgres_databases.fresh()
        yield
        gc.collect()  # a runner that the library leaves unclosed
        postgres_databases.drop(self.other_url)


class WithFactory:
    """A factory for the length of a test."""

    url: str

    @pytest.fixture(autouse=True)
    def opened(self, databases: None) -> Iterator[None]:  # noqa: ARG002 - they come first
        """Open it, close it."""
        self.factory = Factory({"DATABASE_URL": self.url, "DATABASE_DURABILITY": "off"})
        yield
        self.factory.close()


def on_both(module: str, cases: tuple[type, ...]) -> Mapping[str, type]:
    """A test class for each case on each database, by name."""
    return {
        (name := f"Test{case.__name__}{place.__name__}"): type(
            name, (place, case), {"__module__": module, "__test__": True}
        )
        for case in cases
        for place in (OnSqlite, OnPostgres)
    }
