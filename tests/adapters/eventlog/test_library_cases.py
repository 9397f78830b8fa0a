"""The library's own test cases, on both databases."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from eventsourcing.application import Application
from eventsourcing.tests import application as application_cases
from eventsourcing.tests import persistence as cases
from eventsourcing.utils import Environment, get_topic

from adapters.eventlog.factory import Factory
from adapters.eventlog.recorders import (
    SqlAggregateRecorder,
    SqlApplicationRecorder,
    SqlSnapshotRecorder,
)
from adapters.eventlog.tracking_recorders import SqlProcessRecorder, SqlTrackingRecorder
from tests.adapters.eventlog.library import WithFactory, on_both


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


CASES: tuple[type, ...] = (
    AggregateCase,
    SnapshotCase,
    ApplicationCase,
    TrackingCase,
    ProcessCase,
    NonInterleavingCase,
    FactoryCase,
    ExampleCase,
)


globals().update(on_both(__name__, CASES))


def test_the_persistence_module_has_one_factory() -> None:
    assert get_topic(Factory) == "adapters.eventlog.factory:Factory"
    assert Application.name == "Application"
