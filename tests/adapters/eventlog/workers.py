"""What the concurrency tests run in processes of their own."""

from __future__ import annotations

from random import Random
from uuid import UUID

from adapters.eventlog.database import open_database
from adapters.eventlog.log import SqlEventLog
from domain.ports import Conflict
from tests.adapters.eventlog.builders import event

SHARED = [UUID(int=n) for n in range(1, 4)]
"""Streams that every writer appends to, so that they collide."""


def write(log: SqlEventLog, seed: int, events: int, batch_max: int) -> dict[str, int]:
    """Append `events` in batches of random size, a part of them to shared streams."""
    random = Random(seed)  # noqa: S311 - sizes, not secrets
    stored = conflicts = 0
    versions = dict.fromkeys(SHARED, 0)
    while stored < events:
        size = min(random.randint(1, batch_max), events - stored)
        rows = [event() for _ in range(size - 1)]
        stream = random.choice(SHARED)
        rows.append(event(stream, versions[stream] + 1, state=b"%d" % seed))
        try:
            log.append(rows)
        except Conflict:
            conflicts += 1
            newest = log.streams([stream])
            versions[stream] = newest[-1].version if newest else 0
        else:
            versions[stream] += 1
            stored += size
    return {"stored": stored, "conflicts": conflicts}


def write_alone(url: str, seed: int, events: int, batch_max: int) -> dict[str, int]:
    """`write`, in a process that opens the database by itself."""
    engine = open_database(url, durability="off")
    try:
        return write(SqlEventLog(engine), seed, events, batch_max)
    finally:
        engine.dispose()
