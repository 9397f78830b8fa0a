"""The library's own projection cases, on both databases."""

from __future__ import annotations

import gc
from typing import Any

from eventsourcing.persistence import Tracking
from eventsourcing.tests import projection as projection_cases
from sqlalchemy import Column, Integer, MetaData, Table, Text, func, select
from sqlalchemy.dialects import postgresql, sqlite

from adapters.eventlog.tracking_recorders import SqlTrackingRecorder
from tests.adapters.eventlog.library import WithFactory, on_both


class CounterView(SqlTrackingRecorder, projection_cases.EventCountersView):
    """Counts events in a table of its own, in the transaction of their positions."""

    table = Table(
        "counter", MetaData(), Column("name", Text, primary_key=True), Column("n", Integer)
    )

    def __init__(self, datastore: Any) -> None:  # noqa: ANN401 - the factory's
        super().__init__(datastore)
        self.table.metadata.create_all(datastore.engine)

    def get_created_event_counter(self) -> int:
        """Of events that began an aggregate."""
        return self._count("created")

    def get_subsequent_event_counter(self) -> int:
        """Of all others."""
        return self._count("subsequent")

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        """One more."""
        self._add("created", tracking)

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        """One more."""
        self._add("subsequent", tracking)

    def _count(self, name: str) -> int:
        with self.datastore.engine.connect() as connection:
            total = select(func.coalesce(func.sum(self.table.c.n), 0)).where(
                self.table.c.name == name
            )
            return int(connection.execute(total).scalar_one())

    def _add(self, name: str, tracking: Tracking) -> None:
        with self.transaction() as connection:
            self.track(connection, tracking)
            kind = sqlite if connection.dialect.name == "sqlite" else postgresql
            row = kind.insert(self.table).values(name=name, n=1)
            more = {"n": self.table.c.n + 1}
            connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=more))


class ViewCase(WithFactory, projection_cases.EventCountersViewTestCase):
    """A view by itself."""

    __test__ = False

    def construct_event_counters_view(self) -> CounterView:
        """The view under test."""
        view: CounterView = self.factory.tracking_recorder(CounterView)
        return view


class RunnerCase(projection_cases.AggregateEventCountersProjectionTestCase):
    """The library's projection runner."""

    __test__ = False

    view_class = CounterView
    url: str

    def setUp(self) -> None:
        """Settings of the test's own."""
        self.env: dict[str, str] = {  # type: ignore[misc] # each test has a database of its own
            "PERSISTENCE_MODULE": "adapters.eventlog",
            "DATABASE_URL": self.url,
        }

    def tearDown(self) -> None:
        """The runner leaves its view to the collector."""
        gc.collect()


class EventSourcedRunnerCase(projection_cases.EventSourcedProjectionTestCase):
    """An application that follows another."""

    __test__ = False

    url: str
    other_url: str

    def setUp(self) -> None:
        """Settings of the test's own."""
        self.env: dict[str, str] = {  # type: ignore[misc] # each test has databases of its own
            "PERSISTENCE_MODULE": "adapters.eventlog",
            "DATABASE_URL": self.url,
            "COUNTERS_DATABASE_URL": self.other_url,
        }

    def tearDown(self) -> None:
        """The runner leaves its view to the collector."""
        gc.collect()


globals().update(on_both(__name__, (ViewCase, RunnerCase, EventSourcedRunnerCase)))
