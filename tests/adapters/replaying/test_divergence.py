"""Where two logs part."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import pytest

from adapters.replaying.divergence import Divergence, first_divergence

FIRST, SECOND = UUID(int=1), UUID(int=2)


class Stored(NamedTuple):
    """A row of a log."""

    position: int
    stream: UUID
    version: int
    topic: str
    state: bytes
    capture: str | None = "c1"
    seq: int | None = 1


def row(  # noqa: PLR0913 - the columns of a row
    position: int,
    version: int = 1,
    *,
    stream: UUID = FIRST,
    topic: str = "Filled:1",
    seq: int | None = 1,
    capture: str | None = "c1",
    **envelope: object,
) -> Stored:
    """An event with this envelope."""
    told = {"id": f"id-{position}", "venue": "abp", "account": "desk", **envelope}
    return Stored(position, stream, version, topic, json.dumps(told).encode(), capture, seq)


def found(a: Sequence[Stored], b: Sequence[Stored]) -> Divergence | None:
    """The first divergence of two logs, all of which counts."""

    def ordered(rows: Sequence[Stored]) -> list[Stored]:
        return sorted(rows, key=lambda one: (one.stream.bytes, one.version))

    return first_divergence(ordered(a), ordered(b), lambda _row: True, lambda _row: True)


@pytest.mark.parametrize(
    ("mine", "other", "field", "a", "b"),
    [
        pytest.param(
            {"topic": "Filled:1"}, {"topic": "Lapsed:1"}, "event", "Filled", "Lapsed", id="another"
        ),
        pytest.param(
            {"data": {"size": "1", "claims": {"matched": "5"}}},
            {"data": {"size": "1", "claims": {"matched": "6"}}},
            "claims.matched",
            "5",
            "6",
            id="a figure within, by its path",
        ),
        pytest.param(
            {"data": {"names": [{"value": "X"}]}},
            {"data": {"names": [{"value": "X"}, {"value": "Y"}]}},
            "names[1]",
            None,
            '{"value": "Y"}',
            id="one more in a list",
        ),
        pytest.param(
            {"data": {"size": 1.50}}, {"data": {"size": 1.25}}, "size", "1.5", "1.25", id="a number"
        ),
        pytest.param(
            {"data": {}, "occurred": "T1"}, {"data": {}}, "occurred_at", "T1", None, id="a time"
        ),
        pytest.param({"observed": "T1"}, {"observed": "T2"}, "observed_at", "T1", "T2", id="seen"),
        pytest.param({"account": "x"}, {}, "account", "x", "desk", id="an account"),
        pytest.param({"seq": 1}, {"seq": 2}, "seq", "1", "2", id="the line"),
        pytest.param({"capture": "c1"}, {"capture": None}, "capture", "c1", None, id="the capture"),
        pytest.param({"id": "p"}, {"id": "q"}, "event_id", "p", "q", id="the id alone"),
    ],
)
def test_the_field_that_differs_is_named(
    mine: dict[str, object], other: dict[str, object], field: str, a: str | None, b: str | None
) -> None:
    parted = found([row(1, **mine)], [row(1, **other)])  # type: ignore[arg-type]  # any of its columns
    assert parted is not None
    assert (parted.field, parted.a, parted.b) == (field, a, b)


def test_the_same_log_does_not_part_from_itself() -> None:
    log = [row(1), row(2, 2), row(3, stream=SECOND)]
    assert found(log, log) is None


def test_positions_are_a_logs_own() -> None:
    assert found([row(1, id="e")], [row(9, id="e")]) is None


def test_the_same_facts_written_otherwise_hide_no_difference() -> None:
    spaced = row(1)._replace(state=row(1).state.replace(b", ", b","))
    parted = found([spaced, row(2, 2, data={"size": "1"})], [row(1), row(2, 2, data={"size": "2"})])
    assert parted is not None
    assert (parted.position, parted.field) == (2, "size")


def test_the_first_in_the_log_is_told_whatever_its_stream() -> None:
    a = [row(1), row(2, stream=SECOND, data={"size": "1"}), row(3, 2, data={"size": "1"})]
    b = [row(1), row(2, stream=SECOND, data={"size": "2"}), row(3, 2, data={"size": "2"})]
    parted = found(a, b)
    assert parted is not None
    assert (parted.position, parted.stream) == (2, SECOND)


@pytest.mark.parametrize("lacks", ["first", "second"])
def test_an_event_of_one_log_alone_is_told_with_its_place(lacks: str) -> None:
    whole, short = [row(1), row(2, 2, seq=7)], [row(1)]
    parted = found(short, whole) if lacks == "first" else found(whole, short)
    assert parted is not None
    assert (parted.position, parted.seq, parted.field, parted.event) == (2, 7, "event", "Filled")
    assert (parted.a, parted.b) == (
        ("(no such event)", "Filled") if lacks == "first" else ("Filled", "(no such event)")
    )


def test_what_does_not_count_is_passed_over() -> None:
    a, b = [row(1), row(2, 2, capture=None)], [row(1)]
    parted = first_divergence(
        a, b, lambda one: one.capture is not None, lambda one: one.capture is not None
    )
    assert parted is None
