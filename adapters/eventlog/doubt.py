"""What became of a batch whose acknowledgement was lost: look, and compare, before trying again."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from adapters.eventlog.reading import LogReader
from adapters.eventlog.rows import Batch, EventRow, LogRow, Stored
from domain.ports import Conflict


def landed(log: LogReader, batch: Batch, recorded_at: int) -> Stored | None:
    """The batch as the log has it, or None when the log has nothing of it.

    Raise `Conflict` when the log holds something else in its place. A batch goes in whole, so that
    its first part tells about the rest: events, else wire lines, else what was settled or named.
    """
    if batch.events:
        return _events(log, batch.events)
    if batch.wire:
        there = _wire(log, batch)
    elif batch.settled:
        there = _settled(log, batch)
    elif batch.names:
        there = _named(log, batch)
    else:
        there = False  # quarantine alone: storing it twice is storing it once
    if not there:
        return None
    return Stored(log.head().position, recorded_at)


def _events(log: LogReader, events: Sequence[EventRow]) -> Stored | None:
    stored = {(row.stream, row.version): row for row in log.streams([row.stream for row in events])}
    found = [stored.get((row.stream, row.version)) for row in events]
    if all(row is None for row in found):
        return None
    last: LogRow | None = None
    for ours, theirs in zip(events, found, strict=True):
        if theirs is None or not _same(ours, theirs):
            raise Conflict(
                f"version {ours.version} of stream {ours.stream} is taken; nothing was stored"
            )
        if last is None or theirs.position > last.position:
            last = theirs
    return None if last is None else Stored(last.position, last.recorded_at)


def _same(ours: EventRow, theirs: LogRow) -> bool:
    cause = None if theirs.capture is None or theirs.seq is None else (theirs.capture, theirs.seq)
    return (ours.topic, ours.state, ours.cause) == (theirs.topic, theirs.state, cause)


def _wire(log: LogReader, batch: Batch) -> bool:
    wanted: dict[str, dict[int, bytes]] = {}
    for row in batch.wire:
        wanted.setdefault(row.capture, {})[row.seq] = sha256(row.raw).digest()
    found = {capture: log.known_lines(capture, lines) for capture, lines in wanted.items()}
    if not any(found.values()):
        return False
    if found != wanted:
        raise Conflict("a wire line is in the log already; nothing was stored")
    return True


def _settled(log: LogReader, batch: Batch) -> bool:
    return all(log.outcome_of(capture, seq) == outcome for capture, seq, outcome in batch.settled)


def _named(log: LogReader, batch: Batch) -> bool:
    found = log.resolve([row[:4] for row in batch.names])
    return all(found.get(row[:4]) == row.stream for row in batch.names)
