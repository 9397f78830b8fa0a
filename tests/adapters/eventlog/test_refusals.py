"""The database itself refuses to change what is recorded, whoever asks."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from adapters.eventlog.chain import verify
from adapters.eventlog.engines import open_database, writing
from adapters.eventlog.log import SqlEventLog
from tests.adapters.eventlog.builders import CAPTURE, event, line, name

KEPT = ("events", "wire", "captures", "checkpoints", "names", "log_head")
CHANGES = [
    *(f"DELETE FROM {table}" for table in KEPT),  # noqa: S608 - the tables above
    "UPDATE events SET state = state",
    "UPDATE events SET topic = 'Cancelled:1' WHERE position = 1",
    "UPDATE captures SET name = 'other'",
    "UPDATE checkpoints SET hash = hash",
    "UPDATE names SET name = 'other'",
    "UPDATE wire SET raw = raw",
    "UPDATE wire SET outcome = 'set_aside' WHERE seq = 1",
    "UPDATE wire SET outcome = 'held' WHERE seq = 1",
    "UPDATE wire SET outcome = 'held' WHERE seq = 2",
    "UPDATE wire SET outcome = 'read', observed_at = 0 WHERE seq = 2",
    "UPDATE wire SET outcome = 'read', exchange = 'other' WHERE seq = 2",
    "UPDATE wire SET seq = 7 WHERE seq = 2",
]
POSTGRES_CHANGES = [
    *(f"TRUNCATE {table}" for table in KEPT),
    *(f"SET LOCAL session_replication_role = replica; DELETE FROM {table}" for table in KEPT),  # noqa: S608 - the tables above
]
REPLACING = "INSERT OR REPLACE INTO events SELECT 1, x'00', 1, 't', x'', 0, NULL, NULL, x''"


@pytest.fixture
def filled(engine: Engine) -> Engine:
    log = SqlEventLog(engine)
    placed = event(cause=(CAPTURE, 1))
    wire = [line(1), line(2, exchange="x", outcome="held")]
    log.append([placed, event()], wire=wire, names=[name(placed.stream)])
    log.checkpoint()
    return engine


def refuses(engine: Engine, statement: str) -> bool:
    try:
        with writing(engine) as connection:
            connection.exec_driver_sql(statement)
    except DBAPIError as error:
        return "append-only" in str(error)
    return False


@pytest.mark.parametrize("statement", CHANGES)
def test_a_change_is_refused(filled: Engine, statement: str) -> None:
    assert refuses(filled, statement)
    assert verify(filled).whole


@pytest.mark.parametrize("statement", POSTGRES_CHANGES)
def test_a_change_is_refused_to_a_superuser_as_well(postgres_url: str, statement: str) -> None:
    engine = open_database(postgres_url)
    assert refuses(engine, statement)
    engine.dispose()


def test_a_replacing_insert_is_a_deletion(sqlite_url: str) -> None:
    engine = open_database(sqlite_url, durability="off")
    SqlEventLog(engine).append([event()])
    assert refuses(engine, REPLACING)
    engine.dispose()


def test_a_held_line_may_be_settled(filled: Engine) -> None:
    with writing(filled) as connection:
        connection.exec_driver_sql("UPDATE wire SET outcome = 'read' WHERE seq = 2")
    assert SqlEventLog(filled).outcome_of(CAPTURE, 2) == "read"
