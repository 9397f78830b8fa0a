"""What went wrong in other event stores, and the test that keeps it from going wrong here.

`HELD` lists every failure that was found elsewhere, in our words, with the tests that hold it; the
tests that no other file has stand below.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Tracking
from sqlalchemy import Engine

from adapters.eventlog.chain import verify
from adapters.eventlog.database import open_database, state, upgrade
from adapters.eventlog.engines import writing
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.recorders import Datastore
from adapters.eventlog.rows import Batch
from adapters.eventlog.subscription import POSTGRES_POLL_S, SQLITE_POLL_S
from adapters.eventlog.tracking import move_position
from adapters.eventlog.tracking_recorders import SqlTrackingRecorder
from domain.ports import Conflict
from tests.adapters.eventlog.builders import CAPTURE, event, line
from tests.adapters.eventlog.proxy import proxied

HERE = Path(__file__).parent
TESTS = HERE.parents[1]

HELD: Mapping[str, tuple[str, ...]] = {
    "the extension for SQLAlchemy excludes SQLAlchemy 2.1, and the next version changes events": (
        "test_pitfalls.py::test_the_library_is_the_one_that_was_proven",
        "test_library_cases.py::test_the_persistence_module_has_one_factory",
    ),
    "two consumers that compete count an event twice": (
        "test_concurrency.py::test_competing_views_of_the_library_apply_each_event_once",
        "projections/test_runner.py::test_competing_runners_never_apply_an_event_twice",
    ),
    "batches are tracked by 'newer than' and applied twice": (
        "test_concurrency.py::test_competing_runners_apply_each_event_once",
        "test_concurrency.py::test_a_position_moves_from_where_it_is",
        "test_concurrency.py::test_a_position_that_was_moved_by_another_is_a_conflict",
    ),
    "without a lock a reader skips events that commit late": (
        "test_concurrency.py::test_eight_writers_and_two_readers_skip_nothing",
        "test_concurrency.py::test_writers_in_processes_of_their_own_skip_nothing",
    ),
    "a fast path drops the tracking in silence": (
        "test_library_use.py::test_a_process_recorder_stores_events_and_position_or_neither",
        "test_library_use.py::test_nothing_is_dropped_in_silence",
    ),
    "two applications write into each other's table": (
        "test_pitfalls.py::test_two_applications_do_not_see_each_other",
    ),
    "two projections share a position": (
        "test_pitfalls.py::test_readers_of_one_log_keep_their_own_positions",
    ),
    "SQLite has no subscriptions": (
        "test_subscriptions.py::test_it_yields_what_is_there_and_then_what_comes",
        "test_subscriptions.py::test_an_append_of_another_program_wakes_it",
    ),
    "an event between the first look and LISTEN is not told": (
        "test_subscriptions.py::test_what_comes_between_the_first_look_and_the_wait_is_not_missed",
    ),
    "a NOTIFY is lost, and nobody looks": (
        "test_subscriptions.py::test_a_lost_notify_is_made_up_for_by_looking",
        "test_subscriptions.py::test_a_listener_whose_connection_dies_listens_again",
        "test_pitfalls.py::test_nobody_waits_long_for_a_notify_that_was_lost",
    ),
    "the lock is held over five round trips": (
        "test_pitfalls.py::test_a_small_batch_is_one_round_trip",
    ),
    "a conflict burns positions": ("test_pitfalls.py::test_a_conflict_burns_no_position",),
    "a projection commits every event by itself": (
        "projections/test_runner.py::test_rows_and_position_are_one_transaction",
    ),
    "a frozen clock in the process breaks the codec": (
        "adapters/test_codec.py::test_a_frozen_clock_in_the_process_changes_nothing",
        "adapters/test_codec.py::test_a_program_that_starts_with_a_frozen_clock_stores_and_reads",
    ),
    "a stored name is a class path that resolves no more": (
        "adapters/test_codec.py::test_every_version_that_was_ever_stored_stays_readable",
        "adapters/test_codec.py::test_every_kind_has_a_golden_file_and_no_file_is_nobody_s",
    ),
    "programs that start together break each other's tables": (
        "test_schema.py::test_eight_programs_may_start_at_once_on_an_empty_file",
        "test_pitfalls.py::test_several_upgrades_at_once_are_one",
    ),
    "the tool for migrations reports differences for ever, or copies the log to renumber it": (
        "test_schema.py::test_the_tables_are_those_of_the_code",
        "test_schema.py::test_up_down_up_gives_the_same_tables",
    ),
    "a reader of some topics stays behind for ever, and so do those who wait for it": (
        "test_subscriptions.py::test_topics_are_chosen_and_the_others_passed_for_good",
        "test_pitfalls.py::test_a_reader_that_skips_lets_those_go_who_wait_for_it",
    ),
    "a second log inside the transaction of a first one writes into the first": (
        "test_pitfalls.py::test_a_log_within_anothers_transaction_stays_its_own",
    ),
    "settings that choose a recorder are ignored": (
        "test_library_use.py::test_recorders_are_chosen_by_the_librarys_settings",
    ),
    "a name of over 32 characters fails": (
        "test_pitfalls.py::test_readers_of_one_log_keep_their_own_positions",
    ),
    "the caller's transaction is not the one that is used": (
        "test_concurrency.py::test_a_batch_in_the_callers_transaction_is_gone_with_it",
    ),
    "an application closes the pool under a recorder that is still held": (
        "test_library_use.py::test_a_recorder_outlives_its_factory",
    ),
    "reading what was just written takes a tenth of a second at least": (
        "test_library_use.py::test_a_view_waits_no_longer_than_it_must",
    ),
    "one event that cannot be taken stops everything after it": (
        "projections/test_runner.py::test_a_stream_that_cannot_be_taken_is_set_aside_and_the_others_go_on",
        "projections/test_runner.py::test_a_stream_that_was_set_aside_stays_so_until_a_rebuild",
    ),
    "the number of a deleted event is given again, or numbers change when the file is packed": (
        "test_refusals.py::test_a_change_is_refused",
        "test_refusals.py::test_another_program_cannot_replace_a_row",
        "test_pitfalls.py::test_packing_the_file_keeps_every_position",
    ),
    "a snapshot outlives what it was made of": (
        "projections/test_runner.py::test_rows_made_by_other_rules_are_refused_with_what_to_do",
    ),
    "a commit whose reply is lost is done twice": (
        "test_lost_replies.py::test_a_batch_goes_in_exactly_once",
        "test_lost_replies.py::test_cuts_at_random_moments_double_nothing",
    ),
}


@pytest.mark.parametrize("pitfall", HELD)
def test_each_of_them_is_held_by_a_test(pitfall: str) -> None:
    for named in HELD[pitfall]:
        path, _, test = named.partition("::")
        source = (TESTS / path if "/" in path else HERE / path).read_text()
        assert f"def {test}(" in source, named


def test_the_library_is_the_one_that_was_proven() -> None:
    assert version("eventsourcing") == "9.5.6"
    assert version("sqlalchemy").startswith("2.1.")
    assert find_spec("eventsourcing_sqlalchemy") is None


class Orders(Application[UUID]):
    """Two applications in one process, each with its own settings."""

    name = "orders"


class Counters(Application[UUID]):
    """The other one."""

    name = "counters"


def test_two_applications_do_not_see_each_other(database_url: str, empty_sqlite_url: str) -> None:
    env = {
        "PERSISTENCE_MODULE": "adapters.eventlog",
        "ORDERS_DATABASE_URL": database_url,
        "COUNTERS_DATABASE_URL": empty_sqlite_url,
    }
    with Orders(env) as orders, Counters(env) as counters:
        one, two = Aggregate(), Aggregate()
        orders.save(one)
        counters.save(two)
        for app, ours, theirs in ((orders, one, two), (counters, two, one)):
            assert app.recorder.max_notification_id() == 1
            assert ours.id in app.repository
            assert theirs.id not in app.repository


def test_readers_of_one_log_keep_their_own_positions(engine: Engine) -> None:
    view = SqlTrackingRecorder(Datastore(engine))
    names = ["orders", "orders_", "a reader with a name of far more than thirty-two characters"]
    for position, name in enumerate(names, start=1):
        view.insert_tracking(Tracking(name, position))
    assert [view.max_tracking_id(name) for name in names] == [1, 2, 3]


def test_a_reader_that_skips_lets_those_go_who_wait_for_it(engine: Engine) -> None:
    log = SqlEventLog(engine)
    log.append([event(topic=topic) for topic in ("OrderPlaced:1", "Filled:1", "Filled:1")])
    with writing(engine) as connection:
        move_position(connection, "placed", None, 3)  # of three events one was for it
    SqlTrackingRecorder(Datastore(engine)).wait("placed", 3, timeout=0.001)


def test_nobody_waits_long_for_a_notify_that_was_lost() -> None:
    assert 0 < SQLITE_POLL_S <= POSTGRES_POLL_S <= 5


def test_a_small_batch_is_one_round_trip(postgres_url: str) -> None:
    with proxied(postgres_url) as proxy:
        engine = open_database(proxy.url, durability="off")
        log = SqlEventLog(engine)
        for seq in range(1, 10):  # the statement is prepared by then
            log.append([event(cause=(CAPTURE, seq))], wire=[line(seq)])
        before = proxy.requests
        for seq in range(10, 20):
            log.append([event(cause=(CAPTURE, seq))], wire=[line(seq)])
        assert proxy.requests - before == 10
        engine.dispose()


def test_a_conflict_burns_no_position(engine: Engine) -> None:
    log = SqlEventLog(engine)
    taken = event()
    log.append([taken])
    for size in (1, 40):
        with pytest.raises(Conflict):
            log.append([*(event() for _ in range(size)), taken])
    assert log.append([event()]).position == 2
    assert [row.position for row in log.after(0, 9)] == [1, 2]


def test_several_upgrades_at_once_are_one(empty_postgres_url: str) -> None:
    engine = open_database(empty_postgres_url)
    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(upgrade, engine) for _ in range(4)]:
            each.result()
    assert state(engine) == "current"
    engine.dispose()


def test_a_log_within_anothers_transaction_stays_its_own(
    engine: Engine, empty_sqlite_url: str
) -> None:
    other_engine = open_database(empty_sqlite_url)
    upgrade(other_engine)
    first, second = SqlEventLog(engine), SqlEventLog(other_engine)

    def failing() -> None:
        with writing(engine) as connection:
            first.append_in(connection, Batch([event()]))
            second.append([event(), event()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert (first.head().position, second.head().position) == (0, 2)
    other_engine.dispose()


def test_packing_the_file_keeps_every_position(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    log = SqlEventLog(engine)
    log.append([event(cause=(CAPTURE, seq)) for seq in (1, 2)], wire=[line(1), line(2)])
    before = log.after(0, 9)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("VACUUM")
    assert log.after(0, 9) == before
    assert log.append([event()]).position == 3
    assert verify(engine).whole
    engine.dispose()
