"""What a timeline is made of: one row per message and one per event, in the order of our clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from adapters.timeline.lives import BUCKETS, Held, Life
from domain.recorded import Recorded
from domain.values import Account, Choice
from domain.wire import Line


class Wire(NamedTuple):
    """A line of the log's wire, with what it is when it can be read."""

    capture: str
    seq: int
    observed_at: datetime
    outcome: str
    raw: bytes
    line: Line | None


class Mark(Choice):
    """What is worth a second look about a row."""

    GAP = "gap"
    """Lines of its recording are missing before it."""
    SILENCE = "silence"
    """Nothing was heard for long before it."""
    LATE = "late"
    """It was seen long after it had happened."""
    REORDERED = "reordered"
    """It happened before something that was seen before it."""
    CLOCK = "clock"
    """By the venue's clock it happened after it was seen."""
    CROSSED = "crossed"
    """It and a message the other way were on the wire at one time."""
    LOST = "lost"
    """Nobody knows whether it arrived."""
    REPEATED = "repeated"
    """It says again what was known."""
    UNREAD = "unread"
    """It was set aside, or waits for its request."""


class Marked(NamedTuple):
    """A mark and its sentence."""

    mark: Mark
    text: str


@dataclass(slots=True, kw_only=True)
class Row:
    """A message (`line`) or an event (`recorded`), with what it has to do with other rows.

    `caused_by` is the message that an event comes from; `answers` what it is an answer to.
    """

    number: int = 0
    observed_at: datetime
    occurred_at: datetime | None = None
    recorded_at: datetime | None = None
    capture: str | None = None
    seq: int | None = None
    owner: Account | None = None
    direction: str | None = None
    exchange: str | None = None
    what: str = ""
    by: str = ""
    wire: Wire | None = None
    recorded: Recorded | None = None
    life: Life | None = None
    after: Held | None = None
    caused_by: Row | None = None
    answers: Row | None = None
    marks: list[Marked] = field(default_factory=list[Marked])

    @property
    def is_message(self) -> bool:
        """It is a line of the wire, and no event."""
        return self.recorded is None

    @property
    def believed(self) -> Held | None:
        """How an attentive client must have thought that the order stood."""
        return None if self.life is None else self.life.believed.at(self.observed_at)

    @property
    def known_now(self) -> Held | None:
        """How the order stood at that moment, as far as it is known now."""
        return None if self.life is None else self.life.known_now.at(self.observed_at)

    @property
    def place(self) -> tuple[str, int] | None:
        """Which line of which recording it comes from."""
        return None if self.capture is None or self.seq is None else (self.capture, self.seq)


@dataclass(frozen=True)
class Timeline:
    """What happened to some orders: the rows, and the lives that they are about."""

    title: str
    rows: Sequence[Row]
    lives: Mapping[UUID, Life]


_SIZES = ("size", *BUCKETS)
FIELDS: Sequence[str] = (
    "row",
    "kind",
    "occurred_at",
    "observed_at",
    "recorded_at",
    "position",
    "capture",
    "seq",
    "venue",
    "account",
    "direction",
    "exchange",
    "order_key",
    "order",
    "event",
    "what",
    "by",
    "caused_by",
    "answers",
    "marks",
    *_SIZES,
    "status",
    *(f"believed_{name}" for name in (*_SIZES, "status", "remaining_min", "remaining_max")),
    *(f"known_now_{name}" for name in (*_SIZES, "status")),
    "differs",
)
"""The fields of a row, as programs read them."""


def record_of(row: Row) -> dict[str, Any]:
    """The row for a listing."""
    recorded, life = row.recorded, row.life
    believed, known = (row.believed, row.known_now) if recorded is not None else (None, None)
    told: dict[str, Any] = {
        "row": row.number,
        "kind": "message" if row.is_message else "event",
        "occurred_at": row.occurred_at,
        "observed_at": row.observed_at,
        "recorded_at": row.recorded_at,
        "position": None if recorded is None else recorded.position,
        "capture": row.capture,
        "seq": row.seq,
        "venue": None if row.owner is None else row.owner.venue,
        "account": None if row.owner is None else row.owner.account,
        "direction": row.direction,
        "exchange": row.exchange,
        "order_key": None if life is None else str(life.stream),
        "order": None if life is None else life.name,
        "event": None if recorded is None else type(recorded.event).__name__,
        "what": row.what,
        "by": row.by or None,
        "caused_by": None if row.caused_by is None else row.caused_by.number,
        "answers": None if row.answers is None else row.answers.number,
        "marks": [f"{item.mark}: {item.text}" for item in row.marks],
        "differs": believed is not None and known is not None and differ(believed, known),
    }
    told.update(_held("", row.after, (*_SIZES, "status")))
    told.update(_held("believed_", believed, (*_SIZES, "status", "remaining_min", "remaining_max")))
    told.update(_held("known_now_", known, (*_SIZES, "status")))
    return {name: told[name] for name in FIELDS}


def differ(one: Held, other: Held) -> bool:
    """The sizes are not the same."""
    return any(getattr(one, name) != getattr(other, name) for name in _SIZES)


def _held(prefix: str, stood: Held | None, names: Sequence[str]) -> dict[str, Any]:
    return {f"{prefix}{name}": None if stood is None else getattr(stood, name) for name in names}
