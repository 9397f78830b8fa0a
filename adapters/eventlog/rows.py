"""The rows that go into the log and come out of it.

Named tuples: an ingest makes one per event and a rebuild reads one per event of the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple
from uuid import UUID

Outcome = Literal["read", "held", "set_aside"]
LineKey = tuple[str, int]
"""A wire line: its capture and its place in it."""
NameKey = tuple[str, str, str, str]
"""A name of an order: venue, account, kind of name, name."""


class EventRow(NamedTuple):
    """An event on its way into the log. `cause` is the wire line that made it happen."""

    stream: UUID
    version: int
    topic: str
    state: bytes
    cause: LineKey | None = None


class WireRow(NamedTuple):
    """A wire line as it was seen: the raw bytes, and what became of them."""

    capture: str
    seq: int
    observed_at: int
    exchange: str | None
    outcome: str
    raw: bytes


class NameRow(NamedTuple):
    """A name by which a stream is known, scoped by venue and account."""

    venue: str
    account: str
    kind: str
    name: str
    stream: UUID


class QuarantineRow(NamedTuple):
    """Something that was set aside: where it stood, why, and its bytes."""

    key: bytes
    source: str
    line: int
    capture: str | None
    seq: int | None
    reason: str
    raw: bytes
    observed_at: int | None
    released: bool = False


class LogRow(NamedTuple):
    """An event as the log holds it; times are microseconds since the epoch."""

    position: int
    stream: UUID
    version: int
    topic: str
    state: bytes
    recorded_at: int
    capture: str | None
    seq: int | None


class Head(NamedTuple):
    """The end of the log: the last position and the hash that vouches for all before it."""

    position: int
    hash: bytes


class Batch(NamedTuple):
    """What is stored together or not at all."""

    events: Sequence[EventRow]
    wire: Sequence[WireRow] = ()
    names: Sequence[NameRow] = ()
    quarantine: Sequence[QuarantineRow] = ()
    settled: Sequence[tuple[str, int, str]] = ()

    def brought(self) -> set[str]:
        """The captures whose wire lines it brings."""
        return {row.capture for row in self.wire}

    def captures(self, caused: Iterable[LineKey]) -> set[str]:
        """Every capture that it speaks of; `caused` are the lines that caused its events."""
        found = self.brought()
        found.update(capture for capture, _ in caused)
        found.update(name for name, _, _ in self.settled)
        return found


class Stored(NamedTuple):
    """What became of a batch: the position of its last event, and when it was recorded."""

    position: int
    recorded_at: int


class Gap(NamedTuple):
    """Lines that a capture jumps over."""

    first: int
    last: int
