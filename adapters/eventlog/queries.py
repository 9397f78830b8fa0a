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
from sqlalchemy.sql.base import Executable

from adapters.eventlog.driver import Statement
from adapters.eventlog.schema import captures, events, log_head, names, quarantine, wire

PAGE: Final = 2_000

_EVENT = (
    events.c.position,
    events.c.stream_id,
    events.c.version,
    events.c.topic,
    events.c.state,
    events.c.recorded_at,
    events.c.capture_id,
    events.c.seq,
)
_WIRE = (
    wire.c.capture_id,
    wire.c.seq,
    wire.c.observed_at,
    wire.c.exchange,
    wire.c.outcome,
    wire.c.raw,
)
_BY_STREAM = (events.c.stream_id, events.c.version)


def queries(*, sqlite: bool) -> Mapping[str, Executable]:
    """Every query of this page. The two databases differ in how many keys are looked up at once."""
    number, name = bindparam("number", type_=Integer()), bindparam("name", type_=Text())
    seqs = (
        select(func.json_each(bindparam("seqs")).table_valued("value").c.value)
        if sqlite
        else select(func.unnest(bindparam("seqs", type_=ARRAY(BigInteger))).column_valued("seq"))
    )
    read_since = or_(
        quarantine.c.released,
        exists().where(
            captures.c.name == quarantine.c.capture,
            wire.c.capture_id == captures.c.id,
            wire.c.seq == quarantine.c.seq,
            wire.c.outcome == "read",
        ),
    )
    previous = func.lag(wire.c.seq).over(order_by=wire.c.seq).label("previous")
    jumps = select(previous, wire.c.seq).where(wire.c.capture_id == number).subquery()
    place = tuple_(*_BY_STREAM) > tuple_(
        bindparam("stream", type_=events.c.stream_id.type),
        bindparam("version", type_=BigInteger()),
    )
    return {
        "head": select(log_head.c.position, log_head.c.hash),
        "captures": select(captures.c.id, captures.c.name),
        "after": select(*_EVENT)
        .where(events.c.position > bindparam("position", type_=BigInteger()))
        .order_by(events.c.position)
        .limit(bindparam("most", type_=BigInteger())),
        "by_stream": select(*_EVENT)
        .where(place, events.c.position <= bindparam("last", type_=BigInteger()))
        .order_by(*_BY_STREAM)
        .limit(PAGE),
        "first_by_stream": select(*_EVENT)
        .where(events.c.position <= bindparam("last", type_=BigInteger()))
        .order_by(*_BY_STREAM)
        .limit(PAGE),
        "stream": select(*_EVENT)
        .where(events.c.stream_id == bindparam("stream", type_=events.c.stream_id.type))
        .order_by(events.c.version),
        "lines": select(wire.c.seq, wire.c.digest).where(
            wire.c.capture_id == number, wire.c.seq.in_(seqs)
        ),
        "exchange": select(*_WIRE)
        .where(wire.c.capture_id == number, wire.c.exchange == name)
        .order_by(wire.c.seq),
        "held": select(wire.c.capture_id, wire.c.exchange)
        .where(wire.c.outcome == "held", wire.c.exchange.is_not(None))
        .distinct(),
        "observed": select(wire.c.observed_at).where(
            wire.c.capture_id == number, wire.c.seq == bindparam("seq", type_=BigInteger())
        ),
        "outcome": select(wire.c.outcome).where(
            wire.c.capture_id == number, wire.c.seq == bindparam("seq", type_=BigInteger())
        ),
        "gaps": select(jumps.c.previous, jumps.c.seq)
        .where(jumps.c.seq > jumps.c.previous + 1)
        .order_by(jumps.c.seq),
        "name": select(names.c.stream_id).where(
            names.c.venue == bindparam("venue"),
            names.c.account == bindparam("account"),
            names.c.kind == bindparam("kind"),
            names.c.name == name,
        ),
        "names_of": select(names)
        .where(names.c.stream_id == bindparam("stream", type_=events.c.stream_id.type))
        .order_by(names.c.kind, names.c.name),
        "quarantine": select(
            *(column for column in quarantine.c if column.name != "released"),
            read_since.label("released"),
        ).order_by(quarantine.c.source, quarantine.c.line, quarantine.c.key),
    }


STREAMS_AT_ONCE: Final = Statement(
    "SELECT position, stream_id, version, topic, state, recorded_at, capture_id, seq FROM events"
    " WHERE stream_id = ANY(%(streams)b::uuid[]) ORDER BY stream_id, version"
)
NAMES_AT_ONCE: Final = Statement(
    "SELECT n.venue, n.account, n.kind, n.name, n.stream_id FROM names n JOIN unnest("
    "%(venues)b::text[], %(accounts)b::text[], %(kinds)b::text[], %(names)b::text[])"
    " AS g(venue, account, kind, name) USING (venue, account, kind, name)"
)
