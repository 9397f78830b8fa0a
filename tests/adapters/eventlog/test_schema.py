"""Who makes the tables, when, and what happens to a database that does not fit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from adapters.eventlog.database import (
    BadDatabaseUrl,
    Durability,
    downgrade,
    durability_of,
    ensure,
    open_database,
    revisions,
    state,
    upgrade,
    writing,
)
from adapters.eventlog.errors import NewerDatabase, NotReady, Unreachable
from adapters.eventlog.log import SqlEventLog
from migrations.tables import every_table
from tests.adapters.eventlog.builders import event

STARTER = """
import sys
from adapters.eventlog.database import ensure, open_database, state
engine = open_database(sys.argv[1])
ensure(engine)
assert state(engine) == "current"
engine.dispose()
"""


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    engine = open_database(empty_database_url, durability="off")
    yield engine
    engine.dispose()


def objects(engine: Engine) -> set[str]:
    query = (
        "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master"
        if engine.dialect.name == "sqlite"
        else "SELECT 'table ' || tablename FROM pg_tables WHERE schemaname = 'public'"
        " UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " UNION ALL SELECT 'trigger ' || tgname || tgenabled::text FROM pg_trigger"
        " WHERE NOT tgisinternal UNION ALL SELECT 'function ' || proname || prosrc FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace"
    )
    with engine.connect() as connection:
        return set(connection.execute(text(query)).scalars())


def test_up_down_up_gives_the_same_tables(empty: Engine) -> None:
    upgrade(empty)
    first = objects(empty)
    downgrade(empty, "base")
    assert state(empty) == "empty"
    assert {each for each in objects(empty) if "alembic_version" not in each} == set()
    upgrade(empty)
    assert objects(empty) == first
    upgrade(empty)
    assert objects(empty) == first


def test_a_log_with_events_is_not_thrown_away(engine: Engine) -> None:
    SqlEventLog(engine).append([event()])
    with pytest.raises(NotReady, match="not empty"):
        downgrade(engine, "base")
    assert state(engine) == "current"
    assert SqlEventLog(engine).head().position == 1


def test_the_tables_are_those_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, every_table()) == []  # type: ignore[arg-type] # a list is taken


def test_every_revision_in_between_is_behind(empty: Engine) -> None:
    for revision in revisions()[:-1]:
        upgrade(empty, revision)
        assert state(empty) == "behind"
        with pytest.raises(NotReady, match="breakwater db upgrade"):
            ensure(empty)
    upgrade(empty)
    assert state(empty) == "current"


def test_an_empty_file_gets_its_tables_from_the_first_command(empty_sqlite_url: str) -> None:
    engine = open_database(empty_sqlite_url)
    assert state(engine) == "empty"
    ensure(engine)
    assert state(engine) == "current"
    engine.dispose()


def test_an_empty_postgres_must_be_asked_for(empty_postgres_url: str) -> None:
    engine = open_database(empty_postgres_url)
    with pytest.raises(NotReady, match="breakwater db upgrade"):
        ensure(engine)
    assert state(engine) == "empty"
    engine.dispose()


def test_a_database_of_a_newer_program_is_refused(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert state(engine) == "newer"
    for act in (ensure, upgrade):
        with pytest.raises(NewerDatabase, match="newer version"):
            act(engine)


def test_a_file_of_another_program_is_left_alone(empty_sqlite_url: str) -> None:
    engine = open_database(empty_sqlite_url)
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(NotReady, match="recipes"):
        ensure(engine)
    assert inspect(engine).get_table_names() == ["recipes"]
    engine.dispose()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database at all, " * 100)
    engine = open_database(f"sqlite:///{path}")
    with pytest.raises(NotReady, match="not a SQLite database"):
        ensure(engine)
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite://", id="memory"),
        pytest.param("sqlite:///:memory:", id="memory, spelled out"),
        pytest.param("mysql://host/db", id="another kind"),
        pytest.param("not a url", id="no url"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(BadDatabaseUrl):
        open_database(url)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite:////nowhere/at/all/breakwater.db", id="no such directory"),
        pytest.param("postgresql://nobody@127.0.0.1:1/none?connect_timeout=2", id="no server"),
    ],
)
def test_a_database_that_does_not_answer_says_so(url: str) -> None:
    engine = open_database(url)
    with pytest.raises(Unreachable, match="try again"):
        ensure(engine)
    engine.dispose()


def test_eight_programs_may_start_at_once_on_an_empty_file(empty_sqlite_url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", STARTER, empty_sqlite_url]
    started = [
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own program
        for _ in range(8)
    ]
    problems = [process.communicate(timeout=60)[1] for process in started]
    assert problems == [""] * 8
    assert [process.returncode for process in started] == [0] * 8


def test_durability_is_told_in_the_words_of_the_database(
    sqlite_url: str, postgres_url: str
) -> None:
    told: list[str] = []
    levels: tuple[Durability, ...] = ("full", "normal")
    for url in (sqlite_url, postgres_url):
        for level in levels:
            engine = open_database(url, durability=level)
            told.append(durability_of(engine))
            engine.dispose()
    assert "journal_mode=wal, synchronous=FULL" in told[0]
    assert "synchronous=NORMAL" in told[1]
    assert "synchronous_commit=on" in told[2]
    assert "synchronous_commit=off" in told[3]
