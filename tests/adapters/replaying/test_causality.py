"""What crossed on the wire, and what may have happened in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.replaying.causality import Said, causes, crossings, races, within, worlds
from tests.building import NOON


def said(
    at: float,
    *,
    ours: bool = False,
    asks: bool = False,
    answers: int | None = None,
    occurred: float | None = None,
) -> Said:
    """A message so many seconds after noon."""
    happened = None if occurred is None else NOON + timedelta(seconds=occurred)
    return Said(NOON + timedelta(seconds=at), happened, ours, asks, answers)


def ask(at: float) -> Said:
    """We asked for the order back."""
    return said(at, ours=True, asks=True)


PLACED = said(0, ours=True)
ANSWER, MATCH = said(3, answers=0), said(2)


@pytest.mark.parametrize(
    ("told", "pairs"),
    [
        pytest.param([ask(1), MATCH, ANSWER], [(0, 1)], id="before the answer came"),
        pytest.param([said(0.5), ask(1), said(2, answers=1)], [], id="seen before we asked"),
        pytest.param([ask(1), said(2, answers=0)], [], id="the answer itself"),
        pytest.param([ask(1), ANSWER, said(7)], [(0, 2)], id="soon after, without a time"),
        pytest.param([ask(1), ANSWER, said(9)], [], id="long after, without a time"),
        pytest.param([ask(1), ANSWER, said(60, occurred=2)], [(0, 2)], id="late, happened before"),
        pytest.param([ask(1), ANSWER, said(4, occurred=3.5)], [], id="happened after the answer"),
        pytest.param([ask(1), said(99)], [(0, 1)], id="no answer ever came"),
        pytest.param([PLACED, said(1), said(2)], [], id="an order that is placed crosses nothing"),
        pytest.param([ask(1), said(2, ours=True)], [], id="what we said ourselves"),
        pytest.param([ask(1), ask(2), said(3)], [(0, 2), (1, 2)], id="two requests"),
    ],
)
def test_crossings(told: list[Said], pairs: list[tuple[int, int]]) -> None:
    assert crossings(told) == pairs


def possible(told: list[Said]) -> set[tuple[int, ...]]:
    """All worlds in which everything was said."""
    found, every = worlds(told, 5_000, "seed")
    assert every
    return {world for world in found if len(world) == len(told)}


@pytest.mark.parametrize(
    ("told", "orders"),
    [
        pytest.param(
            [ask(1), MATCH, ANSWER],
            {(0, 1, 2), (1, 0, 2), (0, 2, 1)},
            id="before the request, before the answer or after it",
        ),
        pytest.param(
            [ask(1), said(2, occurred=1.5), said(3, answers=0, occurred=2.5)],
            {(0, 1, 2), (1, 0, 2)},
            id="the venue dates both: not after the answer",
        ),
        pytest.param(
            [ask(1), said(2, answers=0, occurred=1.9), said(3, occurred=1.5)],
            {(0, 2, 1), (2, 0, 1)},
            id="told late: its date counts, not its coming",
        ),
    ],
)
def test_orders_that_fit(told: list[Said], orders: set[tuple[int, ...]]) -> None:
    assert possible(told) == orders | {tuple(range(len(told)))}, "and as it was seen"


def test_what_we_had_seen_comes_before_what_we_then_sent() -> None:
    told = [ask(1), MATCH, ask(2.5), said(3, answers=0), said(4, answers=2)]
    assert len(possible(told)) > 1
    assert all(order.index(1) < order.index(2) for order in possible(told))


def test_what_crossed_may_not_have_happened() -> None:
    found, every = worlds([ask(1), MATCH, ANSWER], 100, "seed")
    assert every
    assert found[0] == (0, 1, 2)
    assert {world for world in found if len(world) < 3} == {(0,), (0, 1), (1, 0), (0, 2)}


def test_what_we_acted_upon_happened() -> None:
    told = [ask(1), MATCH, said(2.5, ours=True), ANSWER]
    found, _ = worlds(told, 100, "seed")
    assert all(1 in world and 2 in world for world in found)


TIMES = st.none() | st.integers(0, 12)
MESSAGES = st.lists(
    st.tuples(st.sampled_from(["ask", "sent", "heard", "answer"]), TIMES), min_size=1, max_size=7
)


def built(drawn: list[tuple[str, int | None]]) -> list[Said]:
    """A run of messages, a second apart; an answer answers the newest request."""
    told: list[Said] = []
    for number, (kind, occurred) in enumerate(drawn):
        asked = [place for place, one in enumerate(told) if one.asks]
        match kind:
            case "ask":
                told.append(ask(number))
            case "sent":
                told.append(said(number, ours=True))
            case "answer" if asked:
                told.append(said(number, answers=asked[-1], occurred=occurred))
            case _:
                told.append(said(number, occurred=occurred))
    return told


@given(MESSAGES)
def test_the_strongest_evidence_always_holds(drawn: list[tuple[str, int | None]]) -> None:
    told = built(drawn)
    found, _ = worlds(told, 60, "seed")
    assert found[0] == tuple(range(len(told)))
    for world in found[1:]:
        place = {number: at for at, number in enumerate(world)}
        mine = [number for number in world if told[number].ours]
        assert mine == sorted(mine), "what we sent stays in its order"
        for number in world:
            answers = told[number].answers
            assert answers is None or place[answers] < place[number], "after its request"
    everything_of_ours = {number for number, one in enumerate(told) if one.ours}
    assert all(everything_of_ours <= {*world} for world in found)


@given(MESSAGES)
def test_what_is_known_contradicts_itself_nowhere(drawn: list[tuple[str, int | None]]) -> None:
    told = built(drawn)
    known = causes(told, crossings(told))
    for number, before in enumerate(known.before):
        assert not before >> number & 1


@given(MESSAGES, st.integers(1, 9))
def test_a_sample_is_bounded_and_drawn_alike_each_time(
    drawn: list[tuple[str, int | None]], most: int
) -> None:
    told = built(drawn)
    found, every = worlds(told, most, "seed")
    assert len(found) == len(set(found)) <= most or every
    assert worlds(told, most, "seed") == (found, every)


@pytest.mark.parametrize(
    ("told", "stretches"),
    [
        pytest.param([PLACED, said(1)], [], id="none"),
        pytest.param(
            [PLACED, ask(1), MATCH, said(3, answers=1), said(20)], [range(1, 4)], id="one"
        ),
        pytest.param(
            [ask(1), MATCH, ANSWER, ask(100), said(101), said(102, answers=3)],
            [range(3), range(3, 6)],
            id="two, one after the other",
        ),
        pytest.param(
            [ask(1), ask(2), said(3), said(4, answers=0), said(5, answers=1)],
            [range(5)],
            id="two requests at one time are one race",
        ),
    ],
)
def test_races(told: list[Said], stretches: list[range]) -> None:
    assert races(told) == stretches


def test_a_stretch_is_numbered_by_itself() -> None:
    told = [PLACED, ask(1), said(2, answers=0), said(3, answers=1)]
    assert [one.answers for one in within(told, range(1, 4))] == [None, None, 0]
