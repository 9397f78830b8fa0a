"""Ways to change a log behind its triggers, and what must be found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, select, update

from adapters.eventlog.hashing import GENESIS, link
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.schema import (
    captures,
    events,
    log_head,
    names,
    quarantine,
    seals,
    wire,
)
from migrations.log_seals import found_seals
from tests.adapters.eventlog.builders import CAPTURE, aside, event, line, name

SIZE = 60
HALF = SIZE // 2
NO_LINE = 7
"""Every seventh line caused nothing."""
OTHER = "fourcasters-2026-11-21"
"""A capture of which no line caused anything: two were read, two are held."""
LINES = SIZE + 4

Step = Callable[[Connection], object]
Tampering = Step | list[Step]


def fill(log: SqlEventLog) -> None:
    """Sixty events and their lines and names, with a checkpoint half-way, and all else."""
    for seq in range(1, SIZE + 1):
        placed = event(cause=(CAPTURE, seq) if seq % NO_LINE else None, state=b'{"seq":%d}' % seq)
        log.append([placed], wire=[line(seq)], names=[name(placed.stream, f"B-{seq}")])
        if seq == HALF:
            log.checkpoint()
    rest = [
        line(seq, capture=OTHER, outcome=outcome, exchange=f"x{seq}", raw=b"%d of the other" % seq)
        for seq, outcome in enumerate(("read", "held", "read", "held"), start=1)
    ]
    log.append([], wire=rest, quarantine=[aside("torn"), aside("odd")])


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


def reseal(connection: Connection) -> None:
    """Write every seal anew, as one who knows this program would."""
    connection.execute(seals.delete())
    connection.execute(seals.insert(), found_seals(connection))


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


def other_line(at: int, /, **values: object) -> Step:
    """Change a line of the capture that caused nothing."""
    return lambda c: c.execute(
        update(wire).where(wire.c.capture_id == 2, wire.c.seq == at).values(**values)
    )


def rename(number: int, to: str) -> Step:
    return lambda c: c.execute(update(captures).where(captures.c.id == number).values(name=to))


def name_is(text: str, **values: object) -> Step:
    return lambda c: c.execute(update(names).where(names.c.name == text).values(**values))


def aside_is(text: str, **values: object) -> Step:
    return lambda c: c.execute(update(quarantine).where(quarantine.c.reason == text).values(values))


def put(table: Table, **values: object) -> Step:
    return lambda c: c.execute(table.insert().values(values))


def tamper(connection: Connection, tampering: Tampering) -> None:
    """Do it, step by step."""
    if callable(tampering):
        tampering(connection)
        return
    for step in tampering:
        step(connection)
