"""The part of what meets that reads traffic again, into a log of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, groupby
from typing import NamedTuple
from uuid import UUID

from adapters.bootstrap import App, Sources, opened
from adapters.captures.ndjson import item
from adapters.codec import TOPICS, decode
from adapters.engine.batches import in_batches
from adapters.engine.ingest import BATCH_LINES
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.retelling import (
    ToldLine,
    ToldPiece,
    count_told,
    not_from_the_wire,
    told_lines,
    told_pieces,
)
from adapters.eventlog.rows import LogRow
from adapters.eventlog.store import Line as Kept
from adapters.eventlog.store import Store
from adapters.replaying.checking import Check, Parted
from adapters.replaying.divergence import Divergence, Row
from adapters.replaying.pace import Pace
from adapters.replaying.places import Places
from adapters.settings import Settings
from domain.notices import LinesFound, LinesMissing
from domain.ports import Conflict
from domain.recorded import Pending, Recorded
from domain.values import Account, Name
from domain.wire import Item, Read, SetAside

__all__ = ["BATCH_LINES", "Divergence", "Pace", "Parted", "Places"]

READING_TOPICS = frozenset({TOPICS[LinesFound], TOPICS[LinesMissing]})
STORED = "wire"
"""What the stored lines are called where a source is named."""


class Chunk(NamedTuple):
    """What is read in one go: lines of one source, after events that no line caused."""

    source: str
    items: Sequence[Item]
    beside: Sequence[Recorded] = ()


Chunks = Iterable[Chunk]
Each = Callable[[Chunk, Places], None]
"""Told of each chunk when it is stored, and of all lines so far; may raise to stop there."""
Only = Callable[[Item], bool]
"""Which items are read."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of it: so many lines were read, so many things set aside, so many events caused.

    `stopped`: the bound was reached before the traffic ended.
    """

    lines: int
    set_aside: int
    events: int
    places: Places
    stopped: bool = False


@contextmanager
def private(settings: Settings) -> Generator[App]:
    """An app over an empty database of its own, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="breakwater-replay-") as directory:
        url = f"sqlite:///{directory}/replay.db"
        own = settings.model_copy(update={"database_url": url, "durability": "off"})
        with opened(own) as app:
            yield app


@contextmanager
def into(settings: Settings, url: str) -> Generator[App]:
    """An app over a database that holds nothing yet; raise `Conflict` when it does."""
    with opened(settings.model_copy(update={"database_url": url})) as app:
        if app.store.head() or next(told_lines(app.store.log), None) is not None:
            shown = app.engine.url.render_as_string(hide_password=True)
            raise Conflict(
                f"{shown} holds a log already, and a replay begins with nothing; name a new file"
            )
        yield app


def of_files(sources: Sources, only: Only, size: int = BATCH_LINES) -> Iterator[Chunk]:
    """Recordings, chunk by chunk."""
    for source, items in sources:
        for batch in in_batches(filter(only, items), size):
            yield Chunk(source, batch)


def of_log(
    app: App, only: Only, *, to: int | None = None, size: int = BATCH_LINES
) -> Iterator[Chunk]:
    """The stored lines of a log in the order in which they were taken, chunk by chunk.

    What people decided, statements and checks found comes between them as it is stored. Pieces
    that were set aside and are no lines come first when they wait for the line of their place,
    else last. With `to`, what stands at or before that position, whole lines alone.
    """
    if to is None:  # of a piece nothing tells what position the log had then
        yield from _aside(app, lambda one: _waits(one) and only(one), size)
    beside = not_from_the_wire(app.store.log)
    waiting = next(beside, None)
    batch: list[Item] = []
    held: list[LogRow] = []
    for line in told_lines(app.store.log):
        if to is not None and max(line.place, line.last) > to:
            continue
        found = _parsed(line)
        if not only(found):
            continue
        due: list[LogRow] = []
        while waiting is not None and waiting.position < line.place:
            due.append(waiting)
            waiting = next(beside, None)
        if batch and (due or len(batch) == size):
            yield Chunk(STORED, batch, _decoded(held))
            batch, held = [], []
        held.extend(due)
        batch.append(found)
    if batch or held:
        yield Chunk(STORED, batch, _decoded(held))
    rest = chain([] if waiting is None else [waiting], beside)
    last = [row for row in rest if to is None or row.position <= to]
    if last:
        yield Chunk(STORED, (), _decoded(last))
    if to is None:
        yield from _aside(app, lambda one: not _waits(one) and only(one), size)


def _aside(app: App, only: Only, size: int) -> Iterator[Chunk]:
    """What was set aside and is no line of the wire, each piece where it stood."""
    for source, told in groupby(told_pieces(app.store.log), key=lambda piece: piece.source):
        for batch in in_batches(filter(only, map(_reread, told)), size):
            yield Chunk(source, batch)


def paced(chunks: Chunks, pace: Pace) -> Iterator[Chunk]:
    """The chunks, each line when it is due."""
    for chunk in chunks:
        for one in chunk.items:
            if isinstance(one, Read):
                pace.wait_for(one.line.at)
        yield chunk


def line_count(app: App) -> int:
    """How many lines the log holds, with the pieces that are no lines."""
    return count_told(app.store.log)


def _parsed(line: ToldLine) -> Item:
    return item(STORED, line.seq, line.raw)


def _waits(piece: Item) -> bool:
    return isinstance(piece, SetAside) and piece.seq is not None and piece.capture is not None


def _reread(piece: ToldPiece) -> Item:
    """A piece as a line, should this version be able to read it; else as it was told."""
    found = item(piece.source, piece.number, piece.raw)
    if isinstance(found, Read):
        return found
    place = (piece.capture, piece.seq)
    return SetAside(piece.source, piece.number, piece.reason, piece.raw, *place)


def _decoded(rows: Iterable[LogRow]) -> list[Recorded]:
    return [decode(*row) for row in rows]


def seen_by(until: datetime | None) -> Only:
    """The lines that were seen by this time; pieces that tell no time are kept."""
    return lambda one: until is None or not isinstance(one, Read) or one.line.at <= until


def replayed(app: App, chunks: Chunks, each: Each | None = None, to: int | None = None) -> Replay:
    """Read the chunks into the app's log, as any recording is read, and bring all up to date.

    With `to`, until a further line would take the log past that position.
    """
    reading = _Reading(app, each)
    if to is None:
        app.ingest(reading.sources(chunks))
    else:
        reading.stopped = not _up_to(app, to, reading, iter(chunks))
    app.runner.catch_up()
    aside = sum(1 for _ in app.set_aside())
    return Replay(reading.lines, aside, app.store.head(), reading.places, stopped=reading.stopped)


def _up_to(app: App, to: int, reading: _Reading, chunks: Iterator[Chunk]) -> bool:
    """Read as long as the log stays within its bound; whether all of it was read."""
    short = replace(app, store=_Bounded(app.store.log, to))
    try:
        short.ingest(reading.sources(chunks))
    except _Reached:
        last = reading.current
    else:
        return True
    with suppress(_Reached):  # of the chunk that would go too far, the lines that would not
        short.ingest(reading.sources(Chunk(last.source, [one]) for one in last.items))
    return False


class _Reading:
    """Gives chunks to an ingest one by one and keeps count of those that were stored."""

    def __init__(self, app: App, each: Each | None) -> None:
        self._app = app
        self._each = each
        self.places = Places()
        self.lines = 0
        self.stopped = False
        self.current = Chunk("", ())

    def sources(self, chunks: Iterable[Chunk]) -> Sources:
        """Each chunk; when the next one is asked for, it is stored."""
        for chunk in chunks:
            self.current = chunk
            _store_beside(self._app, chunk.beside)
            yield chunk.source, chunk.items
            self.lines += len(chunk.items)
            for one in chunk.items:
                if isinstance(one, Read):
                    self.places.add(one.line.capture, one.line.seq)
            if self._each is not None:
                self._each(chunk, self.places)


class _Reached(Exception):
    """What was to be stored would take the log past its bound; nothing of it was stored."""


class _Bounded(Store):
    """The log up to a position."""

    def __init__(self, log: SqlEventLog, last: int) -> None:
        super().__init__(log)
        self._last = last

    def append(
        self,
        events: Sequence[Pending],
        names: Iterable[tuple[Account, Name, UUID]],
        wire: Iterable[Kept],
        asides: Iterable[Kept],
        settled: Sequence[tuple[str, int, str]],
    ) -> tuple[int, datetime]:
        """Store a batch, or raise and store nothing when it would go too far."""
        if self.head() + len(events) > self._last:
            raise _Reached
        return super().append(events, names, wire, asides, settled)


def _store_beside(app: App, events: Sequence[Recorded]) -> None:
    """Store events that no line caused as they were."""
    if events:
        pending = [
            Pending(
                one.stream,
                one.version,
                one.owner,
                one.event_id,
                one.occurred_at,
                one.observed_at,
                None,
                None,
                one.event,
            )
            for one in events
        ]
        app.store.append(pending, (), (), (), ())


def apart(row: Row) -> bool:
    """An event that tells how lines came to be read, not what they say."""
    return row.topic in READING_TOPICS


def checked(log: App, replay: App) -> Check:
    """Holds a replay against the log in use while it goes on."""
    return Check(log.store.log, replay.store.log, apart)
