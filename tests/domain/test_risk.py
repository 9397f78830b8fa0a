"""Money at risk: what a size can lose at a price, by side and by the format of the price."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.risk import at_risk
from domain.values import Price, PriceFormat, Side, plain

D, A, P, PLAIN = (
    PriceFormat.DECIMAL,
    PriceFormat.AMERICAN,
    PriceFormat.PROBABILITY,
    PriceFormat.PLAIN,
)


@pytest.mark.parametrize(
    ("size", "side", "price", "expected"),
    [
        pytest.param("100", Side.BUY, ("1.95", D), "100", id="a back: the stake"),
        pytest.param("100", Side.SELL, ("1.95", D), "95", id="a lay: the liability"),
        pytest.param("40", Side.BUY, ("-180", A), "40", id="American odds: what is risked"),
        pytest.param("40", Side.SELL, ("+150", A), "60", id="a lay at American odds"),
        pytest.param(
            "100", Side.SELL, ("-180", A), "55.555555555556", id="a liability without end: up"
        ),
        pytest.param("100", Side.BUY, ("0.41", P), "41", id="tokens bought: their price"),
        pytest.param("100", Side.SELL, ("0.41", P), "59", id="tokens sold: what they may pay"),
        pytest.param("100", Side.BUY, ("2.5", PLAIN), "250", id="a plain price: quantity x price"),
        pytest.param("100", Side.SELL, ("2.5", PLAIN), "250", id="and so for a sale"),
        pytest.param(
            "100", Side.SELL, ("-2.5", PLAIN), "250", id="a price below zero is owed, too"
        ),
        pytest.param("100", Side.BUY, ("1", D), None, id="no odds"),
        pytest.param("100", Side.BUY, ("1.5", P), None, id="no probability"),
        pytest.param("100", Side.BUY, None, None, id="no price"),
        pytest.param("100", None, ("1.95", D), None, id="no side"),
    ],
)
def test_what_a_size_can_lose(
    size: str, side: Side | None, price: tuple[str, PriceFormat] | None, expected: str | None
) -> None:
    at = None if price is None else Price(Decimal(price[0]), price[1])
    found = at_risk(Decimal(size), side, at)
    assert (None if found is None else plain(found)) == expected
