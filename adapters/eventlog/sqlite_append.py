"""Appending on SQLite: one immediate transaction, positions taken from the head row."""

from __future__ import annotations

import sqlite3
from collections.abc import Set as AbstractSet
from typing import Final

from sqlalchemy import Engine

from adapters.eventlog.driver import connected
from adapters.eventlog.engines import BUSY_S_MAX, write_lock
from adapters.eventlog.errors import Damaged, Unreachable
from adapters.eventlog.hashing import chained, distinct_causes, passes_multiple
from adapters.eventlog.rows import Batch, Head, LineKey
from adapters.eventlog.schema import CHECKPOINT_EVERY
from adapters.eventlog.seals import Seals
from adapters.eventlog.sqlite_beside import (
    add_capture,
    add_checkpoint,
    add_lines,
    add_names,
    seal,
    set_aside,
    settle,
)
from domain.ports import Conflict

_TAKEN: Final = frozenset(
    {
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_CONSTRAINT_ROWID",
        "SQLITE_CONSTRAINT_TRIGGER",
    }
)
_INSERT_EVENT: Final = (
    "INSERT INTO events (position, stream_id, version, topic, state, recorded_at, capture_id, seq,"
    " hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class SqliteAppend:
    """Stores batches in a file of SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._captures: dict[str, int] = {}

    def append(self, batch: Batch, recorded_at: int) -> int:
        """Store `batch` in a transaction of its own; the position of the last event."""
        lock = write_lock(self._engine)
        if not lock.acquire(timeout=BUSY_S_MAX):
            raise Unreachable("another part of this program writes for too long; try again")
        try:
            with connected(self._engine) as connection:
                connection.execute("BEGIN IMMEDIATE")
                position = self.store(connection, batch, recorded_at)
                connection.execute("COMMIT")
                return position
        finally:
            lock.release()

    def store(self, connection: sqlite3.Connection, batch: Batch, recorded_at: int) -> int:
        """Store `batch` in the transaction that is open; raise `Conflict` if anything is taken."""
        try:
            return self._store(connection, batch, recorded_at)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorname in _TAKEN:
                raise Conflict(f"taken already ({error}); nothing was stored") from error
            raise

    def vouch(self, connection: sqlite3.Connection, recorded_at: int) -> Head:
        """Store a checkpoint at the head, in the transaction that is open; the head."""
        head = _head(connection)
        if head.position:
            seals = Seals()
            add_checkpoint(connection, head, recorded_at, seals)
            seal(connection, seals)
        return head

    def _store(self, connection: sqlite3.Connection, batch: Batch, recorded_at: int) -> int:
        head = _head(connection)
        seals = Seals()
        caused = distinct_causes(batch.events)
        ids = self._capture_ids(connection, batch, caused, seals)
        causes = add_lines(connection, batch, ids, seals) if batch.wire else {}
        if batch.settled:
            rows = ((outcome, ids.get(name), seq) for name, seq, outcome in batch.settled)
            settle(connection, rows, seals)
        if batch.names:
            add_names(connection, batch.names, seals)
        if batch.quarantine:
            set_aside(connection, batch.quarantine, seals)
        after = head
        if batch.events:
            for cause in caused - causes.keys():
                _look_up(connection, cause, ids, causes)
            events, after = chained(batch.events, head, recorded_at, causes, as_bytes=True)
            connection.executemany(_INSERT_EVENT, events)
            connection.execute("UPDATE log_head SET position = ?, hash = ?", after)
            if passes_multiple(head.position, after.position, CHECKPOINT_EVERY):
                add_checkpoint(connection, after, recorded_at, seals)
        seal(connection, seals)
        return after.position

    def _capture_ids(
        self,
        connection: sqlite3.Connection,
        batch: Batch,
        caused: AbstractSet[LineKey],
        seals: Seals,
    ) -> dict[str, int]:
        """The id of each capture that the batch names; new ones are added."""
        if batch.captures(caused) <= self._captures.keys():
            return self._captures
        known = {name: key for key, name in connection.execute("SELECT id, name FROM captures")}
        # What is known here was committed by someone; what this batch adds may be rolled back.
        self._captures = dict(known)
        for name in sorted(batch.brought() - known.keys()):
            known[name] = len(known) + 1
            add_capture(connection, known[name], name, seals)
        return known


def _head(connection: sqlite3.Connection) -> Head:
    found = connection.execute("SELECT position, hash FROM log_head").fetchone()
    if found is None:
        raise Damaged("the log has no head; run `breakwater verify`")
    return Head(*found)


def _look_up(
    connection: sqlite3.Connection,
    cause: LineKey,
    ids: dict[str, int],
    causes: dict[LineKey, tuple[int, int, bytes]],
) -> None:
    """A cause that an earlier batch brought."""
    name, seq = cause
    if name in ids:
        found = connection.execute(
            "SELECT digest FROM wire WHERE capture_id = ? AND seq = ?", (ids[name], seq)
        ).fetchone()
        if found is not None:
            causes[cause] = (ids[name], seq, found[0])
