from __future__ import annotations

from decimal import Decimal

import pytest

from domain.events import FillCorrected, OrderAccepted
from domain.evolve import fold
from domain.flags.fills_worth import better_by, price_after
from domain.values import PriceFormat, Side
from tests.building import filled, placed
from tests.claiming import price

DECIMAL, AMERICAN = PriceFormat.DECIMAL, PriceFormat.AMERICAN
CHANCE, PLAIN = PriceFormat.PROBABILITY, PriceFormat.PLAIN


@pytest.mark.parametrize(
    ("side", "told", "asked", "better"),
    [
        pytest.param(Side.BUY, ("2.1", DECIMAL), ("2", DECIMAL), 1, id="backed at higher odds"),
        pytest.param(Side.BUY, ("1.9", DECIMAL), ("2", DECIMAL), -1, id="backed at lower odds"),
        pytest.param(Side.SELL, ("1.9", DECIMAL), ("2", DECIMAL), 1, id="laid at lower odds"),
        pytest.param(Side.SELL, ("2.1", DECIMAL), ("2", DECIMAL), -1, id="laid at higher odds"),
        pytest.param(Side.BUY, ("2.0", DECIMAL), ("2", DECIMAL), 0, id="the same"),
        pytest.param(Side.BUY, ("0.45", CHANCE), ("0.5", CHANCE), 1, id="bought cheaper"),
        pytest.param(Side.SELL, ("0.45", CHANCE), ("0.5", CHANCE), -1, id="sold cheaper"),
        pytest.param(Side.BUY, ("-105", AMERICAN), ("-110", AMERICAN), 1, id="less to risk"),
        pytest.param(Side.BUY, ("105", AMERICAN), ("110", AMERICAN), -1, id="less to win"),
        pytest.param(
            Side.BUY, ("-110", AMERICAN), ("110", AMERICAN), None, id="seen from the other side"
        ),
        pytest.param(Side.BUY, ("0.5", CHANCE), ("2", DECIMAL), 0, id="the same in two formats"),
        pytest.param(Side.BUY, ("2.1", PLAIN), ("2", PLAIN), 1, id="plain odds"),
        pytest.param(Side.BUY, ("0.45", PLAIN), ("0.5", PLAIN), 1, id="a plain probability"),
        pytest.param(Side.BUY, ("1", PLAIN), ("2", PLAIN), None, id="neither odds nor chance"),
        pytest.param(Side.BUY, ("0", PLAIN), ("2", PLAIN), None, id="no price at all"),
        pytest.param(Side.BUY, ("0.9", DECIMAL), ("2", DECIMAL), None, id="no odds"),
        pytest.param(None, ("2.1", DECIMAL), ("2", DECIMAL), None, id="nobody knows the side"),
    ],
)
def test_which_price_is_better(
    side: Side | None,
    told: tuple[str, PriceFormat],
    asked: tuple[str, PriceFormat],
    better: int | None,
) -> None:
    assert better_by(side, price(*told), price(*asked), venue="canonical") == better


def test_a_plain_price_can_be_what_is_paid() -> None:
    dear, cheap = price("101"), price("100")
    assert better_by(Side.BUY, dear, cheap, venue="canonical") == 1
    assert better_by(Side.BUY, dear, cheap, venue="canonical", plain_odds=False) == -1
    odds = price("2", DECIMAL)
    assert better_by(Side.BUY, dear, odds, venue="canonical", plain_odds=False) is None


def test_abp_does_not_say_which_way_a_lay_price_limits() -> None:
    assert better_by(Side.SELL, price("2.1"), price("2"), venue="abp") is None
    assert better_by(Side.BUY, price("2.1"), price("2"), venue="abp") == 1


def fixed(of: str, by: str, to: str | None) -> FillCorrected:
    """A correction of a match, to another price if one is told."""
    told = None if to is None else price(to)
    return FillCorrected(fill_id=of, correction_id=by, size=Decimal(40), price=told)


def test_the_last_correction_of_a_price_counts() -> None:
    order = fold([placed(), OrderAccepted(), filled("40"), fixed("F1", "F2", "2.0")])
    assert price_after(order, "F1", price("1.95")) == price("2.0")
    order = fold([placed(), filled("40"), fixed("F1", "F2", "2.0"), fixed("F2", "F1", None)])
    assert price_after(order, "F1", price("1.95")) == price("2.0")
    assert price_after(order, "F9", None) is None
