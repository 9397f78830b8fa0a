"""What a report of an incident is made from: the timeline, what did not add up, what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.timeline.rows import Timeline
from domain.desk_state import TO_DO
from domain.flags.severity import LADDER

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident as the books have it.

    `breaks` and `notes` are as `breakwater breaks --desk` tells them, each with its `proof` and the
    `history` of what the desk did; `cancels` and `orders` as their listings do. `as_of` is the
    newest time that the log has seen. `command` would list the same on a terminal. `about` says
    which log it is and which program.
    """

    told: Timeline
    as_of: datetime
    breaks: Sequence[Record]
    notes: Sequence[Record]
    cancels: Sequence[Record]
    orders: Sequence[Record]
    command: str
    about: Sequence[tuple[str, str]]

    @property
    def to_do(self) -> list[Record]:
        """The breaks that somebody still has to work, the worst first."""
        waiting = [record for record in self.breaks if record["status"] in TO_DO]
        return sorted(waiting, key=_badness, reverse=True)


def _badness(record: Record) -> int:
    return LADDER.index(record["severity"])
