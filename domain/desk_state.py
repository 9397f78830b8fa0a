"""How a break stands with the desk: what was decided, and whether that still holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from domain.desk import (
    BreakAccepted,
    BreakAcknowledged,
    BreakApproved,
    BreakAssigned,
    BreakCommented,
    BreakDeclined,
    BreakForceClosed,
    BreakReopened,
    BreakResolved,
    DeskEvent,
    Evidence,
)
from domain.values import Choice


class Work(Choice):
    """How a break stands with the desk. A break that nobody worked is open or closed."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    AWAITING_APPROVAL = "awaiting_approval"
    ACCEPTED = "accepted"
    RESOLVED = "resolved"
    FORCE_CLOSED = "force_closed"
    CLOSED = "closed"


TO_DO = frozenset({Work.OPEN, Work.ACKNOWLEDGED, Work.AWAITING_APPROVAL})
"""The states in which somebody still has to do something: a break in one of them is a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One decision: what it makes of the break, who made it when and why, and what was seen then.

    `version` is its event's place among those of the break.
    """

    work: Work
    by: str
    at: datetime
    evidence: Evidence
    version: int
    reason: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the desk has said of one break. `version` counts the events."""

    version: int = 0
    owner: str | None = None
    comments: int = 0
    acknowledged: Act | None = None
    proposed: Act | None = None
    standing: Act | None = None


UNTOUCHED = Desk()


def desk_after(events: Iterable[tuple[DeskEvent, datetime]]) -> Desk:
    """The desk's word on a break after these events, each with the time that it was made at."""
    desk = UNTOUCHED
    for event, at in events:
        desk = evolve(desk, event, at)
    return desk


def evolve(desk: Desk, event: DeskEvent, at: datetime) -> Desk:  # noqa: PLR0911 - one line per fact
    """Apply one fact: same events, same state."""
    desk = replace(desk, version=desk.version + 1)
    match event:
        case BreakAssigned():
            return replace(desk, owner=event.to)
        case BreakCommented():
            return replace(desk, comments=desk.comments + 1)
        case BreakAcknowledged():
            return replace(desk, acknowledged=_act(desk, event, Work.ACKNOWLEDGED, at))
        case BreakAccepted():
            return _decided(desk, event, Work.ACCEPTED, at)
        case BreakForceClosed():
            return _decided(desk, event, Work.FORCE_CLOSED, at)
        case BreakResolved():
            return _standing(desk, _act(desk, event, Work.RESOLVED, at))
        case BreakReopened():
            return replace(desk, acknowledged=None, proposed=None, standing=None)
        case BreakApproved():
            return _approved(desk, event)
        case BreakDeclined():
            return replace(desk, proposed=None)
        case _:
            assert_never(event)


def status_of(desk: Desk, seen: Evidence) -> Work:
    """How the break stands: evidence closes it before any decision does."""
    if seen.closed_at is not None:
        return Work.CLOSED
    for act in (desk.proposed, desk.standing, desk.acknowledged):
        if act is not None and holds(act, seen):
            return Work.AWAITING_APPROVAL if act is desk.proposed else act.work
    return Work.OPEN


def holds(act: Act, seen: Evidence) -> bool:
    """Whether a decision is about the break as it is now.

    An acknowledgement holds for one occurrence; a decision only on the figures that it was made
    on. A resolution ends with newer proof; an override binds later occurrences too.
    """
    then = act.evidence
    same_figures = seen.figures == then.figures
    same_occurrence = seen.opened_at <= then.as_of
    match act.work:
        case Work.FORCE_CLOSED:
            return same_figures
        case Work.ACKNOWLEDGED:
            return same_occurrence
        case Work.RESOLVED:
            old_proof = max(seen.witness, default=0) <= then.log_position
            return same_figures and same_occurrence and old_proof
        case _:
            return same_figures and same_occurrence


def contradicted(desk: Desk, seen: Evidence) -> bool:
    """Whether an override is in force on figures that are not the break's any more (INT-06)."""
    act = desk.standing
    return (
        act is not None
        and act.work is Work.FORCE_CLOSED
        and seen.closed_at is None
        and seen.figures != act.evidence.figures
    )


def _act(
    desk: Desk,
    event: BreakAcknowledged | BreakAccepted | BreakForceClosed | BreakResolved,
    work: Work,
    at: datetime,
) -> Act:
    return Act(
        work=work,
        by=event.by,
        at=at,
        evidence=event.evidence,
        version=desk.version,
        reason=None if isinstance(event, BreakAcknowledged) else event.reason,
    )


def _decided(desk: Desk, event: BreakAccepted | BreakForceClosed, work: Work, at: datetime) -> Desk:
    act = _act(desk, event, work, at)
    return replace(desk, proposed=act) if event.needs_approval else _standing(desk, act)


def _standing(desk: Desk, act: Act) -> Desk:
    """A decision takes the place of what was said before it."""
    return replace(desk, acknowledged=None, proposed=None, standing=act)


def _approved(desk: Desk, event: BreakApproved) -> Desk:
    if desk.proposed is not None:
        return _standing(desk, replace(desk.proposed, approved_by=event.by))
    if desk.standing is None:
        return desk
    confirmed = replace(desk.standing, approved_by=event.by, evidence=event.evidence)
    return replace(desk, standing=confirmed)
