"""Walking what stands beside the chain: lines, captures, names, checkpoints, what was set aside.

All of it is read in one snapshot, so that a writer at work is never taken for damage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from struct import error as StructError  # noqa: N812 - a class by a lower-case name
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Engine, Integer, bindparam, func, select, tuple_
from sqlalchemy.sql.elements import CompilerElement

from adapters.eventlog.damage import Found, Kind
from adapters.eventlog.driver import Row, compiled, fetch, snapshot, streamed
from adapters.eventlog.hashing import digest_of
from adapters.eventlog.reading import persistently
from adapters.eventlog.rows import NameRow
from adapters.eventlog.schema import captures, checkpoints, events, names, quarantine, seals, wire
from adapters.eventlog.seals import WHOLE, Seal, Sealed, line_mark, name_mark, row_mark, written

PAGE: Final = 5_000

_KINDS: Final[Mapping[Sealed, tuple[Kind, str]]] = {
    "captures": ("captures", "captures"),
    "checkpoints": ("checkpoint", "checkpoints"),
    "names": ("names", "names"),
    "quarantine": ("quarantine", "rows of what was set aside"),
}
"""The tables that are sealed as a whole: the damage, and what to call their rows."""


def walk_beside(engine: Engine) -> int:
    """The number of wire lines; raise `Found` for the first damage."""

    def run() -> int:
        with snapshot(engine) as connection:
            return _Walk(engine, connection).all()

    return persistently(engine, run)


class _Walk:
    def __init__(self, engine: Engine, connection: Any) -> None:  # noqa: ANN401 - a driver's connection
        self._engine = engine
        self._connection = connection
        self._seals: dict[tuple[str, int], Seal] = {
            (kind, part): Seal(members, mark)
            for kind, part, members, mark in self._rows(_SEALS, {})
        }
        self._names_of_captures: dict[int, str] = dict(self._rows(_CAPTURES, {}))
        self.lines = 0

    def all(self) -> int:
        self._whole("captures", _CAPTURES, lambda row: row_mark(*row))
        self._whole("checkpoints", _CHECKPOINTS, lambda row: row_mark(*row))
        self._wire()
        self._whole("names", _NAMES, _name_mark)
        self._whole("quarantine", _QUARANTINE, lambda row: row_mark(*row[:-1], int(row[-1])))
        if self._seals:
            kind, part = next(iter(self._seals))
            raise Found(0, "seal", f"a seal of {kind} {part} was put in: nothing of it is here")
        return self.lines

    def _wire(self) -> None:
        """The bytes of every line fit its digest, and the lines of each capture their seal."""
        sums: dict[int, tuple[int, int]] = dict.fromkeys(self._names_of_captures, (0, 0))
        for capture_id, seq, observed_at, exchange, outcome, digest, raw in self._wire_rows():
            self.lines += 1
            if not isinstance(raw, bytes) or digest_of(raw) != digest:
                raise self._bad_line(capture_id, seq, "its bytes do not fit their digest")
            try:
                mark = line_mark(capture_id, seq, observed_at, exchange, outcome, digest)
            except _UNFIT:
                raise self._bad_line(capture_id, seq, "a value is of another type") from None
            members, total = sums.get(capture_id, (0, 0))
            sums[capture_id] = (members + 1, total ^ mark)
        for capture_id, (members, total) in sorted(sums.items()):
            name = self._names_of_captures.get(capture_id, f"number {capture_id}")
            found = Seal(members, written(total))
            self._compare("wire", capture_id, found, "wire", f"lines of capture {name!r}")

    def _wire_rows(self) -> Iterator[Row]:
        number = seq = -1
        while page := self._rows(_WIRE, {"number": number, "seq": seq, "most": PAGE}):
            yield from page
            number, seq = page[-1][:2]

    def _bad_line(self, capture_id: int, seq: int, why: str) -> Found:
        name = self._names_of_captures.get(capture_id, f"number {capture_id}")
        caused = self._rows(_CAUSED, {"number": capture_id, "seq": seq})[0][0]
        return Found(caused or 0, "wire", f"line {seq} of capture {name!r} was changed: {why}")

    def _whole(
        self, table: Sealed, statement: CompilerElement, mark_of: Callable[[Row], int]
    ) -> None:
        kind, called = _KINDS[table]
        members = total = 0
        for row in streamed(self._connection, compiled(self._engine, statement)):
            members += 1
            try:
                total ^= mark_of(row)
            except _UNFIT:
                raise Found(0, kind, f"{called} were changed: a value is of another type") from None
        self._compare(table, WHOLE, Seal(members, written(total)), kind, called)

    def _compare(self, table: Sealed, part: int, found: Seal, kind: Kind, called: str) -> None:
        """What stands there is what was stored."""
        sealed = self._seals.pop((table, part), None)
        if sealed is None:
            raise Found(0, "seal", f"the seal of the {called} is gone")
        if sealed == found:
            return
        difference = found.members - sealed.members
        if not difference:
            how = f"the {called} were changed, or are not those that were stored"
        elif difference < 0:
            how = f"{-difference} of the {sealed.members} {called} that were stored are gone"
        else:
            how = f"{difference} more {called} stand there than the {sealed.members} stored"
        raise Found(0, kind, how)

    def _rows(self, statement: CompilerElement, parameters: Mapping[str, object]) -> list[Row]:
        return fetch(self._connection, compiled(self._engine, statement), parameters)


def _name_mark(row: Row) -> int:
    stream = row[4]
    found = UUID(bytes=stream) if isinstance(stream, bytes) else stream
    return name_mark(NameRow._make((*row[:4], found)))


_UNFIT: Final = (TypeError, AttributeError, ValueError, OverflowError, StructError)
_PLACE: Final = tuple_(wire.c.capture_id, wire.c.seq) > tuple_(
    bindparam("number", type_=Integer()), bindparam("seq", type_=BigInteger())
)
_SEALS: Final = select(seals.c.kind, seals.c.part, seals.c.members, seals.c.mark)
_CAPTURES: Final = select(captures.c.id, captures.c.name)
_CHECKPOINTS: Final = select(checkpoints.c.position, checkpoints.c.hash, checkpoints.c.recorded_at)
_NAMES: Final = select(
    names.c.venue, names.c.account, names.c.kind, names.c.name, names.c.stream_id
)
_QUARANTINE: Final = select(*quarantine.c)
_WIRE: Final = (
    select(
        wire.c.capture_id,
        wire.c.seq,
        wire.c.observed_at,
        wire.c.exchange,
        wire.c.outcome,
        wire.c.digest,
        wire.c.raw,
    )
    .where(_PLACE)
    .order_by(wire.c.capture_id, wire.c.seq)
    .limit(bindparam("most", type_=BigInteger()))
)
_CAUSED: Final = select(func.min(events.c.position)).where(
    events.c.capture_id == bindparam("number", type_=Integer()),
    events.c.seq == bindparam("seq", type_=BigInteger()),
)
