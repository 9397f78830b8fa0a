"""What a rule looks at: a stream's events in order, with the order before and after each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeVar, cast, get_args
from uuid import UUID

from domain.buckets import Buckets, buckets
from domain.events import (
    Cancelled,
    CancelNotSent,
    CancelOutcomeUnknown,
    CancelPending,
    CancelRejected,
    CancelRequested,
    DuplicateReported,
    OrderEvent,
)
from domain.evolve import APPLY
from domain.flags.claims import Word, agreed, words
from domain.making import quickly_made
from domain.order import NOTHING_KNOWN, Order
from domain.recorded import Recorded
from domain.values import Account

E = TypeVar("E")


@quickly_made
@dataclass(slots=True)
class At(Generic[E]):
    """One event of a kind, with its place: `index` among the stream's events.

    Not frozen: one is made for every event that a rule looks at, and freezing triples its price.
    """

    index: int
    recorded: Recorded
    event: E

    @property
    def position(self) -> int:
        """The log position: what a witness quotes."""
        return self.recorded.position


Answer = (
    Cancelled
    | CancelRejected
    | CancelPending
    | CancelOutcomeUnknown
    | CancelNotSent
    | DuplicateReported
)
"""What quotes a cancel request: that it is pending, its outcome (told again, too), that its answer
was lost, that it never left."""
_ANSWERS: tuple[type[Answer], ...] = get_args(Answer)


def _index(item: At[Any]) -> int:
    return item.index


@dataclass(frozen=True)
class History:
    """An order's whole recorded life. `states[i]` is the order after `events[i]`."""

    stream: UUID
    events: Sequence[Recorded]
    states: Sequence[Order]

    @property
    def owner(self) -> Account:
        """Whose order it is."""
        return self.events[0].owner

    @property
    def order(self) -> Order:
        """The order as it stands after everything that the log holds."""
        return self.states[-1]

    @cached_property
    def kinds(self) -> frozenset[type]:
        """Which kinds of events there are; rules that need others are not asked."""
        return frozenset(self._places)

    @cached_property
    def _places(self) -> dict[type, list[int]]:
        """Where each kind of event stands: every rule asks, the events are walked once."""
        places: dict[type, list[int]] = {}
        for index, recorded in enumerate(self.events):
            places.setdefault(type(recorded.event), []).append(index)
        return places

    def of(self, *kinds: type[E]) -> list[At[E]]:
        """The events of these kinds, in log order; not to be changed."""
        if len(kinds) == 1:
            return self._of_kind(kinds[0])  # a copy for each rule that asks would cost more than it
        found = [item for kind in kinds for item in self._of_kind(kind)]
        found.sort(key=_index)
        return found

    def _of_kind(self, kind: type[E]) -> list[At[E]]:
        known = self._found.get(kind)
        if known is None:
            events = self.events
            known = self._found[kind] = [
                At(i, events[i], cast("E", events[i].event)) for i in self._places.get(kind, ())
            ]
        return cast("list[At[E]]", known)

    @cached_property
    def _found(self) -> dict[type, list[At[Any]]]:
        return {}

    def before(self, index: int) -> Order:
        """The order before the event at `index`."""
        return self.states[index - 1] if index else NOTHING_KNOWN

    def held(self, index: int) -> Buckets:
        """Our buckets after the event at `index`."""
        cached = self._held.get(index)
        if cached is None:
            cached = self._held[index] = buckets(self.states[index])
        return cached

    def first(self, start: int, test: Callable[[int, Order, Recorded], bool]) -> Recorded | None:
        """The first event from `start` on after which `test(index, order, recorded)` is true."""
        for index in range(start, len(self.events)):
            if test(index, self.states[index], self.events[index]):
                return self.events[index]
        return None

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """What the venue claimed, held against ours."""
        return words(self.events, self.states)

    @cached_property
    def agreed(self) -> bool:
        """No claim of the venue differs from ours."""
        return agreed(self.events, self.states)

    @cached_property
    def _held(self) -> dict[int, Buckets]:
        return {}

    @cached_property
    def requests(self) -> dict[UUID, At[CancelRequested]]:
        """Each cancel request that touches the order, by its id."""
        return {item.event.cancel_id: item for item in self.of(CancelRequested)}

    @cached_property
    def answers(self) -> dict[UUID, list[At[Answer]]]:
        """What became of each cancel request, by its id, in log order."""
        answers: dict[UUID, list[At[Answer]]] = {}
        told: list[At[Answer]] = self.of(*(kind for kind in _ANSWERS if kind in self._places))
        for answer in told:
            event = answer.event
            if event.cancel_id is None:
                continue
            if not isinstance(event, DuplicateReported) or event.what == "cancel":
                answers.setdefault(event.cancel_id, []).append(answer)
        return answers


def order_history(stream: UUID, events: Sequence[Recorded]) -> History:
    """Fold the events, keeping the order after each."""
    states: list[Order] = []
    order = NOTHING_KNOWN
    for recorded in events:
        event = cast("OrderEvent", recorded.event)
        order = APPLY[type(event)](order, event)
        states.append(order)
    return History(stream, events, states)


@quickly_made
@dataclass(frozen=True, slots=True)
class Link:
    """What one order's own history says of one cancel request that touched it.

    `outcome` is None while nothing is known. The matched sizes are those before the request was
    sent, between sending and answer, and after.
    """

    cancel_id: UUID
    order: UUID
    venue_order_id: str | None
    asked: str | None
    requested: bool
    outcome: str | None
    reason: str | None
    raw_reason: str | None
    cancelled: Decimal | None
    matched_before: Decimal
    matched_in_flight: Decimal
    matched_after: Decimal
    took_off_at: datetime | None
    position: int


@dataclass(frozen=True)
class RequestHistory:
    """A cancel request's recorded life, with what the orders that it touched say of it."""

    stream: UUID
    events: Sequence[Recorded]
    links: Sequence[Link] = field(default=())

    def of(self, *kinds: type[E]) -> list[At[E]]:
        """The events of these kinds, in log order."""
        return [
            At(index, recorded, cast("E", recorded.event))
            for index, recorded in enumerate(self.events)
            if isinstance(recorded.event, kinds)
        ]


@dataclass(frozen=True)
class NoticeHistory:
    """The recorded life of one notice about the recording or a feed."""

    stream: UUID
    events: Sequence[Recorded]


def earliest(times: Iterable[datetime | None]) -> datetime | None:
    """The earliest of the times that are known."""
    return min((time for time in times if time is not None), default=None)
