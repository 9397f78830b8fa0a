"""What the engine needs from outside, in the domain's words, and what each promise is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.recorded import Recorded
from domain.values import Account


class Conflict(Exception):
    """The stream has moved on, or the wire line is known already; nothing was stored."""


class Clock(Protocol):
    """The one source of wall time."""

    def __call__(self) -> datetime:
        """Now, aware, in UTC."""
        ...


class Histories(Protocol):
    """The recorded events of streams."""

    def of(self, streams: Iterable[UUID]) -> Mapping[UUID, Sequence[Recorded]]:
        """Every event of each stream, in order; a stream without events is absent."""
        ...

    def by_stream(self) -> Iterator[tuple[UUID, Sequence[Recorded]]]:
        """Every stream of the log, one whole stream at a time."""
        ...

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """Up to `limit` events after `position`, in log order; none is ever skipped."""
        ...


class LiveOrder(NamedTuple):
    """An order that may still be live, with what a cancel's scope can narrow by."""

    stream: UUID
    market: str | None
    selection: str | None
    side: str | None


class OpenOrders(Protocol):
    """What is on the book now, for cancels with a wide scope."""

    def live(
        self, owner: Account, *, market: str | None = None, user_ref: str | None = None
    ) -> Sequence[LiveOrder]:
        """The orders of `owner` that may still be live, narrowed by market or user reference."""
        ...
