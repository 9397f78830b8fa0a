"""Many writers, many readers: nothing skipped, nothing twice, no position burnt."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from threading import Event

import pytest
from eventsourcing.persistence import IntegrityError, Tracking
from sqlalchemy import Column, Engine, Integer, MetaData, Table, insert

from adapters.eventlog.chain import verify
from adapters.eventlog.engines import reading, writing
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.recorders import Datastore
from adapters.eventlog.rows import Batch
from adapters.eventlog.tracking import move_position, position_of
from adapters.eventlog.tracking_recorders import SqlTrackingRecorder
from domain.ports import Conflict
from tests.adapters.eventlog.builders import event
from tests.adapters.eventlog.workers import SHARED, write, write_alone

WRITERS = 8
EVENTS = 20_000


def tail(log: SqlEventLog, stop: Event) -> list[int]:
    """Every position as a reader that only asks for `after` sees them."""
    seen: list[int] = []
    while True:
        ending = stop.is_set()
        rows = log.after(seen[-1] if seen else 0, 500)
        seen.extend(row.position for row in rows)
        if ending and not rows:
            return seen


def test_eight_writers_and_two_readers_skip_nothing(engine: Engine) -> None:
    log = SqlEventLog(engine)
    done = Event()
    with ThreadPoolExecutor(WRITERS + 2) as pool:
        readers = [pool.submit(tail, log, done) for _ in range(2)]
        share = EVENTS // WRITERS
        writers = [pool.submit(write, log, seed, share, 40) for seed in range(WRITERS)]
        told = [writer.result() for writer in writers]
        done.set()
        seen = [reader.result() for reader in readers]
    assert seen == [list(range(1, EVENTS + 1))] * 2
    assert sum(each["conflicts"] for each in told) > 0, "the race must be one"
    for stream in SHARED:
        versions = [row.version for row in log.streams([stream])]
        assert versions == list(range(1, len(versions) + 1))
    assert verify(engine).events == EVENTS


@pytest.mark.parametrize(
    "batch_max", [pytest.param(1, id="singles"), pytest.param(30, id="batches")]
)
def test_writers_in_processes_of_their_own_skip_nothing(
    database_url: str, engine: Engine, batch_max: int
) -> None:
    each = 40 * batch_max
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        work = partial(write_alone, database_url, events=each, batch_max=batch_max)
        told = list(pool.map(work, range(4)))
    report = verify(engine)
    assert report.whole
    assert report.events == sum(one["stored"] for one in told) == 4 * each


TALLY = Table("tally", MetaData(), Column("position", Integer), Column("times", Integer))


def run(log: SqlEventLog, batch: int, last: int) -> tuple[int, int]:
    """A runner that applies batches, as another one does at the same time."""
    applied = collisions = 0
    while True:
        with reading(log.engine) as connection:
            at = position_of(connection, "runner")
        if at == last:
            return applied, collisions
        rows = log.after(at or 0, batch)
        try:
            with writing(log.engine) as connection:
                move_position(connection, "runner", at, rows[-1].position)
                for row in rows:
                    connection.execute(insert(TALLY), {"position": row.position, "times": 1})
        except Conflict:
            collisions += 1
        else:
            applied += len(rows)


def test_competing_runners_apply_each_event_once(engine: Engine) -> None:
    TALLY.metadata.create_all(engine)
    log = SqlEventLog(engine)
    last = log.append([event() for _ in range(600)]).position
    with ThreadPoolExecutor(3) as pool:
        runners: list[Future[tuple[int, int]]] = [
            pool.submit(run, log, batch, last) for batch in (7, 10, 13)
        ]
        told = [runner.result() for runner in runners]
    with reading(engine) as connection:
        counted = Counter(connection.execute(TALLY.select()).scalars())
    assert counted == Counter(range(1, last + 1))
    assert sum(applied for applied, _ in told) == last


def follow(view: SqlTrackingRecorder, last: int) -> int:
    """The library's way: one event per transaction, refused when somebody else was there."""
    applied = 0
    while (at := view.max_tracking_id("upstream") or 0) < last:
        try:
            with view.transaction() as connection:
                view.track(connection, Tracking("upstream", at + 1))
                connection.execute(insert(TALLY), {"position": at + 1, "times": 1})
        except IntegrityError:
            continue
        applied += 1
    return applied


def test_competing_views_of_the_library_apply_each_event_once(engine: Engine) -> None:
    TALLY.metadata.create_all(engine)
    view = SqlTrackingRecorder(Datastore(engine))
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(follow, view, 300) for _ in range(2)]
        applied = [each.result() for each in runs]
    with reading(engine) as connection:
        counted = Counter(connection.execute(TALLY.select()).scalars())
    assert counted == Counter(range(1, 301))
    assert sum(applied) == 300


def count_and_move(engine: Engine, at: int | None, new: int) -> None:
    with writing(engine) as connection:
        connection.execute(insert(TALLY), {"position": 1, "times": 1})
        move_position(connection, "runner", at, new)


def append_and_give_up(log: SqlEventLog) -> None:
    with writing(log.engine) as connection:
        log.append_in(connection, Batch([event()]))
        raise Conflict


@pytest.mark.parametrize(
    ("moves", "ends_at"),
    [
        pytest.param([(None, 5)], 5, id="it begins"),
        pytest.param([(0, 5)], 5, id="nought is not begun, too"),
        pytest.param([(None, 5), (5, 9)], 9, id="it goes on"),
        pytest.param([(None, 0), (None, 7)], 7, id="it stands at nought, then goes"),
        pytest.param([(None, 5), (5, 5)], 5, id="it may stay where it is"),
    ],
)
def test_a_position_moves_from_where_it_is(
    engine: Engine, moves: list[tuple[int | None, int]], ends_at: int
) -> None:
    for at, new in moves:
        with writing(engine) as connection:
            move_position(connection, "runner", at, new)
    with reading(engine) as connection:
        assert position_of(connection, "runner") == ends_at


@pytest.mark.parametrize(
    ("at", "new"),
    [
        pytest.param(None, 6, id="it has begun already"),
        pytest.param(4, 6, id="it is further"),
        pytest.param(6, 7, id="it is not as far"),
    ],
)
def test_a_position_that_was_moved_by_another_is_a_conflict(
    engine: Engine, at: int | None, new: int
) -> None:
    TALLY.metadata.create_all(engine)
    with writing(engine) as connection:
        move_position(connection, "runner", None, 5)
    with pytest.raises(Conflict):
        count_and_move(engine, at, new)
    with reading(engine) as connection:
        assert position_of(connection, "runner") == 5
        assert connection.execute(TALLY.select()).all() == []


def test_a_position_does_not_go_back(engine: Engine) -> None:
    with pytest.raises(ValueError, match="cannot go back"), writing(engine) as connection:
        move_position(connection, "runner", 9, 5)


def test_a_batch_in_the_callers_transaction_is_gone_with_it(engine: Engine) -> None:
    log = SqlEventLog(engine)
    with pytest.raises(Conflict):
        append_and_give_up(log)
    assert log.head().position == 0
    assert log.append([event()]).position == 1
