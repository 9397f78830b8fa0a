"""Rate limits: every request passes two buckets, one of its address and one of its wallet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil

WINDOWS_MAX = 10_000
"""More windows than this are swept: those that are over are forgotten."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What each endpoint allows; `ip_of` names the bucket that it shares with others."""

    wallet: Mapping[str, Limit]
    ip: Mapping[str, Limit]
    ip_of: Mapping[str, str] = field(default_factory=dict[str, str])


READS = "open", "history", "detail", "fills"
DOCUMENTED = Limits(
    wallet={
        "place": Limit(20, 1),
        "place-batch": Limit(5, 1),
        "cancel": Limit(20, 1),
        "cancel-batch": Limit(5, 1),
        "cancel-all": Limit(1, 1),
        **{name: Limit(300, 60) for name in READS},
        "trades": Limit(600, 60),
    },
    ip={"place": Limit(1000, 60), "orders": Limit(6000, 60)},
    ip_of={"place": "place"},
)
"""Production's table; where it has no row, testnet's (`orders/*` by address, `/api/me/*`)."""
UNLIMITED = Limits(wallet={}, ip={})


@dataclass(frozen=True, slots=True)
class Left:
    """How a bucket stands after a request; `passed` says whether the request fitted."""

    limit: int
    remaining: int
    reset: datetime
    passed: bool

    def headers(self, now: datetime) -> dict[str, str]:
        """What the answer tells of it."""
        told = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(ceil((self.reset - _EPOCH) / _SECOND)),
        }
        if not self.passed:
            told["Retry-After"] = str(max(1, ceil((self.reset - now) / _SECOND)))
        return told


@dataclass(slots=True)
class _Window:
    ends: datetime
    used: int = 0


class Buckets:
    """Windows of requests, begun by the first request in each."""

    def __init__(self, clock: Callable[[], datetime], limits: Limits) -> None:
        self._clock = clock
        self._limits = limits
        self._windows: dict[tuple[str, str, str], _Window] = {}

    def of_address(self, endpoint: str, address: str) -> Left | None:
        """Take one from the bucket of an address; None where there is no limit."""
        name = self._limits.ip_of.get(endpoint, "orders")
        return self._take("ip", name, address, self._limits.ip.get(name))

    def of_wallet(self, endpoint: str, wallet: str) -> Left | None:
        """Take one from the bucket of a wallet; None where there is no limit."""
        return self._take("wallet", endpoint, wallet, self._limits.wallet.get(endpoint))

    def _take(self, scope: str, name: str, who: str, limit: Limit | None) -> Left | None:
        if limit is None:
            return None
        now = self._clock()
        window = self._windows.get((scope, name, who))
        if window is None or window.ends <= now:
            self._sweep(now)
            window = _Window(now + timedelta(seconds=limit.seconds))
            self._windows[scope, name, who] = window
        passed = window.used < limit.count
        window.used += passed
        return Left(limit.count, limit.count - window.used, window.ends, passed)

    def _sweep(self, now: datetime) -> None:
        if len(self._windows) >= WINDOWS_MAX:
            self._windows = {
                key: window for key, window in self._windows.items() if window.ends > now
            }
