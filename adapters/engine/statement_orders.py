"""Which of our orders the rows of a statement name: looked up for many rows in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from adapters.engine.ports import Aside, WireLine
from domain.events import OrderMerged
from domain.reconcile_books import Books, Shown
from domain.recorded import Pending, Recorded
from domain.statement import StatementRow
from domain.values import Account, Name, NameKind


class ReconcileLog(Protocol):
    """What a reconciliation asks of the log."""

    def head(self) -> int:
        """The position of the last event."""
        ...

    def histories(self, streams: Sequence[UUID]) -> Mapping[UUID, list[Recorded]]:
        """The recorded events of each stream that has any."""
        ...

    def resolve(self, names: Sequence[tuple[Account, Name]]) -> Mapping[tuple[Account, Name], UUID]:
        """The stream that each known name belongs to."""
        ...

    def append(
        self,
        events: Sequence[Pending],
        names: Sequence[tuple[Account, Name, UUID]],
        wire: Sequence[WireLine],
        asides: Sequence[Aside],
        settled: Sequence[tuple[str, int, str]],
    ) -> tuple[int, datetime]:
        """Store a batch in one transaction; raise `Conflict` when another writer was faster."""
        ...


@dataclass(frozen=True, slots=True)
class Lookup:
    """The orders of one account, by their names, as they are shown and as they were."""

    log: ReconcileLog
    books: Books
    owner: Account
    as_of: datetime

    def located(self, rows: Sequence[StatementRow]) -> Iterable[tuple[StatementRow, Shown | None]]:
        """The order that each row names: by the venue's id, else by any of its names."""
        ids = [
            first.value if (first := row.names[0]).kind is NameKind.VENUE else None for row in rows
        ]
        found = self.books.by_venue_ids(self.owner, [value for value in ids if value], self.as_of)
        shown = [None if value is None else found.get(value) for value in ids]
        rest = [row for row, ours in zip(rows, shown, strict=True) if ours is None]
        if not rest:
            return zip(rows, shown, strict=True)
        named = self.named([name for row in rest for name in row.names])
        return [
            (row, ours or next((named[name] for name in row.names if name in named), None))
            for row, ours in zip(rows, shown, strict=True)
        ]

    def named(self, names: Sequence[Name]) -> dict[Name, Shown]:
        """The orders that these names lead to, through merges."""
        if not names:
            return {}
        owner = self.owner
        streams = self.log.resolve([(owner, name) for name in dict.fromkeys(names)])
        stays = self._staying(set(streams.values()))
        shown = self.shown(set(stays.values()))
        return {
            name: shown[stays[stream]]
            for (_, name), stream in streams.items()
            if stays[stream] in shown
        }

    def shown(self, orders: Iterable[UUID]) -> dict[UUID, Shown]:
        """The rows of these orders; one that was merged into another is absent."""
        rows = self.books.by_keys([str(order) for order in orders], self.as_of)
        return {UUID(key): row for key, row in rows.items()}

    def histories(self, keys: Iterable[str]) -> Mapping[str, Sequence[Recorded]]:
        """Every fact of each of these orders."""
        found = self.log.histories([UUID(key) for key in dict.fromkeys(keys)])
        return {str(stream): events for stream, events in found.items()}

    def _staying(self, streams: set[UUID]) -> dict[UUID, UUID]:
        """What each order is now: itself, or the one that it was merged into in the end."""
        shown = self.shown(streams)
        return {key: key if key in shown else self._end(key) for key in streams}

    def _end(self, key: UUID) -> UUID:
        """The last of a chain of merges, which hardly any order has."""
        passed: set[UUID] = set()
        into: UUID | None = key
        while into is not None and into not in passed:
            passed.add(key := into)
            into = _merged_into(self.log.histories([key]).get(key, ()))
        return key


def _merged_into(events: Sequence[Recorded]) -> UUID | None:
    merged = (entry.event for entry in reversed(events) if isinstance(entry.event, OrderMerged))
    return next((event.into for event in merged), None)
