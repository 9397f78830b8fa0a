"""What the routes for events ask of the log, and what it may answer instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from domain.values import Account


class EventPage(NamedTuple):
    """Events as JSON by their positions; how far the page reaches; whether it can ever change."""

    events: Sequence[tuple[int, bytes]]
    next: int
    unchanging: bool


class NoSuchType(ValueError):
    """Nothing that is stored is called so."""


class BeyondTheEnd(ValueError):
    """The position is behind the end of this log: it is of another one, or the log was restored."""


class CannotBeRead(Exception):
    """The log holds something that cannot be told; the text says where, and what to do."""


class NotReachable(Exception):
    """The database does not answer now."""


class Events(Protocol):
    """The log, as others are shown it."""

    def page(
        self, owner: Account | None, after: int, limit: int, types: Sequence[str], bytes_max: int
    ) -> EventPage:
        """What is behind `after`, for `owner` (None: for an auditor)."""
        ...

    async def beyond(self, position: int, at_most_s: float) -> bool:
        """Whether the log reaches beyond `position`; waits for it for so long."""
        ...

    @property
    def is_closed(self) -> bool:
        """The service ends."""
        ...

    def described(self) -> Mapping[str, Any]:
        """The feed as an AsyncAPI document."""
        ...

    def schema(self, name: str) -> Mapping[str, Any] | None:
        """The JSON Schema of events of this stored name and version."""
        ...
