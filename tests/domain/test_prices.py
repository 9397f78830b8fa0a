"""Prices of one format as another: exact where they can be, rounded as stated where not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.prices import PLACES, BadPrice, Converted, convert, odds
from domain.values import Price, PriceFormat

DECIMAL, AMERICAN = PriceFormat.DECIMAL, PriceFormat.AMERICAN
PROBABILITY, PLAIN = PriceFormat.PROBABILITY, PriceFormat.PLAIN


def price(value: str, form: PriceFormat) -> Price:
    """A price in its format."""
    return Price(Decimal(value), form)


@pytest.mark.parametrize(
    ("value", "form", "to", "expected", "exact"),
    [
        pytest.param("2.5", DECIMAL, AMERICAN, "150", True, id="longer than even: positive"),
        pytest.param("1.5", DECIMAL, AMERICAN, "-200", True, id="shorter than even: negative"),
        pytest.param("2", DECIMAL, AMERICAN, "100", True, id="even is +100"),
        pytest.param("-100", AMERICAN, DECIMAL, "2", True, id="-100 is even, too"),
        pytest.param("-110", AMERICAN, DECIMAL, "1.909090909091", False, id="a result without end"),
        pytest.param("-105.3", AMERICAN, DECIMAL, "1.949667616334", False, id="one decimal place"),
        pytest.param("+102.5", AMERICAN, DECIMAL, "2.025", True, id="one decimal place, exact"),
        pytest.param("1.95", DECIMAL, AMERICAN, "-105.3", False, id="rounded to one place"),
        pytest.param("0.4", PROBABILITY, DECIMAL, "2.5", True, id="a probability"),
        pytest.param("0.3", PROBABILITY, DECIMAL, "3.333333333333", False, id="without end"),
        pytest.param("0.4", PROBABILITY, AMERICAN, "150", True, id="as American odds"),
        pytest.param("0.6", PROBABILITY, AMERICAN, "-150", True, id="a favourite"),
        pytest.param("4", DECIMAL, PROBABILITY, "0.25", True, id="odds as a probability"),
        pytest.param("150", AMERICAN, PROBABILITY, "0.4", True, id="American as a probability"),
        pytest.param("1.25", DECIMAL, DECIMAL, "1.25", True, id="itself"),
        pytest.param("17", PLAIN, PLAIN, "17", True, id="a plain price as itself"),
        pytest.param("1.0008", DECIMAL, AMERICAN, "-125000", True, id="very short"),
        pytest.param("2.00125", DECIMAL, AMERICAN, "100.125", True, id="exact keeps its digits"),
        pytest.param("1.6662501", DECIMAL, AMERICAN, "-150.1", False, id="rounded to the nearest"),
    ],
)
def test_conversion(
    *, value: str, form: PriceFormat, to: PriceFormat, expected: str, exact: bool
) -> None:
    assert convert(price(value, form), to) == Converted(price(expected, to), exact=exact)


@pytest.mark.parametrize(
    ("value", "form", "to"),
    [
        pytest.param("1", DECIMAL, AMERICAN, id="odds of 1 win nothing"),
        pytest.param("0.9", DECIMAL, DECIMAL, id="odds below 1, even as themselves"),
        pytest.param("0", AMERICAN, DECIMAL, id="American 0"),
        pytest.param("99.9", AMERICAN, DECIMAL, id="American below 100"),
        pytest.param("-99.9", AMERICAN, AMERICAN, id="American above -100"),
        pytest.param("0", PROBABILITY, DECIMAL, id="impossible"),
        pytest.param("1", PROBABILITY, DECIMAL, id="certain"),
        pytest.param("17", PLAIN, DECIMAL, id="a plain price names no odds"),
        pytest.param("2", DECIMAL, PLAIN, id="a known format does not become plain"),
        pytest.param("0.9999999999999", PROBABILITY, DECIMAL, id="would round to odds of 1"),
    ],
)
def test_no_price(value: str, form: PriceFormat, to: PriceFormat) -> None:
    with pytest.raises(BadPrice):
        convert(price(value, form), to)


MONEYLINES = st.integers(min_value=1000, max_value=10_000_000).flatmap(
    lambda tenths: st.sampled_from([Decimal(tenths) / 10, -Decimal(tenths) / 10])
)
"""American odds with one decimal place, up to a million."""
ODDS = st.decimals(min_value="1.01", max_value=1000, places=2)
CHANCES = st.decimals(min_value="0.001", max_value="0.999", places=3)


@given(MONEYLINES, st.sampled_from([DECIMAL, PROBABILITY]))
def test_american_odds_come_back_to_the_digit(moneyline: Decimal, via: PriceFormat) -> None:
    there = convert(Price(moneyline, AMERICAN), via)
    back = convert(there.price, AMERICAN).price.value
    even = abs(moneyline) == 100
    assert round(back, 1) == (abs(moneyline) if even else moneyline)


@given(ODDS | CHANCES.map(lambda chance: 1 / chance).map(lambda value: round(value, 6)))
def test_what_is_exact_comes_back_exactly(value: Decimal) -> None:
    for to in (AMERICAN, PROBABILITY):
        there = convert(Price(value, DECIMAL), to)
        if there.exact:
            assert odds(there.price) == Fraction(value)


@given(ODDS, st.sampled_from([AMERICAN, PROBABILITY]))
def test_what_is_rounded_is_the_nearest(value: Decimal, to: PriceFormat) -> None:
    there = convert(Price(value, DECIMAL), to)
    exact = Fraction(value)
    if to is PROBABILITY:
        wanted = 1 / exact
    else:
        wanted = 100 * (exact - 1) if exact >= 2 else -100 / (exact - 1)
    error = abs(Fraction(there.price.value) - wanted)
    assert error == 0 if there.exact else 0 < error <= Fraction(1, 2 * 10 ** PLACES[to])


@given(CHANCES)
def test_a_probability_comes_back_through_decimal_odds(chance: Decimal) -> None:
    there = convert(Price(chance, PROBABILITY), DECIMAL).price
    assert round(convert(there, PROBABILITY).price.value, 3) == chance
