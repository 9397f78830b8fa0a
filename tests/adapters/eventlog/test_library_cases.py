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
    def create_recorder(self) -> SqlAggregateRecorder:
        recorder = self.factory.aggregate_recorder()
        assert isinstance(recorder, SqlAggregateRecorder)
        return recorder


class SnapshotCase(WithFactory, cases.AggregateRecorderTestCase):
    def create_recorder(self) -> SqlSnapshotRecorder:
        return self.factory.aggregate_recorder("snapshots")


class ApplicationCase(WithFactory, cases.ApplicationRecorderTestCase[SqlApplicationRecorder]):
    def create_recorder(self) -> SqlApplicationRecorder:
        return self.factory.application_recorder()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TrackingCase(WithFactory, cases.TrackingRecorderTestCase):
    def create_recorder(self) -> SqlTrackingRecorder:
        return self.factory.tracking_recorder()


class ProcessCase(WithFactory, cases.ProcessRecorderTestCase):
    def create_recorder(self) -> SqlProcessRecorder:
        return self.factory.process_recorder()


class NonInterleavingCase(WithFactory, cases.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> SqlApplicationRecorder:
        return self.factory.application_recorder()


class SomeView(SqlTrackingRecorder):
    """A subclass that is chosen by its topic."""


class FactoryCase(cases.InfrastructureFactoryTestCase[Factory]):
    url: str

    def setUp(self) -> None:
        self.env = Environment(
            "Orders", {"PERSISTENCE_MODULE": "adapters.eventlog", "DATABASE_URL": self.url}
        )
        super().setUp()

    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[SqlAggregateRecorder]:
        return SqlAggregateRecorder

    def expected_application_recorder_class(self) -> type[SqlApplicationRecorder]:
        return SqlApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[SqlTrackingRecorder]:
        return SqlTrackingRecorder

    def tracking_recorder_subclass(self) -> type[SqlTrackingRecorder]:
        return SomeView

    def expected_process_recorder_class(self) -> type[SqlProcessRecorder]:
        return SqlProcessRecorder


class ExampleCase(application_cases.ExampleApplicationTestCase):
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
        return self._count("created")

    def get_subsequent_event_counter(self) -> int:
        return self._count("subsequent")

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        self._add("created", tracking)

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
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
    def construct_event_counters_view(self) -> CounterView:
        view: CounterView = self.factory.tracking_recorder(CounterView)
        return view


class RunnerCase(projection_cases.AggregateEventCountersProjectionTestCase):
    view_class = CounterView
    url: str

    def setUp(self) -> None:
        self.env: dict[str, str] = {  # type: ignore[misc] # each test has a database of its own
            "PERSISTENCE_MODULE": "adapters.eventlog",
            "DATABASE_URL": self.url,
        }

    def tearDown(self) -> None:
        gc.collect()  # the runner leaves its view to the collector


class EventSourcedRunnerCase(projection_cases.EventSourcedProjectionTestCase):
    url: str
    other_url: str

    def setUp(self) -> None:
        self.env: dict[str, str] = {  # type: ignore[misc] # each test has databases of its own
            "PERSISTENCE_MODULE": "adapters.eventlog",
            "DATABASE_URL": self.url,
            "COUNTERS_DATABASE_URL": self.other_url,
        }

    def tearDown(self) -> None:
        gc.collect()  # the runner leaves its projection to the collector


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
for _case in CASES:
    for _place in (OnSqlite, OnPostgres):
        _name = f"Test{_case.__name__}{_place.__name__}"
        globals()[_name] = type(_name, (_place, _case), {"__module__": __name__, "__test__": True})
    _case.__test__ = False  # type: ignore[attr-defined] # pytest asks for it
del _case, _place


def test_the_persistence_module_has_one_factory() -> None:
    assert get_topic(Factory) == "adapters.eventlog.factory:Factory"
    assert Application.name == "Application"
