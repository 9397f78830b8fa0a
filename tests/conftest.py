"""Databases for tests: fresh, migrated, of both kinds; a test that takes `engine` runs on both."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters.eventlog.database import open_database, upgrade
from tests.postgres import ScratchDatabases, postgres_server

pytest_plugins = ("tests.measuring", "tests.sharing")


def pytest_collection_finish() -> None:
    """What was collected stays: it is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[ScratchDatabases]:
    """A PostgreSQL server, and databases on it."""
    with postgres_server() as address:
        databases = ScratchDatabases(address)
        yield databases
        databases.close()


@pytest.fixture
def postgres_url(postgres_databases: ScratchDatabases) -> Iterator[str]:
    """A fresh database of PostgreSQL, with our schema."""
    url = postgres_databases.fresh()
    yield url
    postgres_databases.drop(url)


@pytest.fixture
def empty_postgres_url(postgres_databases: ScratchDatabases) -> Iterator[str]:
    """A fresh database of PostgreSQL, without tables."""
    url = postgres_databases.fresh(migrated=False)
    yield url
    postgres_databases.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = open_database(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()  # the last connection folds the write-ahead log into the file
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh file of SQLite, with our schema."""
    path = tmp_path / "breakwater.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A file of SQLite that does not exist yet."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database with our schema: the test runs on both kinds."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database without tables: the test runs on both kinds."""
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An open database of either kind, as fast as a scratch one may be."""
    engine = open_database(database_url, durability="off")
    yield engine
    engine.dispose()
