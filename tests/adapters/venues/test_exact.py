"""Whole numbers are read alike whichever way JSON wrote them, quickly or not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.venues.exact import WHOLE_DIGITS_MAX, whole

LARGEST = 10 ** (WHOLE_DIGITS_MAX + 1) - 1


@given(st.integers(-LARGEST, LARGEST), st.integers(0, 3))
def test_a_whole_number_is_the_same_in_every_spelling(number: int, zeros: int) -> None:
    digits = f"{'-' if number < 0 else ''}{'0' * zeros}{abs(number)}"
    spelled: list[object] = [number, digits, f"{number}.0", Decimal(number)]
    assert [whole(each) for each in spelled] == [number] * len(spelled)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(LARGEST + 1, id="one digit too many"),
        pytest.param(-LARGEST - 1, id="one digit too many below zero"),
        pytest.param(str(LARGEST + 1), id="one digit too many in text"),
        pytest.param("0" * 200 + "7", id="a text longer than any number"),
        pytest.param("", id="nothing"),
        pytest.param("7\n", id="digits and a line break"),
        pytest.param("\u0667", id="digits of another script"),
        pytest.param("7.5", id="a part of one"),
        pytest.param(True, id="a truth value"),
        pytest.param(7.0, id="a binary float"),
    ],
)
def test_no_whole_number(told: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        whole(told)
