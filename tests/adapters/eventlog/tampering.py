"""Ways to change a log behind its triggers, and what must be found."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, select, update

from adapters.eventlog.hashing import GENESIS, digest_of, link
from adapters.eventlog.schema import checkpoints, events, log_head, wire

SIZE = 60
HALF = SIZE // 2
NO_LINE = 7
"""Every seventh line caused nothing."""

Step = Callable[[Connection], object]
Tampering = Step | list[Step]


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
    rows: dict[int, dict[str, Any]] = {
        position: dict(
            connection.execute(select(*columns).where(events.c.position == position))
            .mappings()
            .one()
        )
        for position in (one, other)
    }
    edit(connection, one, stream_id=uuid4())
    edit(connection, other, **rows[one])
    edit(connection, one, **rows[other])


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


CORPUS: list[tuple[str, int, str, Tampering]] = [
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
     [lambda c: delete(c, 23, 23), lambda c: renumber(c, 24, -1), lambda c: set_head(c, SIZE - 1)]),
    ("the last event is gone", SIZE, "truncation", lambda c: delete(c, SIZE, SIZE)),
    ("half of the log is gone", 31, "truncation", lambda c: delete(c, 31, SIZE)),
    ("all of the log is gone", 1, "truncation", lambda c: delete(c, 1, SIZE)),
    ("gone before the checkpoint, head moved", 26, "truncation",
     [lambda c: delete(c, 26, SIZE), lambda c: set_head(c, 25)]),
    ("an event is put after the head", SIZE + 1, "edit", lambda c: insert(c, SIZE + 1)),
    ("an event is put in", 23, "insertion",
     [lambda c: renumber(c, 23, 1), lambda c: insert(c, 23), lambda c: set_head(c, SIZE + 1)]),
    ("neighbours change places", 23, "reorder", lambda c: swap(c, 23, 24)),
    ("distant events change places", 5, "reorder", lambda c: swap(c, 5, 50)),
    ("what two events say changes places", 5, "reorder", lambda c: swap_contents(c, 5, 50)),
    ("the chain is written anew from before the checkpoint", HALF, "checkpoint",
     [lambda c: edit(c, 12, state=b"{}"), lambda c: rechain(c, 12)]),
    ("the checkpoint is changed", HALF, "checkpoint",
     lambda c: c.execute(update(checkpoints).values(hash=bytes(32)))),
    ("the head is changed", SIZE, "checkpoint",
     lambda c: c.execute(update(log_head).values(hash=bytes(32)))),
    ("the head is gone", SIZE, "truncation", lambda c: c.execute(log_head.delete())),
    ("the head is set back", 41, "insertion", lambda c: set_head(c, 40)),
    ("the line that caused an event is gone", 23, "wire",
     lambda c: c.execute(wire.delete().where(wire.c.seq == 23))),
    ("the bytes of a line are changed", 23, "wire",
     lambda c: c.execute(update(wire).where(wire.c.seq == 23).values(raw=b"{}"))),
    ("bytes and digest of a line are changed", 23, "edit",
     lambda c: c.execute(update(wire).where(wire.c.seq == 23).values(
         raw=b"{}", digest=digest_of(b"{}")))),
    ("the bytes of a line that caused nothing", 0, "wire",
     lambda c: c.execute(update(wire).where(wire.c.seq == NO_LINE).values(raw=b"{}"))),
]  # fmt: skip


def tamper(connection: Connection, tampering: Tampering) -> None:
    """Do it, step by step."""
    if callable(tampering):
        tampering(connection)
        return
    for step in tampering:
        step(connection)


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
