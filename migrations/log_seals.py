"""What revision 0003 adds to the log: seals, and refusals of rows that would replace others.

Frozen with that revision, the sealing included: a change is a new revision with a page of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from struct import Struct
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from migrations.log_rules import POSTGRES_APPEND, SQLITE_REFUSALS

_HELD_ONLY = "OLD.outcome = 'held' AND NEW.outcome IN ('read', 'set_aside')"
_WIRE_FIXED = ("capture_id", "seq", "observed_at", "exchange", "raw", "digest")
_ASIDE_FIXED = ("key", "source", "line", "capture", "seq", "raw", "observed_at")
_SEAL_FIXED = ("kind", "part")


def _differs(columns: tuple[str, ...], same: str) -> str:
    return "NOT (" + " AND ".join(f"NEW.{each} IS {same} OLD.{each}" for each in columns) + ")"


def _sqlite(table: str, what: str, when: str, why: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{what} BEFORE {'INSERT' if what == 'replace' else what.upper()}"
        f" ON {table} {when} BEGIN SELECT RAISE(ABORT, '{table} is append-only{why}'); END"
    )


def _replacing(table: str, *keys: str) -> str:
    """A statement that says OR REPLACE deletes rows without asking the trigger for deletions.

    One search for each key in the body costs less than a condition with all of them.
    """
    raised = f"RAISE(ABORT, '{table} is append-only: the row is there already')"
    searches = "".join(f"SELECT {raised} FROM {table} WHERE {key}; " for key in keys)  # noqa: S608 - the texts below
    return f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} BEGIN {searches}END"


SQLITE_RULES: tuple[str, ...] = (
    _replacing(
        "events", "position = NEW.position", "stream_id = NEW.stream_id AND version = NEW.version"
    ),
    _replacing("captures", "id = NEW.id", "name = NEW.name"),
    _replacing("checkpoints", "position = NEW.position"),
    _replacing(
        "names",
        "name = NEW.name AND venue = NEW.venue AND account = NEW.account AND kind = NEW.kind",
    ),
    # A table without a whole number as its key has a hidden one, which can be replaced as well.
    _replacing("wire", "capture_id = NEW.capture_id AND seq = NEW.seq", "rowid = NEW.rowid"),
    _replacing("quarantine", "key = NEW.key", "rowid = NEW.rowid"),
    _replacing("seals", "kind = NEW.kind AND part = NEW.part"),
    _sqlite("log_head", "replace", "", ": it has one row"),
    "DROP TRIGGER IF EXISTS wire_no_update",
    _sqlite(
        "wire",
        "update",
        f"WHEN NOT ({_HELD_ONLY}) OR {_differs((*_WIRE_FIXED, 'rowid'), '')}",
        "",
    ),
    _sqlite("quarantine", "delete", "", ""),
    _sqlite("quarantine", "update", "WHEN " + _differs((*_ASIDE_FIXED, "rowid"), ""), ""),
    _sqlite("seals", "delete", "", ""),
    _sqlite("seals", "update", "WHEN " + _differs(_SEAL_FIXED, ""), ""),
)
SQLITE_UNDO: tuple[str, ...] = (
    *(
        f"DROP TRIGGER IF EXISTS {table}_no_replace"
        for table in (
            *("events", "captures", "checkpoints", "names", "wire", "quarantine", "log_head"),
        )
    ),
    "DROP TRIGGER IF EXISTS quarantine_no_delete",
    "DROP TRIGGER IF EXISTS quarantine_no_update",
    "DROP TRIGGER IF EXISTS wire_no_update",
    SQLITE_REFUSALS[-1],
)


def _always(table: str, name: str, events: str, when: str = "") -> tuple[str, str]:
    made = (
        f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH "
        f"{'ROW' if when else 'STATEMENT'} {when} EXECUTE FUNCTION log_refuse_change()"
    )
    return made, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"


_XOR = """
CREATE FUNCTION log_xor(one bytea, two bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT int8send(substring(b FROM 1 FOR 64)::bit(64)::bigint)
    || int8send(substring(b FROM 65 FOR 64)::bit(64)::bigint)
    || int8send(substring(b FROM 129 FOR 64)::bit(64)::bigint)
    || int8send(substring(b FROM 193 FOR 64)::bit(64)::bigint)
  FROM (SELECT ('x' || encode(one, 'hex'))::bit(256) # ('x' || encode(two, 'hex'))::bit(256))
    AS x(b)
$$"""

_ARGUMENTS_BEFORE = "name_streams uuid[]\n)"
_ARGUMENTS = """name_streams uuid[],
  seal_kinds text[], seal_parts bigint[], seal_members bigint[], seal_marks bytea[]
)"""
_KNOWN_BEFORE = """    IF added = 0 AND NOT EXISTS (
      SELECT FROM names n WHERE n.venue = name_venues[i] AND n.account = name_accounts[i]
        AND n.kind = name_kinds[i] AND n.name = name_names[i] AND n.stream_id = name_streams[i]
    ) THEN
      RAISE EXCEPTION 'name % is taken', name_names[i] USING ERRCODE = 'unique_violation';
    END IF;
"""
_KNOWN = """    IF added = 0 THEN
      IF EXISTS (
        SELECT FROM names n WHERE n.venue = name_venues[i] AND n.account = name_accounts[i]
          AND n.kind = name_kinds[i] AND n.name = name_names[i] AND n.stream_id = name_streams[i]
      ) THEN
        RAISE EXCEPTION 'name % is known', name_names[i] USING ERRCODE = 'BW001';
      END IF;
      RAISE EXCEPTION 'name % is taken', name_names[i] USING ERRCODE = 'unique_violation';
    END IF;
"""
_CHECKPOINT_BEFORE = """        VALUES (head_position, head_hash, now_us);
"""
_CHECKPOINT = """        VALUES (head_position, head_hash, now_us);
      UPDATE seals s SET members = s.members + 1, mark = log_xor(s.mark, sha256(
        convert_to(head_position || ';b32:', 'UTF8') || head_hash
        || convert_to(now_us || ';', 'UTF8')))
        WHERE s.kind = 'checkpoints' AND s.part = 0;
"""
_END_BEFORE = """  RETURN head_position;
"""
_END = """  FOR i IN 1 .. cardinality(seal_kinds) LOOP
    UPDATE seals s SET members = s.members + seal_members[i],
      mark = log_xor(s.mark, seal_marks[i])
      WHERE s.kind = seal_kinds[i] AND s.part = seal_parts[i];
    IF NOT FOUND THEN
      RAISE EXCEPTION 'no seal %', seal_kinds[i] USING ERRCODE = 'no_data_found';
    END IF;
  END LOOP;
  RETURN head_position;
"""


def _append() -> str:
    """The function of revision 0001, which now moves the seals, too."""
    made = POSTGRES_APPEND
    for before, after in (
        (_ARGUMENTS_BEFORE, _ARGUMENTS),
        (_KNOWN_BEFORE, _KNOWN),
        (_CHECKPOINT_BEFORE, _CHECKPOINT),
        (_END_BEFORE, _END),
    ):
        if made.count(before) != 1:
            raise RuntimeError("revision 0001 was changed; it is frozen")
        made = made.replace(before, after)
    return made


POSTGRES_RULES: tuple[str, ...] = (
    *_always("quarantine", "quarantine_append_only", "DELETE OR TRUNCATE"),
    *_always("seals", "seals_append_only", "DELETE OR TRUNCATE"),
    *_always(
        "quarantine",
        "quarantine_reason_only",
        "UPDATE",
        f"WHEN ({_differs(_ASIDE_FIXED, 'NOT DISTINCT FROM')})",
    ),
    *_always(
        "seals",
        "seals_moved_only",
        "UPDATE",
        f"WHEN ({_differs(_SEAL_FIXED, 'NOT DISTINCT FROM')})",
    ),
    _XOR,
    "DROP FUNCTION log_append",
    _append(),
)
POSTGRES_UNDO: tuple[str, ...] = (
    "DROP FUNCTION log_append",
    "DROP FUNCTION log_xor",
    POSTGRES_APPEND,
    "DROP TRIGGER IF EXISTS quarantine_reason_only ON quarantine",
    "DROP TRIGGER IF EXISTS quarantine_append_only ON quarantine",
)

_place = Struct(">3q").pack
_sizes = Struct(">4q").pack
_PAGE = 5_000


def found_seals(connection: sa.Connection) -> list[dict[str, object]]:
    """The seals of the rows that a log has already."""
    seals: dict[tuple[str, int], tuple[int, int]] = {
        (kind, 0): (0, 0) for kind in ("captures", "checkpoints", "names", "quarantine")
    }
    for row in _rows(connection, "captures", "id, name"):
        seals["wire", row[0]] = (0, 0)
    for kind, part, content in _contents(connection):
        members, mark = seals.get((kind, part), (0, 0))
        seals[kind, part] = (members + 1, mark ^ int.from_bytes(sha256(content).digest()))
    return [
        {"kind": kind, "part": part, "members": members, "mark": mark.to_bytes(32)}
        for (kind, part), (members, mark) in seals.items()
    ]


def _contents(connection: sa.Connection) -> Iterator[tuple[str, int, bytes]]:
    lines = "capture_id, seq, observed_at, digest, outcome, exchange"
    for capture_id, seq, observed_at, digest, outcome, exchange in _rows(connection, "wire", lines):
        named = b"" if exchange is None else b"=" + exchange.encode()
        fixed = _place(capture_id, seq, observed_at)
        yield "wire", capture_id, fixed + bytes(digest) + outcome.encode() + named
    for *texts, stream in _rows(connection, "names", "venue, account, kind, name, stream_id"):
        encoded = [text.encode() for text in texts]
        key = stream.bytes if isinstance(stream, UUID) else bytes(stream)
        yield "names", 0, b"".join((_sizes(*map(len, encoded)), *encoded, key))
    for kind, columns in (
        ("captures", "id, name"),
        ("checkpoints", "position, hash, recorded_at"),
        (
            "quarantine",
            "key, source, line, capture, seq, reason, raw, observed_at, released",
        ),
    ):
        for row in _rows(connection, kind, columns):
            yield kind, 0, b"".join(_part(value) for value in row)


def _part(value: Any) -> bytes:  # noqa: ANN401 - what a driver gives for any column
    match value:
        case None:
            return b"-"
        case int():
            return b"%d;" % value
        case str():
            text = value.encode()
            return b"t%d:%b" % (len(text), text)
        case _:
            return b"b%d:%b" % (len(value), bytes(value))


def _rows(connection: sa.Connection, table: str, columns: str) -> Iterator[Any]:
    query = sa.text(f"SELECT {columns} FROM {table}")  # noqa: S608 - constants
    return iter(connection.execute(query, execution_options={"yield_per": _PAGE}))
