"""Appending on PostgreSQL: positions are given under the lock of the head row.

A small batch is one call of a function in the database, so that the lock is held for one round
trip and the commit. A large one, or one with rarer parts, is a transaction that copies its rows in.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any, Final

import psycopg
from psycopg.types.numeric import Int8
from sqlalchemy import Engine

from adapters.eventlog.driver import Row, connected
from adapters.eventlog.errors import Damaged, UnknownCause
from adapters.eventlog.hashing import chained, digest_of, distinct_causes, passes_multiple
from adapters.eventlog.postgres_beside import (
    add_capture,
    add_checkpoint,
    add_lines,
    add_names,
    add_rows,
    columns,
    seal,
    set_aside,
    settle,
)
from adapters.eventlog.postgres_sql import (
    CAUSES,
    HEAD,
    INTO_EVENTS,
    MOVE_HEAD,
    NAME_KNOWN,
    ONE_TRIP_MAX,
    SCALARS_MAX,
    SHORT_TOPIC_MAX,
    one_trip,
)
from adapters.eventlog.rows import Batch, Head, LineKey
from adapters.eventlog.schema import CHECKPOINT_EVERY
from adapters.eventlog.seals import Seals, line_mark, name_mark
from domain.ports import Conflict

_HEADLESS: Final = "the log has no head, or a seal is gone; run `breakwater verify`"


class PostgresAppend:
    """Stores batches in a database of PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._captures: dict[str, int] = {}

    def append(self, batch: Batch, recorded_at: int) -> int:
        """Store `batch` in a transaction of its own; the position of the last event."""
        if self._is_small(batch):
            try:
                with connected(self._engine) as connection:
                    return self._one_trip(connection, batch, recorded_at)
            except psycopg.DatabaseError as error:
                if error.sqlstate != NAME_KNOWN:
                    raise
        with connected(self._engine, autocommit=False) as connection:
            position = self.store(connection, batch, recorded_at)
            connection.commit()
            return position

    def store(self, connection: psycopg.Connection[Row], batch: Batch, recorded_at: int) -> int:
        """Store `batch` in the transaction that is open; raise `Conflict` if anything is taken."""
        with _conflicts(), connection.cursor(binary=True) as cursor:
            return self._copied(cursor, batch, recorded_at)

    def vouch(self, connection: psycopg.Connection[Row], recorded_at: int) -> Head:
        """Store a checkpoint at the head, in the transaction that is open; the head."""
        with connection.cursor(binary=True) as cursor:
            head = Head(*_row(cursor.execute(HEAD)))
            if head.position:
                seals = Seals()
                add_checkpoint(cursor, head, recorded_at, seals)
                seal(cursor, seals)
            return head

    def _is_small(self, batch: Batch) -> bool:
        return (
            not batch.quarantine
            and not batch.settled
            and len(batch.events) + len(batch.wire) + len(batch.names) <= ONE_TRIP_MAX
            and batch.captures(distinct_causes(batch.events)) <= self._captures.keys()
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
        seals = Seals()
        wire: list[Row] = []
        for capture, seq, at, exchange, outcome, raw in batch.wire:
            wire.append((ids[capture], Int8(seq), Int8(at), exchange, outcome, raw))
            mark = line_mark(ids[capture], seq, at, exchange, outcome, digest_of(raw))
            seals.add("wire", mark, ids[capture])
        for row in batch.names:
            seals.add("names", name_mark(row))
        moved = [(kind, Int8(part), Int8(more), mark) for kind, part, more, mark in seals.rows()]
        groups = (events, causes, wire, batch.names, moved)
        parameters: list[Any] = [Int8(recorded_at)]
        for rows in groups:
            if len(rows) <= SCALARS_MAX:
                parameters.extend(value for column in zip(*rows, strict=True) for value in column)
            else:
                parameters.extend(columns(rows))
        sizes = [len(rows) if len(rows) <= SCALARS_MAX else None for rows in groups]
        with _conflicts(), connection.cursor(binary=True) as cursor:
            return int(_row(cursor.execute(one_trip(*sizes), parameters))[0])

    def _copied(self, cursor: psycopg.Cursor[Row], batch: Batch, recorded_at: int) -> int:
        head = Head(*_row(cursor.execute(HEAD)))
        seals = Seals()
        caused = distinct_causes(batch.events)
        ids = self._capture_ids(cursor, batch, caused, seals)
        causes = add_lines(cursor, batch, ids, seals) if batch.wire else {}
        if batch.settled:
            settle(cursor, batch.settled, ids, seals)
        if batch.names:
            add_names(cursor, batch.names, seals)
        if batch.quarantine:
            set_aside(cursor, batch.quarantine, seals)
        after = head
        if batch.events:
            _look_up(cursor, caused - causes.keys(), ids, causes)
            events, after = chained(batch.events, head, recorded_at, causes, as_bytes=False)
            add_rows(cursor, INTO_EVENTS, events)
            cursor.execute(MOVE_HEAD, after)
            if passes_multiple(head.position, after.position, CHECKPOINT_EVERY):
                add_checkpoint(cursor, after, recorded_at, seals)
        seal(cursor, seals)
        return after.position

    def _capture_ids(
        self, cursor: psycopg.Cursor[Row], batch: Batch, caused: AbstractSet[LineKey], seals: Seals
    ) -> dict[str, int]:
        """The id of each capture that the batch names; new ones are added."""
        if batch.captures(caused) <= self._captures.keys():
            return self._captures
        cursor.execute("SELECT name, id FROM captures")
        known: dict[str, int] = dict(cursor.fetchall())
        # What is known here was committed by someone; what this batch adds may be rolled back.
        self._captures = dict(known)
        for name in sorted(batch.brought() - known.keys()):
            known[name] = len(known) + 1
            add_capture(cursor, known[name], name, seals)
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
        if isinstance(error, psycopg.errors.NoDataFound):
            raise Damaged(_HEADLESS) from error


def _row(cursor: psycopg.Cursor[Row]) -> Row:
    found = cursor.fetchone()
    if found is None:
        raise Damaged(_HEADLESS)
    return found


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
    cursor.execute(CAUSES, columns([(number, Int8(seq)) for number, seq in wanted]))
    for number, seq, digest in cursor.fetchall():
        causes[names[number], seq] = (number, seq, digest)
