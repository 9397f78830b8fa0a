"""Which facts of a stream count when the books are asked about the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import events as e
from domain import past
from domain.past import Axis, Past, cut, seen_times
from domain.recorded import Recorded
from domain.values import Account, Name, NameKind
from tests.feeding import NOON

STREAM = UUID(int=1)
OWNER = Account("canonical", "desk")


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def fact(
    event: e.OrderEvent,
    position: int,
    seen: float,
    happened: float | None = None,
    *,
    line: int | None = None,
) -> Recorded:
    """An event at a place of the log, told by a line."""
    return Recorded(
        position,
        STREAM,
        position,
        OWNER,
        UUID(int=position),
        None if happened is None else at(happened),
        at(seen),
        at(1_000),
        None if line is None else "c1",
        line,
        event,
    )


PLACED = e.OrderPlaced(terms=e.Terms(size=Decimal(10)))
NAMED = e.OrderIdentified(names=(Name(NameKind.VENUE, "O1"),))
MERGED = e.OrderMerged(into=UUID(int=2))
MATCHED = e.Filled(fill_id="f", size=Decimal(4))
FOUND = e.OrderDiscovered(source=e.Source.LIST, terms=e.Terms(placed_at=at(1)))

LATE = [fact(PLACED, 1, 0, line=1), fact(MATCHED, 2, 9, 3, line=2), fact(NAMED, 3, 10, line=3)]
TOLD_AGAIN = [fact(PLACED, 1, 0, line=1), fact(MATCHED, 2, 4, line=3), fact(NAMED, 3, 8, line=3)]


@pytest.mark.parametrize(
    ("events", "asked", "then"),
    [
        pytest.param(LATE, past.known(at(0)), [1], id="known: what was seen by then"),
        pytest.param(LATE, past.known(at(9)), [1, 2], id="known: at that very moment too"),
        pytest.param(LATE, past.known(at(-1)), [], id="known: nothing yet"),
        pytest.param(LATE, past.true(at(3)), [1, 2, 3], id="true: late news, and names for ever"),
        pytest.param(LATE, past.true(at(2)), [1, 3], id="true: what had not happened is not there"),
        pytest.param(LATE, past.true(at(-1)), [], id="true: a name alone is no order"),
        pytest.param(LATE, past.true(at(3), at(3)), [1], id="true as known then: no late news"),
        pytest.param(LATE, past.true(at(3), at(9)), [1, 2], id="true as known later"),
        pytest.param(LATE, past.stored(2, at(9)), [1, 2], id="stored: up to a position"),
        pytest.param(TOLD_AGAIN, past.known(at(5)), [1], id="told again at 8: not ours at 5"),
        pytest.param(TOLD_AGAIN, past.known(at(8)), [1, 2, 3], id="told again: ours from then on"),
        pytest.param(TOLD_AGAIN, past.true(at(5)), [1, 2, 3], id="told again: true all the time"),
        pytest.param([fact(FOUND, 1, 9, 8)], past.true(at(1)), [1], id="found: there since placed"),
        pytest.param([fact(FOUND, 1, 9, 8)], past.true(at(0)), [], id="found: not before"),
        pytest.param([fact(MERGED, 1, 3)], past.known(at(5)), [], id="no more than a name"),
        pytest.param(
            [fact(PLACED, 1, 5, 7)], past.true(at(5)), [1], id="seen is happened: their clock leads"
        ),
    ],
)
def test_facts_that_count(events: Sequence[Recorded], asked: Past, then: list[int]) -> None:
    assert [entry.position for entry in cut(events, asked)] == then


def test_late_news_count_as_seen_when_they_happened() -> None:
    kept = cut([*LATE, fact(MERGED, 4, 20, line=4)], past.true(at(3)))
    assert [entry.observed_at for entry in kept] == [at(0), at(3), at(0), at(0)]


@pytest.mark.parametrize(
    ("asked", "complete"),
    [
        pytest.param(past.known(at(3)), at(3), id="known"),
        pytest.param(past.true(at(3)), at(3), id="true"),
        pytest.param(past.true(at(3), at(2)), at(2), id="true as known before"),
        pytest.param(past.true(at(3), at(4)), at(3), id="true as known later"),
        pytest.param(past.stored(3, at(3)), None, id="stored: positions tell"),
    ],
)
def test_a_stream_that_was_wholly_seen_stands(asked: Past, complete: datetime | None) -> None:
    assert asked.complete_by == complete
    assert asked.axis in Axis


def test_what_no_line_told_was_seen_when_it_says() -> None:
    assert seen_times([fact(PLACED, 1, 0), fact(MATCHED, 2, 9)]) == [at(0), at(9)]


SECONDS = st.integers(0, 20)
SOME: Sequence[e.OrderEvent] = (PLACED, MATCHED, NAMED)
STREAMS = st.lists(
    st.tuples(st.sampled_from(SOME), SECONDS, st.none() | SECONDS, SECONDS),
    max_size=8,
).map(
    lambda drawn: [
        fact(event, position, seen, happened, line=line)
        for position, (event, seen, happened, line) in enumerate(drawn, 1)
    ]
)


@given(events=STREAMS, moment=SECONDS)
def test_true_as_known_then_is_what_was_known(events: list[Recorded], moment: int) -> None:
    assert cut(events, past.true(at(moment), at(moment))) == cut(events, past.known(at(moment)))


@given(events=STREAMS, moment=SECONDS)
def test_what_was_known_was_true_and_the_rest_is_late_news(
    events: list[Recorded], moment: int
) -> None:
    knew = {entry.position for entry in cut(events, past.known(at(moment)))}
    true = {entry.position for entry in cut(events, past.true(at(moment)))}
    seen = dict(zip([entry.position for entry in events], seen_times(events), strict=True))
    assert knew <= true
    late = [events[position - 1] for position in true - knew]
    news = [entry for entry in late if not isinstance(entry.event, past.NAMING)]
    assert all(seen[entry.position] > at(moment) for entry in news)


@given(events=STREAMS)
def test_after_everything_the_past_is_the_present(events: list[Recorded]) -> None:
    happenings = any(not isinstance(entry.event, past.NAMING) for entry in events)
    whole = events if happenings else []
    assert cut(events, past.known(at(21))) == whole
    assert cut(events, past.true(at(21))) == whole
    assert cut(events, past.stored(len(events), at(21))) == whole
