"""One step of the projections: the events between two positions, and the streams they touch."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar, get_args
from uuid import UUID

from sqlalchemy.exc import DataError

from domain.desk import DeskEvent
from domain.events import OrderEvent
from domain.flags.history import History, order_history
from domain.notices import NoticeEvent
from domain.recorded import Recorded
from domain.requests import RequestEvent
from domain.runs import RunEvent

Made = TypeVar("Made")

ORDER, REQUEST, NOTICE, RUN, DESK = "order", "request", "notice", "run", "desk"

FAMILIES: Mapping[str, frozenset[type]] = {
    ORDER: frozenset(get_args(OrderEvent)),
    REQUEST: frozenset(get_args(RequestEvent)),
    NOTICE: frozenset(get_args(NoticeEvent)),
    RUN: frozenset(get_args(RunEvent)),
    DESK: frozenset(get_args(DeskEvent)),
}
"""What the streams of the log are about, and the kinds of events that such a stream holds."""

_FAMILY: Mapping[type, str] = {kind: name for name, kinds in FAMILIES.items() for kind in kinds}

FAULTS = (ArithmeticError, LookupError, TypeError, ValueError, DataError)
"""What a stream can raise that a projection cannot take: it is set aside, the others go on."""


@dataclass(frozen=True)
class Batch:
    """The events with `after < position <= until`.

    `histories` holds every stream that they touch, whole up to `until`.
    """

    after: int
    until: int
    newest_observed_at: datetime | None
    histories: Mapping[UUID, Sequence[Recorded]]
    _made: dict[tuple[str, UUID], Any] = field(
        default_factory=dict[tuple[str, UUID], Any], compare=False, repr=False
    )

    def made(self, name: str, stream: UUID, make: Callable[[], Made]) -> Made:
        """What `make` makes of a stream for the projection `name`: once for the whole step.

        So it can be made before the transaction that writes it, which keeps other writers out.
        """
        key = (name, stream)
        if key in self._made:
            found: Made = self._made[key]
            return found
        made = self._made[key] = make()
        return made

    @property
    def orders(self) -> Sequence[History]:
        """The touched orders, folded; each projection of a step shares the fold."""
        return self._folded[0]

    @property
    def broken(self) -> Mapping[UUID, Exception]:
        """The touched orders that cannot be folded, and why."""
        return self._folded[1]

    @cached_property
    def _folded(self) -> tuple[list[History], dict[UUID, Exception]]:
        whole: list[History] = []
        broken: dict[UUID, Exception] = {}
        for stream, events in self.histories.items():
            if family(events) != ORDER:
                continue
            try:
                whole.append(order_history(stream, events))
            except FAULTS as error:
                broken[stream] = error
        return whole, broken

    def without(self, streams: Container[UUID]) -> Batch:
        """The step without some streams; the counts and folds of the others are the same."""
        kept = {key: events for key, events in self.histories.items() if key not in streams}
        return replace(self, histories=kept)

    def of(self, wanted: str) -> Sequence[tuple[UUID, Sequence[Recorded]]]:
        """The touched streams of one family."""
        return self._streams.get(wanted, ())

    @cached_property
    def _streams(self) -> Mapping[str, list[tuple[UUID, Sequence[Recorded]]]]:
        found: dict[str, list[tuple[UUID, Sequence[Recorded]]]] = {}
        for stream, events in self.histories.items():
            found.setdefault(family(events), []).append((stream, events))
        return found

    def new_events(self) -> Iterator[Recorded]:
        """The events of this step alone."""
        for events in self.histories.values():
            for recorded in reversed(events):
                if recorded.position <= self.after:
                    break
                yield recorded


def family(events: Sequence[Recorded]) -> str:
    """What a stream is about: its first event tells."""
    return _FAMILY[type(events[0].event)]


def newest_seen(events: Sequence[Recorded], known: datetime | None) -> datetime | None:
    """The newest time that is known or that the events tell.

    What the desk does has its own clock: work on a replayed day must not move that day's end.
    """
    times = [item.observed_at for item in events if _FAMILY[type(item.event)] != DESK]
    return max(times if known is None else [*times, known], default=None)
