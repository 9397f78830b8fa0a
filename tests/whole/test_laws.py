"""Laws of reading: how a recording was cut, repeated or woven does not change what it says."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.engine import ingest
from tests.feeding import Record, desk, feed, sound
from tests.whole.conftest import Fresh
from tests.whole.stories import numbered, orders, timed, woven

EXAMPLES = int(os.environ.get("BREAKWATER_TEST_EXAMPLES", "5"))
"""How many examples of each law are tried on each database; any number, for a night."""

LAW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TURNS = st.lists(st.integers(0, 99), max_size=60)
CUTS = st.lists(st.floats(0, 1), max_size=4)


def read(fresh: Fresh, *runs: Sequence[Sequence[Record]]) -> str:
    """The state hash after reading runs of files, each run in a program of its own."""
    with fresh() as url:
        for files in runs:
            with desk(url) as app:
                feed(app, *files)
        with desk(url) as app:
            return sound(app)


def cut(lines: Sequence[Record], cuts: Sequence[float]) -> list[list[Record]]:
    """The lines in pieces, in their order."""
    places = sorted({int(part * len(lines)) for part in cuts} | {0, len(lines)})
    return [list(lines[one:two]) for one, two in pairwise(places)]


@LAW
@given(lives=orders(), turns=TURNS, cuts=CUTS)
def test_any_cut_into_files_and_runs(
    fresh: Fresh, lives: list[list[Record]], turns: list[int], cuts: list[float]
) -> None:
    lines = numbered(woven(timed(lives), turns))
    whole = read(fresh, [lines])
    pieces = cut(lines, cuts)
    assert read(fresh, pieces) == whole
    assert read(fresh, *([piece] for piece in pieces)) == whole


@LAW
@given(lives=orders(), turns=TURNS, cuts=CUTS, size=st.integers(1, 5))
def test_overlaps_repeats_and_the_size_of_a_batch(
    fresh: Fresh, lives: list[list[Record]], turns: list[int], cuts: list[float], size: int
) -> None:
    lines = numbered(woven(timed(lives), turns))
    whole = read(fresh, [lines])
    overlapping = [lines[: len(lines) * 2 // 3], lines[len(lines) // 3 :], lines]
    twice = [line for line in lines for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "BATCH_LINES", size)
        assert read(fresh, *([piece] for piece in overlapping)) == whole
        assert read(fresh, [twice]) == whole
        assert read(fresh, [lines], [cut(lines, cuts)[-1]] if cut(lines, cuts) else []) == whole


@LAW
@given(lives=orders(), turns=TURNS, data=st.data())
def test_messages_said_again_under_new_numbers(
    fresh: Fresh, lives: list[list[Record]], turns: list[int], data: st.DataObject
) -> None:
    """A message that names itself (`exec_id`, or a request's own id) counts once."""
    told = woven(timed(lives), turns)
    whole = read(fresh, [numbered(told)])
    again = data.draw(st.lists(st.integers(0, len(told) - 1), max_size=6))
    more: list[Record] = []
    for place, record in enumerate(told):
        more.extend([record] * (1 + again.count(place)))
    assert read(fresh, [numbered(more)]) == whole


@LAW
@given(lives=orders(), turns=TURNS, others=TURNS)
def test_independent_orders_woven_in_any_way(
    fresh: Fresh, lives: list[list[Record]], turns: list[int], others: list[int]
) -> None:
    timely = timed(lives)
    assert read(fresh, [numbered(woven(timely, turns))]) == read(
        fresh, [numbered(woven(timely, others))]
    )
