"""A row of a statement is held against the order as it was then; what is older says so."""

from __future__ import annotations

import pytest

from domain import events as e
from domain.reconcile import judged, known_by, newest_of_venue
from domain.reconcile_tolerances import EXACT
from domain.runs import Aspect
from domain.statement import StatementRow
from tests.building import STREAM, at, filled, placed, recorded, seconds
from tests.domain.test_reconcile import said
from tests.stating import row


@pytest.mark.parametrize(
    ("moment", "matched"),
    [
        pytest.param(0.5, "0", id="before we knew of the match"),
        pytest.param(4, "40", id="at the very time of a match"),
        pytest.param(5, "40", id="the venue's time of a match that we heard of later"),
        pytest.param(30, "40", id="after it"),
    ],
)
def test_the_order_is_as_it_was_at_the_statement_s_time(moment: float, matched: str) -> None:
    events = recorded([at(placed("100")), at(e.OrderAccepted()), at(filled("40"), seen=9, venue=4)])
    found = judged(STREAM, events, row(matched=matched), seconds(moment), EXACT)
    assert found.differences == ()


def test_a_row_of_a_time_before_our_first_fact_is_not_compared() -> None:
    events = recorded([at(placed("100"), seen=5)])
    found = judged(STREAM, events, row(matched="7"), seconds(4), EXACT)
    assert found.told == frozenset()
    (difference,) = found.differences
    assert (said(difference), difference.witness) == ("earlier 2026-02-07T12:00:05Z", (1,))
    assert difference.order == STREAM
    assert known_by(STREAM, events, seconds(4)) is None


def test_our_first_fact_is_the_earliest_and_not_the_first_in_the_log() -> None:
    events = recorded([at(placed("100"), seen=9), at(e.OrderAccepted(), seen=5)])
    (difference,) = judged(STREAM, events, row(), seconds(4), EXACT).differences
    assert (said(difference), difference.witness) == ("earlier 2026-02-07T12:00:05Z", (2,))


def test_the_newest_of_the_venue_is_the_latest_and_not_the_last_in_the_log() -> None:
    events = recorded([placed("100"), at(e.OrderAccepted(), seen=9), at(filled("40"), seen=5)])
    newest = newest_of_venue(events)
    assert newest is not None
    assert newest.position == 2


LATER = [at(placed("100")), at(e.OrderAccepted()), at(filled("40"), seen=10, venue=10)]


@pytest.mark.parametrize(
    ("told", "moment", "then"),
    [
        pytest.param(
            row(matched="0", updated_at=seconds(5)), 20, ["old matched 40 0"], id="the row is old"
        ),
        pytest.param(
            row(matched="7", updated_at=seconds(5)),
            20,
            ["matched 40 7"],
            id="old, and different from what we held then, too",
        ),
        pytest.param(
            row(matched="7", updated_at=seconds(-5)),
            20,
            ["matched 40 7"],
            id="older than the order",
        ),
        pytest.param(
            row(matched="7"),
            5,
            ["matched 0 7", "old matched 0 7"],
            id="the statement is older than what we know",
        ),
        pytest.param(row(matched="7"), 20, ["matched 40 7"], id="the statement is newer"),
        pytest.param(row(matched="7"), 10, ["matched 40 7"], id="it is as new as what we know"),
        pytest.param(
            row(matched="40", updated_at=seconds(1)), 20, [], id="what agrees is not too old"
        ),
    ],
)
def test_an_old_row(told: StatementRow, moment: float, then: list[str]) -> None:
    found = judged(STREAM, recorded(LATER), told, seconds(moment), EXACT)
    assert [said(item) for item in found.differences] == then
    assert {(Aspect.MATCHED, None), (Aspect.OLD, None)} == found.told
    assert {item.order for item in found.differences} <= {STREAM}


def test_an_old_row_is_proved_by_what_is_newer() -> None:
    told = row(matched="0", updated_at=seconds(5))
    (found,) = judged(STREAM, recorded(LATER), told, seconds(20), EXACT).differences
    assert found.witness == (3, 3)


def test_what_only_we_did_makes_no_statement_old() -> None:
    events = recorded([at(placed("100"))])
    found = judged(STREAM, events, row(matched="7", updated_at=seconds(-1)), seconds(9), EXACT)
    assert [item.aspect for item in found.differences] == [Aspect.MATCHED]
