"""How the chain is made: an event's hash vouches for it, its wire line, and all before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from struct import Struct
from typing import Any, Final

from adapters.eventlog.errors import UnknownCause
from adapters.eventlog.rows import EventRow, Head, LineKey

GENESIS: Final = bytes(32)
"""The hash before the first event; also the digest of an event that no wire line caused."""
TOPIC_BYTES_MAX: Final = 0xFFFF

_pack = Struct(">q16sqqH").pack


Linked = tuple[int, bytes, int, int, bytes, bytes, bytes]
"""What a hash covers: position, stream, version, recorded at, topic, wire digest, state."""


def link(before: bytes, row: Linked) -> bytes:
    """The hash of one event that follows the hash `before`."""
    position, stream, version, recorded_at, topic, digest, state = row
    fixed = _pack(position, stream, version, recorded_at, len(topic))
    return sha256(before + fixed + topic + digest + state).digest()


def chained(
    events: Sequence[EventRow],
    head: Head,
    recorded_at: int,
    cause_of: Mapping[LineKey, tuple[int, int, bytes]],
    *,
    as_bytes: bool,
) -> tuple[list[tuple[Any, ...]], Head]:
    """Rows of the events table that follow `head`, and the head after them.

    `cause_of` knows capture id, seq and digest of each wire line that caused one of the events;
    `as_bytes` is for a database that has no type for a stream.
    """
    position, before = head
    rows: list[tuple[Any, ...]] = []
    known: str | None = None
    encoded = b""
    for stream, version, topic, state, cause in events:
        position += 1
        if topic is not known:  # nearly always the very same object as before
            known, encoded = topic, _encoded(topic)
        if cause is None:
            capture_id = seq = None
            digest = GENESIS
        else:
            try:
                capture_id, seq, digest = cause_of[cause]
            except KeyError:
                raise UnknownCause(
                    f"line {cause[1]} of capture {cause[0]!r} is not in the log"
                ) from None
        key = stream.bytes
        fixed = _pack(position, key, version, recorded_at, len(encoded))
        before = sha256(before + fixed + encoded + digest + state).digest()
        rows.append(
            (
                position,
                key if as_bytes else stream,
                version,
                topic,
                state,
                recorded_at,
                capture_id,
                seq,
                before,
            )
        )
    return rows, Head(position, before)


def _encoded(topic: str) -> bytes:
    encoded = topic.encode()
    if len(encoded) > TOPIC_BYTES_MAX:
        raise ValueError(f"a topic of {len(encoded)} bytes; {TOPIC_BYTES_MAX} are the most")
    return encoded


def digest_of(raw: bytes) -> bytes:
    """What vouches for a wire line."""
    return sha256(raw).digest()


def passes_multiple(before: int, after: int, step: int) -> bool:
    """Whether a batch crossed a multiple of `step`, so that a checkpoint is due."""
    return after // step > before // step


def distinct_causes(events: Iterable[EventRow]) -> set[LineKey]:
    """The wire lines that caused any of the events."""
    return {event.cause for event in events if event.cause is not None}
