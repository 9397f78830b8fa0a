"""The log in the domain's words: events, histories and names instead of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import func, select

from adapters.codec import decode, encode, moment
from adapters.eventlog.chain import ChainReport, verify
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.naming import misnamed
from adapters.eventlog.reading import EVERY_STREAM
from adapters.eventlog.rows import EventRow, Head, LineKey, LogRow, NameRow, QuarantineRow, WireRow
from adapters.eventlog.schema import names, quarantine, wire
from domain.recorded import Pending, Recorded
from domain.values import Account, Name


class Line(Protocol):
    """A wire line to be kept, field by field as `WireRow` has it."""

    def __iter__(self) -> Iterator[Any]:
        """The fields in order."""
        ...


class Store:
    """The event log as the engine and the projections use it."""

    def __init__(self, log: SqlEventLog) -> None:
        self.log = log
        self.known_lines = log.known_lines
        self.exchange_lines = log.exchange_lines
        self.held_exchanges = log.held_exchanges
        self.gaps = log.gaps
        self.observed_at = log.observed_at

    def histories(self, streams: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
        """The recorded events of each stream that has any, in order."""
        found: dict[UUID, list[Recorded]] = {}
        for row in self.log.streams(streams):
            found.setdefault(row.stream, []).append(_event(row))
        return found

    def by_stream(
        self, between: tuple[UUID, UUID] | None = None
    ) -> Iterator[tuple[UUID, list[Recorded]]]:
        """Every stream (with an id between two), one whole stream at a time, in flat memory."""
        stream: UUID | None = None
        events: list[Recorded] = []
        for row in self.log.by_stream(between=between or EVERY_STREAM):
            key = row.stream
            if key is not stream and key != stream:  # nearly always it is the very same object
                if stream is not None:
                    yield stream, events
                stream, events = key, []
            events.append(decode(*row))
        if stream is not None:
            yield stream, events

    def after(self, position: int, limit: int) -> list[Recorded]:
        """Up to `limit` events after `position`, in log order."""
        return [_event(row) for row in self.log.after(position, limit)]

    def at(self, positions: Sequence[int]) -> list[Recorded]:
        """The events at these positions."""
        found: list[Recorded] = []
        for position in positions:
            found.extend(self.after(position - 1, 1))
        return found

    def called(self, name: str) -> list[UUID]:
        """The streams that go by `name`, whatever its kind, venue and account."""
        query = select(names.c.stream_id).where(names.c.name == name).distinct()
        with self.log.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def verified(
        self, witnessed: Sequence[Head] = (), readers: Mapping[str, int] | None = None
    ) -> ChainReport:
        """Walk all that is stored, the index of names held against the events that made it."""
        report = verify(self.log.engine, witnessed=witnessed, readers=readers)
        return report._replace(damage=misnamed(self.log)) if report.whole else report

    def head(self) -> int:
        """The position of the last event; 0 for an empty log."""
        return self.log.head().position

    def newest_observed_at(self) -> datetime | None:
        """The newest time that any line of the log was seen at; it looks at all of them."""
        with self.log.engine.connect() as connection:
            newest = connection.execute(select(func.max(wire.c.observed_at))).scalar_one()
        return None if newest is None else moment(newest)

    def known_asides(self, keys: Sequence[bytes]) -> set[bytes]:
        """Those of the keys under which something was set aside."""
        query = select(quarantine.c.key).where(quarantine.c.key.in_(keys))
        with self.log.engine.connect() as connection:
            return {bytes(key) for key in connection.execute(query).scalars()}

    def resolve(self, names: Sequence[tuple[Account, Name]]) -> dict[tuple[Account, Name], UUID]:
        """The stream that each known name belongs to."""
        rows = {
            (owner.venue, owner.account, name.kind.value, name.value): (owner, name)
            for owner, name in names
        }
        found = self.log.resolve(list(rows))
        return {rows[key]: stream for key, stream in found.items()}

    def append(
        self,
        events: Sequence[Pending],
        names: Iterable[tuple[Account, Name, UUID]],
        wire: Iterable[Line],
        asides: Iterable[Line],
        settled: Sequence[tuple[str, int, str]],
    ) -> tuple[int, datetime]:
        """Store a batch in one transaction; the last position and the time it was recorded."""
        rows = _rows(events)
        name_rows = [
            NameRow(owner.venue, owner.account, name.kind.value, name.value, stream)
            for owner, name, stream in names
        ]
        stored = self.log.append(
            rows,
            wire=[WireRow(*line) for line in wire],
            names=name_rows,
            quarantine=[QuarantineRow(*aside) for aside in asides],
            settled=settled,
        )
        return stored.position, moment(stored.recorded_at)


def _rows(events: Sequence[Pending]) -> list[EventRow]:
    rows: list[EventRow] = []
    cause: LineKey | None = None
    for entry in events:
        capture, seq = entry.capture, entry.seq
        if capture is None or seq is None:
            cause = None
        elif cause is None or cause[1] != seq or cause[0] != capture:
            cause = capture, seq  # a line causes many events, one after the other
        topic, state = encode(entry)
        rows.append(EventRow(entry.stream, entry.version, topic, state, cause))
    return rows


def _event(row: LogRow) -> Recorded:
    return decode(*row)
