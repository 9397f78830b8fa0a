"""Whoever gets past the triggers is found out, and the first bad position is named."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from adapters.eventlog.chain import verify
from adapters.eventlog.driver import is_sqlite
from adapters.eventlog.engines import open_database, writing
from adapters.eventlog.errors import Damaged
from adapters.eventlog.hashing import GENESIS, chained
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.rows import EventRow, Head
from adapters.eventlog.schema import checkpoints, events, log_head
from tests.adapters.eventlog.builders import CAPTURE, event, line
from tests.adapters.eventlog.tampering import (
    CORPUS,
    HALF,
    NO_LINE,
    SIZE,
    Tampering,
    damage_at_random,
    drop_triggers,
    edit,
    rechain,
    tamper,
)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A log of sixty events and their lines, with a checkpoint half-way; triggers dropped."""
    log = SqlEventLog(engine)
    for seq in range(1, SIZE + 1):
        cause = (CAPTURE, seq) if seq % NO_LINE else None
        log.append([event(cause=cause, state=b'{"seq":%d}' % seq)], wire=[line(seq)])
        if seq == HALF:
            log.checkpoint()
    with writing(engine) as connection:
        drop_triggers(connection)
    return engine


def test_an_untouched_log_is_whole(filled: Engine) -> None:
    report = verify(filled)
    assert report.whole
    assert (report.events, report.lines) == (SIZE, SIZE)
    assert report.head == SqlEventLog(filled).head()


def test_an_empty_log_is_whole(engine: Engine) -> None:
    assert verify(engine).head == Head(0, GENESIS)


@pytest.mark.parametrize(
    ("position", "kind", "tampering"),
    [pytest.param(*rest, id=name) for name, *rest in CORPUS],
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
    """A hundred changes, each undone again by a rollback of its own copy of the rows."""
    random = Random(20261121)  # noqa: S311 - damage, not secrets
    for _ in range(100):
        position = random.randint(1, SIZE)
        with filled.connect() as connection:
            kept = connection.execute(select(events).order_by(events.c.position)).mappings().all()
        with writing(filled) as connection:
            expected = damage_at_random(connection, random, position)
        damage = verify(filled).damage
        assert damage is not None
        assert damage.position == expected
        with writing(filled) as connection:
            connection.execute(events.delete())
            connection.execute(events.insert(), [dict(row) for row in kept])
    assert verify(filled).whole


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
            linked, head = chained(batch, head, 7, {}, lambda stream: stream)
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
