"""What is news about matches: records, running totals, what was taken back or corrected."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain import events as e
from domain.lifecycle import Status
from domain.messages import MatchedTotal, Said
from domain.values import Price
from tests.building import filled
from tests.cancelling import claims
from tests.domain.telling import after, note, of_total, told

REPORT, LIST, CANCEL = e.Source.REPORT, e.Source.LIST, e.Source.CANCEL
FORTY = Decimal(40)


@pytest.mark.parametrize(
    ("known", "total", "added"),
    [
        pytest.param([], "40", [of_total("40", "40")], id="no record: all of it is implied"),
        pytest.param([filled("30")], "40", [of_total("40", "10")], id="the rest is implied"),
        pytest.param([filled("40")], "40", [], id="recorded: nothing"),
        pytest.param(
            [filled("40")],
            "30",
            [e.TotalTold(total=Decimal(30))],
            id="lower than ours: told, and nothing is taken back",
        ),
        pytest.param(
            [filled("40"), e.TotalTold(total=Decimal(30))], "30", [], id="lower again: nothing"
        ),
        pytest.param(
            [filled("40"), e.TotalTold(total=Decimal(30))],
            "40",
            [e.TotalTold(total=Decimal(40))],
            id="lower no longer: told",
        ),
        pytest.param(
            [filled("40"), e.TotalTold(total=Decimal(30))],
            "45",
            [of_total("45", "5"), e.TotalTold(total=Decimal(45))],
            id="higher since: told, after what it implies",
        ),
        pytest.param([of_total("40", "40")], "40", [], id="implied already: nothing"),
        pytest.param([of_total("40", "40")], "45.5", [of_total("45.5", "5.5")], id="more since"),
        pytest.param(
            [filled("40"), e.FillVoided(fill_id="F1")],
            "40",
            [],
            id="a total that still counts what was taken back",
        ),
        pytest.param([], "0", [], id="nothing matched"),
    ],
)
def test_running_totals(known: list[e.OrderEvent], total: str, added: list[e.OrderEvent]) -> None:
    assert told(after(*known), MatchedTotal(total=Decimal(total))) == added


def test_an_implied_match_carries_what_the_total_told() -> None:
    price, word = Price(Decimal(2)), claims(matched="40")
    (event,) = told(after(), MatchedTotal(total=FORTY, price=price, claims=word))
    assert event == replace(of_total("40", "40"), price=price, claims=word)


provisional = replace(filled("40"), provisional=True)
word = claims(Status.PARTIALLY_FILLED, matched="40")


@pytest.mark.parametrize(
    ("known", "said", "source", "added"),
    [
        pytest.param([], filled("40"), REPORT, [filled("40")], id="a match"),
        pytest.param(
            [filled("40")],
            replace(filled("40"), claims=word),
            REPORT,
            [note("F1", "fill", claims=word)],
            id="again: a note with what the venue claims",
        ),
        pytest.param([filled("40")], filled("40"), LIST, [], id="again in a list: nothing"),
        pytest.param([filled("40")], filled("40"), CANCEL, [], id="again in an answer: nothing"),
        pytest.param(
            [filled("40")],
            filled("41"),
            LIST,
            [note("F1", "fill", differs=True)],
            id="again with another size: a human must look",
        ),
        pytest.param([provisional], provisional, LIST, [], id="still provisional"),
        pytest.param(
            [provisional], filled("40"), LIST, [e.FillConfirmed(fill_id="F1")], id="now final"
        ),
        pytest.param(
            [provisional],
            e.FillConfirmed(fill_id="F1"),
            REPORT,
            [e.FillConfirmed(fill_id="F1")],
            id="confirmed",
        ),
        pytest.param(
            [filled("40")], e.FillConfirmed(fill_id="F1"), REPORT, [note("F1")], id="it was final"
        ),
        pytest.param(
            [e.FillConfirmed(fill_id="F1")],
            e.FillConfirmed(fill_id="F1"),
            LIST,
            [],
            id="confirmed twice",
        ),
        pytest.param(
            [replace(filled("40"), report_id="r1")],
            replace(filled("9", "F2"), report_id="r1"),
            REPORT,
            [replace(filled("9", "F2"), report_id="r1")],
            id="another match under a used report id counts",
        ),
    ],
)
def test_matches(
    known: list[e.OrderEvent], said: Said, source: e.Source, added: list[e.OrderEvent]
) -> None:
    assert told(after(*known), said, source=source) == added


def bust(size: str | None = None, report_id: str | None = None) -> e.FillVoided:
    """Match F1 was taken back, or a part of it."""
    part = None if size is None else Decimal(size)
    return e.FillVoided(fill_id="F1", size=part, report_id=report_id)


fixed = e.FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(45))
fixed_again = e.FillCorrected(fill_id="F1", correction_id="F3", size=Decimal(35))


@pytest.mark.parametrize(
    ("known", "said", "added"),
    [
        pytest.param([], bust(), [bust()], id="taken back"),
        pytest.param([bust()], bust(), [note("F1")], id="again"),
        pytest.param([bust()], bust("10", "r1"), [note("F1")], id="a part of what is gone"),
        pytest.param([bust("10")], bust("10"), [note("FillVoided")], id="the same part again"),
        pytest.param([bust("10")], bust("10", "r2"), [bust("10", "r2")], id="another part"),
        pytest.param([bust("10")], bust(), [bust()], id="a part, then all"),
        pytest.param([fixed], fixed, [note("F2")], id="corrected twice by one correction"),
        pytest.param([fixed], fixed_again, [fixed_again], id="corrected twice by two"),
        pytest.param(
            [fixed, fixed_again], fixed, [note("F2")], id="an old correction does not come back"
        ),
    ],
)
def test_matches_taken_back_and_corrected(
    known: list[e.OrderEvent], said: Said, added: list[e.OrderEvent]
) -> None:
    assert told(after(filled("40"), *known), said) == added


def test_a_list_tells_matches_taken_back_again_without_a_note() -> None:
    assert told(after(filled("40"), bust()), bust(), source=LIST) == []
