"""One cause makes one row: breaks of one account and code that opened in one burst are told as one.

A dead feed, a venue that answers with errors, a bulk request whose answer was lost, a statement
that lacks a page: each opens the same code for many orders at one moment or shortly one after the
other. What one message proves opens at one moment, so breaks of one message are never torn apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.ids import derived


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """From how many on breaks of one burst are told as one, and what ends a burst.

    A burst ends when no further break opens within `gap` of the one before.
    """

    least: int = 20
    gap: timedelta = timedelta(seconds=60)


class Kind(NamedTuple):
    """What breaks of one cause have in common."""

    venue: str
    account: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Breaks of one kind that opened from `first` to `last`, both included."""

    kind: Kind
    first: datetime
    last: datetime
    count: int

    @property
    def group_id(self) -> str:
        """The id of the row that stands for them, the same in every derivation.

        Neither a further break of the burst nor one that closes changes it.
        """
        return str(derived("group", *self.kind, self.first.isoformat()))

    def holds(self, kind: Kind, opened_at: datetime) -> bool:
        """Whether a break of this kind that opened then is one of them."""
        return self.kind == kind and self.first <= opened_at <= self.last


def bursts(kind: Kind, opened: Iterable[datetime], gap: timedelta) -> Iterator[Burst]:
    """The bursts of the breaks of one kind, closed ones too, by their times of opening in order."""
    burst: Burst | None = None
    for moment in opened:
        if burst is not None and moment - burst.last <= gap:
            burst = replace(burst, last=moment, count=burst.count + 1)
            continue
        if burst is not None:
            yield burst
        burst = Burst(kind=kind, first=moment, last=moment, count=1)
    if burst is not None:
        yield burst
