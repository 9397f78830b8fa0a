"""A subscription yields every event, wakes for new ones, and never sleeps through one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from threading import Thread

import pytest
from eventsourcing.persistence import StoredEvent
from sqlalchemy import Engine

from adapters.eventlog.database import open_database
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.recorders import Datastore, SqlApplicationRecorder
from adapters.eventlog.rows import EventRow, Stored
from adapters.eventlog.subscription import LogSubscription
from adapters.eventlog.wake import Bell, bell_of
from tests.adapters.eventlog.builders import event

SOON_S = 5.0


@pytest.fixture
def recorder(engine: Engine) -> SqlApplicationRecorder:
    return SqlApplicationRecorder(Datastore(engine))


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[SqlEventLog]:
    """The same log, opened as another program would: it does not ring our bell."""
    engine = open_database(database_url, durability="off")
    log = SqlEventLog(engine)
    log.bell = Bell()
    yield log
    engine.dispose()


def positions(subscription: LogSubscription, count: int) -> list[int]:
    return [each.id for each in islice(subscription, count)]


def following(recorder: SqlApplicationRecorder, **kwargs: object) -> LogSubscription:
    given = {"gt": None, "topics": (), **kwargs}
    return LogSubscription(recorder, recorder.datastore.engine, **given)  # type: ignore[arg-type] # the arguments of a subscription


def test_it_yields_what_is_there_and_then_what_comes(
    recorder: SqlApplicationRecorder, elsewhere: SqlEventLog
) -> None:
    elsewhere.append([event() for _ in range(1_200)])
    with following(recorder, gt=100) as subscription:
        assert positions(subscription, 1_100) == list(range(101, 1_201))
        elsewhere.append([event()])
        assert positions(subscription, 1) == [1_201]


def test_an_append_of_this_program_wakes_it_at_once(recorder: SqlApplicationRecorder) -> None:
    with following(recorder, poll_s=60.0) as subscription, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(positions, subscription, 1)
        time.sleep(0.05)
        recorder.log.append([event()])
        assert waiting.result(SOON_S) == [1]


def test_an_append_of_another_program_wakes_it(
    recorder: SqlApplicationRecorder, elsewhere: SqlEventLog
) -> None:
    """On PostgreSQL by NOTIFY alone; on SQLite it looks now and then."""
    sqlite = recorder.datastore.engine.dialect.name == "sqlite"
    poll = {} if sqlite else {"poll_s": 60.0}
    with following(recorder, **poll) as subscription, ThreadPoolExecutor(1) as pool:
        for position in range(1, 4):
            waiting = pool.submit(positions, subscription, 1)
            time.sleep(0.05)
            elsewhere.append([event() for _ in range(1)])
            assert waiting.result(SOON_S) == [position]
        waiting = pool.submit(positions, subscription, 100)
        elsewhere.append([event() for _ in range(100)])  # a large batch notifies as well
        assert len(waiting.result(SOON_S)) == 100


def test_what_comes_between_the_first_look_and_the_wait_is_not_missed(
    recorder: SqlApplicationRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An append lands just after the subscription saw an empty log, and rings only then."""
    bell = bell_of(recorder.datastore.engine)
    wait = bell.wait
    appended: list[Stored] = []

    def append_first(heard: int, at_most_s: float) -> None:
        if not appended:
            appended.append(recorder.log.append([event()]))
        wait(heard, at_most_s)

    monkeypatch.setattr(bell, "wait", append_first)
    with following(recorder, poll_s=60.0) as subscription, ThreadPoolExecutor(1) as pool:
        assert pool.submit(positions, subscription, 1).result(SOON_S) == [1]


def test_a_lost_notify_is_made_up_for_by_looking(
    recorder: SqlApplicationRecorder, elsewhere: SqlEventLog
) -> None:
    subscription = following(recorder, poll_s=0.1)
    subscription.stop_listening()  # the server's word will not reach it
    with subscription, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(positions, subscription, 1)
        time.sleep(0.05)
        elsewhere.append([event()])
        assert waiting.result(SOON_S) == [1]


def test_a_listener_whose_connection_dies_listens_again(postgres_url: str) -> None:
    ours, theirs = (open_database(postgres_url, durability="off") for _ in range(2))
    recorder, other = SqlApplicationRecorder(Datastore(ours)), SqlEventLog(theirs)
    other.bell = Bell()
    with following(recorder, poll_s=60.0) as subscription, ThreadPoolExecutor(1) as pool:
        with theirs.begin() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        waiting = pool.submit(positions, subscription, 1)
        other.append([event()])  # heard, or found when it listens again: it rings then
        assert waiting.result(SOON_S) == [1]
        waiting = pool.submit(positions, subscription, 1)
        time.sleep(1.0)
        other.append([event()])
        assert waiting.result(SOON_S) == [2]
    ours.dispose()
    theirs.dispose()


def test_stopping_ends_a_wait_at_once(recorder: SqlApplicationRecorder) -> None:
    subscription = following(recorder, poll_s=60.0)
    ended: list[list[int]] = []
    thread = Thread(target=lambda: ended.append(positions(subscription, 1)))
    with subscription:
        thread.start()
        time.sleep(0.05)
        subscription.stop()
        thread.join(SOON_S)
    assert ended == [[]]


def test_topics_are_chosen_and_the_others_passed_for_good(
    recorder: SqlApplicationRecorder,
) -> None:
    chosen = [event(topic="Cancelled:1") for _ in range(3)]
    before, after = ([event() for _ in range(700)] for _ in range(2))
    recorder.log.append([*before, *chosen, *after])
    with following(recorder, topics=["Cancelled:1", "CancelRejected:1"]) as subscription:
        assert positions(subscription, 3) == [701, 702, 703]
        recorder.log.append([event(topic="CancelRejected:1")])
        assert positions(subscription, 1) == [1_404]


def test_events_come_back_as_they_were_stored(recorder: SqlApplicationRecorder) -> None:
    row: EventRow = event(state=b"\x00\xff")
    recorder.insert_events([StoredEvent(row.stream, 1, row.topic, row.state)])
    with following(recorder) as subscription:
        found = next(subscription)
    assert (found.originator_id, found.originator_version) == (row.stream, 1)
    assert (found.topic, found.state) == (row.topic, row.state)
