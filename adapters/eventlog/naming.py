"""The index of names, held against the events that told them: it is made of nothing else.

This sees what the seal of the names cannot: an index that was changed together with its seal, or
before there were seals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
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

PAGE: Final = 2_000
_TELLING: Final = (OrderPlaced, OrderAccepted, OrderDiscovered, OrderIdentified)
_TOPICS: Final = frozenset(kind.__name__ for kind in (*_TELLING, CancelOpened))
_text = msgspec.json.Encoder().encode


def misnamed(log: SqlEventLog) -> Damage | None:
    """The first name that an event tells and the index lacks, or that leads to a wrong stream."""
    return _lacking(log) or persistently(log.engine, lambda: _unsaid(log))


def _lacking(log: SqlEventLog) -> Damage | None:
    """Every name that an event tells is known."""
    position = 0
    while rows := log.after(position, PAGE):
        position = rows[-1].position
        told = {
            key: row.position
            for row in reversed(rows)
            if row.topic.partition(":")[0] in _TOPICS
            for key in _told(decode(*row))
        }
        lacking = told.keys() - log.resolve(list(told)).keys()
        if lacking:
            key = min(lacking, key=lambda each: (told[each], each))
            return Damage(
                told[key], "names", f"the name {key[3]!r} ({key[2]}) of this event is gone"
            )
    return None


def _told(entry: Recorded) -> Iterator[NameKey]:
    venue, account = entry.owner.venue, entry.owner.account
    if isinstance(entry.event, _TELLING):
        for name in entry.event.names:
            yield venue, account, name.kind.value, name.value
    elif isinstance(entry.event, CancelOpened) and entry.event.request_ref is not None:
        yield venue, account, NameKind.REQUEST.value, entry.event.request_ref


def _unsaid(log: SqlEventLog) -> Damage | None:
    """Every name leads to a stream whose events say it."""
    every = log.every_name()
    while page := list(islice(every, PAGE)):  # read before their events, which are older
        histories: dict[UUID, list[LogRow]] = {}
        for row in log.streams([name.stream for name in page]):
            histories.setdefault(row.stream, []).append(row)
        for name in page:
            events = histories.get(name.stream, [])
            if not _says(events, name):
                return Damage(
                    events[0].position if events else 0,
                    "names",
                    f"the name {name.name!r} ({name.kind}) leads to a stream that never told it",
                )
    return None


def _says(events: Sequence[LogRow], name: NameRow) -> bool:
    """Whether a text of the events is the name; of one within a session, what follows it."""
    owner = b'"venue":%b,"account":%b' % (_text(name.venue), _text(name.account))
    for row in events:
        text = name.name
        if name.kind == NameKind.SESSION.value:
            text = text.removeprefix(f"{row.capture}:")
        if owner in row.state and _text(text) in row.state:
            return True
    return False
