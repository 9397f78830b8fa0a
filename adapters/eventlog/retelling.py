"""The stored wire told again: every line in the order in which it was first taken.

The wire is kept by capture and place in it. What order its lines came in, between captures and
when a capture was read in pieces, is known from the events that they caused: a line stands where
its first event stands, and one that caused none after the line before it in its capture. Those at
the start of a capture stand before the first of it that caused anything, and a capture of which
nothing came after those that were begun before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Subquery, case, exists, func, select, text
from sqlalchemy.sql.elements import CompilerElement

from adapters.codec import TOPICS
from adapters.eventlog.driver import compiled, snapshot, streamed
from adapters.eventlog.queries import PAGE
from adapters.eventlog.reading import LogReader
from adapters.eventlog.rows import LogRow
from adapters.eventlog.schema import captures, events, quarantine, wire
from domain.notices import LinesFound, LinesMissing

_FOUND_LATER: Final = ", ".join(f"'{TOPICS[kind]}'" for kind in (LinesFound, LinesMissing))
"""Told at the end of a reading, of a line that came long before: they say nothing of its place."""


class ToldLine(NamedTuple):
    """A stored line, with the first and the last position of what it caused.

    One that caused nothing has the place of the line before it, and 0 as its last position.
    """

    place: int
    last: int
    capture: str
    seq: int
    raw: bytes


def told_lines(log: LogReader) -> Iterator[ToldLine]:
    """Every line of the log, in the order in which the lines were taken, in flat memory."""
    statement = compiled(log.engine, _told())
    with snapshot(log.engine) as connection:
        for place, last, capture, seq, raw in streamed(connection, statement):
            yield ToldLine(place, last, capture, seq, bytes(raw))


class ToldPiece(NamedTuple):
    """Something that was set aside and is no line of the wire, as it was told where it stood."""

    source: str
    number: int
    capture: str | None
    seq: int | None
    reason: str
    raw: bytes


def told_pieces(log: LogReader) -> Iterator[ToldPiece]:
    """Every piece that was set aside and is no line of the wire, source by source."""
    statement = compiled(log.engine, _pieces(*_PIECE).order_by(*_PIECE[:2], quarantine.c.key))
    with snapshot(log.engine) as connection:
        for source, number, capture, seq, reason, raw in streamed(connection, statement):
            yield ToldPiece(source, number, capture, seq, reason, bytes(raw))


def count_told(log: LogReader) -> int:
    """How many lines the log holds, with the pieces that are no lines."""
    counted = (select(func.count()).select_from(wire), _pieces(func.count()))
    with log.engine.connect() as connection:
        return sum(connection.execute(query).scalar_one() for query in counted)


def not_from_the_wire(log: LogReader) -> Iterator[LogRow]:
    """The events that no line caused, in log order: what people decided, statements, checks."""
    position = 0
    while True:
        with log.engine.connect() as connection:
            rows = connection.execute(
                select(events)
                .where(events.c.capture_id.is_(None), events.c.position > position)
                .order_by(events.c.position)
                .limit(PAGE)
            ).all()
        for row in rows:
            yield LogRow(
                row.position,
                row.stream_id,
                row.version,
                row.topic,
                bytes(row.state),
                row.recorded_at,
                None,
                None,
            )
        if len(rows) < PAGE:
            return
        position = rows[-1].position


_PIECE: Final = (
    quarantine.c.source,
    quarantine.c.line,
    quarantine.c.capture,
    quarantine.c.seq,
    quarantine.c.reason,
    quarantine.c.raw,
)


def _pieces(*wanted: Any) -> Any:  # noqa: ANN401 - a query of columns of any kind
    """Of what was set aside, what the wire does not hold to the byte."""
    kept = exists().where(
        captures.c.name == quarantine.c.capture,
        wire.c.capture_id == captures.c.id,
        wire.c.seq == quarantine.c.seq,
        wire.c.raw == quarantine.c.raw,
    )
    return select(*wanted).select_from(quarantine).where(~kept)


def _told() -> CompilerElement:
    """Bound parameters are left out: a streamed statement takes none."""
    ordered = _ordered(_placed(_caused()))
    same = (wire.c.capture_id == ordered.c.capture_id, wire.c.seq == ordered.c.seq)
    return (
        select(
            ordered.c.place,
            func.coalesce(ordered.c.last, text("0")),
            captures.c.name,
            wire.c.seq,
            wire.c.raw,
        )
        .select_from(ordered)
        .join(wire, same[0] & same[1])
        .join(captures, captures.c.id == wire.c.capture_id)
        .order_by(ordered.c.place, wire.c.capture_id, wire.c.seq)
    )


def _caused() -> Subquery:
    """The lines that caused anything, each with the first and the last position of it."""
    return (
        select(
            events.c.capture_id,
            events.c.seq,
            func.min(events.c.position).label("first"),
            func.max(events.c.position).label("last"),
        )
        .where(events.c.capture_id.is_not(None), text(f"events.topic NOT IN ({_FOUND_LATER})"))
        .group_by(events.c.capture_id, events.c.seq)
        .subquery()
    )


def _placed(caused: Subquery) -> Subquery:
    """Each line with the positions of what it caused, and the part of its capture that it is in.

    A part is a line that caused something and those after it that did not; part 0 comes before.
    """
    joined = wire.outerjoin(
        caused, (caused.c.capture_id == wire.c.capture_id) & (caused.c.seq == wire.c.seq)
    )
    part = func.count(caused.c.first).over(partition_by=wire.c.capture_id, order_by=wire.c.seq)
    return (
        select(wire.c.capture_id, wire.c.seq, caused.c.first, caused.c.last, part.label("part"))
        .select_from(joined)
        .subquery()
    )


def _ordered(told: Subquery) -> Subquery:
    """Each line with its place."""
    first_of_all = case((told.c.part == text("1"), told.c.first))
    begun_before = func.max(told.c.first).over(order_by=told.c.capture_id)
    place = func.coalesce(
        func.max(told.c.first).over(partition_by=(told.c.capture_id, told.c.part)),
        func.max(first_of_all).over(partition_by=told.c.capture_id),
        begun_before,
        text("0"),
    )
    return select(
        place.label("place"), told.c.last, told.c.capture_id, told.c.seq.label("seq")
    ).subquery()
