"""One database of each kind with every golden history in it, to be read only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.bootstrap import App
from tests.feeding import desk
from tests.postgres import ScratchDatabases
from tests.projections.reporting import told_golden


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def golden(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    postgres_databases: ScratchDatabases,
) -> Iterator[App]:
    """Every golden history, worked by the desk halfway."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('golden') / 'golden.db'}"
    else:
        url = postgres_databases.fresh()
    with desk(url) as app:
        told_golden(app, halves=True)
        yield app
    if request.param == "postgres":
        postgres_databases.drop(url)
