"""Laws of replaying: however a log came to be, its own lines give the same events and books."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.bootstrap import App
from adapters.bootstrap_diff import Side, differences
from adapters.bootstrap_replay import checked, of_files, of_log, private, replayed
from adapters.eventlog.retelling import told_lines
from domain.wire import Item
from tests.feeding import Record, desk, feed, items, sound
from tests.golden.histories import side_by_side
from tests.whole.conftest import Fresh
from tests.whole.stories import numbered, orders, timed, woven

EXAMPLES = int(os.environ.get("BREAKWATER_TEST_EXAMPLES", "3"))
"""How many examples of each law are tried on each database; any number, for a night."""

LAW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TURNS = st.lists(st.integers(0, 99), max_size=60)
PIECES = st.lists(st.integers(0, 3), max_size=8)


def every(_item: Item) -> bool:
    """All is read."""
    return True


def pieces(lines: Sequence[Record], lengths: Sequence[int]) -> Iterator[list[Record]]:
    """The lines in files of these lengths, in quarters of all of them; the rest is the last."""
    start = 0
    for length in lengths:
        end = start + length * len(lines) // 4
        yield list(lines[start:end])
        start = end
    yield list(lines[start:])


def same_again(log: App, size: int) -> str:
    """The state hash of a replay of a log's own lines, once each event is the same."""
    with private(log.settings) as app:
        found = replayed(app, of_log(log, every, size=size))
        checked(log, app).finish(found.places)
        return sound(app)


@LAW
@given(lives=orders(), turns=TURNS, lengths=PIECES, size=st.sampled_from([1, 3, 2_000]))
def test_however_the_files_were_split_a_replay_is_the_same_twice(
    fresh: Fresh, lives: list[list[Record]], turns: list[int], lengths: list[int], size: int
) -> None:
    lines = numbered(woven(timed(lives), turns))
    with fresh() as url, desk(url) as log:
        for piece in pieces(lines, lengths):
            feed(log, piece)
        whole = sound(log)
        assert same_again(log, size) == whole
        assert same_again(log, 2_000) == whole


@LAW
@given(lives=orders(), turns=TURNS, lengths=PIECES, seed=st.integers(0, 99))
def test_in_whatever_order_the_files_came_they_are_replayed_in_that_order(
    fresh: Fresh, lives: list[list[Record]], turns: list[int], lengths: list[int], seed: int
) -> None:
    files = list(pieces(numbered(woven(timed(lives), turns)), lengths))
    random.Random(seed).shuffle(files)  # noqa: S311 - an order to try, no secret
    with fresh() as url, desk(url) as log:
        for piece in files:
            feed(log, piece)
        if any(not line.last for line in told_lines(log.store.log)):
            return  # when a line was read that caused nothing is not known (decision 0074)
        assert same_again(log, 2_000) == sound(log)


HISTORIES = side_by_side()
"""Each is played alone in `tests/golden`; here they make one log, as a desk's log is made."""


@pytest.fixture(scope="module")
def every_history() -> list[list[Item]]:
    """The golden histories, each as a file."""
    return [items_of(name, lines) for name, lines in HISTORIES.items()]


def items_of(name: str, lines: Sequence[str]) -> list[Item]:
    """A history as the reader gives it."""
    return items([json.loads(line) for line in lines], name)


def test_the_golden_histories_are_replayed_to_the_same_books(
    fresh: Fresh, every_history: list[list[Item]]
) -> None:
    with fresh() as url, desk(url) as log:
        for file in every_history:
            log.ingest([("golden", file)])
        whole = log.state_hash()
        assert same_again(log, 2_000) == whole
        with private(log.settings) as app:
            replayed(app, of_files([("golden", file) for file in every_history], every))
            assert app.state_hash() == whole


def test_a_log_read_anew_differs_from_itself_in_nothing(
    fresh: Fresh, every_history: list[list[Item]]
) -> None:
    with fresh() as url, desk(url) as log:
        for file in every_history[::5]:
            log.ingest([("golden", file)])
        with differences(log.settings, Side(url, url)) as found:
            assert found.divergence() is None
            kinds = (found.orders(), found.flags(), found.fills(), found.cancels())
            assert [change for kind in kinds for change in kind] == []
            assert list(found.activity()) == []
