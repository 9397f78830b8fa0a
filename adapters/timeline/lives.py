"""How an order stood at any moment: as the log has it, as it was believed, as it is known now."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.events import Filled
from domain.flags.history import History, order_history
from domain.order import Order
from domain.recorded import Recorded
from domain.risk import at_risk
from domain.standing import standing
from domain.values import ZERO, NameKind


class Held(NamedTuple):
    """Where the size of an order was, its status, and what may have remained."""

    size: Decimal
    matched: Decimal
    remaining: Decimal
    cancelled: Decimal
    lapsed: Decimal
    voided: Decimal
    status: str
    remaining_min: Decimal
    remaining_max: Decimal
    at_risk: Decimal | None
    """What the part that may be live can lose; None when nobody can tell."""


BUCKETS = ("matched", "remaining", "cancelled", "lapsed", "voided")
"""The five, in the order in which they are told."""


class Course:
    """How an order stood from one moment to the next."""

    def __init__(self, times: Sequence[datetime], held: Sequence[Held]) -> None:
        self.times = times
        self.held = held

    def at(self, moment: datetime) -> Held | None:
        """How it stood with all that had happened by then; None before its first fact."""
        place = bisect_right(self.times, moment)
        return self.held[place - 1] if place else None


@dataclass(frozen=True)
class Life:
    """One order: `after[i]` is how it stood after its event i, in the order of the log.

    `believed` follows what was seen, when it was seen; `known_now` what had happened, when it
    happened by the best clock there is, with everything that was told later.
    """

    stream: UUID
    name: str
    events: Sequence[Recorded]
    order: Order
    after: Sequence[Held]
    believed: Course
    known_now: Course

    @property
    def unit(self) -> str:
        """What its sizes are counted in, as far as it is known: they add up within one unit."""
        owner = self.events[0].owner
        return f"{owner.venue} {self.order.terms.currency or ''}".strip()


def life_of(stream: UUID, events: Sequence[Recorded]) -> Life:
    """The life of one order; its facts must fold."""
    history = order_history(stream, events)
    after = [held(state) for state in history.states]
    return Life(
        stream,
        name_of(history),
        events,
        history.order,
        after,
        _course(stream, events, after, _seen),
        _course(stream, standing_events(history), after, _happened),
    )


def held(order: Order) -> Held:
    """The order as it stands."""
    stands = standing(order)
    parts = stands.buckets
    terms, most = order.terms, stands.remaining_max
    return Held(
        parts.size,
        parts.matched,
        parts.remaining,
        parts.cancelled,
        parts.lapsed,
        parts.voided,
        stands.status.value,
        stands.remaining_min,
        most,
        at_risk(most, terms.side, terms.price) if most else ZERO,
    )


def name_of(history: History) -> str:
    """What people call the order: the venue's name, else ours, else the start of its key."""
    names = history.order.names
    for kind in (NameKind.VENUE, NameKind.CLIENT):
        for name in names:
            if name.kind is kind:
                return name.value
    return str(history.stream)[:8]


def standing_events(history: History) -> list[Recorded]:
    """The events without the matches that were only inferred until their records came.

    In the order of the log a record takes the place of what was inferred. In the order in which
    things happened it comes before, and both would count.
    """
    left = history.order.inferred
    kept: list[Recorded] = []
    for recorded in reversed(history.events):
        event = recorded.event
        if isinstance(event, Filled) and event.inferred:
            size = min(left, event.size)
            left -= size
            if not size:
                continue
            kept.append(recorded._replace(event=replace(event, size=size)))
        else:
            kept.append(recorded)
    kept.reverse()
    return kept


def _seen(recorded: Recorded) -> datetime:
    return recorded.observed_at


def _happened(recorded: Recorded) -> datetime:
    return recorded.at


def _course(
    stream: UUID,
    events: Sequence[Recorded],
    after: Sequence[Held],
    when: Callable[[Recorded], datetime],
) -> Course:
    """The states in the order of a clock; nearly always that is the order of the log."""
    ordered = sorted(events, key=when)
    times = [when(recorded) for recorded in ordered]
    if len(ordered) == len(after) and ordered == events:
        return Course(times, after)
    states = order_history(stream, ordered).states
    return Course(times, [held(state) for state in states])
