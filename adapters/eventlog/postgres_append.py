"""Appending on PostgreSQL: positions are given under the lock of the head row.

A small batch is one call of a function in the database, so that the lock is held for one round
trip and the commit. A large one, or one with rarer parts, is a transaction that copies its rows in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from psycopg.types.numeric import Int8
from sqlalchemy import Engine

from adapters.eventlog.driver import Row, connected
from adapters.eventlog.errors import Damaged, UnknownCause
from adapters.eventlog.hashing import chained, digest_of, distinct_causes, passes_multiple
from adapters.eventlog.postgres_sql import (
    ADD_CHECKPOINT,
    ADD_NAMES,
    CAUSES,
    COPY_EVENTS,
    COPY_WIRE,
    EVENT_TYPES,
    HEAD,
    MOVE_HEAD,
    ONE_TRIP_MAX,
    OTHER_NAMES,
    QUARANTINE,
    SCALARS_MAX,
    SETTLE,
    SHORT_TOPIC_MAX,
    WIRE_TYPES,
    one_trip,
)
from adapters.eventlog.rows import Batch, Head, LineKey
from adapters.eventlog.schema import CHECKPOINT_EVERY
from domain.ports import Conflict


class PostgresAppend:
    """Stores batches in a database of PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._captures: dict[str, int] = {}

    def append(self, batch: Batch, recorded_at: int) -> int:
        """Store `batch` in a transaction of its own; the position of the last event."""
        if self._is_small(batch):
            with connected(self._engine) as connection:
                return self._one_trip(connection, batch, recorded_at)
        with connected(self._engine, autocommit=False) as connection:
            position = self.store(connection, batch, recorded_at)
            connection.commit()
            return position

    def store(self, connection: psycopg.Connection[Row], batch: Batch, recorded_at: int) -> int:
        """Store `batch` in the transaction that is open; raise `Conflict` if anything is taken."""
        with _conflicts(), connection.cursor(binary=True) as cursor:
            return self._copied(cursor, batch, recorded_at)

    def _is_small(self, batch: Batch) -> bool:
        return (
            not batch.quarantine
            and not batch.settled
            and len(batch.events) + len(batch.wire) + len(batch.names) <= ONE_TRIP_MAX
            and batch.captures() <= self._captures.keys()
            and all(len(row.topic) <= SHORT_TOPIC_MAX for row in batch.events)
        )

    def _one_trip(self, connection: psycopg.Connection[Row], batch: Batch, recorded_at: int) -> int:
        ids = self._captures
        events = [(row[0], Int8(row[1]), row[2], row[3]) for row in batch.events]
        causes: list[Row] = []
        if any(row.cause is not None for row in batch.events):
            causes = [
                (None, None) if cause is None else (ids[cause[0]], Int8(cause[1]))
                for *_, cause in batch.events
            ]
        wire = [
            (ids[row.capture], Int8(row.seq), Int8(row.observed_at), *row[3:]) for row in batch.wire
        ]
        groups = (events, causes, wire, batch.names)
        parameters: list[Any] = [Int8(recorded_at)]
        for rows in groups:
            if len(rows) <= SCALARS_MAX:
                parameters.extend(value for column in zip(*rows, strict=True) for value in column)
            else:
                parameters.extend(_columns(rows))
        sizes = [len(rows) if len(rows) <= SCALARS_MAX else None for rows in groups]
        with _conflicts(), connection.cursor(binary=True) as cursor:
            return int(_row(cursor.execute(one_trip(*sizes), parameters))[0])

    def _copied(self, cursor: psycopg.Cursor[Row], batch: Batch, recorded_at: int) -> int:
        head = Head(*_row(cursor.execute(HEAD)))
        ids = self._capture_ids(cursor, batch)
        causes: dict[LineKey, tuple[int, int, bytes]] = {}
        if batch.wire:
            wire: list[Row] = []
            for capture, seq, observed_at, exchange, outcome, raw in batch.wire:
                digest = digest_of(raw)
                causes[capture, seq] = (ids[capture], seq, digest)
                wire.append((ids[capture], seq, observed_at, exchange, outcome, raw, digest))
            _copy(cursor, COPY_WIRE, WIRE_TYPES, wire)
        _add_rest(cursor, batch, ids)
        if not batch.events:
            return head.position
        _look_up(cursor, distinct_causes(batch.events) - causes.keys(), ids, causes)
        events, after = chained(batch.events, head, recorded_at, causes, lambda stream: stream)
        _copy(cursor, COPY_EVENTS, EVENT_TYPES, events)
        cursor.execute(MOVE_HEAD, after)
        if passes_multiple(head.position, after.position, CHECKPOINT_EVERY):
            cursor.execute(ADD_CHECKPOINT, (*after, recorded_at))
        return after.position

    def _capture_ids(self, cursor: psycopg.Cursor[Row], batch: Batch) -> dict[str, int]:
        """The id of each capture that the batch names; new ones are added."""
        if batch.captures() <= self._captures.keys():
            return self._captures
        cursor.execute("SELECT name, id FROM captures")
        known: dict[str, int] = dict(cursor.fetchall())
        # What is known here was committed by someone; what this batch adds may be rolled back.
        self._captures = dict(known)
        for name in sorted(batch.brought() - known.keys()):
            known[name] = len(known) + 1
            cursor.execute("INSERT INTO captures (id, name) VALUES (%s, %s)", (known[name], name))
        return known


class _conflicts:  # noqa: N801 - used as a word in a `with`
    """Turns the database's refusals into ours."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, psycopg.errors.UniqueViolation):
            detail = error.diag.message_detail or error.diag.message_primary
            raise Conflict(f"taken already ({detail}); nothing was stored") from error
        if isinstance(error, psycopg.errors.ForeignKeyViolation):
            raise UnknownCause(f"{error.diag.message_primary} in the log") from error


def _row(cursor: psycopg.Cursor[Row]) -> Row:
    found = cursor.fetchone()
    if found is None:
        raise Damaged("the log has no head; run `breakwater verify`")
    return found


def _copy(
    cursor: psycopg.Cursor[Row],
    statement: LiteralString,
    types: Sequence[str],
    rows: Sequence[Row],
) -> None:
    with cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _columns(rows: Sequence[Row]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _add_rest(cursor: psycopg.Cursor[Row], batch: Batch, ids: dict[str, int]) -> None:
    """Settled lines, names, and what was set aside."""
    if batch.settled:
        rows = [(ids.get(name, 0), Int8(seq), outcome) for name, seq, outcome in batch.settled]
        cursor.execute(SETTLE, _columns(rows))
        if cursor.rowcount != len(rows):
            raise Conflict("a line to be settled is not held any more; nothing was stored")
    if batch.names:
        columns = _columns(batch.names)
        cursor.execute(ADD_NAMES, columns)
        if cursor.rowcount != len(batch.names):
            taken = cursor.execute(OTHER_NAMES, columns).fetchone()
            if taken is not None:
                raise Conflict(f"the name {taken[0]!r} is taken; nothing was stored")
    if batch.quarantine:
        cursor.executemany(QUARANTINE, batch.quarantine)


def _look_up(
    cursor: psycopg.Cursor[Row],
    missing: set[LineKey],
    ids: dict[str, int],
    causes: dict[LineKey, tuple[int, int, bytes]],
) -> None:
    """Causes that earlier batches brought."""
    wanted = [(ids[name], seq) for name, seq in missing if name in ids]
    if not wanted:
        return
    names = {number: name for name, number in ids.items()}
    cursor.execute(CAUSES, _columns([(number, Int8(seq)) for number, seq in wanted]))
    for number, seq, digest in cursor.fetchall():
        causes[names[number], seq] = (number, seq, digest)
