"""What people decide about a break: who works it, what was said, what was accepted and why.

One stream per break. Every decision about the break itself carries the evidence that it was made
on, so that it can be told later whether the break is still the one that was decided about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A break as somebody saw it: figures and proof, judged as of a moment and a log position.

    `closed_at` is None while what proves the break stands.
    """

    code: str
    note: str
    witness: tuple[int, ...]
    rule_version: int
    opened_at: datetime
    as_of: datetime
    log_position: int
    closed_at: datetime | None = None
    ours: str | None = None
    theirs: str | None = None
    difference: str | None = None

    @property
    def figures(self) -> tuple[str | None, str | None, str | None]:
        """What we hold, what they say, and what lies between."""
        return self.ours, self.theirs, self.difference


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakAssigned:
    """The break is `to`'s to work; None: nobody's."""

    break_id: UUID
    by: str
    to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakCommented:
    """Somebody wrote something down about the break."""

    break_id: UUID
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakAcknowledged:
    """Somebody has seen the break and will work it."""

    break_id: UUID
    by: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakAccepted:
    """The difference stands as it is and is lived with.

    With `needs_approval` it is a proposal until a second person approves.
    """

    break_id: UUID
    by: str
    reason: str
    evidence: Evidence
    needs_approval: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakResolved:
    """The cause was dealt with; new proof of the same break opens it again."""

    break_id: UUID
    by: str
    evidence: Evidence
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakReopened:
    """What was decided, or proposed, is taken back; the break is to be worked."""

    break_id: UUID
    by: str
    reason: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakForceClosed:
    """Closed by hand, for future occurrences with the same figures too (an override).

    With `needs_approval` it is a proposal until a second person approves.
    """

    break_id: UUID
    by: str
    reason: str
    evidence: Evidence
    needs_approval: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakApproved:
    """A second person agrees: with what was proposed, or with an override on its new figures."""

    break_id: UUID
    by: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakDeclined:
    """A second person does not agree with what was proposed."""

    break_id: UUID
    by: str
    reason: str


DeskEvent = (
    BreakAssigned
    | BreakCommented
    | BreakAcknowledged
    | BreakAccepted
    | BreakResolved
    | BreakReopened
    | BreakForceClosed
    | BreakApproved
    | BreakDeclined
)
