"""Walking the hash chain: whether anything in the log was changed, and where it begins.

Found: any edit, deletion, insertion or reordering of events; a truncation before the head, or
before a checkpoint; any change to lines, captures, names, checkpoints and what was set aside (the
chain covers the lines that caused an event, seals the rest: `beside`). Not found: a log that was
written anew together with its head, checkpoints and seals. Against that, keep a head elsewhere and
hand it in as `witnessed`.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Engine, and_, bindparam, func, select

from adapters.eventlog.beside import walk_beside
from adapters.eventlog.damage import Damage, Found
from adapters.eventlog.driver import Row, Statement, compiled, connected, fetch, is_sqlite
from adapters.eventlog.hashing import GENESIS, Linked, link
from adapters.eventlog.reading import persistently
from adapters.eventlog.rows import Head
from adapters.eventlog.schema import checkpoints, events, log_head, wire

PAGE: Final = 5_000
STREAM_BYTES: Final = 16


class ChainReport(NamedTuple):
    """What a walk along the chain found."""

    events: int
    lines: int
    head: Head
    damage: Damage | None

    @property
    def whole(self) -> bool:
        """Whether nothing was changed."""
        return self.damage is None


def verify(
    engine: Engine,
    *,
    witnessed: Sequence[Head] = (),
    readers: Mapping[str, int] | None = None,
) -> ChainReport:
    """Walk the whole log and report the first bad position, if there is one.

    `witnessed` are heads or checkpoints that were kept outside of the database, `readers` the
    positions that readers of this log had reached before the walk began.
    """
    walk = _Walk(engine, witnessed)
    try:
        walk.events()
        walk.end()
        walk.overshot(readers or {})
        lines = walk_beside(engine)
    except Found as found:
        return ChainReport(walk.position, 0, walk.reached, found.damage)
    return ChainReport(walk.position, lines, walk.reached, None)


def verify_end(engine: Engine, most: int) -> ChainReport:
    """Walk the last `most` events only: quick, and blind to what was changed before them."""
    walk = _Walk(engine, ())
    try:
        walk.skip(most)
        begins = walk.position
        walk.events()
        walk.end()
    except Found as found:
        return ChainReport(0, 0, walk.reached, found.damage)
    return ChainReport(walk.position - begins, 0, walk.reached, None)


class _Walk:
    def __init__(self, engine: Engine, witnessed: Sequence[Head]) -> None:
        self._engine = engine
        self._sql = {name: compiled(engine, each) for name, each in _STATEMENTS.items()}
        self._sqlite = is_sqlite(engine)
        self._vouched: dict[int, bytes] = dict(self._fetch(self._sql["checkpoints"]))
        self._witnessed = dict(witnessed)
        self.position = 0
        self.hash = GENESIS

    @property
    def reached(self) -> Head:
        return Head(self.position, self.hash)

    def skip(self, most: int) -> None:
        """Take the word of the log for all but the last `most` events."""
        rows = self._fetch(self._sql["end"])
        last = (rows[0][2] or 0) - most if rows else 0
        before = self._fetch(self._sql["events"], after=last - 1, most=1) if last > 0 else []
        if before:
            self.position, self.hash = before[0][0], before[0][8]

    def events(self) -> None:
        """Every event from the first: gapless, and each hash as it must be."""
        vouched = {**self._vouched, **self._witnessed}
        while page := self._fetch(self._sql["events"], after=self.position, most=PAGE):
            for index, row in enumerate(page):
                position, stored = row[0], row[8]
                if position != self.position + 1:
                    raise _missing(self.position + 1, position)
                if _hash(self.hash, row, sqlite=self._sqlite) != stored:
                    raise self._changed(row, page[index + 1 :])
                self.position, self.hash = position, stored
                if position in vouched and vouched[position] != stored:
                    raise self._unvouched(position)

    def end(self) -> None:
        """The head, the checkpoints and what was witnessed outside fit the last event."""
        rows = self._fetch(self._sql["end"])
        if not rows:
            raise Found(self.position, "truncation", "the head of the log is gone")
        position, stored, last = rows[0]
        last = last or 0
        claimed = max([position, *self._vouched, *self._witnessed])
        if last < claimed:
            raise Found(
                last + 1,
                "truncation",
                f"events after position {last} are gone; the log reached {claimed}",
            )
        if last > position:
            raise Found(position + 1, "insertion", f"events stand after the head at {position}")
        if position == self.position and stored != self.hash:
            raise Found(position, "checkpoint", "the head vouches for another history")

    def overshot(self, readers: Mapping[str, int]) -> None:
        """Nobody has read more than there is."""
        for name, position in sorted(readers.items()):
            if position > self.position:
                raise Found(
                    self.position + 1,
                    "projection",
                    f"{name!r} has read up to position {position} and the log ends at "
                    f"{self.position}: events after it are gone, or {name!r} was set forward",
                )

    def _changed(self, row: Row, later: Sequence[Row]) -> Found:
        """What a hash that does not fit looks like from what stands around it."""
        position = row[0]
        if row[6] is not None and row[9] is None:
            return Found(position, "wire", "the wire line that caused the event is gone")
        for index, other in enumerate(later):
            if self._fits(self.hash, position, other) in {row[8], other[8]}:
                if index == 0 and self._belongs(other, position + 1, later[1:]):
                    return Found(position, "insertion", "an event was put in here")
                return Found(position, "reorder", f"the event of position {other[0]} belongs here")
        if not later or self._belongs(row, position + 1, later):
            return Found(position, "edit", "the event was changed, or put in here")
        return Found(position, "altered", "events were put in, taken out or changed here")

    def _belongs(self, before: Row, position: int, later: Sequence[Row]) -> bool:
        """Whether the next of `later` is the event that followed `before`, at `position`."""
        return bool(later) and self._fits(before[8], position, later[0]) == later[0][8]

    def _fits(self, before: bytes, position: int, row: Row) -> bytes | None:
        return _hash(before, (position, *row[1:]), sqlite=self._sqlite)

    def _unvouched(self, position: int) -> Found:
        source = "witnessed head" if position in self._witnessed else "checkpoint"
        return Found(
            position,
            "checkpoint",
            f"the {source} at {position} vouches for another history: "
            "events up to there were written anew, or it was changed",
        )

    def _fetch(self, statement: Statement, **parameters: object) -> list[Row]:
        def run() -> list[Row]:
            with connected(self._engine) as connection:
                return fetch(connection, statement, parameters)

        return persistently(self._engine, run)


def _missing(expected: int, found: int) -> Found:
    if found < expected:
        return Found(found, "insertion", f"a second event stands at position {found}")
    last = f" to {found - 1}" if found > expected + 1 else ""
    return Found(expected, "deletion", f"position {expected}{last} is missing")


def _hash(before: bytes, row: Row, *, sqlite: bool) -> bytes | None:
    """What the hash of a row must be; None when its values are of no event."""
    position, stream, version, topic, state, recorded_at, capture_id, seq, _hash, digest = row
    if capture_id is None and seq is None:
        digest = GENESIS
    try:
        key = stream if sqlite else stream.bytes
        if len(key) != STREAM_BYTES:
            return None
        linked: Linked = (position, key, version, recorded_at, topic.encode(), digest, state)
        return link(before, linked)
    except (TypeError, AttributeError, struct.error):
        return None  # a value of another type: SQLite stores what it is given


_JOINED: Final = events.outerjoin(
    wire, and_(wire.c.capture_id == events.c.capture_id, wire.c.seq == events.c.seq)
)
_STATEMENTS: Final[Mapping[str, Any]] = {
    "events": select(
        events.c.position,
        events.c.stream_id,
        events.c.version,
        events.c.topic,
        events.c.state,
        events.c.recorded_at,
        events.c.capture_id,
        events.c.seq,
        events.c.hash,
        wire.c.digest,
    )
    .select_from(_JOINED)
    .where(events.c.position > bindparam("after", type_=BigInteger()))
    .order_by(events.c.position)
    .limit(bindparam("most", type_=BigInteger())),
    "checkpoints": select(checkpoints.c.position, checkpoints.c.hash),
    "end": select(
        log_head.c.position, log_head.c.hash, select(func.max(events.c.position)).scalar_subquery()
    ),
}
