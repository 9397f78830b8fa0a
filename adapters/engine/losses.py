"""Requests that are known from the line of their loss: it repeats the message that was lost."""

from __future__ import annotations

from collections.abc import Callable

from adapters.engine.ports import EngineLog
from domain.wire import Line


def repeats(line: Line) -> bool:
    """A line of a loss that holds the message which was lost."""
    return line.http is not None or line.ws is not None or line.frame is not None


class Losses:
    """Which exchanges were opened by their loss, in this run or an earlier one."""

    def __init__(self, log: EngineLog, stored_line: Callable[[bytes], Line]) -> None:
        self._log = log
        self._stored_line = stored_line
        self._opened: set[tuple[str, str]] = set()
        self.first_hand = False
        """Every loss of the recordings at hand is read here: the log knows of no other."""

    def opened(self, line: Line) -> None:
        """The loss opened the request of its exchange."""
        if line.exchange is not None:
            self._opened.add((line.capture, line.exchange))

    def has_opened(self, line: Line) -> bool:
        """The request that `line` sends was opened by its loss, which was read before it."""
        if line.exchange is None:
            return False
        key = (line.capture, line.exchange)
        if key not in self._opened and not self.first_hand:
            kept = self._log.exchange_lines(*key)
            lines = (self._stored_line(row.raw) for row in kept if row.outcome == "read")
            if any(item.direction == "lost" and repeats(item) for item in lines):
                self._opened.add(key)
        return key in self._opened
