"""The envelope: one fact with its place in the log, its three clocks and its cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from domain.values import Account

if TYPE_CHECKING:
    from domain.events import Event


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the log holds it. Position orders; the times are evidence.

    `occurred_at` is the venue's clock (None when the venue did not say), `observed_at` is when
    this side saw or sent the message, `recorded_at` is the log's.
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


@dataclass(frozen=True, slots=True)
class Pending:
    """An event on its way into the log: no position yet."""

    stream: UUID
    version: int
    owner: Account
    event_id: UUID
    occurred_at: datetime | None
    observed_at: datetime
    capture: str | None
    seq: int | None
    event: Event
