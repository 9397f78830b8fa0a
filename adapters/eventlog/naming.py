"""The index of names, held against the events that told them: it is made of nothing else.

This sees what the seal of the names cannot: an index that was changed together with its seal, or
before there were seals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

import msgspec

from adapters.codec import decode
from adapters.eventlog.damage import Damage
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.reading import persistently
from adapters.eventlog.rows import LogRow, NameKey, NameRow
from domain.events import OrderAccepted, OrderDiscovered, OrderIdentified, OrderPlaced
from domain.recorded import Recorded
from domain.requests import CancelOpened
from domain.values import NameKind

_AT_ONCE: Final = 1_000
_TELLING: Final = (OrderPlaced, OrderAccepted, OrderDiscovered, OrderIdentified)
_TOPICS: Final = frozenset(kind.__name__ for kind in (*_TELLING, CancelOpened))
_STREAM: Final = attrgetter("stream")
_text = msgspec.json.Encoder().encode


def misnamed(log: SqlEventLog) -> Damage | None:
    """The first event with a name that the index lacks, or whose stream goes by a wrong name."""
    return persistently(log.engine, lambda: _Matching(log).first())


class _Matching:
    """Goes along names and events, both stream after stream."""

    def __init__(self, log: SqlEventLog) -> None:
        self._log = log
        self._found: list[Damage] = []
        self._elsewhere: dict[NameKey, int] = {}
        """Names that an event tells and that are not its stream's, with the event's position."""

    def first(self) -> Damage | None:
        groups = groupby(self._log.every_name(), _STREAM)
        named = _next(groups)  # read before the events: no name is newer than they are
        for stream, rows in groupby(self._log.by_stream(), _STREAM):
            while named is not None and named[0].bytes < stream.bytes:
                self._unsaid(named[1], [])
                named = _next(groups)
            events = list(rows)
            names: Sequence[NameRow] = ()
            if named is not None and named[0] == stream:
                names = named[1]
                self._unsaid(names, events)
                named = _next(groups)
            self._told(names, events)
        while named is not None:
            self._unsaid(named[1], [])
            named = _next(groups)
        self._look_up()
        return min(self._found, default=None)

    def _unsaid(self, names: Sequence[NameRow], events: Sequence[LogRow]) -> None:
        """A stream goes by what its events say, and by nothing else."""
        for name in names:
            if not any(_says(row, name) for row in events):
                position = events[0].position if events else 0
                what = f"the name {name.name!r} ({name.kind}) leads to a stream that never told it"
                self._found.append(Damage(position, "names", what))

    def _told(self, names: Sequence[NameRow], events: Sequence[LogRow]) -> None:
        mine = {name[:4] for name in names}
        for row in events:
            if row.topic.partition(":")[0] in _TOPICS:
                for key in _names_in(decode(*row)):
                    if key not in mine:
                        first = self._elsewhere.get(key, row.position)
                        self._elsewhere[key] = min(first, row.position)
        if len(self._elsewhere) > _AT_ONCE:
            self._look_up()

    def _look_up(self) -> None:
        """Of two orders that proved to be one, the first keeps the name; but somebody has it."""
        known = self._log.resolve(list(self._elsewhere))
        for key, position in self._elsewhere.items():
            if key not in known:
                what = f"the name {key[3]!r} ({key[2]}) that the event tells is gone"
                self._found.append(Damage(position, "names", what))
        self._elsewhere.clear()


def _next(groups: Iterator[tuple[UUID, Iterator[NameRow]]]) -> tuple[UUID, list[NameRow]] | None:
    for stream, rows in groups:
        return stream, list(rows)
    return None


def _names_in(entry: Recorded) -> Iterator[NameKey]:
    venue, account = entry.owner.venue, entry.owner.account
    if isinstance(entry.event, _TELLING):
        for name in entry.event.names:
            yield venue, account, name.kind.value, name.value
    elif isinstance(entry.event, CancelOpened) and entry.event.request_ref is not None:
        yield venue, account, NameKind.REQUEST.value, entry.event.request_ref


def _says(row: LogRow, name: NameRow) -> bool:
    """Whether the event is the owner's and has the name among its texts."""
    text = name.name
    if name.kind == NameKind.SESSION.value:
        text = text.removeprefix(f"{row.capture}:")
    if _text(text) not in row.state:
        return False
    return b'"venue":%b,"account":%b' % (_text(name.venue), _text(name.account)) in row.state
