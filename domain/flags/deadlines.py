"""Statements that should have come by a time of day, and did not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.rule import RunRule
from domain.flags.run_history import RunHistory
from domain.recorded import Recorded
from domain.runs import ReconciliationRan

DAY = timedelta(days=1)


def missed_deadline(history: RunHistory, limits: Thresholds) -> Iterable[Flag]:
    """STR-11: no statement of the account was reconciled between two daily deadlines.

    From the first statement on: nobody expects one of an account that never had any. Days in a row
    are one flag, which opens with the first that was missed and closes with the next statement.
    """
    due = limits.statement_by
    if due is None:
        return
    runs = [entry for entry in history.events if isinstance(entry.event, ReconciliationRan)]
    runs.sort(key=lambda entry: (entry.observed_at, entry.position))
    came: list[Recorded | None] = [*runs[1:], None]
    for before, after in zip(runs, came, strict=False):
        missed = deadline_of(before.observed_at, due) + DAY
        if after is not None and after.observed_at <= missed:
            continue
        yield Flag(
            code="STR-11",
            key=(missed.isoformat(),),
            opened_at=missed,
            closed_at=closing(missed, after),
            witness=(before.position,) if after is None else (before.position, after.position),
            note=f"No statement came by {missed:%Y-%m-%d %H:%M} UTC; the last one is of "
            f"{before.observed_at:%Y-%m-%d %H:%M}.",
        )


def deadline_of(moment: datetime, due: time) -> datetime:
    """The first deadline that a statement of this moment is in time for."""
    today = datetime.combine(moment.astimezone(UTC).date(), due, UTC)
    return today if moment <= today else today + DAY


RULES = (RunRule("STR-11", missed_deadline, since=2),)
