"""One row of a statement against one order: what differs, and what our events allow."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain import events as e
from domain.reconcile import compared
from domain.reconcile_tolerances import EXACT, tolerances_of
from domain.runs import Difference
from domain.statement import StatementRow
from domain.values import Price, PriceFormat
from tests.building import STREAM, filled, history, placed
from tests.domain.facts import CANCEL
from tests.stating import row

Given = list[e.OrderEvent]
OPEN: Given = [placed("100"), e.OrderAccepted()]
PART: Given = [*OPEN, filled("40")]
DONE: Given = [*PART, e.Cancelled()]
LAPSED: Given = [*PART, e.Lapsed()]
DOUBT: Given = [
    *PART,
    e.CancelRequested(cancel_id=CANCEL),
    e.CancelOutcomeUnknown(cancel_id=CANCEL, why="timeout"),
]
CORRECTED: Given = [
    *PART,
    e.FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(30)),
]


def said(difference: Difference) -> str:
    """A difference in short."""
    words = (difference.aspect, difference.figure, difference.ours, difference.theirs)
    return " ".join(word for word in words if word is not None)


@pytest.mark.parametrize(
    ("given", "told", "then"),
    [
        pytest.param(
            PART,
            row(status="PARTIALLY_FILLED", size="100", matched="40", remaining="60", price="1.95"),
            [],
            id="everything as we hold it",
        ),
        pytest.param(PART, row(), [], id="a row that tells nothing"),
        pytest.param(PART, row(matched="55"), ["matched 40 55"], id="more matched"),
        pytest.param(PART, row(remaining="45"), ["remaining 60 45"], id="less remains"),
        pytest.param(PART, row(size="90"), ["size 100 90"], id="another size"),
        pytest.param(PART, row(price="2"), ["price 1.95 2"], id="another price"),
        pytest.param(
            PART,
            replace(row(), terms=e.Terms(size=Decimal(90), price=Price(Decimal(2)))),
            ["size 100 90", "price 1.95 2"],
            id="terms count where nothing is claimed",
        ),
        pytest.param(
            PART,
            replace(row(), claims=e.Claims(price=Price(Decimal(105), PriceFormat.AMERICAN))),
            [],
            id="a price in another format is not compared",
        ),
        pytest.param(
            [e.OrderDiscovered(source=e.Source.LIST), filled("5")],
            row(size="10", price="2", remaining="5"),
            [],
            id="what we were never told is not compared",
        ),
        pytest.param(PART, row(status="FILLED"), ["status PARTIALLY_FILLED FILLED"], id="status"),
        pytest.param(
            LAPSED,
            row(matched="40", cancelled="60", lapsed="0"),
            ["buckets cancelled 0 60"],
            id="off the book by another way",
        ),
        pytest.param(
            DONE, row(matched="40", cancelled="60"), [], id="off the book as by our events"
        ),
        pytest.param(LAPSED, row(lapsed="50"), ["buckets lapsed 60 50"], id="less of it lapsed"),
        pytest.param(PART, row(voided="1"), ["buckets voided 0 1"], id="some of it void"),
        pytest.param(
            PART,
            row(cancelled="1", lapsed="0", voided="0"),
            ["buckets cancelled 0 1"],
            id="off the book in one of three ways",
        ),
        pytest.param(
            [*OPEN, e.Amended(amend_ref="a", size=Decimal(80))],
            row(size="100"),
            ["size 80 100"],
            id="the size before it was changed",
        ),
        pytest.param(
            DONE,
            row(matched="50", cancelled="50"),
            ["matched 40 50"],
            id="the split is not judged where an amount differs",
        ),
        pytest.param(DOUBT, row(remaining="0", cancelled="60"), [], id="in doubt: all is possible"),
        pytest.param(DOUBT, row(remaining="70"), ["remaining 60 70"], id="in doubt: not more"),
        pytest.param(PART, row(average="1.95"), [], id="the average of one match is its price"),
        pytest.param(
            [*PART, filled("20", "F2", "2.10")], row(average="2"), [], id="an average as printed"
        ),
        pytest.param(
            [*PART, filled("20", "F2", "2.10")],
            row(average="2.1"),
            ["average 2 2.1"],
            id="another average",
        ),
        pytest.param(
            [*PART, filled("20", "F2", "2.10")],
            row(average="2.002"),
            ["average 2 2.002"],
            id="an average printed with more digits",
        ),
        pytest.param(
            [*PART, filled("20", "F2", "2.11")],
            row(average="2.1"),
            ["average 2.0033 2.1"],
            id="an average that never ends is told with two digits more than printed",
        ),
        pytest.param(CORRECTED, row(average="9"), [], id="no average across corrections"),
        pytest.param(
            [*PART, filled("20", "F2"), e.FillVoided(fill_id="F2")],
            row(average="9"),
            [],
            id="no average across matches taken back",
        ),
        pytest.param(
            [*PART, e.Filled(fill_id="total", size=Decimal(5), inferred=True)],
            row(average="9"),
            [],
            id="no average of what only a total tells",
        ),
        pytest.param(
            [*OPEN, e.Filled(fill_id="F1", size=Decimal(5))],
            row(average="9"),
            [],
            id="no average without our prices",
        ),
        pytest.param(
            PART,
            replace(row(), average=Price(Decimal(105), PriceFormat.AMERICAN)),
            [],
            id="American odds do not average",
        ),
        pytest.param(
            [placed("100", currency="EUR"), e.OrderAccepted()],
            replace(row(status="FILLED", size="90"), terms=e.Terms(currency="USD")),
            ["status NEW FILLED", "currency EUR USD"],
            id="amounts of another currency are not compared",
        ),
        pytest.param(
            [placed("100", currency="EUR"), e.OrderAccepted()],
            replace(row(size="90"), terms=e.Terms(currency="eur")),
            ["size 100 90"],
            id="a currency in small letters",
        ),
        pytest.param(
            [placed("100", currency="EUR"), e.OrderAccepted()],
            replace(row(size="90"), terms=e.Terms(currency="EUR")),
            ["size 100 90"],
            id="the same currency",
        ),
        pytest.param(
            PART,
            replace(row(matched="40"), unknown=e.UnknownValueSeen(field="status", value="HALF")),
            ["word status HALF"],
            id="a word that no document explains",
        ),
    ],
)
def test_a_row_against_an_order(given: Given, told: StatementRow, then: list[str]) -> None:
    found = compared(history(*given), told, EXACT)
    assert [said(item) for item in found.differences] == then
    for item in found.differences:
        assert item.order == STREAM
        assert (item.aspect, None) in found.told


@pytest.mark.parametrize(
    ("told", "witness"),
    [
        pytest.param(row(size="90"), (1,), id="a size comes from the terms"),
        pytest.param(row(price="2"), (1,), id="so does a price"),
        pytest.param(row(matched="55"), (3, 4), id="what matched comes from the matches"),
        pytest.param(row(remaining="45"), (5,), id="what remains comes from all that happened"),
    ],
)
def test_the_facts_that_a_difference_is_held_against(
    told: StatementRow, witness: tuple[int, ...]
) -> None:
    events = [*PART, filled("5", "F2"), e.Cancelled(size=Decimal(5), whole=False)]
    (found,) = compared(history(*events), told, EXACT).differences
    assert found.witness == witness


def test_where_no_fact_tells_it_is_the_newest() -> None:
    (found,) = compared(history(*OPEN), row(matched="5"), EXACT).differences
    assert found.witness == (2,)


def test_a_difference_tells_how_far_it_goes() -> None:
    (found,) = compared(history(*PART), row(matched="39.5"), EXACT).differences
    assert found.difference == "-0.5"


@pytest.mark.parametrize(
    ("venue", "matched", "differs"),
    [
        pytest.param("fourcasters", "40.01", False, id="a cent is nothing where the venue rounds"),
        pytest.param("fourcasters", "40.02", True, id="two cents are something"),
        pytest.param("abp", "40.01", True, id="a cent is something where it does not"),
    ],
)
def test_tolerance(venue: str, matched: str, *, differs: bool) -> None:
    found = compared(history(*PART), row(matched=matched), tolerances_of(venue))
    assert bool(found.differences) is differs
