from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.events import FillCorrected, Filled, FillVoided, OrderRestated
from domain.flags.fills_prices import limit_price_violation, price_improvement
from domain.flags.history import History
from domain.values import Side
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import LIMITS, Found, found, reported
from tests.claiming import OPEN, amended, amending, price, total

F1 = ("F1",)
WORSE, BETTER = filled("40", price="1.9"), filled("40", price="2.0")


def restated(to: str) -> OrderRestated:
    """The venue changed the order's price."""
    return OrderRestated(price=price(to))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, filled("40")), [], id="at the price asked for"),
        pytest.param(history(*OPEN, WORSE), [(F1, 2, None, (1, 3))], id="backed at lower odds"),
        pytest.param(history(*OPEN, BETTER), [], id="backed at higher odds"),
        pytest.param(
            history(placed(side=Side.SELL), accepted(), BETTER),
            [(F1, 2, None, (1, 3))],
            id="laid at higher odds",
        ),
        pytest.param(
            history(*OPEN, BETTER, filled("10", "F2", "1.90")),
            [(("F2",), 3, None, (1, 4))],
            id="backed at higher odds, and then at lower ones",
        ),
        pytest.param(history(placed(price=None), accepted(), WORSE), [], id="at any price"),
        pytest.param(history(placed(side=None), accepted(), WORSE), [], id="on no known side"),
        pytest.param(
            history(*OPEN, Filled(fill_id="F1", size=Decimal(1))), [], id="at an untold price"
        ),
        pytest.param(
            history(*OPEN, replace(total("5"), price=price("1.9"))), [], id="told by a total alone"
        ),
        pytest.param(
            history(*OPEN, amending(price="1.9"), WORSE), [], id="a change to it is on its way"
        ),
        pytest.param(
            history(*OPEN, amending(price="1.9"), amended(price="1.9"), WORSE),
            [],
            id="changed to it",
        ),
        pytest.param(
            history(
                *OPEN, at(restated("2.0"), seen=9, venue=8), at(filled("40"), seen=10, venue=5)
            ),
            [],
            id="restated, and matched before that",
        ),
        pytest.param(
            history(
                *OPEN, at(restated("2.0"), seen=9, venue=4), at(filled("40"), seen=10, venue=5)
            ),
            [(F1, 10, None, (3, 4))],
            id="restated, and matched after that",
        ),
        pytest.param(
            history(*OPEN, WORSE, reported(), restated("1.9")),
            [(F1, 2, 4, (1, 3))],
            id="restated to it later",
        ),
        pytest.param(
            history(*OPEN, WORSE, FillVoided(fill_id="F1")),
            [(F1, 2, 3, (1, 3))],
            id="taken back",
        ),
        pytest.param(
            history(
                *OPEN,
                WORSE,
                FillCorrected(
                    fill_id="F1", correction_id="F2", size=Decimal(40), price=price("1.95")
                ),
            ),
            [(F1, 2, 3, (1, 3))],
            id="corrected to it",
        ),
        pytest.param(
            history(placed(price=None), accepted(), restated("2.0"), WORSE),
            [(F1, 3, None, (3, 4))],
            id="restated from no price",
        ),
    ],
)
def test_limit_price_violation(given: History, then: list[Found]) -> None:
    assert found(limit_price_violation(given, LIMITS)) == then


def test_a_restatement_from_no_price_says_nothing_of_what_matched_before() -> None:
    given = history(
        placed(price=None),
        accepted(),
        at(restated("2.0"), seen=9, venue=8),
        at(WORSE, seen=10, venue=5),
    )
    (flag,) = limit_price_violation(given, LIMITS)
    assert flag.ours == "2"


def test_both_prices_are_told() -> None:
    (flag,) = limit_price_violation(history(*OPEN, WORSE), LIMITS)
    assert flag.note == "40 matched at 1.9, worse than the 1.95 that the order asks for."
    assert (flag.ours, flag.theirs, flag.difference) == ("1.95", "1.9", "-0.05")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, filled("40")), [], id="at the price asked for"),
        pytest.param(history(*OPEN, WORSE), [], id="at a worse one"),
        pytest.param(
            history(*OPEN, BETTER, filled("5", "F2"), filled("5", "F3", "2.1")),
            [((), 2, None, (3, 5))],
            id="at better ones: one note",
        ),
        pytest.param(
            history(*OPEN, amending(price="2.0"), BETTER), [], id="a change to it is on its way"
        ),
    ],
)
def test_price_improvement(given: History, then: list[Found]) -> None:
    assert found(price_improvement(given, LIMITS)) == then


def test_the_better_prices_are_summed() -> None:
    (flag,) = price_improvement(history(*OPEN, BETTER, filled("5", "F3", "2.1")), LIMITS)
    assert flag.note == "45 matched at better prices than asked, the first at 2 instead of 1.95."
