"""Whoever gets past the triggers is found out, and the first bad position is named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from adapters.eventlog.chain import verify
from adapters.eventlog.database import downgrade, upgrade
from adapters.eventlog.driver import is_sqlite
from adapters.eventlog.engines import open_database, writing
from adapters.eventlog.errors import Damaged
from adapters.eventlog.hashing import GENESIS, chained
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.rows import EventRow, Head
from adapters.eventlog.schema import checkpoints, log_head, seals
from tests.adapters.eventlog.builders import CAPTURE, event, line, name
from tests.adapters.eventlog.tampering import (
    LINES,
    OTHER,
    SIZE,
    Tampering,
    drop_triggers,
    edit,
    fill,
    rechain,
    reseal,
    tamper,
)
from tests.adapters.eventlog.tampering_corpus import BESIDE, CORPUS
from tests.adapters.eventlog.tampering_random import damage_at_random, put_back, rows_of


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A log with something in each of its tables; triggers dropped."""
    fill(SqlEventLog(engine))
    with writing(engine) as connection:
        drop_triggers(connection)
    return engine


def test_an_untouched_log_is_whole(filled: Engine) -> None:
    report = verify(filled)
    assert report.whole
    assert (report.events, report.lines) == (SIZE, LINES)
    assert report.head == SqlEventLog(filled).head()


def test_an_empty_log_is_whole(engine: Engine) -> None:
    assert verify(engine).head == Head(0, GENESIS)


@pytest.mark.parametrize(
    ("position", "kind", "tampering"),
    [pytest.param(*rest, id=name) for name, *rest in (*CORPUS, *BESIDE)],
)
def test_a_change_is_found_where_it_begins(
    filled: Engine, position: int, kind: str, tampering: Tampering
) -> None:
    with writing(filled) as connection:
        tamper(connection, tampering)
    damage = verify(filled).damage
    assert damage is not None
    assert (damage.position, damage.kind) == (position, kind)


@pytest.mark.parametrize(
    "column", ["stream_id", "version", "topic", "state", "recorded_at", "hash"]
)
@pytest.mark.parametrize("value", ["'text'", "x'00ff'", "1.5", "NULL || ''"])
def test_a_value_of_another_type_is_an_edit(sqlite_url: str, column: str, value: str) -> None:
    engine = open_database(sqlite_url, durability="off")
    log = SqlEventLog(engine)
    log.append([event(version=version) for version in range(1, 6)])
    with writing(engine) as connection:
        drop_triggers(connection)
        statement = f"UPDATE OR IGNORE events SET {column} = {value} WHERE position = 3"  # noqa: S608 - the table above
        changed = connection.exec_driver_sql(statement).rowcount
    damage = verify(engine).damage
    engine.dispose()
    assert (damage is None) == (changed == 0)
    assert damage is None or damage.position == 3


def test_a_log_written_anew_is_found_by_who_kept_a_head(filled: Engine) -> None:
    kept = SqlEventLog(filled).head()
    with writing(filled) as connection:
        edit(connection, 12, state=b"{}")
        rechain(connection, 12)
        connection.execute(checkpoints.delete())
        reseal(connection)
    assert verify(filled).whole
    damage = verify(filled, witnessed=[kept]).damage
    assert damage is not None
    assert (damage.position, damage.kind) == (SIZE, "checkpoint")


def test_a_log_without_a_head_takes_nothing(filled: Engine) -> None:
    log = SqlEventLog(filled)
    with writing(filled) as connection:
        connection.execute(log_head.delete())
    for act in (log.head, lambda: log.append([event() for _ in range(99)])):
        with pytest.raises(Damaged, match="breakwater verify"):
            act()


def test_random_damage_is_always_found(filled: Engine) -> None:
    """Two hundred changes anywhere, each undone again; an untouched log is never accused."""
    random = Random(20261123)  # noqa: S311 - damage, not secrets
    with filled.connect() as connection:
        kept = rows_of(connection)
    changes = 0
    while changes < 200:
        try:
            with writing(filled) as connection:
                done = damage_at_random(connection, random)
        except IntegrityError:
            continue  # what the schema itself refuses
        changes += 1
        assert verify(filled).damage is not None, done
        with writing(filled) as connection:
            put_back(connection, kept)
        if not changes % 20:
            assert verify(filled).whole


def test_a_reader_that_read_more_than_there_is(filled: Engine) -> None:
    assert verify(filled, readers={"orders": SIZE, "breaks": 3}).whole
    damage = verify(filled, readers={"orders": SIZE + 2, "breaks": 3}).damage
    assert damage is not None
    assert (damage.position, damage.kind) == (SIZE + 1, "projection")
    assert "'orders' has read up to position 62 and the log ends at 60" in damage.what


@pytest.mark.parametrize("column", ["observed_at", "exchange", "outcome", "raw", "digest"])
def test_a_value_of_another_type_in_a_line(sqlite_url: str, column: str) -> None:
    engine = open_database(sqlite_url, durability="off")
    fill(SqlEventLog(engine))
    with writing(engine) as connection:
        drop_triggers(connection)
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        connection.exec_driver_sql(f"UPDATE wire SET {column} = x'ff' WHERE capture_id = 2")  # noqa: S608 - the names above
    damage = verify(engine).damage
    assert damage is not None
    assert damage.kind == "wire"
    engine.dispose()


@pytest.mark.parametrize("change", ["names SET account = x'ff'", "quarantine SET line = 1.5"])
def test_a_value_of_another_type_beside_the_chain(sqlite_url: str, change: str) -> None:
    engine = open_database(sqlite_url, durability="off")
    fill(SqlEventLog(engine))
    with writing(engine) as connection:
        drop_triggers(connection)
        connection.exec_driver_sql(f"UPDATE {change}")
    damage = verify(engine).damage
    assert damage is not None
    assert "of another type" in damage.what
    engine.dispose()


def test_a_writer_at_work_is_not_taken_for_damage(engine: Engine) -> None:
    log = SqlEventLog(engine)
    stop = Event()

    def write() -> None:
        seq = 0
        while not stop.is_set():
            seq += 1
            placed = event(cause=(CAPTURE, seq))
            log.append([placed], wire=[line(seq)], names=[name(placed.stream, f"B-{seq}")])
            if not seq % 10:
                log.checkpoint()

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        reports = [verify(engine) for _ in range(20)]
        stop.set()
        writer.result()
    assert [report.damage for report in reports] == [None] * 20
    assert verify(engine).whole


def test_a_log_of_an_earlier_version_is_sealed_as_it_is(engine: Engine) -> None:
    """Revision 0003 makes the very seals that the append had made."""
    fill(SqlEventLog(engine))

    def sealed() -> set[Any]:
        with engine.connect() as connection:
            return {tuple(row) for row in connection.execute(select(seals))}

    before = sealed()
    downgrade(engine, "0002")
    upgrade(engine)
    assert sealed() == before
    assert verify(engine).whole
    log = SqlEventLog(engine)
    log.append([event()], wire=[line(7, capture="new")], settled=[(OTHER, 2, "read")])
    assert verify(engine).whole


@given(
    states=st.lists(st.binary(max_size=20), min_size=1, max_size=8),
    cut=st.integers(min_value=1, max_value=7),
)
def test_a_chain_does_not_depend_on_batches(states: list[bytes], cut: int) -> None:
    rows = [EventRow(UUID(int=index), 1, "T:1", state) for index, state in enumerate(states)]

    def walk(batches: list[list[EventRow]]) -> tuple[Head, list[Any]]:
        head = Head(0, GENESIS)
        found: list[Any] = []
        for batch in batches:
            linked, head = chained(batch, head, 7, {}, as_bytes=False)
            found += linked
        return head, found

    assert walk([rows]) == walk([rows[:cut], rows[cut:]])


def test_both_databases_make_the_same_chain(sqlite_url: str, postgres_url: str) -> None:
    """Whether Python or the function in PostgreSQL hashed them."""
    heads: set[Head] = set()
    rows = [event(UUID(int=n), state=b"x" * n, cause=(CAPTURE, 1 + n % 2)) for n in range(60)]
    for url in (sqlite_url, postgres_url):
        engine = open_database(url, durability="off")
        log = SqlEventLog(engine, now=lambda: datetime(2026, 11, 21, tzinfo=UTC))
        log.append([], wire=[line(1), line(2)])
        log.append(rows[:5])
        log.append(rows[5:])
        heads.add(log.head())
        assert verify(engine).whole
        assert is_sqlite(engine) == (url == sqlite_url)
        engine.dispose()
    assert len(heads) == 1
