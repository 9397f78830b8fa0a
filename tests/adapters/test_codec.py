"""Stored events: one golden file for each name and version, readable for ever."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from adapters.clock import utc_now
from adapters.codec import (
    EPOCH,
    KINDS,
    TOPICS,
    BrokenState,
    UnknownTopic,
    decode,
    encode,
    micros,
    moment,
    name_of,
)
from domain.desk import DeskEvent
from domain.events import Event, Filled, OrderEvent, OrderPlaced, Terms
from domain.ids import derived
from domain.recorded import Pending, Recorded
from domain.values import Account
from tests.building import NOON, seconds
from tests.domain.desk_facts import full_desk
from tests.domain.facts import ANY_FACT, full, full_request

GOLDEN = Path(__file__).parent / "golden"
STREAM = derived("order", "golden")
OWNER = Account("abp", "desk-7")
AGE = 1_770_465_600_000_001


def sample(kind: type[Any]) -> Event:
    """The fact of this kind that its golden file tells, with every field set."""
    if kind in get_args(DeskEvent):
        return cast("Event", full_desk(kind))
    made = full(kind) if kind in get_args(OrderEvent) else full_request(kind)
    return cast("Event", made)


def pending(event: Event, occurred_at: datetime | None = NOON) -> Pending:
    """The fact on its way into the log."""
    event_id = derived("event", "golden")
    seen = seconds(0.25)
    return Pending(STREAM, 1, OWNER, event_id, occurred_at, seen, "night", 7, event)


def stored(topic: str, state: bytes) -> Recorded:
    """A log row, read."""
    return decode(42, STREAM, 1, topic, state, AGE, "night", 7)


def golden(topic: str) -> Path:
    """The file of a stored name and version."""
    return GOLDEN / f"{topic.replace(':', '-')}.json"


def compact(path: Path) -> bytes:
    """The bytes that the file shows spread out."""
    told = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: TOPICS[kind])
def test_a_fact_is_stored_as_its_golden_file_shows(kind: type[Any]) -> None:
    topic, state = encode(pending(sample(kind)))
    assert topic == TOPICS[kind]
    assert state == compact(golden(topic))


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_every_version_that_was_ever_stored_stays_readable(path: Path) -> None:
    topic = path.stem.replace("-", ":")
    read = stored(topic, compact(path))
    assert TOPICS[type(read.event)].partition(":")[0] == topic.partition(":")[0]
    assert read.event == sample(type(read.event))
    assert (read.owner, read.occurred_at, read.observed_at) == (OWNER, NOON, seconds(0.25))


def test_every_kind_has_a_golden_file_and_no_file_is_nobody_s() -> None:
    assert {golden(topic) for topic in TOPICS.values()} <= {*GOLDEN.glob("*.json")}
    names = {kind.__name__ for kind in KINDS}
    assert {path.stem.partition("-")[0] for path in GOLDEN.glob("*.json")} == names


def test_the_log_s_columns_come_back_beside_the_fact() -> None:
    topic, state = encode(pending(sample(Filled), None))
    read = stored(topic, state)
    assert (read.position, read.stream, read.version) == (42, STREAM, 1)
    assert (read.event_id, read.capture, read.seq) == (derived("event", "golden"), "night", 7)
    assert read.recorded_at == datetime(2026, 2, 7, 12, 0, 0, 1, tzinfo=UTC)
    assert read.occurred_at is None
    assert b"occurred" not in state


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: TOPICS[kind])
def test_what_nobody_told_is_not_written_and_is_read_as_untold(kind: type[Any]) -> None:
    needed = {
        field.name: getattr(sample(kind), field.name)
        for field in fields(kind)
        if field.default is MISSING
    }
    bare = kind(**needed)
    topic, state = encode(pending(bare))
    assert json.loads(state, parse_float=Decimal)["data"].keys() == needed.keys()
    assert stored(topic, state).event == bare


@given(ANY_FACT)
def test_any_fact_comes_back_as_it_was(event: OrderEvent) -> None:
    assert stored(*encode(pending(event))).event == event


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_are_kept_to_the_microsecond(at: datetime) -> None:
    assert moment(micros(at)) == at


@given(st.text(max_size=20), st.decimals(allow_nan=False, allow_infinity=False))
def test_words_and_amounts_come_back_exactly(text: str, size: Decimal) -> None:
    event = Filled(fill_id=text, size=size)
    read = stored(*encode(pending(event))).event
    assert isinstance(read, Filled)
    assert (read.fill_id, str(read.size)) == (text, str(size))


def test_a_time_with_an_offset_is_the_same_instant() -> None:
    local = NOON.astimezone(tz=UTC) + timedelta(0)
    event = OrderPlaced(terms=Terms(placed_at=local))
    assert stored(*encode(pending(event))).event == event


@pytest.mark.parametrize(
    ("topic", "state", "trouble"),
    [
        pytest.param("Filled:2", b"{}", UnknownTopic, id="a version of a newer program"),
        pytest.param("Nobody:1", b"{}", UnknownTopic, id="a name of a newer program"),
        pytest.param("Filled:1", b"", BrokenState, id="no bytes"),
        pytest.param("Filled:1", b"{", BrokenState, id="cut"),
        pytest.param("Filled:1", b"\xff", BrokenState, id="no text"),
        pytest.param("Filled:1", b"null", BrokenState, id="no object"),
        pytest.param("Filled:1", b"{}", BrokenState, id="nothing in it"),
        pytest.param(
            "Filled:1",
            compact(golden("Filled:1")).replace(b'"40.25"', b'"forty"'),
            BrokenState,
            id="an amount that is none",
        ),
        pytest.param(
            "Filled:1",
            b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            BrokenState,
            id="nested without end",
        ),
    ],
)
def test_what_cannot_be_read_names_its_position(
    topic: str, state: bytes, trouble: type[Exception]
) -> None:
    with pytest.raises(trouble, match="position 42"):
        stored(topic, state)


def test_fields_of_a_newer_program_are_passed_over() -> None:
    topic, state = encode(pending(sample(Filled)))
    more = state.replace(b'"data":{', b'"later":[1],"data":{"also":{},')
    assert stored(topic, more).event == sample(Filled)


def test_a_frozen_clock_in_the_process_changes_nothing() -> None:
    with freeze_time("2026-02-07T12:00:00Z"):
        now = utc_now()
        event = OrderPlaced(terms=Terms(placed_at=now))
        frozen = pending(event, now)
        topic, state = encode(frozen)
        assert stored(topic, state).event == event
    real = OrderPlaced(terms=Terms(placed_at=NOON))
    assert (topic, state) == encode(pending(real))
    assert type(now) is not type(NOON)
    assert stored(topic, state).event == real


FROZEN_IMPORT = """
from freezegun import freeze_time
with freeze_time("2026-02-07T12:00:00Z"):
    from tests.adapters.frozen import round_trip
    round_trip()
"""


def test_a_program_that_starts_with_a_frozen_clock_stores_and_reads() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", FROZEN_IMPORT],
        cwd=root,
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_no_part_of_an_event_is_refused() -> None:
    with pytest.raises(TypeError, match="object is no part of an event"):
        encode(pending(Filled(fill_id="F1", size=cast("Any", object()))))


def test_memory_of_owners_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.codec._OWNERS_MAX", 1)
    event = sample(Filled)
    for name in ("a", "b", "a", "b"):
        owner = Account("bounded", name)
        assert stored(*encode(pending(event)._replace(owner=owner))).owner == owner


def test_a_fact_is_called_by_its_name() -> None:
    assert name_of(sample(Filled)) == "Filled"


def test_the_epoch_is_where_microseconds_begin() -> None:
    assert micros(EPOCH) == 0
