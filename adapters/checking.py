"""What checks of the log find becomes events of the log, so that somebody has to work it.

One stream for each check. A finding is told when it is news, and that there is none any more when
there was one: a check of a sound log writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.ids import check_stream, derived
from domain.notices import Check, CheckFailed, CheckPassed
from domain.recorded import Pending, Recorded
from domain.values import Account

MACHINE = Account("breakwater", "-")
"""Whose breaks they are: no venue's."""

Nothing = tuple[()]


class CheckedLog(Protocol):
    """The event log as far as checks are told in it."""

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
class Checks:
    """Tells in the log what checks found."""

    log: CheckedLog

    def told(self, found: Mapping[Check, str | None], at: datetime) -> list[Pending]:
        """Store what is news of these checks; None: nothing was found. `at`: the books' time."""
        streams = {check: check_stream(check) for check in found}
        known = self.log.histories(list(streams.values()))
        new: list[Pending] = []
        for check, what in found.items():
            before = known.get(streams[check], ())
            event = news(check, before[-1].event if before else None, what)
            if event is not None:
                new.append(_pending(streams[check], len(before) + 1, at, event))
        if new:
            self.log.append(new, (), (), (), ())
        return new


def news(check: Check, before: object, what: str | None) -> CheckFailed | CheckPassed | None:
    """What a check tells that the one before it did not."""
    if what is not None:
        failed = CheckFailed(check=check, what=what)
        return None if failed == before else failed
    return CheckPassed(check=check) if isinstance(before, CheckFailed) else None


def _pending(stream: UUID, version: int, at: datetime, event: CheckFailed | CheckPassed) -> Pending:
    return Pending(
        stream=stream,
        version=version,
        owner=MACHINE,
        event_id=derived("event", stream, version),
        occurred_at=None,
        observed_at=at,
        capture=None,
        seq=None,
        event=event,
    )
