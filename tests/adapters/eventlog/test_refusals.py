"""The database itself refuses to change what is recorded, whoever asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from adapters.eventlog.chain import verify
from adapters.eventlog.driver import connected
from adapters.eventlog.engines import open_database, writing
from adapters.eventlog.log import SqlEventLog
from tests.adapters.eventlog.builders import CAPTURE, aside, event, line, name
from tests.adapters.eventlog.tampering import fill

KEPT = (
    "events", "wire", "captures", "checkpoints", "names", "log_head", "quarantine", "seals",
)  # fmt: skip
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
    "UPDATE quarantine SET raw = raw || raw",
    "UPDATE quarantine SET reason = 'x', line = line + 1",
    "UPDATE seals SET part = 7 WHERE kind = 'names'",
    "UPDATE seals SET kind = 'other' WHERE kind = 'names'",
]
POSTGRES_CHANGES = [
    *(f"TRUNCATE {table}" for table in KEPT),
    *(f"SET LOCAL session_replication_role = replica; DELETE FROM {table}" for table in KEPT),  # noqa: S608 - the tables above
]
EVENT = "INTO events (position, stream_id, version, topic, state, recorded_at, hash)"
LINE = "INTO wire (capture_id, seq, observed_at, outcome, raw, digest)"
HIDDEN = "INTO wire (rowid, capture_id, seq, observed_at, outcome, raw, digest)"
ASIDE = "INTO quarantine (key, source, line, reason, raw, released)"
HIDDEN_ASIDE = "INTO quarantine (rowid, key, source, line, reason, raw, released)"
REPLACING = [
    pytest.param(f"{EVENT} VALUES (1, x'00', 1, 't', x'', 0, x'')", id="an event's position"),
    pytest.param(
        f"{EVENT} SELECT 99, stream_id, version, topic, x'', 0, x'' FROM events LIMIT 1",  # noqa: S608 - constants
        id="an event's stream and version",
    ),
    pytest.param(f"{LINE} VALUES (1, 1, 0, 'read', x'', x'')", id="a line's place"),
    pytest.param(f"{HIDDEN} VALUES (1, 1, 99, 0, 'read', x'', x'')", id="a line's hidden key"),
    pytest.param("INTO captures (id, name) VALUES (1, 'other')", id="a capture's number"),
    pytest.param("INTO captures (id, name) SELECT 99, name FROM captures", id="a capture's name"),
    pytest.param(
        "INTO names (venue, account, kind, name, stream_id)"
        " SELECT venue, account, kind, name, x'00' FROM names",
        id="a name",
    ),
    pytest.param(
        "INTO checkpoints (position, hash, recorded_at) SELECT position, x'', 0 FROM checkpoints",
        id="a checkpoint",
    ),
    pytest.param(
        f"{ASIDE} SELECT key, 'x', 1, 'x', x'', 0 FROM quarantine",  # noqa: S608 - constants
        id="what was set aside",
    ),
    pytest.param(f"{HIDDEN_ASIDE} VALUES (1, x'ff', 'x', 1, 'x', x'', 0)", id="its hidden key"),
    pytest.param(
        "INTO seals (kind, part, members, mark) SELECT kind, part, 0, mark FROM seals", id="a seal"
    ),
    pytest.param("INTO log_head (id, position, hash) VALUES (1, 0, x'')", id="the head"),
]
MOVING = [
    pytest.param(
        "UPDATE OR REPLACE wire SET outcome = 'read', rowid = 1 WHERE seq = 2",
        id="a held line takes the hidden key of another",
    ),
    pytest.param(
        "UPDATE OR REPLACE quarantine SET reason = 'x', rowid = 1 WHERE rowid = 2",
        id="what was set aside takes the hidden key of another",
    ),
    pytest.param(
        "UPDATE OR REPLACE seals SET kind = 'names' WHERE kind = 'captures'",
        id="a seal takes the place of another",
    ),
    pytest.param("REPLACE INTO wire SELECT * FROM wire", id="every line by itself"),
    pytest.param("REPLACE INTO events SELECT * FROM events", id="every event by itself"),
]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    log = SqlEventLog(engine)
    placed = event(cause=(CAPTURE, 1))
    wire = [line(1), line(2, exchange="x", outcome="held")]
    asides = [aside("torn"), aside("odd")]
    log.append([placed, event()], wire=wire, names=[name(placed.stream)], quarantine=asides)
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


@pytest.fixture
def foreign(sqlite_url: str) -> Iterator[sqlite3.Connection]:
    """Another program's connection to a filled file: it knows nothing of our settings."""
    engine = open_database(sqlite_url, durability="off")
    fill(SqlEventLog(engine))
    with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as connection:
        connection.execute("PRAGMA recursive_triggers=OFF")
        connection.execute("PRAGMA foreign_keys=OFF")
        yield connection
    assert verify(engine).whole
    engine.dispose()


@pytest.mark.parametrize("how", ["INSERT OR REPLACE", "REPLACE"])
@pytest.mark.parametrize("what", REPLACING)
def test_another_program_cannot_replace_a_row(
    foreign: sqlite3.Connection, how: str, what: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        foreign.execute(f"{how} {what}")


@pytest.mark.parametrize("statement", MOVING)
def test_another_program_cannot_move_a_row_over_another(
    foreign: sqlite3.Connection, statement: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        foreign.execute(statement)


@pytest.mark.parametrize("way", ["IGNORE", "FAIL", "ABORT"])
def test_another_program_cannot_hide_a_refusal(foreign: sqlite3.Connection, way: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        foreign.execute(f"UPDATE OR {way} events SET state = x''")  # noqa: S608 - the ways above


POSTGRES_REPLACING = [
    "INSERT INTO events SELECT * FROM events ON CONFLICT (position) DO UPDATE SET state = ''",
    (
        "INSERT INTO events SELECT * FROM events"
        " ON CONFLICT (stream_id, version) DO UPDATE SET state = ''"
    ),
    "INSERT INTO wire SELECT * FROM wire ON CONFLICT (capture_id, seq) DO UPDATE SET raw = ''",
    "INSERT INTO captures SELECT * FROM captures ON CONFLICT (id) DO UPDATE SET name = 'x'",
    (
        "INSERT INTO names SELECT * FROM names ON CONFLICT (name, venue, account, kind)"
        " DO UPDATE SET stream_id = gen_random_uuid()"
    ),
    (
        "INSERT INTO checkpoints SELECT * FROM checkpoints"
        " ON CONFLICT (position) DO UPDATE SET hash = ''"
    ),
    "INSERT INTO quarantine SELECT * FROM quarantine ON CONFLICT (key) DO UPDATE SET raw = ''",
    "INSERT INTO seals SELECT * FROM seals ON CONFLICT (kind, part) DO UPDATE SET part = 7",
    (
        "MERGE INTO events e USING events f ON e.position = f.position"
        " WHEN MATCHED THEN UPDATE SET state = ''"
    ),
    "MERGE INTO names n USING names m ON n.name = m.name WHEN MATCHED THEN DELETE",
]


@pytest.fixture
def filled_postgres(postgres_url: str) -> Iterator[Engine]:
    engine = open_database(postgres_url, durability="off")
    fill(SqlEventLog(engine))
    yield engine
    assert verify(engine).whole
    engine.dispose()


@pytest.mark.parametrize("statement", POSTGRES_REPLACING)
def test_an_upsert_is_refused(filled_postgres: Engine, statement: str) -> None:
    assert refuses(filled_postgres, statement)


@pytest.mark.parametrize("table", ["events", "wire", "captures", "names", "checkpoints", "seals"])
def test_copying_in_what_is_there_stores_nothing(filled_postgres: Engine, table: str) -> None:
    with connected(filled_postgres) as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} TO STDOUT") as copy:
            content = b"".join(copy)
        with pytest.raises(UniqueViolation), cursor.copy(f"COPY {table} FROM STDIN") as copy:
            copy.write(content)


def test_a_held_line_may_be_settled(filled: Engine) -> None:
    log = SqlEventLog(filled)
    log.append([], settled=[(CAPTURE, 2, "read")])
    assert log.outcome_of(CAPTURE, 2) == "read"
    assert verify(filled).whole
