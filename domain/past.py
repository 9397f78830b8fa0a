"""The past: which facts of a stream count when the books are asked how they stood.

A fact has three clocks. *Happened* is the venue's, *seen* is when this side could have told it of
this stream, *stored* is its place in the log. A cut keeps the facts that come up to each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain import events as e
from domain.recorded import Recorded
from domain.values import Choice

ALWAYS = datetime.min.replace(tzinfo=UTC)
NAMING = (e.OrderIdentified, e.OrderMerged)
"""Facts that say who an order is: they are true of all of its life, whenever they were learned."""


class Axis(Choice):
    """By which clock the past is cut."""

    KNOWN = "known"
    TRUE = "true"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The books as they stood at a moment: by what had happened, been seen, or been stored.

    `at` is the moment that flags are judged at. None leaves a clock out.
    """

    at: datetime
    axis: Axis
    happened_by: datetime | None = None
    seen_by: datetime | None = None
    position: int | None = None

    @property
    def complete_by(self) -> datetime | None:
        """A stream of which everything was seen by then stands as it stands now."""
        known = [clock for clock in (self.happened_by, self.seen_by) if clock is not None]
        return min(known, default=None)


def known(at: datetime) -> Past:
    """What this side had seen by a moment."""
    return Past(at=at, axis=Axis.KNOWN, seen_by=at)


def true(at: datetime, known_at: datetime | None = None) -> Past:
    """What had happened by a moment, by all that was seen since, or seen until `known_at`."""
    return Past(at=at, axis=Axis.TRUE, happened_by=at, seen_by=known_at)


def stored(position: int, at: datetime) -> Past:
    """What the log held up to a position; `at` is the newest time that it tells."""
    return Past(at=at, axis=Axis.RECORDED, position=position)


def seen_times(events: Sequence[Recorded]) -> list[datetime]:
    """From when on each fact stood in its stream.

    What one line told, it told at once: a fact that is told again because two streams proved to be
    one order keeps the time that it was first seen at, and was none of this stream's until then.
    """
    newest: dict[tuple[str | None, int | None], datetime] = {}
    for entry in events:
        cause = entry.capture, entry.seq
        told = newest.get(cause)
        if told is None or told < entry.observed_at:
            newest[cause] = entry.observed_at
    return [
        entry.observed_at if entry.capture is None else newest[entry.capture, entry.seq]
        for entry in events
    ]


def happened(entry: Recorded) -> datetime:
    """When a fact was true at the latest: by the venue's clock, and never after it was seen.

    An order that somebody else placed was there from its placing on.
    """
    event = entry.event
    if isinstance(event, NAMING):
        return ALWAYS
    if isinstance(event, e.OrderDiscovered) and event.terms.placed_at is not None:
        return min(entry.by, event.terms.placed_at)
    return entry.by


def cut(events: Sequence[Recorded], past: Past) -> list[Recorded]:
    """The facts that count, in log order; none when nothing had happened by then.

    What had happened and was seen later only, counts as seen when it happened: grace periods run
    as they would have for somebody who saw everything at once.
    """
    times = seen_times(events) if past.seen_by is not None else []
    kept = [
        entry
        for index, entry in enumerate(events)
        if (past.position is None or entry.position <= past.position)
        and (past.seen_by is None or times[index] <= past.seen_by)
        and (past.happened_by is None or happened(entry) <= past.happened_by)
    ]
    began = min(
        (happened(item) for item in kept if not isinstance(item.event, NAMING)), default=None
    )
    if began is None:
        return []
    by = past.happened_by
    if by is None:
        return kept
    return [
        item._replace(observed_at=max(began, happened(item))) if item.observed_at > by else item
        for item in kept
    ]
