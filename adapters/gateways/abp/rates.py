"""How often one client of ABP's may ask, and what the venue says to one that asks more often."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException

RPS = 100
"""Requests per client in any second (the newest of the venue's pages)."""


class TooOften(HTTPException):
    """Rate limited; the body is not that of the other errors."""

    def __init__(self, limit: int, wait_s: int) -> None:
        super().__init__(
            429,
            "Rate limit exceeded",
            headers={
                "X-RateLimit-Limit": str(limit),
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": str(wait_s),
                "Retry-After": str(wait_s),
            },
        )
        self.body: Mapping[str, Any] = {
            "detail": self.detail,
            "limit": str(limit),
            "retry_after": wait_s,
        }


class Rates:
    """Who asked when, within the last second."""

    def __init__(self, per_second: int = RPS, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is a clock that never goes back, in seconds."""
        self._most = per_second
        self._now = now
        self._asked: dict[str, deque[float]] = {}

    def count(self, account: str) -> None:
        """Count a request; raise `TooOften` when it is one too many."""
        now = self._now()
        asked = self._asked.setdefault(account, deque())
        while asked and asked[0] <= now - 1:
            asked.popleft()
        if len(asked) >= self._most:
            raise TooOften(self._most, max(1, math.ceil(asked[0] + 1 - now)))
        asked.append(now)
