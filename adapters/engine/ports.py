"""What the engine asks of the log; `adapters.eventlog.store` answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.recorded import Pending, Recorded
from domain.values import Account, Name


class WireLine(NamedTuple):
    """A wire line to be kept: its bytes, and when it was seen (microseconds since the epoch).

    `outcome` is what became of it: `read`, `held` until its request comes, or `set_aside`.
    """

    capture: str
    seq: int
    observed_at: int
    exchange: str | None
    outcome: str
    raw: bytes


class Aside(NamedTuple):
    """Something set aside: where it stood, why, and its bytes. `key` makes it known for ever."""

    key: bytes
    source: str
    line: int
    capture: str | None
    seq: int | None
    reason: str
    raw: bytes
    observed_at: int | None


class LineGap(Protocol):
    """A stretch of lines that a capture jumps over."""

    @property
    def first(self) -> int:
        """The first missing line."""
        ...

    @property
    def last(self) -> int:
        """The last missing line."""
        ...


class KeptLine(Protocol):
    """A wire line that the log holds."""

    @property
    def seq(self) -> int:
        """Its place in its capture."""
        ...

    @property
    def outcome(self) -> str:
        """What became of it."""
        ...

    @property
    def raw(self) -> bytes:
        """Its bytes."""
        ...


class EngineLog(Protocol):
    """The event log as events, names and wire lines."""

    def head(self) -> int:
        """The position of the last event; 0 for an empty log."""
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
        names: Iterable[tuple[Account, Name, UUID]],
        wire: Sequence[WireLine],
        asides: Sequence[Aside],
        settled: Sequence[tuple[str, int, str]],
    ) -> tuple[int, datetime]:
        """Store a batch in one transaction; the last position and the time it was recorded.

        Raise `Conflict`, and store nothing, when another writer was faster.
        """
        ...

    def known_lines(self, capture: str, seqs: Iterable[int]) -> Mapping[int, bytes]:
        """Those of the lines that the log holds, each with its SHA-256."""
        ...

    def known_asides(self, keys: Sequence[bytes]) -> AbstractSet[bytes]:
        """Those of the keys under which the log holds something that was set aside."""
        ...

    def exchange_lines(self, capture: str, exchange: str) -> Sequence[KeptLine]:
        """The lines of one exchange."""
        ...

    def held_exchanges(self) -> Iterable[tuple[str, str]]:
        """Capture and exchange of every answer that waits for its request."""
        ...

    def gaps(self, capture: str) -> Sequence[LineGap]:
        """The stretches of lines that the capture jumps over."""
        ...

    def observed_at(self, capture: str, seq: int) -> int:
        """When a line was seen, in microseconds since the epoch."""
        ...
