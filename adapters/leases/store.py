"""Leases in a database: who may do what must not be done twice, until when, and with which token.

A lease is in force while its time is not over *by the database's clock*: the clocks of the hosts
that compete for it do not matter. Its token grows with every change of holder. Whoever writes on
the strength of a lease calls `guard` first, in the same transaction: a holder that was paused and
wakes up when its time is over is refused there, whatever it believes, and nobody can take the lease
over before that transaction has ended.

    lease = leases.acquire("run", new_holder(), timedelta(seconds=15))
    if lease is not None:
        with keeping(leases, lease, timedelta(seconds=15)) as kept:  # renews in the background
            while not kept.lost.is_set():
                with writing(engine) as connection:
                    guard(connection, lease)  # raises LeaseLost: nothing is written
                    ...
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Connection, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from adapters.leases.schema import leases

Connecting = Callable[[], AbstractContextManager[Connection]]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SET_BACK_US_MAX: Final = 2_000_000
"""A clock that is corrected by less ends no lease; by more, and every lease is over at once."""
# `clock_timestamp`, not `now`: a transaction that waited for a lock must not go by its beginning.
_POSTGRES_NOW: Final = "(extract(epoch from clock_timestamp()) * 1000000)::bigint"
_SQLITE_NOW: Final = "(CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000)"


class LeaseLost(Exception):
    """The lease is over, or another has it: what was to be done with it must not be done."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as it was given: `token` is higher than that of everybody who held it before."""

    name: str
    holder: str
    token: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A lease as the table has it, by the database's clock. `holder` None: nobody has it."""

    name: str
    holder: str | None
    token: int
    acquired_at: datetime
    renewed_at: datetime
    expires_at: datetime
    in_force: bool


def new_holder() -> str:
    """A name for this process that no other one has, and that tells a person where to look."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class Leases:
    """The leases of one database."""

    def __init__(self, reading: Connecting, writing: Connecting) -> None:
        self._reading = reading
        self._writing = writing

    def acquire(self, name: str, holder: str, lasts: timedelta) -> Lease | None:
        """Take the lease for so long; None while another has it. Its holder gets it again."""
        if lasts <= timedelta(0):
            raise ValueError("a lease must last for some time")
        with self._writing() as connection:
            _make_row(connection, name)
            # Waits for guarded transactions that are under way: they were allowed to end.
            query = select(leases).where(leases.c.name == name).with_for_update()
            row = connection.execute(query).one()
            now = now_us(connection)
            in_force = row.holder is not None and _in_force(row.renewed_at, row.expires_at, now)
            if in_force and row.holder != holder:
                return None
            again = in_force and row.holder == holder
            token = row.token if again else row.token + 1
            values = {
                "holder": holder,
                "token": token,
                "acquired_at": row.acquired_at if again else now,
                "renewed_at": now,
                "expires_at": now + lasts // _MICROSECOND,
            }
            connection.execute(update(leases).where(leases.c.name == name).values(values))
        return Lease(name, holder, token)

    def renew(self, lease: Lease, lasts: timedelta) -> None:
        """Hold it for so long from now; raise `LeaseLost` when it is over, also if it is free."""
        with self._writing() as connection:
            now = _clock(connection)
            change = (
                update(leases)
                .where(
                    *_held(lease),
                    leases.c.renewed_at <= now + _SET_BACK_US_MAX,
                    leases.c.expires_at > now,
                )
                .values(renewed_at=now, expires_at=now + lasts // _MICROSECOND)
            )
            renewed = connection.execute(change).rowcount
        if renewed != 1:
            raise _lost(lease)

    def release(self, lease: Lease) -> None:
        """Let another have it at once; nothing happens when it is lost already."""
        with self._writing() as connection:
            now = now_us(connection)
            change = update(leases).where(*_held(lease))
            connection.execute(change.values(holder=None, expires_at=now))

    def listed(self) -> Iterator[Standing]:
        """Every lease that there ever was, by name."""
        with self._reading() as connection:
            now = now_us(connection)
            for row in connection.execute(select(leases).order_by(leases.c.name)):
                yield Standing(
                    row.name,
                    row.holder,
                    row.token,
                    _moment(row.acquired_at),
                    _moment(row.renewed_at),
                    _moment(row.expires_at),
                    row.holder is not None and _in_force(row.renewed_at, row.expires_at, now),
                )


def guard(connection: Connection, lease: Lease) -> None:
    """Return when `lease` is in force and stays ours until this transaction ends; else `LeaseLost`.

    Call it in the transaction that writes, before anything is written. On PostgreSQL the lease
    cannot change hands until the transaction is over, and renewing goes on meanwhile; on SQLite the
    writing transaction excludes every other writer.
    """
    query = select(leases.c.renewed_at, leases.c.expires_at).where(*_held(lease))
    # KEY SHARE: in the way of a new holder, who locks FOR UPDATE, not of the one who renews.
    row = connection.execute(query.with_for_update(read=True, key_share=True)).one_or_none()
    if row is None or not _in_force(row.renewed_at, row.expires_at, now_us(connection)):
        raise _lost(lease)


def now_us(connection: Connection) -> int:
    """The time by the database's clock, in microseconds since the epoch."""
    return int(connection.execute(select(_clock(connection))).scalar_one())


def _in_force(renewed_at: int, expires_at: int, now: int) -> bool:
    """A clock that was set back far gives nobody a lease without end: then it is over."""
    return renewed_at - _SET_BACK_US_MAX <= now < expires_at


def _clock(connection: Connection) -> ColumnElement[int]:
    sqlite = connection.dialect.name == "sqlite"
    return literal_column(_SQLITE_NOW if sqlite else _POSTGRES_NOW, BigInteger)


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return (
        leases.c.name == lease.name,
        leases.c.holder == lease.holder,
        leases.c.token == lease.token,
    )


def _make_row(connection: Connection, name: str) -> None:
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgres_insert
    free: dict[str, Any] = {"name": name, "holder": None, "token": 0}
    times = dict.fromkeys(("acquired_at", "renewed_at", "expires_at"), 0)
    connection.execute(insert(leases).values({**free, **times}).on_conflict_do_nothing())


def _lost(lease: Lease) -> LeaseLost:
    return LeaseLost(
        f"the lease {lease.name!r} is not ours any more (token {lease.token}): another process may "
        "do this work by now; nothing was written. `breakwater doctor` shows who holds it"
    )


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
