"""How an account of `breakwater run` is doing, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from adapters.bootstrap import App
from adapters.eventlog.driver import Lost
from adapters.eventlog.engines import unreachable
from adapters.eventlog.errors import LogError
from adapters.listening import Feed
from adapters.speaking import Line


@dataclass(frozen=True, slots=True)
class Times:
    """How often what is done, in seconds."""

    resolve_s: float = 30
    reconcile_s: float = 300
    lease_s: float = 15


@dataclass
class Standing:
    """How one account is doing."""

    line: Line
    feed: Feed
    holds: bool = False
    uncertain: int = 0
    differences: int | None = None
    trouble: str | None = None
    given_up: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """What is uncertain and the venue was asked about as often as it may be."""

    @property
    def well(self) -> bool:
        """We listen and nothing is missing, or another process has the account."""
        if not self.holds:
            return self.trouble is None
        return self.feed.open and self.feed.unread is None

    @property
    def told(self) -> str:
        """In a word or two."""
        if not self.holds:
            return "waiting: another process has it" if self.trouble is None else self.trouble
        if self.feed.open and self.feed.unread is not None:
            return f"listening, and what was missed is not read: {self.feed.unread}"
        if self.feed.open:
            return "listening"
        return f"not heard for {self.feed.quiet_s:.0f} s: {self.feed.trouble or 'connecting'}"


@dataclass(frozen=True, slots=True)
class Apps:
    """The log for what comes in, and for what is asked: each is used by one thread at a time."""

    comes: App
    asks: App


def away(engine: Engine, error: Exception) -> str | None:
    """Why the database does not do what is asked, and what to try; None for any other trouble."""
    if isinstance(error, LogError):
        return str(error)
    if isinstance(error, DBAPIError | Lost):
        return str(unreachable(engine, error))
    return None
