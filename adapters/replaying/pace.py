"""The tempo of a replay: messages come as far apart as they did, or so many times faster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.ports import Clock

Sleep = Callable[[float], object]
"""Wait for so many seconds."""


@dataclass(slots=True)
class Pace:
    """Lets each message wait for its moment; the first one starts the clock.

    What was seen before it was already late then, and is not waited for. Pauses do not add up:
    each moment is counted from the start.
    """

    speed: float
    now: Clock
    sleep: Sleep
    _started: tuple[datetime, datetime] | None = field(default=None, init=False)

    def wait_for(self, seen_at: datetime) -> None:
        """Return when a message that was seen at this time is due."""
        if self._started is None:
            self._started = (seen_at, self.now())
            return
        first, began = self._started
        due = began + timedelta(seconds=(seen_at - first).total_seconds() / self.speed)
        rest = (due - self.now()).total_seconds()
        if rest > 0:
            self.sleep(rest)
