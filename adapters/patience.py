"""How long to wait before the next try: longer each time, and not all at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Patience:
    """Waits that double up to a bound, each shortened by chance: `chance` is from 0 to 1."""

    chance: Callable[[], float]
    first_s: float = 0.25
    longest_s: float = 30.0
    tries: int = 0

    def wait_s(self) -> float:
        """The next wait: at least half of what the number of tries asks for."""
        span = min(self.longest_s, self.first_s * 2.0 ** min(self.tries, 30))
        self.tries += 1
        return span * (0.5 + self.chance() / 2)

    def reset(self) -> None:
        """It went well."""
        self.tries = 0
