"""What the library's users meet: settings, errors, and what is stored together with an event."""

from __future__ import annotations

import gc
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import (
    DataError,
    InfrastructureFactory,
    IntegrityError,
    ProgrammingError,
    StoredEvent,
    Tracking,
)
from sqlalchemy import Engine

from adapters.eventlog.engines import writing
from adapters.eventlog.factory import Factory
from adapters.eventlog.recorders import (
    Datastore,
    SqlApplicationRecorder,
    SqlSnapshotRecorder,
)
from adapters.eventlog.tracking_recorders import SqlProcessRecorder, SqlTrackingRecorder
from tests.adapters.eventlog.builders import CAPTURE, aside, line, name


@pytest.fixture
def env(database_url: str) -> dict[str, str]:
    return {"PERSISTENCE_MODULE": "adapters.eventlog", "DATABASE_URL": database_url}


@pytest.fixture
def recorder(engine: Engine) -> SqlApplicationRecorder:
    return SqlApplicationRecorder(Datastore(engine))


def stored(stream: UUID | None = None, version: int = 1) -> StoredEvent:
    return StoredEvent(stream or uuid4(), version, "OrderPlaced:1", b"{}")


def test_an_application_saves_an_event_with_its_line_and_names(env: dict[str, str]) -> None:
    with Application[UUID](env) as app:
        order = Aggregate()
        app.save(order, wire=[line(4)], names=[name(order.id)], quarantine=[aside()])
        recorder = app.recorder
        assert isinstance(recorder, SqlApplicationRecorder)
        (row,) = recorder.log.after(0, 9)
        assert (row.stream, row.capture, row.seq) == (order.id, CAPTURE, 4)
        assert [each.name for each in recorder.log.names_of(order.id)] == ["B-1"]
        assert len(recorder.log.quarantined()) == 1
        with pytest.raises(IntegrityError):
            app.save(Aggregate(), wire=[line(4)])
        assert recorder.max_notification_id() == 1
        later = Aggregate()
        app.save(later, wire=[line(5), line(6)], cause=(CAPTURE, 6))
        assert recorder.log.after(1, 9)[0].seq == 6
        app.save(wire=[line(7)])
        assert recorder.log.known_lines(CAPTURE, [7])
        assert app.repository.get(order.id).version == 1
    del app, recorder
    gc.collect()


def test_nothing_is_dropped_in_silence(recorder: SqlApplicationRecorder) -> None:
    with pytest.raises(ProgrammingError, match="cannot store tracking"):
        recorder.insert_events([stored()], tracking=Tracking("upstream", 1))
    snapshots = SqlSnapshotRecorder(recorder.datastore)
    with pytest.raises(ProgrammingError, match="cannot store wire"):
        snapshots.insert_events([stored()], wire=[line()])
    assert recorder.max_notification_id() is None


def test_only_uuids_name_streams(recorder: SqlApplicationRecorder) -> None:
    with pytest.raises(ProgrammingError, match="UUID"):
        recorder.insert_events([StoredEvent("order-1", 1, "OrderPlaced:1", b"{}")])
    with pytest.raises(ProgrammingError, match="UUID"):
        recorder.select_events("order-1")


def test_a_process_recorder_stores_events_and_position_or_neither(engine: Engine) -> None:
    recorder = SqlProcessRecorder(Datastore(engine))
    stream = uuid4()
    recorder.insert_events([stored(stream)], tracking=Tracking("upstream", 1), wire=[line(1)])
    for events, position in (([stored(stream)], 2), ([stored()], 1)):
        with pytest.raises(IntegrityError):
            recorder.insert_events(events, tracking=Tracking("upstream", position))
    assert recorder.max_tracking_id("upstream") == 1
    assert recorder.max_notification_id() == 1
    assert recorder.insert_events([stored(), stored()]) == [2, 3]
    assert recorder.insert_events([], tracking=Tracking("upstream", 5)) == []


def test_a_view_waits_no_longer_than_it_must(engine: Engine) -> None:
    view = SqlTrackingRecorder(Datastore(engine))
    with view.transaction() as connection:
        view.track(connection, Tracking("upstream", 7))
    view.wait("upstream", 7, timeout=0.001)
    with pytest.raises(TimeoutError, match="8"):
        view.wait("upstream", 8, timeout=0.01)


def track_and_fail(view: SqlTrackingRecorder) -> None:
    with view.transaction() as connection:
        view.track(connection, Tracking("upstream", 7))
        raise ZeroDivisionError


def test_a_view_that_fails_tracks_nothing(engine: Engine) -> None:
    view = SqlTrackingRecorder(Datastore(engine))
    with pytest.raises(ZeroDivisionError):
        track_and_fail(view)
    assert view.max_tracking_id("upstream") is None


def test_database_errors_are_the_librarys(recorder: SqlApplicationRecorder) -> None:
    with pytest.raises(DataError):
        recorder.insert_events([StoredEvent(uuid4(), 2**70, "OrderPlaced:1", b"{}")])
    with writing(recorder.datastore.engine) as connection:
        connection.exec_driver_sql("DROP TABLE snapshots")
    with pytest.raises(ProgrammingError, match="db upgrade"):
        SqlSnapshotRecorder(recorder.datastore).select_events(uuid4())


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"DATABASE_URL": ""}, "DATABASE_URL", id="no database"),
        pytest.param({"DATABASE_DURABILITY": "most"}, "full, normal, off", id="no such durability"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(
    env: dict[str, str], changes: dict[str, str], problem: str
) -> None:
    with pytest.raises(OSError, match=problem):
        InfrastructureFactory.construct({**env, **changes})


def test_recorders_are_chosen_by_the_librarys_settings(env: dict[str, str]) -> None:
    factory = Factory(env)
    for setting in (
        factory.APPLICATION_RECORDER_TOPIC,
        factory.PROCESS_RECORDER_TOPIC,
        factory.TRACKING_RECORDER_TOPIC,
    ):
        factory.env[setting] = "adapters.eventlog.tracking_recorders:SqlProcessRecorder"
    assert type(factory.application_recorder()) is SqlProcessRecorder
    assert type(factory.process_recorder()) is SqlProcessRecorder
    assert type(factory.tracking_recorder()) is SqlProcessRecorder
    factory.env[factory.APPLICATION_RECORDER_TOPIC] = "adapters.eventlog.recorders:Datastore"
    with pytest.raises(ProgrammingError, match="Datastore"):
        factory.application_recorder()
    with pytest.raises(ProgrammingError, match="snapshots"):
        factory.aggregate_recorder("letters")
    factory.close()


def test_a_recorder_outlives_its_factory(env: dict[str, str]) -> None:
    factory = Factory(env)
    recorder = factory.application_recorder()
    factory.close()
    assert recorder.insert_events([stored()]) == [1]
    del recorder, factory
    gc.collect()
