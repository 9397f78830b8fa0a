"""INT-06: a break that was closed by force, and whose figures have changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.desk import (
    BreakAccepted,
    BreakApproved,
    BreakForceClosed,
    BreakReopened,
    BreakResolved,
    DeskEvent,
    Evidence,
)
from domain.desk_decisions import OVERRIDE
from domain.desk_state import UNTOUCHED, Act, contradicted, evolve
from domain.flags.flag import Flag

Decision = BreakAccepted | BreakResolved | BreakReopened | BreakForceClosed | BreakApproved
"""What can end an override."""
Told = tuple[DeskEvent, datetime, int]
"""An event of a break's stream, when it was made and its log position."""


NOTHING_SEEN: Mapping[int, datetime] = {}


def override_flags(
    break_id: UUID,
    told: Sequence[Told],
    now: Evidence,
    order: UUID | None,
    seen_at: Mapping[int, datetime] = NOTHING_SEEN,
) -> list[Flag]:
    """Each time that later evidence contradicted an override of the break, over or not.

    `seen_at` tells when what is behind a position was seen: an override is contradicted from the
    newest proof on that whoever decided did not have. It is over when the override is revoked,
    confirmed by a second person, or replaced by another decision, or when the break itself is
    closed by its evidence.
    """
    found: list[Flag] = []
    desk = UNTOUCHED
    positions: dict[int, int] = {}
    act: Act | None

    def add(act: Act, seen: Evidence, *more: int) -> None:
        number = str(len(found) + 1)
        fresh = (seen_at.get(position) for position in {*seen.witness} - {*act.evidence.witness})
        end = seen.closed_at
        since = [at for at in fresh if at is not None and (end is None or at < end)]
        opened_at = max(seen.opened_at, act.evidence.as_of, *since)
        found.append(
            Flag(
                code=OVERRIDE,
                key=(str(break_id), number),
                opened_at=opened_at,
                closed_at=None if seen.closed_at is None else max(opened_at, seen.closed_at),
                witness=tuple(sorted({positions[act.version], *more, *seen.witness})),
                note=f"{act.by} closed break {break_id} ({seen.code}) by force, and its figures "
                "have changed since.",
                ours=_figures(act.evidence),
                theirs=_figures(seen),
                order=order,
            )
        )

    for event, at, position in told:
        before, desk = desk, evolve(desk, event, at)
        positions[desk.version] = position
        act = before.standing
        if act is None or desk.standing is act:
            continue
        if isinstance(event, Decision) and contradicted(before, event.evidence):
            add(act, replace(event.evidence, closed_at=event.evidence.as_of), position)
    act = desk.standing
    if act is not None and contradicted(desk, replace(now, closed_at=None)):
        add(act, now)
    return found


def _figures(seen: Evidence) -> str:
    parts = zip(("ours", "theirs", "difference"), seen.figures, strict=True)
    return ", ".join(f"{name} {value}" for name, value in parts if value is not None) or "none"
