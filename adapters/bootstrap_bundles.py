"""The part of what meets that cuts a piece out of a log: the chosen streams and their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, select

from adapters.bootstrap import App
from adapters.bootstrap_replay import STORED, Chunk, private, replayed
from adapters.captures.ndjson import item
from adapters.codec import decode, micros
from adapters.engine.reconciling import run_stream
from adapters.eventlog.retelling import ToldLine, not_from_the_wire, told_lines
from adapters.eventlog.rows import LogRow
from adapters.eventlog.schema import captures, events
from adapters.eventlog.wire_reading import lines_at, lines_of_exchanges, lines_seen
from domain import events as e
from domain.ids import desk_stream
from domain.values import Account
from domain.wire import SetAside
from projections.queries import Only, narrow
from projections.tables import breaks, cancels, orders

Place = tuple[str, int]
Part = TypeVar("Part")
EVERYTHING = Only()
PAGE = 5_000
GROWN_MAX = 8
"""How often what a piece leaves out may turn out to matter, before it is taken as it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which piece: one order, or the orders of a scope that were heard of within a window."""

    order: UUID | None = None
    only: Only = EVERYTHING
    since: datetime | None = None
    until: datetime | None = None

    @property
    def whole_accounts(self) -> bool:
        """Every line of the window belongs to it, also those that caused nothing."""
        return self.order is None and self.only.market is None


@dataclass(slots=True)
class Piece:
    """A piece of a log: the streams that were chosen, and every line that tells of them.

    `lines` are those at its `places`, in the order in which they were taken; `others` the streams
    that they tell of besides, as far as they tell. `parted` says how a reading of the lines by
    today's program parts from what the log holds; None: it does not.
    """

    streams: set[UUID] = field(default_factory=set[UUID])
    places: set[Place] = field(default_factory=set[Place])
    lines: Sequence[ToldLine] = ()
    others: set[UUID] = field(default_factory=set[UUID])
    parted: str | None = None

    @property
    def owners(self) -> set[Account]:
        """The accounts that its lines are about."""
        read = (item(STORED, line.seq, line.raw) for line in self.lines)
        return {one.line.owner for one in read if not isinstance(one, SetAside)}


Doing = Callable[[str], None]
"""Is told what is being done."""


def piece_of(app: App, wanted: Wanted, doing: Doing = lambda _: None) -> Piece:
    """The streams and lines that tell of them alone what the log tells, or more when they must."""
    doing("looking for what belongs to it")
    with app.reading() as connection:
        piece = Piece(streams=_begin(connection, wanted))
        if wanted.whole_accounts:
            piece.places = _seen(connection, wanted)
    for _ in range(GROWN_MAX):
        _close(app, piece)
        piece.lines = list(_lines_of(app, piece.places))
        piece.others = _told_of(app, piece.places) - piece.streams
        doing(f"reading {len(piece.lines):,} lines by themselves")
        piece.parted = _parted(app, piece)
        if piece.parted is None or not piece.others:
            break
        piece.streams |= piece.others
    return piece


def beside_of(app: App, wanted: Wanted, piece: Piece) -> list[LogRow]:
    """What no line caused: decisions about the breaks of the piece; of accounts, their runs."""
    with app.reading() as connection:
        found = {
            desk_stream(UUID(break_id))
            for streams in _parts(sorted(str(one) for one in piece.streams))
            for break_id in connection.execute(
                select(breaks.c.break_id).where(breaks.c.subject.in_(streams))
            ).scalars()
        }
        if wanted.whole_accounts:
            found |= {run_stream(owner) for owner in piece.owners}
            found |= set(_desk_of_notices(connection, piece.owners))
    return [row for row in not_from_the_wire(app.store.log) if row.stream in found]


def _desk_of_notices(connection: Connection, owners: set[Account]) -> Iterator[UUID]:
    """What was decided about breaks of accounts that are about no order or request: jumps, say."""
    query = select(breaks.c.venue, breaks.c.account, breaks.c.break_id).where(
        breaks.c.subject.not_in(select(orders.c.order_key)),
        breaks.c.subject.not_in(select(cancels.c.cancel_id)),
    )
    for venue, account, break_id in connection.execute(query):
        if Account(venue, account) in owners:
            yield desk_stream(UUID(break_id))


def events_of(app: App, streams: Iterable[UUID]) -> list[LogRow]:
    """Every event of these streams, in log order."""
    found = [row for part in _parts(sorted(streams)) for row in app.store.log.streams(part)]
    return sorted(found, key=lambda row: row.position)


def only_lines(raw_lines: Iterable[tuple[int, bytes]]) -> Iterator[Chunk]:
    """Lines as a replay reads them."""
    batch = [item(STORED, seq, raw) for seq, raw in raw_lines]
    for start in range(0, len(batch), PAGE):
        yield Chunk(STORED, batch[start : start + PAGE])


def _begin(connection: Connection, wanted: Wanted) -> set[UUID]:
    if wanted.order is not None:
        return {wanted.order}
    query = narrow(select(orders.c.order_key), orders, wanted.only)
    if wanted.since is not None:
        query = query.where(orders.c.updated_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(orders.c.first_seen_at <= wanted.until)
    found = set(connection.execute(query).scalars())
    if wanted.whole_accounts:
        asked = narrow(select(cancels.c.cancel_id), cancels, wanted.only)
        if wanted.since is not None:
            asked = asked.where(cancels.c.requested_at >= wanted.since)
        if wanted.until is not None:
            asked = asked.where(cancels.c.requested_at <= wanted.until)
        found |= set(connection.execute(asked).scalars())
    return {UUID(key) for key in found}


def _seen(connection: Connection, wanted: Wanted) -> set[Place]:
    """Every line of the scope within its window, also those that caused nothing."""
    since, until = (None if at is None else micros(at) for at in (wanted.since, wanted.until))
    found: set[Place] = set()
    for capture in connection.execute(select(captures.c.name)).scalars().all():
        for row in lines_seen(connection, capture, since, until):
            read = item(STORED, row.seq, row.raw)
            if isinstance(read, SetAside) or _fits(read.line.owner, wanted.only):
                found.add((row.capture, row.seq))
    return found


def _fits(owner: Account, only: Only) -> bool:
    return only.account in {None, owner.account} and only.venue in {None, owner.venue}


def _close(app: App, piece: Piece) -> None:
    """Take in what belongs to the streams: those merged with them, their requests, their lines."""
    known: set[UUID] = set()
    while new := piece.streams - known:
        known |= new
        rows = events_of(app, new)
        piece.places |= {
            (row.capture, row.seq)
            for row in rows
            if row.capture is not None and row.seq is not None
        }
        for row in rows:
            piece.streams.update(_belongs(app, row))
    with app.reading() as connection:
        found = lines_at(connection, piece.places)
        exchanges = {(row.capture, row.exchange) for row in found if row.exchange is not None}
        rest = lines_of_exchanges(connection, exchanges)
    piece.places |= {(row.capture, row.seq) for row in rest}


def _belongs(app: App, row: LogRow) -> Iterator[UUID]:
    recorded = decode(*row)
    match recorded.event:
        case e.OrderMerged(into=into):
            yield into
        case e.CancelRequested(cancel_id=cancel_id):
            yield cancel_id
        case e.OrderIdentified(names=names):
            yield from app.store.resolve([(recorded.owner, name) for name in names]).values()
        case _:
            return


def _lines_of(app: App, places: set[Place]) -> Iterator[ToldLine]:
    """The lines at these places, in the order in which they were taken: all of the log is read."""
    return (line for line in told_lines(app.store.log) if (line.capture, line.seq) in places)


def _told_of(app: App, places: set[Place]) -> set[UUID]:
    """Every order and request that these lines tell of."""
    query = select(events.c.stream_id, events.c.capture_id, events.c.seq)
    with app.reading() as connection:
        known = connection.execute(select(captures.c.name, captures.c.id))
        ids = {row.name: row.id for row in known}
        wanted = {(ids[capture], seq) for capture, seq in places}
        rows = connection.execution_options(yield_per=PAGE).execute(query)
        return {stream for stream, *place in rows if tuple(place) in wanted}


def _parted(app: App, piece: Piece) -> str | None:
    """How the chosen streams differ when the lines of the piece are read by themselves."""
    with private(app.settings) as alone:
        lines = ((line.seq, line.raw) for line in piece.lines)
        replayed(alone, only_lines(lines))
        held = {_key(row): row for row in events_of(app, piece.streams) if row.capture is not None}
        again = {_key(row): row for row in events_of(alone, piece.streams)}
    for key, row in held.items():
        other = again.pop(key, None)
        if other is None or (other.topic, other.state) != (row.topic, row.state):
            return f"position {row.position}, {row.topic}, of capture {row.capture} seq {row.seq}"
    left = next(iter(again.values()), None)
    return None if left is None else f"{left.topic}, of capture {left.capture} seq {left.seq}"


def _key(row: LogRow) -> tuple[UUID, int]:
    return row.stream, row.version


def _parts(wanted: Sequence[Part]) -> Iterator[Sequence[Part]]:
    for start in range(0, len(wanted), PAGE):
        yield wanted[start : start + PAGE]
