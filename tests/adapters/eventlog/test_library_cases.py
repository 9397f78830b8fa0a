"""The library's own test cases, on both databases."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import Tracking
from eventsourcing.tests import application as application_cases
from eventsourcing.tests import persistence as cases
from eventsourcing.tests import projection as projection_cases
from eventsourcing.utils import Environment, get_topic
from sqlalchemy import Column, Integer, MetaData, Table, Text, func, select
from sqlalchemy.dialects import postgresql, sqlite

from adapters.eventlog.factory import Factory
from adapters.eventlog.recorders import (
    SqlAggregateRecorder,
    SqlApplicationRecorder,
    SqlSnapshotRecorder,
)
from adapters.eventlog.tracking_recorders import SqlProcessRecorder, SqlTrackingRecorder
from tests.postgres import ScratchDatabases


class OnSqlite:
    """The cases run on a file of SQLite."""

    url: str
    other_url: str

    @pytest.fixture(autouse=True)
    def databases(self, sqlite_url: str, empty_sqlite_url: str) -> None:
        """Two fresh files."""
        self.url, self.other_url = sqlite_url, empty_sqlite_url


class OnPostgres:
    """The cases run on a database of PostgreSQL."""

    url: str
    other_url: str

    @pytest.fixture(autouse=True)
    def databases(self, postgres_url: str, postgres_databases: ScratchDatabases) -> Iterator[None]:
        """Two fresh databases."""
        self.url, self.other_url = postgres_url, postgres_databases.fresh()
        yield
        gc.collect()  # a runner that the library leaves unclosed
        postgres_databases.drop(self.other_url)


class WithFactory:
    """A factory for the length of a test."""

    url: str

    @pytest.fixture(autouse=True)
    def opened(self, databases: None) -> Iterator[None]:  # noqa: ARG002 - they come first
        """Open it, close it."""
        self.factory = Factory({"DATABASE_URL": self.url, "DATABASE_DURABILITY": "off"})
        yield
        self.factory.close()


class AggregateCase(WithFactory, cases.AggregateRecorderTestCase):
    """Streams."""

    __test__ = False

    def create_recorder(self) -> SqlAggregateRecorder:
        """The recorder under test."""
        recorder = self.factory.aggregate_recorder()
        assert isinstance(recorder, SqlAggregateRecorder)
        return recorder


class SnapshotCase(WithFactory, cases.AggregateRecorderTestCase):
    """Snapshots."""

    __test__ = False

    def create_recorder(self) -> SqlSnapshotRecorder:
        """The recorder under test."""
        return self.factory.aggregate_recorder("snapshots")


class ApplicationCase(WithFactory, cases.ApplicationRecorderTestCase[SqlApplicationRecorder]):
    """The log as a sequence."""

    __test__ = False

    def create_recorder(self) -> SqlApplicationRecorder:
        """The recorder under test."""
        return self.factory.application_recorder()

    def test_insert_subscribe(self) -> None:
        """Subscriptions, which the library leaves to each module."""
        self.optional_test_insert_subscribe()


class TrackingCase(WithFactory, cases.TrackingRecorderTestCase):
    """Positions of views."""

    __test__ = False

    def create_recorder(self) -> SqlTrackingRecorder:
        """The recorder under test."""
        recorder: SqlTrackingRecorder = self.factory.tracking_recorder()
        return recorder


class ProcessCase(WithFactory, cases.ProcessRecorderTestCase):
    """Events and positions together."""

    __test__ = False

    def create_recorder(self) -> SqlProcessRecorder:
        """The recorder under test."""
        return self.factory.process_recorder()


class NonInterleavingCase(WithFactory, cases.NonInterleavingNotificationIDsBaseCase):
    """Batches that two writers append at once."""

    __test__ = False

    def create_recorder(self) -> SqlApplicationRecorder:
        """The recorder under test."""
        return self.factory.application_recorder()


class SomeView(SqlTrackingRecorder):
    """A subclass that is chosen by its topic."""


class FactoryCase(cases.InfrastructureFactoryTestCase[Factory]):
    """Settings, ciphers, compressors, recorders."""

    __test__ = False

    url: str

    def setUp(self) -> None:
        """Settings of the test's own."""
        self.env = Environment(
            "Orders", {"PERSISTENCE_MODULE": "adapters.eventlog", "DATABASE_URL": self.url}
        )
        super().setUp()

    def expected_factory_class(self) -> type[Factory]:
        """Ours."""
        return Factory

    def expected_aggregate_recorder_class(self) -> type[SqlAggregateRecorder]:
        """Ours."""
        return SqlAggregateRecorder

    def expected_application_recorder_class(self) -> type[SqlApplicationRecorder]:
        """Ours."""
        return SqlApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[SqlTrackingRecorder]:
        """Ours."""
        return SqlTrackingRecorder

    def tracking_recorder_subclass(self) -> type[SqlTrackingRecorder]:
        """Chosen by class or by topic."""
        return SomeView

    def expected_process_recorder_class(self) -> type[SqlProcessRecorder]:
        """Ours."""
        return SqlProcessRecorder


class ExampleCase(application_cases.ExampleApplicationTestCase):
    """The library's bank."""

    __test__ = False

    url: str
    expected_factory_topic = "adapters.eventlog.factory:Factory"

    @pytest.fixture(autouse=True)
    def chosen(self, databases: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG002 - they come first
        """The library reads its settings from the environment."""
        monkeypatch.setenv("PERSISTENCE_MODULE", "adapters.eventlog")
        monkeypatch.setenv("DATABASE_URL", self.url)
        yield
        gc.collect()  # the example leaves its application to the collector

    def test_cipher_and_compressor(self) -> None:
        """What is stored is compressed and sealed."""
        env = {
            "COMPRESSOR_TOPIC": "eventsourcing.compressor:ZlibCompressor",
            "CIPHER_TOPIC": "eventsourcing.cryptography:AESCipher",
            "CIPHER_KEY": "7TAHVVLkrMJpJ6DKIAEMIgJnBpYKjnDT5mUVs9DYrX0=",
        }
        with application_cases.BankAccounts(env=env) as app:
            account = app.open_account("Alice", "alice@example.com")
            assert app.get_balance(account) == 0
            (stored,) = app.recorder.select_events(account)
            assert b"Alice" not in stored.state


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


CASES: tuple[type, ...] = (
    AggregateCase,
    SnapshotCase,
    ApplicationCase,
    TrackingCase,
    ProcessCase,
    NonInterleavingCase,
    FactoryCase,
    ExampleCase,
    ViewCase,
    RunnerCase,
    EventSourcedRunnerCase,
)


def _on(place: type, case: type) -> tuple[str, type]:
    name = f"Test{case.__name__}{place.__name__}"
    return name, type(name, (place, case), {"__module__": __name__, "__test__": True})


globals().update(_on(place, case) for case in CASES for place in (OnSqlite, OnPostgres))


def test_the_persistence_module_has_one_factory() -> None:
    assert get_topic(Factory) == "adapters.eventlog.factory:Factory"
    assert Application.name == "Application"
