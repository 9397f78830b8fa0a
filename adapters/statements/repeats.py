"""Rows that stand more than once in the pages of a list: which one counts, and what that shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from adapters.statements.objects import fields_of
from adapters.statements.pages import Key, key_of
from domain.listing import Listing

Spot = tuple[int, int, int]
"""A row: its file, its answer, and which row of it."""


@dataclass(slots=True)
class Repeats:
    """Finds the rows of one list that are told again. `by_id`: each was asked for by its name."""

    listing: Listing
    by_id: bool = False
    skipped: set[Spot] = field(default_factory=set[Spot])
    again: int = 0
    _seen: dict[int, tuple[Spot, bool]] = field(default_factory=dict[int, tuple[Spot, bool]])

    def page(self, file: int, line: int, values: Iterable[object]) -> int:
        """Look at a page's rows; how many of them an earlier page has, too."""
        before = self.again
        for index, value in enumerate(values):
            key = key_of(value, self.listing.key)
            if key is not None:
                self._row(key, (file, line, index), value)
        return self.again - before

    def _row(self, key: Key, spot: Spot, value: object) -> None:
        known = self._seen.get(hash(key))
        live = self._is_live(value)
        if known is None:
            self._seen[hash(key)] = spot, live
            return
        if known[0][:2] != spot[:2]:
            self.again += 1
        newer = self.by_id or self.listing.again == "newer" or (known[1] and not live)
        if newer:
            self.skipped.add(known[0])
            self._seen[hash(key)] = spot, live
        else:
            self.skipped.add(spot)

    def _is_live(self, value: object) -> bool:
        status = fields_of(value).get("status")
        return isinstance(status, str) and status.strip().upper() in self.listing.live
