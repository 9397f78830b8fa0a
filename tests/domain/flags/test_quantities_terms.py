from __future__ import annotations

from decimal import Decimal

import pytest

from domain.events import OrderRestated
from domain.flags.history import History
from domain.flags.quantities import (
    price_mismatch,
    size_mismatch,
)
from domain.values import PriceFormat
from tests.building import accepted, filled, history, placed
from tests.cancelling import LIMITS, Found, found, reduced, reported
from tests.claiming import (
    NEW,
    OPEN,
    amending,
    price,
    priced,
)

FIRST, SECOND = ("1",), ("2",)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, reported(size="100")), [], id="equal"),
        pytest.param(history(*OPEN, reported(size="90")), [(FIRST, 2, None, (3,))], id="differs"),
        pytest.param(
            history(*OPEN, reported(size="90"), OrderRestated(size=Decimal(90))),
            [(FIRST, 2, 3, (3,))],
            id="the restatement comes",
        ),
        pytest.param(history(*OPEN, reduced("10"), reported(size="90")), [], id="partial cancel"),
        pytest.param(history(*OPEN, amending("90"), reported(size="90")), [], id="being amended"),
        pytest.param(
            history(*OPEN, amending(price="2"), reported(size="90")),
            [(FIRST, 3, None, (4,))],
            id="being amended in price only",
        ),
        pytest.param(history(accepted(), reported(size="90")), [], id="ours is not known"),
        pytest.param(history(*OPEN, reported(NEW), filled("110")), [], id="not told"),
        pytest.param(
            history(*OPEN, filled("110"), reported(matched="110")), [], id="not told, and differing"
        ),
    ],
)
def test_size_mismatch(given: History, then: list[Found]) -> None:
    assert found(size_mismatch(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, priced("1.950")), [], id="equal as numbers"),
        pytest.param(history(*OPEN, priced("1.90")), [(FIRST, 2, None, (3,))], id="differs"),
        pytest.param(history(*OPEN, priced("-110", PriceFormat.AMERICAN)), [], id="another format"),
        pytest.param(
            history(*OPEN, priced("1.90"), OrderRestated(price=price("1.9"))),
            [(FIRST, 2, 3, (3,))],
            id="the restatement comes",
        ),
        pytest.param(
            history(*OPEN, priced("1.90"), priced("1.95")), [(FIRST, 2, 3, (3,))], id="taken back"
        ),
        pytest.param(history(*OPEN, amending(price="2"), priced("2")), [], id="being amended"),
        pytest.param(
            history(placed(price=None), accepted(), priced("1.9")), [], id="ours is not known"
        ),
        pytest.param(
            history(placed(price=None), amending(price="2"), priced("1.9")),
            [(FIRST, 2, None, (3,))],
            id="ours is not known, only what we asked for",
        ),
    ],
)
def test_price_mismatch(given: History, then: list[Found]) -> None:
    assert found(price_mismatch(given, LIMITS)) == then


def test_both_prices_are_told() -> None:
    (flag,) = price_mismatch(history(*OPEN, priced("1.90")), LIMITS)
    assert (flag.ours, flag.theirs, flag.difference) == ("1.95", "1.9", "-0.05")
    assert flag.note == "The venue has the order at price 1.9; ours is 1.95."
