"""Appending on SQLite: one immediate transaction, positions taken from the head row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Engine

from adapters.eventlog.driver import Row, connected
from adapters.eventlog.engines import BUSY_S_MAX, write_lock
from adapters.eventlog.errors import Damaged, Unreachable
from adapters.eventlog.hashing import chained, digest_of, distinct_causes, passes_multiple
from adapters.eventlog.rows import Batch, Head, LineKey
from adapters.eventlog.schema import CHECKPOINT_EVERY
from domain.ports import Conflict

_TAKEN: Final = frozenset(
    {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"}
)
_INSERT_EVENT: Final = (
    "INSERT INTO events (position, stream_id, version, topic, state, recorded_at, capture_id, seq,"
    " hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_WIRE: Final = (
    "INSERT INTO wire (capture_id, seq, observed_at, exchange, outcome, raw, digest)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_NAME: Final = (
    "INSERT INTO names (venue, account, kind, name, stream_id) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"
)
_INSERT_QUARANTINE: Final = (
    "INSERT INTO quarantine (key, source, line, capture, seq, reason, raw, observed_at, released)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (key) DO UPDATE SET reason = excluded.reason"
    " WHERE quarantine.reason <> excluded.reason"
)
_SETTLE: Final = "UPDATE wire SET outcome = ? WHERE capture_id = ? AND seq = ? AND outcome = 'held'"
_ADD_CHECKPOINT: Final = (
    "INSERT INTO checkpoints (position, hash, recorded_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
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

    def _store(self, connection: sqlite3.Connection, batch: Batch, recorded_at: int) -> int:
        found = connection.execute("SELECT position, hash FROM log_head").fetchone()
        if found is None:
            raise Damaged("the log has no head; run `breakwater verify`")
        head = Head(*found)
        ids = self._capture_ids(connection, batch)
        causes: dict[LineKey, tuple[int, int, bytes]] = {}
        if batch.wire:
            rows = _wire_rows(batch, ids, causes)
            connection.executemany(_INSERT_WIRE, rows)
        if batch.settled:
            _settle(
                connection, ((outcome, ids.get(name), seq) for name, seq, outcome in batch.settled)
            )
        if batch.names:
            _add_names(connection, [(*row[:4], row.stream.bytes) for row in batch.names])
        if batch.quarantine:
            connection.executemany(_INSERT_QUARANTINE, batch.quarantine)
        if not batch.events:
            return head.position
        for cause in distinct_causes(batch.events) - causes.keys():
            _look_up(connection, cause, ids, causes)
        events, after = chained(batch.events, head, recorded_at, causes, lambda key: key.bytes)
        connection.executemany(_INSERT_EVENT, events)
        connection.execute("UPDATE log_head SET position = ?, hash = ?", after)
        if passes_multiple(head.position, after.position, CHECKPOINT_EVERY):
            connection.execute(_ADD_CHECKPOINT, (*after, recorded_at))
        return after.position

    def _capture_ids(self, connection: sqlite3.Connection, batch: Batch) -> dict[str, int]:
        """The id of each capture that the batch names; new ones are added."""
        needed = batch.captures()
        if needed <= self._captures.keys():
            return self._captures
        known = {name: key for key, name in connection.execute("SELECT id, name FROM captures")}
        # What is known here was committed by someone; what this batch adds may be rolled back.
        self._captures = dict(known)
        for name in sorted(batch.brought() - known.keys()):
            known[name] = len(known) + 1
            connection.execute("INSERT INTO captures (id, name) VALUES (?, ?)", (known[name], name))
        return known


def _wire_rows(
    batch: Batch, ids: dict[str, int], causes: dict[LineKey, tuple[int, int, bytes]]
) -> list[Row]:
    rows: list[Row] = []
    for capture, seq, observed_at, exchange, outcome, raw in batch.wire:
        digest = digest_of(raw)
        capture_id = ids[capture]
        causes[capture, seq] = (capture_id, seq, digest)
        rows.append((capture_id, seq, observed_at, exchange, outcome, raw, digest))
    return rows


def _settle(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    for row in rows:
        if connection.execute(_SETTLE, row).rowcount != 1:
            raise Conflict("a line to be settled is not held any more; nothing was stored")


def _add_names(connection: sqlite3.Connection, rows: list[Row]) -> None:
    added = connection.executemany(_INSERT_NAME, rows).rowcount
    if added == len(rows):
        return
    for row in rows:
        (stream,) = connection.execute(
            "SELECT stream_id FROM names WHERE venue = ? AND account = ? AND kind = ? AND name = ?",
            row[:4],
        ).fetchone()
        if stream != row[4]:
            raise Conflict(f"the name {row[3]!r} is taken; nothing was stored")


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
