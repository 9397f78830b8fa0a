"""The matches of a statement against ours: one order, any number of matches, in any rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from domain import events as e
from domain.reconcile_fills import gathering, matches_differing
from domain.reconcile_tolerances import EXACT
from domain.runs import Aspect, Difference
from domain.statement import StatementFill
from domain.values import Price, PriceFormat
from tests.building import STREAM, filled, history, placed
from tests.domain.test_reconcile import Given, said
from tests.stating import fill, row

OPEN: Given = [placed("100"), e.OrderAccepted()]
TWO: Given = [*OPEN, filled("40", "F1"), filled("10", "F2")]
INFERRED: Given = [*OPEN, e.Filled(fill_id="total", size=Decimal(40), inferred=True)]
VOIDED: Given = [*TWO, e.FillVoided(fill_id="F2")]
PARTLY_VOIDED: Given = [*TWO, e.FillVoided(fill_id="F2", size=Decimal(4))]
CORRECTION = e.FillCorrected(
    fill_id="F2", correction_id="F3", size=Decimal(8), price=Price(Decimal(3))
)
CORRECTED: Given = [*TWO, CORRECTION]
EUROS: Given = [e.OrderPlaced(terms=e.Terms(size=Decimal(100), currency="EUR"))]
VOID_FIRST: Given = [*OPEN, e.FillVoided(fill_id="F9")]


def in_euros(fill_id: str, size: str) -> StatementFill:
    """A match whose size is in euros."""
    return replace(fill(fill_id, size), currency="EUR")


@pytest.mark.parametrize(
    ("given", "told", "complete", "then"),
    [
        pytest.param(TWO, [fill("F1", "40"), fill("F2", "10")], True, [], id="the same"),
        pytest.param(TWO, [fill("F1", "40", "1.95")], False, [], id="with its price"),
        pytest.param(TWO, [fill("F3", "5")], False, ["fill size 5"], id="one that we lack"),
        pytest.param(TWO, [fill("F3")], False, [], id="one that we lack and that has no size"),
        pytest.param(TWO, [fill("F3", "5", gone=True)], False, [], id="one that fell through"),
        pytest.param(TWO, [fill("F1", "41")], False, ["fill size 40 41"], id="another size"),
        pytest.param(TWO, [fill("F1")], False, [], id="no size told"),
        pytest.param(
            TWO, [fill("F1", "40", "2")], False, ["fill price 1.95 2"], id="another price"
        ),
        pytest.param(TWO, [fill("F1", gone=True)], False, ["fill size 40 0"], id="void with them"),
        pytest.param(VOIDED, [fill("F2", gone=True)], False, [], id="void with both"),
        pytest.param(VOIDED, [fill("F2", "10")], False, ["fill size 0 10"], id="void with us"),
        pytest.param(
            VOIDED, [fill("F2", "10", "9", gone=True)], False, [], id="void, at any price"
        ),
        pytest.param(PARTLY_VOIDED, [fill("F2", "6")], False, [], id="void in part"),
        pytest.param(
            TWO,
            [fill("F3", "5"), fill("F4")],
            False,
            ["fill size 5", "fill size"],
            id="two that we lack, one of them without a size",
        ),
        pytest.param(
            [*OPEN, CORRECTION, filled("8", "F3")],
            [fill("F3", "8")],
            True,
            [],
            id="a match under the id of a correction of what never came",
        ),
        pytest.param(CORRECTED, [fill("F3", "8", "3")], False, [], id="by the correction's id"),
        pytest.param(CORRECTED, [fill("F2", "8", "9")], False, [], id="by the corrected id"),
        pytest.param(CORRECTED, [fill("F1", "40"), fill("F3", "8")], True, [], id="all, corrected"),
        pytest.param(
            VOID_FIRST, [fill("F9", gone=True)], False, [], id="a void of what never came"
        ),
        pytest.param(INFERRED, [fill("F1", "40")], False, [], id="a total had told of it"),
        pytest.param(INFERRED, [fill("F1", "41")], False, ["fill size 41"], id="and of no more"),
        pytest.param(TWO, [fill("F1", "40")], True, ["fill size 10"], id="ours is not in all"),
        pytest.param(VOIDED, [fill("F1", "40")], True, [], id="void, and not in all"),
        pytest.param(
            TWO,
            [
                StatementFill(
                    fill_id="F1",
                    size=Decimal(40),
                    price=Price(Decimal(105), PriceFormat.AMERICAN),
                )
            ],
            False,
            [],
            id="a price in another format",
        ),
        pytest.param(
            TWO, [in_euros("F1", "37"), in_euros("F9", "5")], False, [], id="sizes in other money"
        ),
        pytest.param(
            [*EUROS, filled("40", "F1")],
            [in_euros("F1", "37"), in_euros("F9", "5")],
            False,
            ["fill size 5", "fill size 40 37"],
            id="sizes in the order's own money",
        ),
        pytest.param(
            [*OPEN, e.Filled(fill_id="F1", size=Decimal(40))],
            [fill("F1", "40", "2")],
            False,
            [],
            id="we hold no price",
        ),
    ],
)
def test_matches(
    given: Given, told: Sequence[StatementFill], *, complete: bool, then: list[str]
) -> None:
    matches = gathering(history(*given), ["trades.json"])
    for one in told:  # a row each
        matches.add(row(fills=[one]), complete=complete)
    topics, found = matches_differing(matches, EXACT)
    assert [said(item) for item in found] == then
    assert {(item.aspect, item.ref) for item in found} <= topics


def test_a_row_with_the_complete_list_of_matches_says_so_itself() -> None:
    matches = gathering(history(*TWO), ["orders.json"])
    matches.add(replace(row(fills=()), claims=e.Claims(records=True)), complete=False)
    _, found = matches_differing(matches, EXACT)
    assert [(item.ref, item.difference) for item in found] == [("F1", "-40"), ("F2", "-10")]


def test_a_lacking_match_tells_where_it_stands() -> None:
    matches = gathering(history(*TWO), ["trades.json"])
    matches.add(row(fills=[fill("F3", "5")], line=7), complete=False)
    _, (found,) = matches_differing(matches, EXACT)
    assert (found.file, found.line, found.witness) == ("trades.json", 7, (4,))
    assert (found.ours, found.theirs, found.difference) == (None, "5", "5")


@pytest.mark.parametrize(
    ("told", "complete", "then"),
    [
        pytest.param(
            fill("F1", "41"),
            False,
            Difference(
                aspect=Aspect.FILL, order=STREAM, name=row().names[0], ref="F1", figure="size",
                ours="40", theirs="41", difference="1", file="trades.json", line=7, witness=(4,),
            ),
            id="one that both have",
        ),
        pytest.param(
            fill("F1", "40"),
            True,
            Difference(
                aspect=Aspect.FILL, order=STREAM, ref="F2", figure="size", ours="10",
                difference="-10", witness=(4,),
            ),
            id="one that we alone have",
        ),
    ],
)  # fmt: skip
def test_all_that_is_told_of_a_match(
    told: StatementFill, *, complete: bool, then: Difference
) -> None:
    matches = gathering(history(*TWO), ["trades.json"])
    matches.add(row(fills=[told], line=7), complete=complete)
    assert matches_differing(matches, EXACT)[1] == [then]


def test_a_row_without_matches_adds_none() -> None:
    matches = gathering(history(*TWO), ["trades.json"])
    matches.add(row(), complete=False)
    assert matches_differing(matches, EXACT) == (frozenset(), [])
