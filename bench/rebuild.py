"""Rebuild: all projections from the whole log, against reading it and against the library's runner.

The floor selects every event of the log through the driver and decodes it, and drops it. The
library's `ProjectionRunner` is given our projections as they are, and every history in memory; it
commits each event by itself. It is measured on the first events of the log, and its time for one
event is multiplied by the number of all: its view grows no slower, so this is kind to it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, StoredEvent, Tracking
from eventsourcing.projection import Projection, ProjectionRunner

from adapters.bootstrap import App, opened
from adapters.bootstrap_dialects import DIALECTS
from adapters.captures.ndjson import item
from adapters.codec import DECODERS, decode
from adapters.engine.ingest import Ingest
from adapters.eventlog.tracking_recorders import SqlTrackingRecorder
from adapters.settings import Settings
from bench import traffic
from bench.databases import KINDS, Databases, databases
from bench.measure import Took, best, show, times, took, verdict
from domain.recorded import Recorded
from domain.wire import Item
from projections.batch import Batch

GOAL, GOAL_LIBRARY = 5.0, 20.0
PAGE = 5_000
_ALL = (
    "SELECT position, stream_id, version, topic, state, recorded_at, capture_id, seq"
    " FROM events ORDER BY position"
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(prog="python -m bench rebuild", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=5_000, help="events for the library")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--on", choices=KINDS, action="append")
    chosen = parser.parse_args(arguments)
    for kind in chosen.on or KINDS:
        with databases(kind) as place:
            _measure(place, chosen.events, min(chosen.sample, chosen.events), chosen.rounds)


def _measure(place: Databases, events: int, sample: int, rounds: int) -> None:
    url = place.fresh()
    durability = place.durability(url)
    with opened(Settings(database_url=url)) as app:
        fill(app, events)
        library = took(partial(by_library, app, url, sample)).wall_s / sample
        read = read_sqlite if place.kind == "sqlite" else read_postgresql

        def whole() -> int:
            return app.rebuild(app.runner.projections)

        count = read(app)
        found = best(
            rounds,
            {"floor": lambda: took(partial(read, app)), "rebuild": lambda: took(whole)},
        )
    floor, full = found["floor"], found["rebuild"]
    show(
        f"rebuild of all projections, {count:,} events; {durability}",
        [
            ("", "wall s", "cpu s", "events/s", "to the floor"),
            ("floor", *_figures(floor, count), ""),
            ("rebuild", *_figures(full, count), times(full.wall_s / floor.wall_s)),
            (
                f"library's runner (from {sample:,} events)",
                f"{library * count:.1f}",
                "",
                f"{1 / library:,.0f}",
                times(library * count / floor.wall_s),
            ),
        ],
    )
    faster = library * count / full.wall_s
    print(
        f"  {verdict(full.wall_s / floor.wall_s, GOAL)}; by processor time "
        f"{times(full.cpu_s / floor.cpu_s)}"
    )
    print(
        f"  {faster:.0f} × as fast as the library's runner; "
        f"{verdict(faster, GOAL_LIBRARY, least=True)}"
    )


def _figures(this: Took, count: int) -> tuple[str, str, str]:
    return f"{this.wall_s:.2f}", f"{this.cpu_s:.2f}", f"{count / this.wall_s:,.0f}"


def fill(app: App, events: int) -> None:
    """Ingest generated traffic until the log holds so many events; the projections wait."""
    engine = Ingest(app.store, partial(item, "log", 0), DIALECTS, app, _later)

    def enough() -> Iterator[Item]:
        for number, line in enumerate(traffic.lines(events), 1):
            if engine.tally.events >= events:
                return
            yield item("bench", number, line.rstrip())

    engine.read("bench", enough())
    engine.finish()


def _later(*_batch: object) -> None:
    """The projections are made by what is measured."""


def read_sqlite(app: App) -> int:
    """Every event selected and decoded, by the driver and msgspec alone."""
    pooled = app.engine.raw_connection()
    connection: Any = pooled.driver_connection
    count = _decoded(connection.execute(_ALL).fetchmany)
    pooled.close()
    return count


def read_postgresql(app: App) -> int:
    """As on SQLite; rows come in pages, in binary."""
    pooled = app.engine.raw_connection()
    connection: Any = pooled.driver_connection
    with connection.cursor("bench", binary=True) as cursor:
        cursor.execute(_ALL)
        count = _decoded(cursor.fetchmany)
    pooled.close()
    return count


def _decoded(page: Callable[[int], list[tuple[Any, ...]]]) -> int:
    count = 0
    while rows := page(PAGE):
        for row in rows:
            DECODERS[row[3]](row[4])
        count += len(rows)
    return count


class Envelopes(Mapper[UUID]):
    """Reads our stored events for the library."""

    def to_domain_event(self, stored_event: StoredEvent) -> Any:  # noqa: ANN401 - what the projection takes
        """The event in its envelope."""
        position = getattr(stored_event, "id", 0)
        return decode(
            position,
            cast("UUID", stored_event.originator_id),  # our streams have no other ids
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
            0,
            "bench",
            position,
        )


class Log(Application[UUID]):
    """Our log, as an application of the library."""

    def construct_mapper(self) -> Mapper[UUID]:
        """Ours."""
        return Envelopes(transcoder=self.construct_transcoder())


class View(SqlTrackingRecorder):
    """The read models; rows and position of an event in one transaction, as the library has it."""

    app: App

    def take(self, recorded: Recorded, history: Sequence[Recorded], tracking: Tracking) -> None:
        """Write what our projections make of the event."""
        at = recorded.position
        batch = Batch(at - 1, at, recorded.observed_at, {recorded.stream: history})
        with self.transaction() as connection:
            self.track(connection, tracking)
            for projection in self.app.runner.projections:
                projection.apply(connection, batch, batch.orders)


class ReadModels(Projection[View]):
    """Our projections, one event at a time."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._histories: dict[UUID, list[Recorded]] = {}

    def process_event(  # pyright: ignore[reportIncompatibleVariableOverride] - the library's way
        self, domain_event: Recorded, tracking: Tracking
    ) -> None:
        """Apply one event and commit."""
        history = self._histories.setdefault(domain_event.stream, [])
        history.append(domain_event)
        self.view.take(domain_event, history, tracking)


def by_library(app: App, url: str, events: int) -> None:
    """The first events of the log, by the library's runner."""
    View.app = app
    env = {"PERSISTENCE_MODULE": "adapters.eventlog", "DATABASE_URL": url}
    with ProjectionRunner(
        application_class=Log, projection_class=ReadModels, view_class=View, env=env
    ) as runner:
        runner.wait(events, timeout=3_600)


if __name__ == "__main__":
    main()
