"""Whoever gets past the triggers is found out, and the first bad position is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select, update

from adapters.eventlog.chain import verify
from adapters.eventlog.driver import is_sqlite
from adapters.eventlog.engines import open_database, writing
from adapters.eventlog.hashing import GENESIS, chained, link
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.rows import EventRow, Head
from adapters.eventlog.schema import checkpoints, events, log_head, wire
from tests.adapters.eventlog.builders import CAPTURE, event, line

SIZE = 60
HALF = SIZE // 2
NO_LINE = 7
"""Every seventh line caused nothing."""


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


def drop_triggers(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for name in connection.exec_driver_sql(query).scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    query = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    for name, table in connection.exec_driver_sql(query).all():
        connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")


def edit(connection: Connection, at: int, /, **values: object) -> None:
    connection.execute(update(events).where(events.c.position == at).values(**values))


def move(connection: Connection, old: int, new: int) -> None:
    edit(connection, old, position=new)


def swap(connection: Connection, one: int, other: int) -> None:
    for old, new in ((one, -1), (other, one), (-1, other)):
        move(connection, old, new)


def swap_contents(connection: Connection, one: int, other: int) -> None:
    """Exchange what two rows say and leave their hashes where they are."""
    columns = [c for c in events.c if c.name not in {"position", "hash"}]
    rows = {
        position: connection.execute(select(*columns).where(events.c.position == position))
        .one()
        ._mapping
        for position in (one, other)
    }
    edit(connection, one, stream_id=uuid4())
    edit(connection, other, **rows[one])  # type: ignore[arg-type] # column names
    edit(connection, one, **rows[other])  # type: ignore[arg-type] # column names


def delete(connection: Connection, first: int, last: int) -> None:
    connection.execute(events.delete().where(events.c.position.between(first, last)))


def renumber(connection: Connection, first: int, step: int) -> None:
    """Close or open a gap, as one who knows SQL would."""
    rows = select(events.c.position).where(events.c.position >= first)
    positions = sorted(connection.execute(rows).scalars(), reverse=step > 0)
    for position in positions:
        move(connection, position, position + step)


def insert(connection: Connection, position: int, **values: object) -> None:
    row = {
        "position": position,
        "stream_id": uuid4(),
        "version": 1,
        "topic": "Cancelled:1",
        "state": b"{}",
        "recorded_at": 1,
        "hash": GENESIS,
    }
    connection.execute(events.insert(), {**row, **values})


def set_head(connection: Connection, position: int) -> None:
    """Move the head to an event that exists."""
    found = connection.execute(select(events.c.hash).where(events.c.position == position))
    connection.execute(update(log_head).values(position=position, hash=found.scalar_one()))


def rechain(connection: Connection, first: int) -> None:
    """Write every hash from `first` on anew, as one who knows this program would."""
    rows = connection.execute(
        select(events, wire.c.digest)
        .outerjoin(wire, (wire.c.capture_id == events.c.capture_id) & (wire.c.seq == events.c.seq))
        .order_by(events.c.position)
    ).all()
    before = GENESIS
    for row in rows:
        if row.position >= first:
            digest = GENESIS if row.capture_id is None else row.digest
            stream: UUID = row.stream_id
            covered = (
                row.position, stream.bytes, row.version, row.recorded_at,
                row.topic.encode(), digest, row.state,
            )  # fmt: skip
            before = link(before, covered)
            edit(connection, row.position, hash=before)
        else:
            before = row.hash
    connection.execute(update(log_head).values(position=rows[-1].position, hash=before))


Tamper = Callable[[Connection], None]

CORPUS: list[tuple[str, int, str, Tamper]] = [
    ("the content of the first event", 1, "edit", lambda c: edit(c, 1, state=b"{}")),
    ("the content of an event", 23, "edit", lambda c: edit(c, 23, state=b'{"seq":99}')),
    ("one bit of the last event", SIZE, "edit", lambda c: edit(c, SIZE, state=b'{"seq":61}')),
    ("the kind of an event", 23, "edit", lambda c: edit(c, 23, topic="Cancelled:1")),
    ("the stream of an event", 23, "edit", lambda c: edit(c, 23, stream_id=uuid4())),
    ("the version of an event", 23, "edit", lambda c: edit(c, 23, version=2)),
    ("the time of an event", 23, "edit", lambda c: edit(c, 23, recorded_at=5)),
    ("the cause of an event", 23, "edit", lambda c: edit(c, 23, seq=24)),
    ("an event loses its cause", 23, "edit", lambda c: edit(c, 23, capture_id=None, seq=None)),
    ("an event gets a cause", 21, "edit", lambda c: edit(c, 21, capture_id=1, seq=21)),
    ("a hash", 23, "altered", lambda c: edit(c, 23, hash=bytes(32))),
    ("an event moves a byte from kind to state", 23, "edit",
     lambda c: edit(c, 23, topic="OrderPlaced:", state=b'1{"seq":23}')),
    ("the first event is gone", 1, "deletion", lambda c: delete(c, 1, 1)),
    ("an event is gone", 23, "deletion", lambda c: delete(c, 23, 23)),
    ("several events are gone", 23, "deletion", lambda c: delete(c, 23, 29)),
    ("an event is gone and the gap closed", 23, "altered",
     lambda c: (delete(c, 23, 23), renumber(c, 24, -1), set_head(c, SIZE - 1))[-1]),
    ("the last event is gone", SIZE, "truncation", lambda c: delete(c, SIZE, SIZE)),
    ("half of the log is gone", 31, "truncation", lambda c: delete(c, 31, SIZE)),
    ("all of the log is gone", 1, "truncation", lambda c: delete(c, 1, SIZE)),
    ("gone before the checkpoint, head moved", 26, "truncation",
     lambda c: (delete(c, 26, SIZE), set_head(c, 25))[-1]),
    ("an event is put after the head", SIZE + 1, "edit", lambda c: insert(c, SIZE + 1)),
    ("an event is put in", 23, "insertion",
     lambda c: (renumber(c, 23, 1), insert(c, 23), set_head(c, SIZE + 1))[-1]),
    ("neighbours change places", 23, "reorder", lambda c: swap(c, 23, 24)),
    ("distant events change places", 5, "reorder", lambda c: swap(c, 5, 50)),
    ("what two events say changes places", 5, "reorder", lambda c: swap_contents(c, 5, 50)),
    ("the chain is written anew from before the checkpoint", HALF, "checkpoint",
     lambda c: (edit(c, 12, state=b"{}"), rechain(c, 12))[-1]),
    ("the checkpoint is changed", HALF, "checkpoint",
     lambda c: c.execute(update(checkpoints).values(hash=bytes(32))) and None),
    ("the head is changed", SIZE, "checkpoint",
     lambda c: c.execute(update(log_head).values(hash=bytes(32))) and None),
    ("the head is gone", SIZE, "truncation", lambda c: c.execute(log_head.delete()) and None),
    ("the head is set back", 41, "insertion", lambda c: set_head(c, 40)),
    ("the line that caused an event is gone", 23, "wire",
     lambda c: c.execute(wire.delete().where(wire.c.seq == 23)) and None),
    ("the bytes of a line are changed", 23, "wire",
     lambda c: c.execute(update(wire).where(wire.c.seq == 23).values(raw=b"{}")) and None),
    ("bytes and digest of a line are changed", 23, "edit",
     lambda c: c.execute(update(wire).where(wire.c.seq == 23).values(
         raw=b"{}", digest=link(b"", (0, bytes(16), 0, 0, b"", b"", b"")))) and None),
    ("the bytes of a line that caused nothing", 0, "wire",
     lambda c: c.execute(update(wire).where(wire.c.seq == NO_LINE).values(raw=b"{}")) and None),
]  # fmt: skip


def test_an_untouched_log_is_whole(filled: Engine) -> None:
    report = verify(filled)
    assert report.whole
    assert (report.events, report.lines) == (SIZE, SIZE)
    assert report.head == SqlEventLog(filled).head()


def test_an_empty_log_is_whole(engine: Engine) -> None:
    assert verify(engine).head == Head(0, GENESIS)


@pytest.mark.parametrize(
    ("position", "kind", "tamper"),
    [pytest.param(*rest, id=name) for name, *rest in CORPUS],
)
def test_a_change_is_found_where_it_begins(
    filled: Engine, position: int, kind: str, tamper: Tamper
) -> None:
    with writing(filled) as connection:
        tamper(connection)
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


def test_random_damage_is_always_found(filled: Engine) -> None:
    """A hundred changes, each undone again by a rollback of its own copy of the rows."""
    random = Random(20261121)
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


def damage_at_random(connection: Connection, random: Random, position: int) -> int:
    """Change something at `position`; where it must be found."""
    match random.randrange(6):
        case 0:
            size = random.randint(0, 40)
            edit(connection, position, state=random.randbytes(size))
        case 1:
            edit(connection, position, version=random.randint(2, 2**40))
        case 2:
            edit(
                connection, position, topic="".join(random.choices("abc:1", k=random.randint(0, 9)))
            )
        case 3:
            delete(connection, position, random.randint(position, SIZE))
        case 4:
            other = random.choice([each for each in range(1, SIZE + 1) if each != position])
            swap(connection, position, other)
            return min(position, other)
        case _:
            edit(connection, position, recorded_at=random.randint(0, 2**50))
    return position


@given(
    states=st.lists(st.binary(max_size=20), min_size=1, max_size=8),
    cut=st.integers(min_value=1, max_value=7),
)
def test_a_chain_does_not_depend_on_batches(states: list[bytes], cut: int) -> None:
    rows = [EventRow(UUID(int=index), 1, "T:1", state) for index, state in enumerate(states)]

    def walk(batches: list[list[EventRow]]) -> tuple[Head, list[Any]]:
        head, found = Head(0, GENESIS), []
        for batch in batches:
            linked, head = chained(batch, head, 7, {}, lambda stream: stream)
            found += linked
        return head, found

    assert walk([rows]) == walk([rows[:cut], rows[cut:]])


def test_both_databases_make_the_same_chain(sqlite_url: str, postgres_url: str) -> None:
    """Whether Python or the function in PostgreSQL hashed them."""
    heads = set()
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
