"""Amounts: exact from text, plain as text, and nothing that is no amount."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values import MAX_DIGITS, BadAmount, amount, plain

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False).filter(
    lambda number: (
        len(number.as_tuple().digits) + abs(int(number.as_tuple().exponent)) <= MAX_DIGITS
    )
)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        pytest.param("100", "100", id="whole"),
        pytest.param("0.250", "0.25", id="trailing zeros go"),
        pytest.param("1E+3", "1000", id="an exponent is written out"),
        pytest.param("1e-7", "0.0000001", id="a small one too"),
        pytest.param("-0.00", "0", id="no negative zero"),
        pytest.param("+5", "5", id="a plus sign"),
        pytest.param(".5", "0.5", id="no digit before the point"),
        pytest.param("5.", "5", id="none after it"),
        pytest.param("100.0", "100", id="zeros after a whole number"),
        pytest.param("00012", "12", id="leading zeros"),
    ],
)
def test_an_amount_from_text(text: str, printed: str) -> None:
    assert plain(amount(text)) == printed


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="nothing"),
        pytest.param("ten", id="a word"),
        pytest.param("1,5", id="a comma"),
        pytest.param("1_000", id="an underscore, which Python would read"),
        pytest.param(" 1", id="a blank"),
        pytest.param("1\n", id="a line end"),
        pytest.param("١٢", id="digits of another script, which Python would read"),
        pytest.param("0x10", id="not decimal"),
        pytest.param("NaN", id="not a number"),
        pytest.param("Infinity", id="not finite"),
        pytest.param(Decimal("NaN"), id="not a number, as a decimal"),
        pytest.param(Decimal("-Infinity"), id="not finite, as a decimal"),
        pytest.param("9" * 61, id="more digits than money has"),
        pytest.param("1e60", id="as large with an exponent"),
        pytest.param("1e-99", id="too small"),
        pytest.param("1e99999", id="an exponent of five digits"),
        pytest.param("0" * 121, id="more text than an amount has"),
        pytest.param(10**60, id="a whole number too large"),
        pytest.param(10**5000, id="one that Python does not print"),
        pytest.param(True, id="a truth value"),
        pytest.param(0.1, id="a binary float has lost its digits"),
        pytest.param(None, id="absent"),
        pytest.param([1], id="a list"),
    ],
)
def test_what_is_no_amount(value: object) -> None:
    with pytest.raises(BadAmount):
        amount(value)


@pytest.mark.parametrize(
    "value", [pytest.param(7, id="a whole number"), pytest.param(Decimal("7.0"), id="a decimal")]
)
def test_exact_numbers_are_amounts(value: object) -> None:
    assert amount(value) == 7


@given(AMOUNTS)
def test_plain_text_is_exact_and_has_no_exponent(number: Decimal) -> None:
    text = plain(amount(number))
    assert set(text) <= set("-0123456789.")
    assert amount(text) == number == amount(str(number))


@given(st.lists(AMOUNTS, max_size=6))
def test_sums_lose_no_digit(numbers: list[Decimal]) -> None:
    scale = 10**MAX_DIGITS
    exact = sum(int(number.scaleb(MAX_DIGITS)) for number in numbers)
    assert int(sum(numbers, Decimal(0)).scaleb(MAX_DIGITS)) == exact
    assert sum(numbers, Decimal(0)) == Decimal(exact) / scale


def test_other_threads_compute_exactly_too() -> None:
    wei = Decimal("123456789012.123456789012345678")
    found: list[Decimal] = []
    thread = threading.Thread(target=lambda: found.append(wei + Decimal(10) ** 20))
    thread.start()
    thread.join()
    assert found == [Decimal("100000000123456789012.123456789012345678")]
