"""Databases for laws: every example has a fresh one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests.postgres import ScratchDatabases

Fresh = Callable[[], AbstractContextManager[str]]


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """A function that gives a fresh database with our schema, as often as it is called."""
    if request.param == "postgres":
        databases: ScratchDatabases = request.getfixturevalue("postgres_databases")

        @contextmanager
        def on_postgres() -> Generator[str]:
            url = databases.fresh()
            try:
                yield url
            finally:
                databases.drop(url)

        return on_postgres
    template: Path = request.getfixturevalue("sqlite_template")
    directory = tmp_path_factory.mktemp("fresh")
    numbers = count()

    @contextmanager
    def on_sqlite() -> Generator[str]:
        path = directory / f"{next(numbers)}.db"
        shutil.copy(template, path)
        yield f"sqlite:///{path}"
        for left in directory.glob(f"{path.name}*"):
            left.unlink()

    return on_sqlite
