"""What the venue settled with against what our settlements come to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain import events as e
from domain.reconcile import compared
from domain.reconcile_tolerances import tolerances_of
from domain.statement import StatementRow
from tests.building import filled, history, placed
from tests.domain.test_reconcile import Given, said
from tests.stating import fill, row

TWO: Given = [placed("100"), e.OrderAccepted(), filled("40", "F1"), filled("10", "F2")]


def settled(profit: str | None, fill_id: str | None = None) -> e.Settled:
    """The venue told what came of a match, or of the order."""
    amount = None if profit is None else Decimal(profit)
    return e.Settled(settlement=e.Settlement(profit=amount), fill_id=fill_id)


def graded(profit: str, *matches: str) -> StatementRow:
    """A graded row, of the order or of these matches."""
    fills = [fill(name) for name in matches]
    return replace(row(fills=fills or None), profit=Decimal(profit))


@pytest.mark.parametrize(
    ("given", "told", "then"),
    [
        pytest.param([settled("38")], graded("38"), [], id="of the order, the same"),
        pytest.param([settled("38")], graded("37"), ["profit 38 37"], id="of the order"),
        pytest.param([settled("38", "F1")], graded("37", "F1"), ["profit 38 37"], id="of a match"),
        pytest.param([settled("38", "F1")], graded("37", "F2"), [], id="of another match"),
        pytest.param(
            [settled("38", "F1"), settled("-10", "F2")],
            graded("27"),
            ["profit 28 27"],
            id="all matches together",
        ),
        pytest.param([settled("38", "F1")], graded("38"), [], id="one match is still open"),
        pytest.param([settled("38", "F1")], graded("9"), [], id="still open, whatever it says"),
        pytest.param(
            [settled("38", "F1"), settled(None, "F2")], graded("27"), [], id="one is not told"
        ),
        pytest.param([], graded("38"), [], id="nobody told us"),
    ],
)
def test_profit(given: Given, told: StatementRow, then: list[str]) -> None:
    found = compared(history(*TWO, *given), told, tolerances_of("abp"))
    assert [said(item) for item in found.differences] == then


@pytest.mark.parametrize("ref", ["F1", None], ids=["of a match", "of the order"])
def test_a_profit_tells_what_it_is_of_and_how_far_it_goes(ref: str | None) -> None:
    told = graded("37", *([] if ref is None else [ref]))
    (found,) = compared(history(*TWO, settled("38", ref)), told, tolerances_of("abp")).differences
    assert (found.ref, found.difference) == (ref, "-1")


def test_a_cent_is_nothing_where_the_venue_rounds() -> None:
    events = history(*TWO, settled("38"))
    assert compared(events, graded("38.01"), tolerances_of("fourcasters")).differences == ()
    assert compared(events, graded("38.01"), tolerances_of("abp")).differences


def test_an_order_without_matches_has_no_profit() -> None:
    found = compared(history(*TWO[:2]), graded("1"), tolerances_of("abp"))
    assert found.differences == ()
