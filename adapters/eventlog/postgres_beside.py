"""What is stored beside the events on PostgreSQL: lines, names, what was set aside, seals.

Each writes its rows in the transaction that is open, under the lock of the head row, and tells
the seals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg.types.numeric import Int8

from adapters.eventlog.driver import Row
from adapters.eventlog.errors import Damaged
from adapters.eventlog.hashing import digest_of
from adapters.eventlog.postgres_sql import (
    ADD_CHECKPOINT,
    ADD_NAMES,
    ASIDES,
    INSERT_ASIDE,
    INTO_WIRE,
    NEW_REASON,
    NEW_SEAL,
    OTHER_NAMES,
    PUT_MAX,
    SEAL,
    SETTLE,
    Into,
)
from adapters.eventlog.rows import Batch, Head, LineKey, NameRow, QuarantineRow
from adapters.eventlog.seals import (
    Seals,
    aside_mark,
    line_mark,
    name_mark,
    row_mark,
    written,
)
from domain.ports import Conflict

Cursor = psycopg.Cursor[Row]


def add_capture(cursor: Cursor, number: int, name: str, seals: Seals) -> None:
    """A capture that the log has not seen, with the seal of its lines."""
    cursor.execute("INSERT INTO captures (id, name) VALUES (%s, %s)", (number, name))
    cursor.execute(NEW_SEAL, (number, written(0)))
    seals.add("captures", row_mark(number, name))


def add_lines(
    cursor: Cursor, batch: Batch, ids: Mapping[str, int], seals: Seals
) -> dict[LineKey, tuple[int, int, bytes]]:
    """The lines of a batch; by line: capture id, seq and digest."""
    causes: dict[LineKey, tuple[int, int, bytes]] = {}
    rows: list[Row] = []
    for capture, seq, observed_at, exchange, outcome, raw in batch.wire:
        digest = digest_of(raw)
        capture_id = ids[capture]
        causes[capture, seq] = (capture_id, seq, digest)
        rows.append((capture_id, seq, observed_at, exchange, outcome, raw, digest))
        mark = line_mark(capture_id, seq, observed_at, exchange, outcome, digest)
        seals.add("wire", mark, capture_id)
    add_rows(cursor, INTO_WIRE, rows)
    return causes


def settle(
    cursor: Cursor,
    settled: Sequence[tuple[str, int, str]],
    ids: Mapping[str, int],
    seals: Seals,
) -> None:
    """What became of lines that were held."""
    rows = [(ids.get(name, 0), Int8(seq), outcome) for name, seq, outcome in settled]
    found = cursor.execute(SETTLE, columns(rows)).fetchall()
    if len(found) != len(rows):
        raise Conflict("a line to be settled is not held any more; nothing was stored")
    for capture_id, seq, at, exchange, outcome, digest in found:
        held = line_mark(capture_id, seq, at, exchange, "held", digest)
        after = line_mark(capture_id, seq, at, exchange, outcome, digest)
        seals.exchange("wire", held, after, capture_id)


def add_names(cursor: Cursor, names: Sequence[NameRow], seals: Seals) -> None:
    """Names that are free, or belong to the very stream; raise `Conflict` for any other."""
    wanted = columns(names)
    added = cursor.execute(ADD_NAMES, wanted).fetchall()
    for row in added:
        seals.add("names", name_mark(NameRow._make(row)))
    if len(added) != len(names):
        taken = cursor.execute(OTHER_NAMES, wanted).fetchone()
        if taken is not None:
            raise Conflict(f"the name {taken[0]!r} is taken; nothing was stored")


def set_aside(cursor: Cursor, asides: Sequence[QuarantineRow], seals: Seals) -> None:
    """What could not be read; of something that is known, the newest reason counts."""
    rows = cursor.execute(ASIDES, ([aside.key for aside in asides],)).fetchall()
    known = {row[0]: QuarantineRow._make(row) for row in rows}
    for aside in asides:
        before = known.get(aside.key)
        if before is None:
            cursor.execute(INSERT_ASIDE, aside)
            seals.add("quarantine", aside_mark(aside))
            known[aside.key] = aside
        elif before.reason != aside.reason:
            cursor.execute(NEW_REASON, (aside.reason, aside.key))
            after = known[aside.key] = before._replace(reason=aside.reason)
            seals.exchange("quarantine", aside_mark(before), aside_mark(after))


def add_checkpoint(cursor: Cursor, head: Head, recorded_at: int, seals: Seals) -> None:
    """Vouch for the log up to `head`, unless that was done already."""
    row = (*head, recorded_at)
    if cursor.execute(ADD_CHECKPOINT, row).rowcount:
        seals.add("checkpoints", row_mark(*row))


def seal(cursor: Cursor, seals: Seals) -> None:
    """Move the seals as the batch has it."""
    rows = seals.rows()
    if not rows:
        return
    cursor.execute(SEAL, columns(rows))
    if cursor.rowcount != len(rows):
        raise Damaged("a seal of the log is gone; run `breakwater verify`")


def add_rows(cursor: Cursor, into: Into, rows: Sequence[Row]) -> None:
    """A few rows in one message, which has come whole or not at all; many are copied."""
    if len(rows) > PUT_MAX:
        with cursor.copy(into.copy) as copy:
            copy.set_types(into.types)
            for row in rows:
                copy.write_row(row)
    elif rows:
        cursor.execute(into.put, columns(rows))


def columns(rows: Sequence[Row]) -> list[list[Any]]:
    """Rows as lists of values, one for each column."""
    return [list(column) for column in zip(*rows, strict=True)]
