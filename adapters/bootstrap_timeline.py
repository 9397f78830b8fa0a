"""Where a timeline's parts meet: the orders of a scope, their events, their lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, select

from adapters.bootstrap import App
from adapters.captures.ndjson import item
from adapters.codec import micros, moment
from adapters.eventlog.rows import WireRow
from adapters.eventlog.wire_reading import lines_at, lines_of_exchanges, lines_seen
from adapters.exports.files import replacing
from adapters.limits import thresholds_of
from adapters.timeline.building import EVER, Facts, Window, timeline
from adapters.timeline.chart import chart
from adapters.timeline.lives import Life, life_of
from adapters.timeline.row_words import after, believed, looks
from adapters.timeline.rows import FIELDS, Row, Timeline, Wire, record_of
from adapters.timeline.sequence import sequence
from domain import events as e
from domain.flags.flag import Thresholds
from domain.recorded import Recorded
from domain.values import Account
from domain.wire import Read
from projections.batch import FAULTS, ORDER, family
from projections.queries import Only, narrow
from projections.tables import breaks, cancels, orders

STREAMS_AT_ONCE = 1_000


def order_timeline(app: App, title: str, key: UUID, window: Window = EVER) -> Timeline:
    """What happened to one order."""
    with app.reading() as connection:
        return _built(app, connection, title, [key], [], window)


def scope_timeline(app: App, title: str, only: Only, window: Window = EVER) -> Timeline:
    """What happened to the orders of a market, of an account, or to all within a window.

    Of a whole account every line of its recordings is told, also those that caused nothing.
    """
    with app.reading() as connection:
        keys = _orders_in(connection, only, window)
        beside = [] if only.market is not None else _beside(connection, only, window)
        return _built(app, connection, title, keys, beside, window, only)


def _orders_in(connection: Connection, only: Only, window: Window) -> list[UUID]:
    """The orders of the scope that something was seen of since the window began."""
    query = narrow(select(orders.c.order_key), orders, only)
    if window.since is not None:
        query = query.where(orders.c.updated_at >= window.since)
    return [UUID(key) for key in connection.execute(query.order_by(orders.c.order_key)).scalars()]


def _beside(connection: Connection, only: Only, window: Window) -> list[UUID]:
    """The cancel requests of the scope, and the streams of its breaks that are about no order."""
    asked = narrow(select(cancels.c.cancel_id), cancels, only)
    if window.until is not None:
        asked = asked.where(cancels.c.requested_at <= window.until)
    told = narrow(select(breaks.c.subject).distinct(), breaks, only)
    told = told.where(breaks.c.order_key.is_(None))
    found = {*connection.execute(asked).scalars(), *connection.execute(told).scalars()}
    return [UUID(key) for key in sorted(found)]


def _built(  # noqa: PLR0913, PLR0917 - one scope, spelled out
    app: App,
    connection: Connection,
    title: str,
    keys: Sequence[UUID],
    beside: Sequence[UUID],
    window: Window,
    only: Only | None = None,
) -> Timeline:
    lives = {life.stream: life for life in _lives(app, keys)}
    touching = {
        recorded.event.cancel_id
        for life in lives.values()
        for recorded in life.events
        if isinstance(recorded.event, e.CancelRequested)
    }
    others = [
        events
        for _stream, events in _streams(app, sorted({*touching, *beside}))
        if family(events) != ORDER
    ]
    told = [*(life.events for life in lives.values()), *others]
    wire = _wire(connection, told, window, only)
    gaps = {
        capture: [(gap.first, gap.last) for gap in app.store.gaps(capture)]
        for capture in sorted({line.capture for line in wire})
    }

    @cache
    def limits(venue: str) -> Thresholds:
        return thresholds_of(app.settings.limits_at(venue))

    return timeline(title, Facts(lives, others, wire, gaps, limits), window)


def _lives(app: App, keys: Sequence[UUID]) -> Iterator[Life]:
    for stream, events in _streams(app, keys):
        try:
            yield life_of(stream, events)
        except FAULTS:
            continue  # `projections status` tells of it


def _streams(app: App, keys: Sequence[UUID]) -> Iterator[tuple[UUID, Sequence[Recorded]]]:
    for start in range(0, len(keys), STREAMS_AT_ONCE):
        yield from app.store.histories(keys[start : start + STREAMS_AT_ONCE]).items()


def _wire(
    connection: Connection,
    told: Iterable[Sequence[Recorded]],
    window: Window,
    only: Only | None,
) -> list[Wire]:
    """The lines behind the events with those of their exchanges; or all of whole accounts."""
    places = {
        (recorded.capture, recorded.seq)
        for events in told
        for recorded in events
        if recorded.capture is not None and recorded.seq is not None
        if window.holds(recorded.observed_at)
    }
    if only is None or only.market is not None:
        found = {(row.capture, row.seq): row for row in lines_at(connection, places)}
        exchanges = {(row.capture, row.exchange) for row in found.values() if row.exchange}
        for row in lines_of_exchanges(connection, exchanges):
            found.setdefault((row.capture, row.seq), row)
        return [_line(row) for _place, row in sorted(found.items())]
    first, last = (None if at is None else micros(at) for at in window)
    lines = (
        _line(row)
        for capture in sorted({capture for capture, _seq in places})
        for row in lines_seen(connection, capture, first, last)
    )
    return [line for line in lines if line.line is None or _owned(line.line.owner, only)]


def _owned(owner: Account, only: Only) -> bool:
    return only.account in {None, owner.account} and only.venue in {None, owner.venue}


def _line(row: WireRow) -> Wire:
    read = item("log", 0, row.raw)
    line = read.line if isinstance(read, Read) else None
    return Wire(row.capture, row.seq, moment(row.observed_at), row.outcome, row.raw, line)


def write_text(path: Path, text: str) -> None:
    """The text in place of the file, if there is one: whole, or not at all."""
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8")


__all__ = [
    "EVER",
    "FIELDS",
    "Row",
    "Timeline",
    "Window",
    "after",
    "believed",
    "chart",
    "looks",
    "order_timeline",
    "record_of",
    "scope_timeline",
    "sequence",
    "write_text",
]
