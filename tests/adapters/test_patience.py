"""Waits grow to a bound, differ from each other, and are short again after a success."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.patience import Patience


@given(st.floats(0, 1), st.integers(1, 60))
def test_no_wait_is_longer_than_the_bound_nor_shorter_than_half_of_its_turn(
    chance: float, tries: int
) -> None:
    patience = Patience(lambda: chance, first_s=0.25, longest_s=30)
    waits = [patience.wait_s() for _ in range(tries)]
    for number, wait in enumerate(waits):
        span = min(30.0, 0.25 * 2.0**number)
        assert span / 2 <= wait <= span


def test_after_a_success_the_next_wait_is_short() -> None:
    patience = Patience(lambda: 1.0)
    waits = [patience.wait_s() for _ in range(3)]
    patience.reset()
    assert (waits, patience.wait_s()) == ([0.25, 0.5, 1.0], 0.25)
