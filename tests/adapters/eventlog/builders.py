"""Rows for the log's tests: every field filled; a test names the one it is about."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID, uuid4

from adapters.eventlog.rows import EventRow, LineKey, NameRow, QuarantineRow, WireRow

CAPTURE = "abp-2026-11-21"
MARKET_OPEN_US = 1_795_250_000_000_000


def event(
    stream: UUID | None = None,
    version: int = 1,
    *,
    topic: str = "OrderPlaced:1",
    state: bytes = b'{"size":"10"}',
    cause: LineKey | None = None,
) -> EventRow:
    """An event of a stream of its own."""
    return EventRow(stream or uuid4(), version, topic, state, cause)


def line(
    seq: int = 1,
    *,
    capture: str = CAPTURE,
    exchange: str | None = None,
    outcome: str = "read",
    raw: bytes | None = None,
) -> WireRow:
    """A line of a capture."""
    content = raw if raw is not None else b'{"seq":%d}' % seq
    return WireRow(capture, seq, MARKET_OPEN_US + seq, exchange, outcome, content)


def name(stream: UUID, text: str = "B-1", *, account: str = "desk") -> NameRow:
    """The venue's name of an order."""
    return NameRow("abp", account, "venue", text, stream)


def aside(text: str = "torn") -> QuarantineRow:
    """Something that could not be read."""
    raw = text.encode()
    return QuarantineRow(sha256(raw).digest(), "day.ndjson", 7, None, None, text, raw, None)


def history(stream: UUID, first: int, count: int) -> Sequence[EventRow]:
    """Several versions of one stream."""
    return [event(stream, version) for version in range(first, first + count)]
