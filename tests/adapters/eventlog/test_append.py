from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from adapters.eventlog.errors import UnknownCause
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.postgres_sql import ONE_TRIP_MAX
from adapters.eventlog.rows import Batch, Gap
from domain.ports import Conflict
from tests.adapters.eventlog.builders import CAPTURE, aside, event, history, line, name

NOON = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
SIZES = [
    pytest.param(1, id="a single event"),
    pytest.param(ONE_TRIP_MAX // 2, id="a small batch"),
    pytest.param(ONE_TRIP_MAX * 5, id="a large batch"),
]


@pytest.fixture
def log(engine: Engine) -> SqlEventLog:
    return SqlEventLog(engine, now=lambda: NOON)


def everything(log: SqlEventLog) -> tuple[object, ...]:
    """All that the log holds, to see that nothing was added."""
    return (
        log.head(),
        log.after(0, 1_000),
        log.quarantined(),
        log.held_exchanges(),
        sorted(log.known_lines(CAPTURE, range(100))),
    )


@pytest.mark.parametrize("size", SIZES)
def test_positions_are_gapless_from_one(log: SqlEventLog, size: int) -> None:
    first = log.append(history(uuid4(), 1, size))
    second = log.append(history(uuid4(), 1, size))
    assert (first.position, second.position) == (size, 2 * size)
    assert [row.position for row in log.after(0, 1_000)] == list(range(1, 2 * size + 1))


@pytest.mark.parametrize("size", SIZES)
def test_what_is_read_is_what_was_stored(log: SqlEventLog, size: int) -> None:
    log.append([event()], wire=[line(1)])
    log.append([], wire=[line(2)])
    stream = uuid4()
    rows = [
        event(
            stream,
            version,
            topic=f"Übertrag:{version}",
            state=bytes([version, 0, 255]),
            cause=(CAPTURE, 1 + version % 2) if version % 3 else None,
        )
        for version in range(1, size + 1)
    ]
    stored = log.append(rows)
    found = log.streams([stream])
    assert [(*row[1:5], row.recorded_at) for row in found] == [
        (*row[:4], stored.recorded_at) for row in rows
    ]
    assert [(row.capture, row.seq) for row in found] == [row.cause or (None, None) for row in rows]
    assert stored.recorded_at == int(NOON.timestamp()) * 1_000_000 + 123_456


def bad_batches(stream: UUID, size: int) -> dict[str, Callable[[], dict[str, Any]]]:
    fresh = history(uuid4(), 1, size)
    return {
        "a version that is taken": lambda: {"events": [*fresh, event(stream, 1)]},
        "a version twice in one batch": lambda: {"events": [*fresh, fresh[0]]},
        "a wire line that is known": lambda: {"events": fresh, "wire": [line(2), line(1)]},
        "a wire line twice in one batch": lambda: {"events": fresh, "wire": [line(2), line(2)]},
        "a name of another stream": lambda: {"events": fresh, "names": [name(uuid4())]},
        "a line that is not held": lambda: {"events": fresh, "settled": [(CAPTURE, 1, "read")]},
        "a line of a capture never seen": lambda: {"events": fresh, "settled": [("x", 1, "read")]},
    }


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("what", bad_batches(uuid4(), 1).keys())
def test_a_batch_that_collides_stores_nothing(log: SqlEventLog, what: str, size: int) -> None:
    stream = uuid4()
    log.append([event(stream)], wire=[line(1)], names=[name(stream)])
    before, position = everything(log), log.head().position
    batch = bad_batches(stream, size)[what]()
    with pytest.raises(Conflict):
        log.append(**batch, quarantine=[aside()] if size > 1 else [])
    assert everything(log) == before
    assert log.append([event()]).position == position + 1, "a conflict burns no position"


@pytest.mark.parametrize("size", SIZES)
def test_a_cause_that_is_not_in_the_log_stores_nothing(log: SqlEventLog, size: int) -> None:
    log.append([], wire=[line(1)])
    log.append([], wire=[line(2)])
    before = everything(log)
    for cause in ((CAPTURE, 9), ("another", 1)):
        with pytest.raises(UnknownCause):
            log.append([*history(uuid4(), 1, size), event(cause=cause)])
    assert everything(log) == before


def test_a_name_may_be_told_again_by_its_own_stream(log: SqlEventLog) -> None:
    stream = uuid4()
    log.append([event(stream)], names=[name(stream)])
    log.append(history(stream, 2, 1), names=[name(stream), name(stream, "B-2")])
    log.append(history(stream, 3, 99), names=[name(stream), name(stream, "B-3")])
    assert [row.name for row in log.names_of(stream)] == ["B-1", "B-2", "B-3"]


def test_names_are_scoped_by_account(log: SqlEventLog) -> None:
    ours, theirs = uuid4(), uuid4()
    log.append([event(ours), event(theirs)], names=[name(ours), name(theirs, account="rival")])
    keys = [("abp", account, "venue", "B-1") for account in ("desk", "rival", "nobody")]
    assert log.resolve(keys) == {keys[0]: ours, keys[1]: theirs}
    assert log.resolve([]) == {}


def test_a_held_line_is_settled_once(log: SqlEventLog) -> None:
    log.append([], wire=[line(3, exchange="x", outcome="held")])
    assert log.held_exchanges() == [(CAPTURE, "x")]
    log.append([event(cause=(CAPTURE, 3))], settled=[(CAPTURE, 3, "read")])
    assert log.held_exchanges() == []
    assert log.outcome_of(CAPTURE, 3) == "read"
    with pytest.raises(Conflict):
        log.append([], settled=[(CAPTURE, 3, "set_aside")])


def test_lines_are_found_by_number_and_by_exchange(log: SqlEventLog) -> None:
    lines = [line(1, exchange="x"), line(2), line(5, exchange="x"), line(9, exchange="y")]
    log.append([], wire=lines)
    assert log.known_lines(CAPTURE, [1, 2, 3]).keys() == {1, 2}
    assert log.known_lines("another", [1]) == {}
    assert log.exchange_lines(CAPTURE, "x") == [lines[0], lines[2]]
    assert log.exchange_lines("another", "x") == []
    assert log.gaps(CAPTURE) == [Gap(3, 4), Gap(6, 8)]
    assert log.gaps("another") == []
    assert log.observed_at(CAPTURE, 5) == lines[2].observed_at
    with pytest.raises(LookupError):
        log.observed_at(CAPTURE, 4)


def test_what_is_set_aside_twice_is_kept_once(log: SqlEventLog) -> None:
    log.append([], quarantine=[aside("torn")])
    log.append([], quarantine=[aside("torn"), aside("odd")])
    assert sorted(row.reason for row in log.quarantined()) == ["odd", "torn"]


def test_streams_come_whole_and_in_order(log: SqlEventLog) -> None:
    keys = [uuid4() for _ in range(3)]
    for version in range(1, 4):
        log.append([event(key, version) for key in keys])
    found = log.streams([*keys[:2], keys[0], uuid4()])
    assert [(row.stream, row.version) for row in found] == sorted(
        (key, version) for key in keys[:2] for version in (1, 2, 3)
    )
    assert log.streams([]) == []


def test_the_whole_log_by_stream_is_read_in_pages(log: SqlEventLog) -> None:
    keys = [uuid4() for _ in range(50)]
    for version in range(1, 61):
        log.append([event(key, version) for key in keys])
    upto = log.head().position
    pages = log.by_stream()
    first = next(pages)
    log.append([event()])  # what comes while it is read belongs to the next reading
    found = [first, *pages]
    assert [(row.stream, row.version) for row in found] == sorted(
        (key, version) for key in keys for version in range(1, 61)
    )
    assert len(list(log.by_stream(upto=10))) == 10
    assert max(row.position for row in found) == upto


def test_nothing_appended_is_nothing_changed(log: SqlEventLog) -> None:
    assert log.append([]).position == 0
    log.append([event()])
    assert log.append([]).position == 1


def test_a_checkpoint_is_stored_as_the_log_grows(log: SqlEventLog) -> None:
    for _ in range(11):
        log.append([event() for _ in range(997)])
    rows = log.checkpoints()
    assert [row.position for row in rows] == [997 * 11]
    assert log.checkpoint() == log.head()
    assert log.checkpoint() == log.head()
    assert [row.position for row in log.checkpoints()] == [997 * 11]


@pytest.mark.parametrize("size", SIZES)
def test_a_topic_that_is_too_long_is_refused(log: SqlEventLog, size: int) -> None:
    with pytest.raises(ValueError, match="65535"):
        log.append([event(topic="x" * 70_000) for _ in range(size)])
    assert log.head().position == 0


def test_a_batch_says_what_it_speaks_of() -> None:
    batch = Batch([event(cause=("a", 1))], [line(1)], settled=[("b", 1, "read")])
    assert batch.captures({("a", 1)}) == {"a", "b", CAPTURE}
