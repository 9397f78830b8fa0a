"""The envelope: one fact with its place in the log, its three clocks and its cause.

Both are named tuples: a rebuild makes one for each event of the log, and a frozen dataclass of
this size takes four times as long to make (docs/performance.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from domain.values import Account

if TYPE_CHECKING:
    from domain.events import Event


class Recorded(NamedTuple):
    """An event as the log holds it. Position orders; the times are evidence.

    `occurred_at` is the venue's clock (None when the venue did not say), `observed_at` is when
    this side saw or sent the message, `recorded_at` is the log's. `capture` and `seq` name the
    wire line that caused it.
    """

    position: int
    stream: UUID
    version: int
    owner: Account
    event_id: UUID
    occurred_at: datetime | None
    observed_at: datetime
    recorded_at: datetime
    capture: str | None
    seq: int | None
    event: Event

    @property
    def at(self) -> datetime:
        """The best time that is known: the venue's, else when we saw it."""
        return self.occurred_at or self.observed_at

    @property
    def by(self) -> datetime:
        """When it had happened at the latest: what we saw is no later than our seeing it.

        To be held against a time of our own clock, which the venue's may be ahead of.
        """
        return min(self.at, self.observed_at)


class Pending(NamedTuple):
    """An event on its way into the log: it has a version in its stream and no position yet."""

    stream: UUID
    version: int
    owner: Account
    event_id: UUID
    occurred_at: datetime | None
    observed_at: datetime
    capture: str | None
    seq: int | None
    event: Event
