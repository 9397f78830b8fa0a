"""The part of what meets that reads traffic without some of its messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from adapters.bootstrap import App
from adapters.bootstrap_dialects import DIALECTS
from adapters.bootstrap_replay import Chunk, Chunks, replayed
from adapters.engine.ingest import FAULTS
from adapters.engine.reading import Reading
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.rows import Gap
from adapters.eventlog.store import Store
from adapters.replaying.places import Places
from adapters.replaying.selecting import NoSelector, Selects, Spoken, selector
from domain.wire import Item, Line, Read

__all__ = ["NoSelector", "replay_without", "selectors"]


def selectors(app: App, texts: Sequence[str]) -> list[Selects]:
    """What the texts select; the names of orders are looked up in the books of `app`."""
    return [selector(text, _names_of(app)) for text in texts]


def replay_without(app: App, chunks: Chunks, selects: Sequence[Selects]) -> list[int]:
    """Read the chunks into the app's log, without what is selected; how much each selected."""
    removed = Places()
    counts = [0] * len(selects)
    short = replace(app, store=_Without(app.store.log, removed))
    replayed(short, _without(chunks, selects, removed, counts))
    return counts


def _without(
    chunks: Chunks, selects: Sequence[Selects], removed: Places, counts: list[int]
) -> Iterator[Chunk]:
    """The chunks without what is selected; every selector sees every line, in order."""
    reading = Reading(DIALECTS, _unknown)

    def kept(item: Item) -> bool:
        if not isinstance(item, Read):
            return True
        spoken = _spoken(reading, item)
        selected = [selects_it(spoken) for selects_it in selects]  # each must see it
        counts[:] = [count + one for count, one in zip(counts, selected, strict=True)]
        if any(selected):
            removed.add(item.line.capture, item.line.seq)
            return False
        return True

    for chunk in chunks:
        yield chunk._replace(items=[item for item in chunk.items if kept(item)])


def _spoken(reading: Reading, item: Read) -> Spoken:
    try:
        messages = reading.hear(item.line, item.raw).messages
    except FAULTS:
        messages = ()  # it will be set aside where it is read
    return Spoken(item.line, item.raw, messages)


class _Without(Store):
    """A log that does not miss the lines that were taken out on purpose."""

    def __init__(self, log: SqlEventLog, removed: Places) -> None:
        super().__init__(log)
        self.gaps = self._gaps
        self._removed = removed

    def _gaps(self, capture: str) -> list[Gap]:
        covers = self._removed.covers
        return [gap for gap in self.log.gaps(capture) if not covers(capture, gap.first, gap.last)]


def _names_of(app: App) -> Callable[[str], frozenset[str]]:
    def names(name: str) -> frozenset[str]:
        streams = app.streams_called(name) or _key(name)
        found = [row.name for stream in streams for row in app.store.log.names_of(stream)]
        return frozenset(found)

    return names


def _key(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


def _unknown(_capture: str, _exchange: str) -> Line | None:
    return None
