"""The wire's lines as they are stored: some by their places, or those of a span of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from adapters.eventlog.rows import LineKey, WireRow
from adapters.eventlog.schema import captures, wire

AT_ONCE = 500
"""How many places are asked for in one query."""
PAGE = 2_000

_Lines = Select[Any, Any, Any, Any, Any, Any]
_Line = Row[Any, Any, Any, Any, Any, Any]
_LINES: _Lines = select(
    captures.c.name,
    wire.c.seq,
    wire.c.observed_at,
    wire.c.exchange,
    wire.c.outcome,
    wire.c.raw,
).join_from(wire, captures, captures.c.id == wire.c.capture_id)


def lines_at(connection: Connection, places: Iterable[LineKey]) -> list[WireRow]:
    """The lines at these places that the log has, in the order of their recordings."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for capture, seq in places:
        wanted[capture].add(seq)
    found: list[WireRow] = []
    for capture, seqs in sorted(wanted.items()):
        for part in _parts(sorted(seqs)):
            found += _rows(connection, _of(capture).where(wire.c.seq.in_(part)))
    return found


def lines_of_exchanges(
    connection: Connection, exchanges: Iterable[tuple[str, str]]
) -> list[WireRow]:
    """Every line of these exchanges of recordings."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for capture, exchange in exchanges:
        wanted[capture].add(exchange)
    found: list[WireRow] = []
    for capture, names in sorted(wanted.items()):
        for part in _parts(sorted(names)):
            found += _rows(connection, _of(capture).where(wire.c.exchange.in_(part)))
    return found


def lines_seen(
    connection: Connection, capture: str, since: int | None, until: int | None
) -> Iterator[WireRow]:
    """The lines of a recording that were seen between two times, these included."""
    query = _of(capture)
    if since is not None:
        query = query.where(wire.c.observed_at >= since)
    if until is not None:
        query = query.where(wire.c.observed_at <= until)
    rows = connection.execution_options(yield_per=PAGE).execute(query)
    for row in rows:
        yield _row(row)


def _of(capture: str) -> _Lines:
    return _LINES.where(captures.c.name == capture).order_by(wire.c.seq)


def _rows(connection: Connection, query: _Lines) -> list[WireRow]:
    return [_row(row) for row in connection.execute(query)]


def _row(row: _Line) -> WireRow:
    name, seq, observed_at, exchange, outcome, raw = row
    return WireRow(name, seq, observed_at, exchange, outcome, bytes(raw))


def _parts(wanted: list[int] | list[str]) -> Iterator[list[int] | list[str]]:
    for start in range(0, len(wanted), AT_ONCE):
        yield wanted[start : start + AT_ONCE]
