from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.events import FillCorrected, Filled, FillVoided, OrderReported
from domain.flags.claims import agreeing
from domain.flags.fills_average import avg_price_mismatch
from domain.flags.history import History
from domain.values import PriceFormat
from tests.building import at, filled, history
from tests.cancelling import LIMITS, Found, claims, found
from tests.claiming import OPEN, price, total

FIRST, SECOND = ("1",), ("2",)
TWO = (*OPEN, filled("40", price="2.0"), filled("20", "F2", "1.7"))
"""60 at 1.9 on average."""


def averaging(value: str, format_: PriceFormat = PriceFormat.PLAIN) -> OrderReported:
    """The venue tells this average of the matches."""
    return OrderReported(claims=replace(claims(), average=price(value, format_)))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*TWO), [], id="no average was told"),
        pytest.param(history(*TWO, averaging("1.9")), [], id="the same"),
        pytest.param(history(*TWO, averaging("1.90001")), [], id="rounded"),
        pytest.param(history(*TWO, averaging("1.95")), [(FIRST, 4, None, (5,))], id="another"),
        pytest.param(
            history(*TWO, averaging("1.95"), averaging("1.96"), averaging("1.9")),
            [(FIRST, 4, 6, (5, 6))],
            id="until a report agrees",
        ),
        pytest.param(
            history(*TWO, averaging("2.0"), FillVoided(fill_id="F2")),
            [(FIRST, 4, 5, (5,))],
            id="until a match is taken back",
        ),
        pytest.param(
            history(
                *TWO,
                averaging("2.0"),
                FillCorrected(
                    fill_id="F2", correction_id="F3", size=Decimal(20), price=price("2.0")
                ),
            ),
            [(FIRST, 4, 5, (5,))],
            id="until a match is corrected",
        ),
        pytest.param(
            history(*TWO, FillVoided(fill_id="F2", size=Decimal(10)), averaging("1.94")),
            [],
            id="a part was taken back",
        ),
        pytest.param(history(*OPEN, averaging("1.9")), [], id="nothing matched"),
        pytest.param(
            history(*OPEN, total("40"), averaging("1.9")), [], id="a total alone tells of a match"
        ),
        pytest.param(
            history(*OPEN, Filled(fill_id="F1", size=Decimal(40)), averaging("1.9")),
            [],
            id="a match without a price",
        ),
        pytest.param(
            history(*TWO, averaging("0.5", PriceFormat.PROBABILITY)), [], id="in another format"
        ),
        pytest.param(
            history(*TWO, averaging("110", PriceFormat.AMERICAN)), [], id="of American odds"
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("40"), seen=5, venue=5),
                at(averaging("3"), seen=6, venue=4),
            ),
            [],
            id="old news",
        ),
    ],
)
def test_avg_price_mismatch(given: History, then: list[Found]) -> None:
    assert found(avg_price_mismatch(given, LIMITS)) == then


def test_an_average_is_told_with_six_places() -> None:
    given = history(*OPEN, filled("10", price="2.0"), filled("20", "F2", "1.9"), averaging("2"))
    (flag,) = avg_price_mismatch(given, LIMITS)
    assert flag.note == "The venue's average price is 2; that of our matches is 1.933333."
    assert (flag.ours, flag.theirs, flag.difference) == ("1.933333", "2", "0.066667")


def test_an_average_that_was_told_is_always_weighed() -> None:
    given = history(*TWO, averaging("1.9"))
    told = claims()
    assert agreeing(given.order, told)
    assert not agreeing(given.order, replace(told, average=price("1.9")))
    assert list(avg_price_mismatch(history(*TWO), LIMITS)) == []
