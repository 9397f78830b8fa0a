"""The desk's work on breaks: what somebody asks for becomes events, or an error says why not.

Each break has its own stream. What is asked of several breaks is stored for all of them or none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol, cast
from uuid import UUID

from domain.desk import DeskEvent, Evidence
from domain.desk_decisions import Asked, decide
from domain.desk_state import desk_after
from domain.ids import derived, desk_stream
from domain.ports import Clock, Conflict
from domain.recorded import Pending, Recorded
from domain.saying import say
from domain.values import Account

Nothing = tuple[()]
"""What the desk never brings: names, lines, what is set aside."""


class DeskLog(Protocol):
    """The event log as the desk uses it."""

    def histories(self, streams: Sequence[UUID]) -> Mapping[UUID, Sequence[Recorded]]:
        """The recorded events of each stream that has any."""
        ...

    def append(
        self,
        events: Sequence[Pending],
        names: Nothing,
        wire: Nothing,
        asides: Nothing,
        settled: Nothing,
    ) -> tuple[int, datetime]:
        """Store the events in one transaction, or raise `Conflict` and store nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Case:
    """A break that somebody works: whose it is, how they see it, and what they ask for."""

    break_id: UUID
    owner: Account
    seen: Evidence
    asked: Asked


class DeskWork:
    """Decides and stores. What was decided meanwhile by somebody else is told, not overwritten."""

    def __init__(self, log: DeskLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    def told(self, break_id: UUID) -> list[dict[str, Any]]:
        """What was done about a break, in order: who, when, what, why, and what they saw."""
        stream = desk_stream(break_id)
        return [_told(item) for item in self._log.histories([stream]).get(stream, ())]

    def work(self, cases: Sequence[Case]) -> list[Pending]:
        """Store what comes of it, all or nothing; the new events (none: all was known already).

        Raise `Refused` when a break does not stand so, `Conflict` when somebody else was faster.
        """
        streams = [desk_stream(case.break_id) for case in cases]
        known = self._log.histories(streams)
        at = self._clock()
        new: list[Pending] = []
        for stream, case in zip(streams, cases, strict=True):
            new.extend(_facts(stream, case, known.get(stream, ()), at))
        if new:
            try:
                self._log.append(new, (), (), (), ())
            except Conflict as error:
                raise Conflict(self._meanwhile(streams, known)) from error
        return new

    def _meanwhile(self, streams: Sequence[UUID], known: Mapping[UUID, Sequence[Recorded]]) -> str:
        """What somebody else did while this was being decided."""
        told: list[str] = []
        for stream, events in self._log.histories(streams).items():
            for item in events[len(known.get(stream, ())) :]:
                event = cast("DeskEvent", item.event)
                told.append(f"break {event.break_id}: {say(event)}")
        what = " ".join(told) or "The log moved on."
        return (
            f"somebody else was faster, and nothing of this was recorded. {what} "
            "Look with `breakwater breaks show`, and ask again if it is still wanted"
        )


def _told(item: Recorded) -> dict[str, Any]:
    event = cast("DeskEvent", item.event)
    seen: Evidence | None = getattr(event, "evidence", None)
    return {
        "position": item.position,
        "at": item.observed_at,
        "by": event.by,
        "event": type(event).__name__,
        "summary": say(event),
        "reason": getattr(event, "reason", None) or getattr(event, "text", None),
        "evidence": None if seen is None else asdict(seen),
    }


def _facts(stream: UUID, case: Case, known: Sequence[Recorded], at: datetime) -> Sequence[Pending]:
    desk = desk_after([(cast("DeskEvent", item.event), item.at) for item in known])
    return [
        Pending(
            stream=stream,
            version=len(known) + number,
            owner=case.owner,
            event_id=derived("event", stream, len(known) + number),
            occurred_at=None,
            observed_at=at,
            capture=None,
            seq=None,
            event=event,
        )
        for number, event in enumerate(decide(case.break_id, desk, case.seen, case.asked), start=1)
    ]
