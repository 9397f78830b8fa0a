from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.events import Filled, FillVoided
from domain.flags.fills_own import self_match
from domain.flags.fills_small import dust_remainder, fee_mismatch
from domain.flags.history import History
from domain.ids import derived
from domain.values import PriceFormat, Side
from tests.building import accepted, filled, history, placed
from tests.cancelling import LIMITS, Found, cancelled, found, reduced, reported
from tests.claiming import FULL, OPEN, at_venue, price

F1 = ("F1",)
CHANCE = price("0.4", PriceFormat.PROBABILITY)


def charged(fee: str | None, at_price: str = "0.4") -> Filled:
    """A match of 100 tokens with this fee."""
    return Filled(
        fill_id="F1",
        size=Decimal(100),
        price=price(at_price, PriceFormat.PROBABILITY),
        fee=None if fee is None else Decimal(fee),
    )


def street(*told: Filled | FillVoided, side: Side = Side.SELL) -> History:
    return at_venue("predictstreet", placed(side=side, price=CHANCE), accepted(), *told)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(street(charged(None)), [], id="no fee was told"),
        pytest.param(street(charged("0")), [], id="a maker pays none"),
        pytest.param(street(charged("2.4")), [], id="the most that the cap allows"),
        pytest.param(street(charged("2.400001")), [], id="one unit off, as the chain may be"),
        pytest.param(street(charged("2.5")), [(F1, 2, None, (3,))], id="above the cap"),
        pytest.param(street(charged("-0.1")), [(F1, 2, None, (3,))], id="below nothing"),
        pytest.param(
            street(charged("2.5"), side=Side.BUY), [], id="of a buyer it may be in tokens"
        ),
        pytest.param(
            street(charged("6.5"), side=Side.BUY), [(F1, 2, None, (3,))], id="too many tokens"
        ),
        pytest.param(
            street(charged("2.5"), FillVoided(fill_id="F1")),
            [(F1, 2, 3, (3,))],
            id="taken back",
        ),
        pytest.param(street(charged("2.5", "1")), [], id="at no price"),
        pytest.param(street(replace(charged("9"), price=price("2"))), [], id="at odds"),
        pytest.param(street(replace(charged("9"), price=None)), [], id="at an untold price"),
        pytest.param(
            history(*OPEN, replace(filled("40"), fee=Decimal(99))),
            [],
            id="a venue whose fees no document tells",
        ),
    ],
)
def test_fee_mismatch(given: History, then: list[Found]) -> None:
    assert found(fee_mismatch(given, LIMITS)) == then


def test_what_the_rule_allows_is_told() -> None:
    (flag,) = fee_mismatch(street(charged("2.5")), LIMITS)
    assert flag.note == (
        "The fee of match F1 is 2.5; by the venue's rule it is between 0 and 2.400001."
    )


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, filled("40")), [], id="much remains"),
        pytest.param(history(*OPEN, filled("100")), [], id="nothing remains"),
        pytest.param(history(*OPEN, filled("101")), [], id="more than all"),
        pytest.param(
            history(*OPEN, filled("99.99")), [(("1",), 2, None, (3,))], id="a cent remains"
        ),
        pytest.param(
            history(*OPEN, filled("99.99"), filled("0.005", "F2")),
            [(("1",), 2, None, (3,))],
            id="less of it: one finding",
        ),
        pytest.param(
            history(*OPEN, filled("99.99"), filled("0.01", "F2")),
            [(("1",), 2, 3, (3,))],
            id="until it matches",
        ),
        pytest.param(
            history(*OPEN, filled("99.99"), cancelled()),
            [(("1",), 2, 3, (3,))],
            id="or is gone",
        ),
        pytest.param(
            history(*OPEN, filled("99.99"), reported(FULL)),
            [(("1",), 2, 3, (3,))],
            id="or the venue says that the order is full: accepted",
        ),
        pytest.param(
            history(*OPEN, filled("99.99"), FillVoided(fill_id="F1"), filled("99.995", "F2")),
            [(("1",), 2, 3, (3,)), (("2",), 4, None, (5,))],
            id="taken back, and dust again",
        ),
        pytest.param(
            history(*OPEN, reduced("60"), filled("39.995")),
            [(("1",), 3, None, (4,))],
            id="of what a cancel left",
        ),
        pytest.param(
            history(*OPEN, reduced("60"), filled("20")), [], id="much of what a cancel left"
        ),
        pytest.param(history(*OPEN, cancelled(), filled("99.995")), [], id="over already"),
        pytest.param(history(filled("40")), [], id="of an unknown size"),
    ],
)
def test_dust_remainder(given: History, then: list[Found]) -> None:
    assert found(dust_remainder(given, LIMITS)) == then


OTHER = derived("order", "our own")
OWN = replace(filled("40"), against=OTHER)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, filled("40")), [], id="with somebody else"),
        pytest.param(history(*OPEN, OWN), [(F1, 2, None, (3,))], id="with an order of ours"),
        pytest.param(
            history(*OPEN, OWN, FillVoided(fill_id="F1")), [(F1, 2, 3, (3,))], id="taken back"
        ),
    ],
)
def test_self_match(given: History, then: list[Found]) -> None:
    assert found(self_match(given, LIMITS)) == then


def test_the_order_on_the_other_side_is_told() -> None:
    (flag,) = self_match(history(*OPEN, OWN), LIMITS)
    assert flag.note == f"Match F1 of 40 at 1.95 was with an order of our own, {OTHER}."
    (bare,) = self_match(history(*OPEN, replace(OWN, price=None)), LIMITS)
    assert bare.note == f"Match F1 of 40 was with an order of our own, {OTHER}."
