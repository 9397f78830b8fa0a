"""What an append asks PostgreSQL."""

from __future__ import annotations

from functools import cache
from typing import Final, LiteralString, NamedTuple

CHANNEL: Final = "breakwater_events"
ONE_TRIP_MAX: Final = 20
"""Rows up to which the function in the database is faster than copying (bench/append.py)."""
PUT_MAX: Final = 100
"""Rows up to which a transaction puts them in with one statement: while rows are copied, PostgreSQL
waits for the next one for ever, even of a process that was stopped, and its locks stay."""
SHORT_TOPIC_MAX: Final = 1_000
"""The function does not measure topics; a longer one takes the other way, which does."""

SCALARS_MAX: Final = 4
"""Columns of up to so many values are bound one by one: psycopg binds a list in Python, slowly.

A cancel of one order and its answer are four events."""
EVENT_ARRAYS: Final[tuple[LiteralString, ...]] = ("uuid", "bigint", "text", "bytea")
CAUSE_ARRAYS: Final[tuple[LiteralString, ...]] = ("integer", "bigint")
WIRE_ARRAYS: Final[tuple[LiteralString, ...]] = (
    "integer",
    "bigint",
    "bigint",
    "text",
    "text",
    "bytea",
)
NAME_ARRAYS: Final[tuple[LiteralString, ...]] = ("text", "text", "text", "text", "uuid")
SEAL_ARRAYS: Final[tuple[LiteralString, ...]] = ("text", "bigint", "bigint", "bytea")
HEAD: Final = "SELECT position, hash FROM log_head WHERE id = 1 FOR UPDATE"
COPY_EVENTS: Final = (
    "COPY events (position, stream_id, version, topic, state, recorded_at, capture_id, seq, hash)"
    " FROM STDIN (FORMAT BINARY)"
)
PUT_EVENTS: Final = (
    "INSERT INTO events"
    " (position, stream_id, version, topic, state, recorded_at, capture_id, seq, hash)"
    " SELECT * FROM unnest(%b::bigint[], %b::uuid[], %b::bigint[], %b::text[], %b::bytea[],"
    " %b::bigint[], %b::integer[], %b::bigint[], %b::bytea[])"
)
EVENT_TYPES: Final = (*("int8", "uuid", "int8", "text", "bytea", "int8", "int4", "int8", "bytea"),)
COPY_WIRE: Final = (
    "COPY wire (capture_id, seq, observed_at, exchange, outcome, raw, digest)"
    " FROM STDIN (FORMAT BINARY)"
)
PUT_WIRE: Final = (
    "INSERT INTO wire (capture_id, seq, observed_at, exchange, outcome, raw, digest)"
    " SELECT * FROM unnest(%b::integer[], %b::bigint[], %b::bigint[], %b::text[], %b::text[],"
    " %b::bytea[], %b::bytea[])"
)
WIRE_TYPES: Final = ("int4", "int8", "int8", "text", "text", "bytea", "bytea")


class Into(NamedTuple):
    """How rows come into a table: a few by one statement, many copied."""

    put: LiteralString
    copy: LiteralString
    types: tuple[str, ...]


INTO_EVENTS: Final = Into(PUT_EVENTS, COPY_EVENTS, EVENT_TYPES)
INTO_WIRE: Final = Into(PUT_WIRE, COPY_WIRE, WIRE_TYPES)
SETTLE: Final = (
    "UPDATE wire w SET outcome = s.outcome"
    " FROM unnest(%b::integer[], %b::bigint[], %b::text[]) AS s(capture_id, seq, outcome)"
    " WHERE w.capture_id = s.capture_id AND w.seq = s.seq AND w.outcome = 'held'"
    " RETURNING w.capture_id, w.seq, w.observed_at, w.exchange, w.outcome, w.digest"
)
ADD_NAMES: Final = (
    "INSERT INTO names (venue, account, kind, name, stream_id)"
    " SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::uuid[])"
    " ON CONFLICT DO NOTHING RETURNING venue, account, kind, name, stream_id"
)
OTHER_NAMES: Final = (
    "SELECT n.name FROM names n"
    " JOIN unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::uuid[])"
    " AS g(venue, account, kind, name, stream_id) USING (venue, account, kind, name)"
    " WHERE n.stream_id <> g.stream_id LIMIT 1"
)
ASIDES: Final = (
    "SELECT key, source, line, capture, seq, reason, raw, observed_at, released"
    " FROM quarantine WHERE key = ANY(%b::bytea[])"
)
INSERT_ASIDE: Final = (
    "INSERT INTO quarantine (key, source, line, capture, seq, reason, raw, observed_at, released)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
NEW_REASON: Final = "UPDATE quarantine SET reason = %s WHERE key = %s"
CAUSES: Final = (
    "SELECT w.capture_id, w.seq, w.digest FROM wire w"
    " JOIN unnest(%b::integer[], %b::bigint[]) AS g(capture_id, seq) USING (capture_id, seq)"
)
MOVE_HEAD: Final = (
    "WITH moved AS (UPDATE log_head SET position = %s, hash = %s WHERE id = 1 RETURNING position)"
    " SELECT pg_notify('breakwater_events', '') FROM moved"
)
ADD_CHECKPOINT: Final = (
    "INSERT INTO checkpoints (position, hash, recorded_at) VALUES (%s, %s, %s)"
    " ON CONFLICT DO NOTHING"
)
NEW_SEAL: Final = "INSERT INTO seals (kind, part, members, mark) VALUES ('wire', %s, 0, %s)"
SEAL: Final = (
    "UPDATE seals s SET members = s.members + d.members, mark = log_xor(s.mark, d.mark)"
    " FROM unnest(%b::text[], %b::bigint[], %b::bigint[], %b::bytea[])"
    " AS d(kind, part, members, mark) WHERE s.kind = d.kind AND s.part = d.part"
)
NAME_KNOWN: Final = "BW001"
"""What the function in the database says when a name of the batch is there already, rightly."""


@cache
def one_trip(*sizes: int | None) -> LiteralString:
    """The call of the function for groups of columns; a size of None is bound as lists."""
    kinds = (EVENT_ARRAYS, CAUSE_ARRAYS, WIRE_ARRAYS, NAME_ARRAYS, SEAL_ARRAYS)
    given: list[LiteralString] = ["%b"]
    for size, types in zip(sizes, kinds, strict=True):
        for each in types:
            values: list[LiteralString] = ["%b"] * (size or 0)
            array: LiteralString = "%b" if size is None else "ARRAY[" + ", ".join(values) + "]"
            given.append(array + "::" + each + "[]")
    return "SELECT log_append(" + ", ".join(given) + ")"
