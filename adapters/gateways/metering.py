"""What the service itself counts, as Prometheus reads it: requests, how long they took, listeners.

Labels are routes and statuses of ours, never anything that a caller chose.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest

UNKNOWN: Final = "-"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS_S: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Meters:
    """The counters of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "breakwater_requests",
            "Requests that were answered, by route and status; 0: no answer was begun.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._took = Histogram(
            "breakwater_request_seconds",
            "How long answers took, from the first byte of the request to the last of the answer.",
            ("route",),
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self._listeners = Gauge(
            "breakwater_feed_listeners", "Who follows /v1/events/stream.", registry=self._registry
        )
        self._let_go = Counter(
            "breakwater_feed_listeners_let_go",
            "Listeners that were let go: too slow, a key taken back, the service ending.",
            registry=self._registry,
        )

    def visited(self, method: str | None, route: str | None, status: int, took_s: float) -> None:
        """A request was answered."""
        known = method if method in METHODS else UNKNOWN
        place = route or UNKNOWN
        self._requests.labels(known, place, str(status)).inc()
        self._took.labels(place).observe(took_s)

    def listens(self, *, more: int) -> None:
        """One listener more, or one fewer."""
        self._listeners.inc(more)

    def let_go(self) -> None:
        """A listener was let go."""
        self._let_go.inc()

    def told(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self._registry)
