"""What the log and its read models tell to Prometheus, asked of the database when it scrapes."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping
from datetime import datetime
from threading import Lock
from typing import Final

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from adapters.bootstrap import App
from adapters.clock import utc_now
from adapters.eventlog.errors import LogError
from adapters.eventlog.hearing import Heard
from adapters.jetstream.tracking import publications_in
from projections import queries
from projections.figures import open_breaks_by_age, uncertain_by_account, unknown_by_account

AS_OLD_AS_S_MAX: Final = 2.0
"""Figures are read once in so long at most, however often they are asked for."""

log = structlog.get_logger()


class LogFigures:
    """The figures of one app."""

    def __init__(
        self,
        app: App,
        clock: Callable[[], datetime] = utc_now,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._heard = Heard(app.store.log)
        self._clock = clock
        self._now = now
        self._guard = Lock()
        self._kept: dict[bool, tuple[float, bytes]] = {}

    def told(self, *, by_account: bool) -> bytes:
        """The figures as they are now; where the database does not answer, that it does not."""
        with self._guard:
            kept = self._kept.get(by_account)
            if kept is None or kept[0] + AS_OLD_AS_S_MAX <= self._now():
                registry = CollectorRegistry(auto_describe=False)
                registry.register(_Once(self._families(by_account=by_account)))
                kept = self._kept[by_account] = self._now(), generate_latest(registry)
            return kept[1]

    def _families(self, *, by_account: bool) -> list[Metric]:
        up = GaugeMetricFamily("breakwater_database_up", "1 when the database answers.")
        found: list[Metric] = [up, *self._of_appends()]
        try:
            with self._app.reading() as connection:
                found += self._lags(connection)
                found += _of_read_models(connection, self._clock(), by_account=by_account)
            found.append(self._silence(by_account=by_account))
        except (SQLAlchemyError, LogError) as error:
            log.warning("figures of the database cannot be read", error=type(error).__name__)
            up.add_metric([], 0)
            return [up, *self._of_appends()]
        up.add_metric([], 1)
        return found

    def _of_appends(self) -> Iterable[Metric]:
        conflicts = CounterMetricFamily(
            "breakwater_append_conflicts",
            "Appends of this process that another writer was faster than; each was tried again.",
        )
        conflicts.add_metric([], self._app.store.log.conflicts)
        yield conflicts

    def _lags(self, connection: Connection) -> Generator[Metric]:
        head = self._app.store.head()
        size = GaugeMetricFamily("breakwater_log_position", "The position of the last event.")
        size.add_metric([], head)
        yield size
        stands = queries.standings(connection)
        every = [one.name for one in self._app.runner.projections]
        readers: Mapping[str, Mapping[str, int]] = {
            "projection": {name: stands[name].position if name in stands else 0 for name in every},
            "publisher": {one.name: one.position for one in publications_in(connection)},
        }
        for kind, places in readers.items():
            events = GaugeMetricFamily(
                f"breakwater_{kind}_lag_events",
                f"Events that the {kind} has not taken.",
                labels=[kind],
            )
            seconds = GaugeMetricFamily(
                f"breakwater_{kind}_lag_seconds",
                f"How long the first event that the {kind} has not taken has been stored.",
                labels=[kind],
            )
            for name, position in sorted(places.items()):
                events.add_metric([name], head - position)
                seconds.add_metric([name], self._waits_s(position, head))
            yield events
            yield seconds

    def _waits_s(self, position: int, head: int) -> float:
        if position >= head:
            return 0.0
        (first,) = self._app.store.log.after(position, 1)
        return max(0.0, self._clock().timestamp() - first.recorded_at / 1_000_000)

    def _silence(self, *, by_account: bool) -> Metric:
        """The newest message of each account; of a venue's accounts the newest counts."""
        labels = ["venue", "account"] if by_account else ["venue"]
        family = GaugeMetricFamily(
            "breakwater_venue_silence_seconds",
            "Seconds since a message of the venue was last received.",
            labels=labels,
        )
        newest: dict[tuple[str, ...], float] = {}
        for owner, at in self._heard.newest().items():
            key = (owner.venue, owner.account)[: len(labels)]
            newest[key] = max(newest.get(key, 0.0), at / 1_000_000)
        for key, at_s in sorted(newest.items()):
            family.add_metric(list(key), max(0.0, self._clock().timestamp() - at_s))
        return family


def _of_read_models(connection: Connection, at: datetime, *, by_account: bool) -> Iterable[Metric]:
    labels = ["venue", "account"] if by_account else ["venue"]
    counts = (
        (
            "breakwater_uncertain_orders",
            "Orders that may be other than the books say: something sent has no known outcome.",
            uncertain_by_account(connection),
        ),
        (
            "breakwater_unknown_outcomes",
            "Cancel requests that were sent and whose outcome is unknown.",
            unknown_by_account(connection),
        ),
    )
    for name, words, rows in counts:
        family = GaugeMetricFamily(name, words, labels=labels)
        sums: dict[tuple[str, ...], int] = {}
        for owner, count in rows.items():
            key = (owner.venue, owner.account)[: len(labels)]
            sums[key] = sums.get(key, 0) + count
        for key, count in sorted(sums.items()):
            family.add_metric(list(key), count)
        yield family
    breaks = GaugeMetricFamily(
        "breakwater_open_breaks",
        "Breaks that the evidence leaves open, by severity and age.",
        labels=["severity", "age"],
    )
    for (severity, age), count in open_breaks_by_age(connection, at).items():
        breaks.add_metric([severity, age], count)
    yield breaks


class _Once(Collector):
    """Families that are there already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """All of them."""
        return self._families
