"""What the readers ask the database: SQLAlchemy Core, compiled once per log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    Text,
    bindparam,
    exists,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql.elements import CompilerElement

from adapters.eventlog.driver import Statement
from adapters.eventlog.schema import captures, events, log_head, names, quarantine, wire

PAGE: Final = 2_000

EVENT_COLUMNS = (
    events.c.position,
    events.c.stream_id,
    events.c.version,
    events.c.topic,
    events.c.state,
    events.c.recorded_at,
    events.c.capture_id,
    events.c.seq,
)
"""A row of the log, in the order of `LogRow`."""
_WIRE = (
    wire.c.capture_id,
    wire.c.seq,
    wire.c.observed_at,
    wire.c.exchange,
    wire.c.outcome,
    wire.c.raw,
)
_BY_STREAM = (events.c.stream_id, events.c.version)


_NUMBER = bindparam("number", type_=Integer())
_NAME = bindparam("name", type_=Text())
_SEQ = bindparam("seq", type_=BigInteger())
_POSITION = bindparam("position", type_=BigInteger())
_STREAM = bindparam("stream", type_=events.c.stream_id.type)
_UPTO = bindparam("upto", type_=events.c.stream_id.type)
_LAST = bindparam("last", type_=BigInteger())


def queries(*, sqlite: bool) -> Mapping[str, CompilerElement]:
    """Every query of this page. The two databases differ in how many keys are looked up at once."""
    return {**_of_events(), **_of_wire(sqlite=sqlite), **_of_names(), "quarantine": _quarantine()}


def _of_events() -> Mapping[str, CompilerElement]:
    place = tuple_(*_BY_STREAM) > tuple_(_STREAM, bindparam("version", type_=BigInteger()))
    by_stream = (
        select(*EVENT_COLUMNS)
        .where(place, events.c.stream_id <= _UPTO, events.c.position <= _LAST)
        .order_by(*_BY_STREAM)
        .limit(PAGE)
    )
    return {
        "head": select(log_head.c.position, log_head.c.hash),
        "after": select(*EVENT_COLUMNS)
        .where(events.c.position > _POSITION)
        .order_by(events.c.position)
        .limit(bindparam("most", type_=BigInteger())),
        "by_stream": by_stream,
        "stream": select(*EVENT_COLUMNS)
        .where(events.c.stream_id == _STREAM)
        .order_by(events.c.version),
    }


def _of_wire(*, sqlite: bool) -> Mapping[str, CompilerElement]:
    seqs = (
        select(func.json_each(bindparam("seqs")).table_valued("value").c.value)
        if sqlite
        else select(func.unnest(bindparam("seqs", type_=ARRAY(BigInteger))).column_valued("seq"))
    )
    previous = func.lag(wire.c.seq).over(order_by=wire.c.seq).label("previous")
    jumps = select(previous, wire.c.seq).where(wire.c.capture_id == _NUMBER).subquery()
    one = (wire.c.capture_id == _NUMBER, wire.c.seq == _SEQ)
    return {
        "captures": select(captures.c.id, captures.c.name),
        "lines": select(wire.c.seq, wire.c.digest).where(
            wire.c.capture_id == _NUMBER, wire.c.seq.in_(seqs)
        ),
        "exchange": select(*_WIRE)
        .where(wire.c.capture_id == _NUMBER, wire.c.exchange == _NAME)
        .order_by(wire.c.seq),
        "held": select(wire.c.capture_id, wire.c.exchange)
        .where(wire.c.outcome == "held", wire.c.exchange.is_not(None))
        .distinct(),
        "observed": select(wire.c.observed_at).where(*one),
        "outcome": select(wire.c.outcome).where(*one),
        "gaps": select(jumps.c.previous, jumps.c.seq)
        .where(jumps.c.seq > jumps.c.previous + 1)
        .order_by(jumps.c.seq),
    }


def _of_names() -> Mapping[str, CompilerElement]:
    return {
        "name": select(names.c.stream_id).where(
            names.c.venue == bindparam("venue"),
            names.c.account == bindparam("account"),
            names.c.kind == bindparam("kind"),
            names.c.name == _NAME,
        ),
        "names_of": select(names)
        .where(names.c.stream_id == _STREAM)
        .order_by(names.c.kind, names.c.name),
        "every_name": select(names).order_by(names.c.stream_id),
    }


def _quarantine() -> CompilerElement:
    """What was set aside, with whether it has been read since."""
    read_since = or_(
        quarantine.c.released,
        exists().where(
            captures.c.name == quarantine.c.capture,
            wire.c.capture_id == captures.c.id,
            wire.c.seq == quarantine.c.seq,
            wire.c.outcome == "read",
        ),
    )
    return select(
        *(column for column in quarantine.c if column.name != "released"),
        read_since.label("released"),
    ).order_by(quarantine.c.source, quarantine.c.line, quarantine.c.key)


STREAMS_AT_ONCE: Final = Statement(
    "SELECT position, stream_id, version, topic, state, recorded_at, capture_id, seq FROM events"
    " WHERE stream_id = ANY(%(streams)b::uuid[]) ORDER BY stream_id, version"
)
NAMES_AT_ONCE: Final = Statement(
    "SELECT n.venue, n.account, n.kind, n.name, n.stream_id FROM names n JOIN unnest("
    "%(venues)b::text[], %(accounts)b::text[], %(kinds)b::text[], %(names)b::text[])"
    " AS g(venue, account, kind, name) USING (venue, account, kind, name)"
)
