"""A command starts with what it needs: the heavy parts are imported by those who use them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = frozenset(
    {
        # what serves, speaks and sends
        "fastapi", "granian", "httpx2", "nats", "prometheus_client", "websockets",
        "adapters.clients", "adapters.gateways", "adapters.jetstream", "adapters.paper",
        # what reads captures, and PostgreSQL
        "zstandard", "psycopg", "adapters.beside", "adapters.captures", "adapters.engine",
        "adapters.statements", "adapters.venues",
        # what writes files and schemas
        "alembic", "polars", "pyarrow", "xlsxwriter", "adapters.exports", "adapters.warehouse",
    }
)  # fmt: skip
DATABASE = frozenset(
    {"eventsourcing", "pydantic_settings", "sqlalchemy", "adapters.bootstrap", "domain.events"}
)

STARTED = """
import contextlib, io, json, sys
from adapters.cli.main import guarded
told = [sorted(sys.modules)]
for command in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()):
        assert guarded(command) == 0, command
    told.append(sorted(sys.modules))
print(json.dumps(told))
"""


@pytest.fixture(name="imported")
def _imported(sqlite_url: str) -> list[set[str]]:
    """What one process has imported: the program alone, then a help, then a question."""
    commands = [["ingest", "--help"], ["--database", sqlite_url, "orders", "--json"]]
    told = subprocess.check_output(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", STARTED, json.dumps(commands)], text=True
    )
    return [set(modules) for modules in json.loads(told)]


def test_nothing_heavy_is_imported_before_it_is_needed(imported: list[set[str]]) -> None:
    program, after_help, after_orders = imported
    assert sorted((HEAVY | DATABASE) & program) == [], "the program alone: the list of commands"
    assert sorted((HEAVY | DATABASE) & after_help) == [], "the help of a command"
    assert sorted(HEAVY & after_orders) == [], "a question of a SQLite file"
    assert after_orders >= DATABASE, "it was asked"
