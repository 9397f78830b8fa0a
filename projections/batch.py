"""One step of the projections: the events between two positions, and the streams they touch."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import get_args
from uuid import UUID

from sqlalchemy.exc import DataError

from domain.flags.history import History, order_history
from domain.notices import NoticeEvent
from domain.recorded import Recorded
from domain.requests import RequestEvent

REQUEST_KINDS: frozenset[type] = frozenset(get_args(RequestEvent))
NOTICE_KINDS: frozenset[type] = frozenset(get_args(NoticeEvent))

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
            if not is_order(events):
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

    @cached_property
    def requests(self) -> Sequence[tuple[UUID, Sequence[Recorded]]]:
        """The touched cancel requests."""
        return [
            (stream, events)
            for stream, events in self.histories.items()
            if type(events[0].event) in REQUEST_KINDS
        ]

    @cached_property
    def notices(self) -> Sequence[tuple[UUID, Sequence[Recorded]]]:
        """The touched notices."""
        return [
            (stream, events)
            for stream, events in self.histories.items()
            if type(events[0].event) in NOTICE_KINDS
        ]

    def new_events(self) -> Iterator[Recorded]:
        """The events of this step alone."""
        for events in self.histories.values():
            for recorded in reversed(events):
                if recorded.position <= self.after:
                    break
                yield recorded


def is_order(events: Sequence[Recorded]) -> bool:
    """Whether a stream is an order's."""
    kind = type(events[0].event)
    return kind not in REQUEST_KINDS and kind not in NOTICE_KINDS
