"""Which lines were read, kept as stretches."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from adapters.replaying.places import Places

PLACES = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 30)), max_size=60)


@given(PLACES)
def test_what_was_read_is_had_and_nothing_else(read: list[tuple[str, int]]) -> None:
    places = Places()
    for capture, seq in read:
        places.add(capture, seq)
    for capture in "abc":
        for seq in range(32):
            assert places.has(capture, seq) == ((capture, seq) in read)


@given(PLACES, st.integers(1, 30), st.integers(0, 8))
def test_a_stretch_is_covered_when_every_line_of_it_is(
    read: list[tuple[str, int]], first: int, more: int
) -> None:
    places = Places()
    for capture, seq in read:
        places.add(capture, seq)
    every = all(("a", seq) in read for seq in range(first, first + more + 1))
    assert places.covers("a", first, first + more) == every


@given(PLACES)
def test_neighbours_are_one_stretch(read: list[tuple[str, int]]) -> None:
    places = Places()
    for capture, seq in read:
        places.add(capture, seq)
    for stretches in places.stretches().values():
        assert all(before[1] + 1 < after[0] for before, after in pairwise(stretches))


def test_an_event_that_no_line_caused_has_no_place() -> None:
    places = Places()
    places.add("a", 1)
    assert not places.has(None, None)
