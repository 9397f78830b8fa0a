"""How an order stood at any moment: as the log has it, as it was believed, as it is known now."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, cast
from uuid import UUID

from domain.events import OrderEvent
from domain.evolve import APPLY
from domain.flags.history import History, order_history
from domain.order import Order
from domain.past import ALWAYS, NAMING, happened, seen_times
from domain.recorded import Recorded
from domain.risk import at_risk
from domain.standing import standing
from domain.values import ZERO, NameKind, plain


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


def stood(held: Held) -> str:
    """Where the size of an order is, in words: `40 matched + 260 cancelled`."""
    sizes = [(name, getattr(held, name)) for name in BUCKETS]
    return " + ".join(f"{plain(size)} {name}" for name, size in sizes if size) or "nothing"


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
        believed=_course(history, after, seen_times(events)),
        known_now=_course(history, after, [happened(recorded) for recorded in events]),
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


def _course(history: History, after: Sequence[Held], times: Sequence[datetime]) -> Course:
    """How the order stood from time to time, when each fact counts from its own time on.

    The facts that count at a moment are folded in the order of the log, as `domain.past.cut` has
    them. Nearly always they are the first so many of it, and that state is known already.
    """
    events = history.events
    course: dict[datetime, Held] = {}
    counted = 0
    for moment in sorted({*times} - {ALWAYS}):
        while counted < len(events) and times[counted] <= moment:
            counted += 1
        late = [index for index in range(counted, len(events)) if times[index] <= moment]
        if any(not isinstance(events[index].event, NAMING) for index in late):
            course[moment] = held(_folded(history.before(counted), [events[i] for i in late]))
        else:
            course[moment] = after[counted - 1]
    return Course(list(course), list(course.values()))


def _folded(order: Order, events: Iterable[Recorded]) -> Order:
    for recorded in events:
        event = cast("OrderEvent", recorded.event)
        order = APPLY[type(event)](order, event)
    return order
