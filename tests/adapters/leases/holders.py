"""What the lease tests run in processes of their own: holders that work, stop and are killed."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from functools import partial

from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, insert, select, update

from adapters.eventlog.database import open_database, reading, writing
from adapters.leases.schema import leases as table
from adapters.leases.store import Lease, LeaseLost, Leases, guard, new_holder, now_us

NAME = "work"
LONG = timedelta(minutes=5)
SHORT = timedelta(milliseconds=200)
WRITTEN = Table("written", MetaData(), Column("token", Integer), Column("holder", Text))
"""What was written on the strength of the lease, in the order of commits."""


def leases_in(engine: Engine) -> Leases:
    """The leases of a database, with a table to write to."""
    WRITTEN.metadata.create_all(engine)
    return Leases(partial(reading, engine), partial(writing, engine))


def write(engine: Engine, lease: Lease) -> None:
    """Write one row on the strength of `lease`, or raise `LeaseLost`."""
    with writing(engine) as connection:
        guard(connection, lease)
        connection.execute(insert(WRITTEN), {"token": lease.token, "holder": lease.holder})


def acquired(leases: Leases, holder: str = "a", lasts: timedelta = LONG) -> Lease:
    """The lease, which nobody else has."""
    lease = leases.acquire(NAME, holder, lasts)
    assert lease is not None
    return lease


def end(engine: Engine) -> None:
    """The lease's time passes."""
    with writing(engine) as connection:
        connection.execute(update(table).values(expires_at=now_us(connection)))


def move_clock(engine: Engine, by: timedelta) -> None:
    """The database's clock is set: seen from the row, its times move the other way."""
    shift = by // timedelta(microseconds=1)
    with writing(engine) as connection:
        connection.execute(
            update(table).values(
                renewed_at=table.c.renewed_at - shift, expires_at=table.c.expires_at - shift
            )
        )


def written(engine: Engine) -> list[tuple[int, str]]:
    """Token and holder of every row, in the order of commits."""
    with writing(engine) as connection:
        return [(row.token, row.holder) for row in connection.execute(select(WRITTEN))]


def work(url: str, lasts_ms: int, rows: int) -> None:
    """Acquire, tell the token, and write until `rows` are written or the lease is lost."""
    engine = open_database(url, durability="off")
    leases = Leases(partial(reading, engine), partial(writing, engine))
    holder, lasts = new_holder(), timedelta(milliseconds=lasts_ms)
    while (lease := leases.acquire(NAME, holder, lasts)) is None:
        time.sleep(0.01)
    sys.stdout.write(f"{lease.token}\n")
    sys.stdout.flush()
    try:
        for _ in range(rows):
            write(engine, lease)
            leases.renew(lease, lasts)
        leases.release(lease)
    except LeaseLost:
        sys.stdout.write("lost\n")
        sys.exit(3)
    finally:
        engine.dispose()


if __name__ == "__main__":
    work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
