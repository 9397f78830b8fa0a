"""What is stored beside the events on SQLite: lines, names, what was set aside, seals.

Each writes its rows in the transaction that is open and tells the seals. Rows that are there
already are looked for, not run into: a trigger refuses them, whatever the statement says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from adapters.eventlog.driver import Row
from adapters.eventlog.errors import Damaged
from adapters.eventlog.hashing import digest_of
from adapters.eventlog.rows import Batch, Head, LineKey, NameRow, QuarantineRow
from adapters.eventlog.seals import (
    Seals,
    aside_mark,
    line_mark,
    name_mark,
    read,
    row_mark,
    written,
)
from domain.ports import Conflict

_INSERT_WIRE: Final = (
    "INSERT INTO wire (capture_id, seq, observed_at, exchange, outcome, raw, digest)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_NAME: Final = (
    "INSERT INTO names (venue, account, kind, name, stream_id) VALUES (?, ?, ?, ?, ?)"
)
_STREAM_OF: Final = (
    "SELECT stream_id FROM names WHERE venue = ? AND account = ? AND kind = ? AND name = ?"
)
_ASIDE: Final = (
    "SELECT key, source, line, capture, seq, reason, raw, observed_at, released"
    " FROM quarantine WHERE key = ?"
)
_INSERT_ASIDE: Final = (
    "INSERT INTO quarantine (key, source, line, capture, seq, reason, raw, observed_at, released)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SETTLE: Final = (
    "UPDATE wire SET outcome = ? WHERE capture_id = ? AND seq = ? AND outcome = 'held'"
    " RETURNING capture_id, seq, observed_at, exchange, digest"
)


def add_capture(connection: sqlite3.Connection, number: int, name: str, seals: Seals) -> None:
    """A capture that the log has not seen, with the seal of its lines."""
    connection.execute("INSERT INTO captures (id, name) VALUES (?, ?)", (number, name))
    connection.execute("INSERT INTO seals VALUES ('wire', ?, 0, ?)", (number, written(0)))
    seals.add("captures", row_mark(number, name))


def add_lines(
    connection: sqlite3.Connection, batch: Batch, ids: Mapping[str, int], seals: Seals
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
    connection.executemany(_INSERT_WIRE, rows)
    return causes


def settle(connection: sqlite3.Connection, rows: Iterable[Row], seals: Seals) -> None:
    """What became of lines that were held."""
    for outcome, number, place in rows:
        found = connection.execute(_SETTLE, (outcome, number, place)).fetchall()
        if len(found) != 1:
            raise Conflict("a line to be settled is not held any more; nothing was stored")
        capture_id, seq, at, exchange, digest = found[0]
        held = line_mark(capture_id, seq, at, exchange, "held", digest)
        after = line_mark(capture_id, seq, at, exchange, outcome, digest)
        seals.exchange("wire", held, after, capture_id)


def add_names(connection: sqlite3.Connection, names: Sequence[NameRow], seals: Seals) -> None:
    """Names that are free, or belong to the very stream; raise `Conflict` for any other."""
    rows = [(*row[:4], row.stream.bytes) for row in names]
    start = 0
    while start < len(rows):
        before = connection.total_changes
        try:
            connection.executemany(_INSERT_NAME, rows[start:])
        except sqlite3.IntegrityError:
            added = connection.total_changes - before
            taken = rows[start + added]
            found = connection.execute(_STREAM_OF, taken[:4]).fetchone()
            if found is None:
                raise
            if found[0] != taken[4]:
                raise Conflict(f"the name {taken[3]!r} is taken; nothing was stored") from None
        else:
            added = len(rows) - start
        for row in names[start : start + added]:
            seals.add("names", name_mark(row))
        start += added + 1


def set_aside(
    connection: sqlite3.Connection, asides: Sequence[QuarantineRow], seals: Seals
) -> None:
    """What could not be read; of something that is known, the newest reason counts."""
    for aside in asides:
        found = connection.execute(_ASIDE, (aside.key,)).fetchone()
        if found is None:
            connection.execute(_INSERT_ASIDE, aside)
            seals.add("quarantine", aside_mark(aside))
            continue
        known = QuarantineRow._make(found)
        if known.reason != aside.reason:
            connection.execute(
                "UPDATE quarantine SET reason = ? WHERE key = ?", (aside.reason, aside.key)
            )
            after = known._replace(reason=aside.reason)
            seals.exchange("quarantine", aside_mark(known), aside_mark(after))


def add_checkpoint(
    connection: sqlite3.Connection, head: Head, recorded_at: int, seals: Seals
) -> None:
    """Vouch for the log up to `head`, unless that was done already."""
    there = connection.execute("SELECT 1 FROM checkpoints WHERE position = ?", head[:1]).fetchone()
    if there is None:
        row = (*head, recorded_at)
        connection.execute("INSERT INTO checkpoints VALUES (?, ?, ?)", row)
        seals.add("checkpoints", row_mark(*row))


def seal(connection: sqlite3.Connection, seals: Seals) -> None:
    """Move the seals as the batch has it."""
    for kind, part, members, mark in seals.rows():
        found = connection.execute(
            "SELECT mark FROM seals WHERE kind = ? AND part = ?", (kind, part)
        ).fetchone()
        if found is None:
            raise Damaged(f"the seal of {kind} {part} is gone; run `breakwater verify`")
        connection.execute(
            "UPDATE seals SET members = members + ?, mark = ? WHERE kind = ? AND part = ?",
            (members, written(read(found[0]) ^ read(mark)), kind, part),
        )
