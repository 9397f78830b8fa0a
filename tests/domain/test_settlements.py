"""Settlements: the money of a match, told once, revised, and void; it moves no size else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import events as e
from domain.decisions import hear
from domain.sentences import sentence
from tests.building import filled, seconds
from tests.cancelling import cancelled
from tests.domain.facts import SETTLEMENT
from tests.domain.telling import after, note, stands, told

WON = e.Settlement(result=e.Result.WON, raw_result="winner", profit=Decimal("20.5"), currency="USD")
LOST = replace(WON, result=e.Result.LOST, raw_result="loser", profit=Decimal(-40))
VOID = replace(WON, result=e.Result.VOID, raw_result="refunded", profit=Decimal(0))


def settled(settlement: e.Settlement = WON, fill_id: str | None = "F1") -> e.Settled:
    """The venue settled the match."""
    return e.Settled(settlement=settlement, fill_id=fill_id)


def revised(settlement: e.Settlement, fill_id: str | None = "F1") -> e.SettlementRevised:
    """The venue settled the match anew."""
    return e.SettlementRevised(settlement=settlement, fill_id=fill_id)


PARTLY = "PARTIALLY_FILLED 40/60/0/0/0"
VOIDED = "NEW 0/60/0/0/40"


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param([settled()], PARTLY, id="won: no size moves"),
        pytest.param([settled(LOST)], PARTLY, id="lost: no size moves"),
        pytest.param([settled(replace(WON, result=e.Result.PUSH))], PARTLY, id="a push stood"),
        pytest.param([settled(VOID)], VOIDED, id="void: the match is taken back for good"),
        pytest.param([settled(), revised(VOID)], VOIDED, id="void after it was won"),
        pytest.param([settled(VOID), revised(WON)], PARTLY, id="won after all: it stands again"),
        pytest.param(
            [settled(VOID), revised(replace(VOID, fee=Decimal(1)))], VOIDED, id="void, and again"
        ),
        pytest.param(
            [settled(VOID), e.FillVoided(fill_id="F1", returns=False), revised(WON)],
            VOIDED,
            id="a match that was taken back stays so, however it is settled",
        ),
        pytest.param(
            [e.FillVoided(fill_id="F1", returns=False), settled(VOID), revised(WON)],
            VOIDED,
            id="taken back first",
        ),
        pytest.param([settled(VOID, None)], PARTLY, id="of the order as a whole: money alone"),
        pytest.param(
            [cancelled(), settled(VOID)],
            "CANCELLED 0/0/60/0/40 by CANCELLED",
            id="void after the cancel",
        ),
    ],
)
def test_what_a_settlement_does_to_an_order(life: list[e.OrderEvent], expected: str) -> None:
    assert stands(after(filled("40"), *life)) == expected


def test_a_void_settlement_waits_for_its_match() -> None:
    assert stands(after(settled(VOID))) == "NEW 0/100/0/0/0"
    assert stands(after(settled(VOID), filled("40"))) == VOIDED


@pytest.mark.parametrize(
    ("known", "said", "added"),
    [
        pytest.param([], settled(), [settled()], id="the first word"),
        pytest.param([settled()], settled(), [note("F1")], id="again"),
        pytest.param(
            [settled(WON, None)], settled(WON, None), [note("settlement")], id="the order"
        ),
        pytest.param([settled()], settled(LOST), [revised(LOST)], id="otherwise: a revision"),
        pytest.param([settled()], revised(LOST), [revised(LOST)], id="said to be a revision"),
        pytest.param([], revised(LOST), [revised(LOST)], id="a revision of what nobody told"),
        pytest.param(
            [settled(e.Settlement(result=e.Result.WON))],
            settled(),
            [settled()],
            id="more of the same: it completes what was told",
        ),
        pytest.param(
            [settled()],
            settled(e.Settlement(result=e.Result.WON)),
            [note("F1")],
            id="less of the same",
        ),
        pytest.param(
            [settled(replace(LOST, settled_at=seconds(60)))],
            settled(replace(WON, settled_at=seconds(0))),
            [note("F1")],
            id="settled before the word that counts: old",
        ),
        pytest.param(
            [settled(replace(WON, settled_at=seconds(0)))],
            settled(replace(LOST, settled_at=seconds(60))),
            [revised(replace(LOST, settled_at=seconds(60)))],
            id="settled after it: a revision",
        ),
        pytest.param(
            [settled(replace(WON, settled_at=seconds(60)))],
            settled(replace(LOST, settled_at=seconds(60))),
            [revised(replace(LOST, settled_at=seconds(60)))],
            id="settled at the same time: the last word counts",
        ),
        pytest.param(
            [settled(VOID)],
            e.FillVoided(fill_id="F1"),
            [e.FillVoided(fill_id="F1")],
            id="void by the settlement, and taken back: that is another fact",
        ),
        pytest.param(
            [settled(replace(WON, settled_at=seconds(0)))],
            settled(LOST),
            [revised(replace(LOST, settled_at=seconds(0)))],
            id="nobody says when: the last word counts",
        ),
    ],
)
def test_what_is_news_of_a_settlement(
    known: list[e.OrderEvent], said: e.OrderEvent, added: list[e.OrderEvent]
) -> None:
    assert told(after(filled("40"), *known), said) == added


def test_a_list_tells_settled_rows_again_without_a_note() -> None:
    assert told(after(settled()), settled(), source=e.Source.LIST) == []


ROWS = [
    settled(replace(WON, settled_at=seconds(0))),
    settled(replace(LOST, settled_at=seconds(60))),
    settled(replace(VOID, settled_at=seconds(120))),
]


@given(st.permutations([*ROWS, *ROWS]))
def test_the_last_settlement_counts_in_whatever_order_rows_come(rows: list[e.Settled]) -> None:
    order = after(filled("40"))
    for row in rows:
        order, _ = hear(order, [row], source=e.Source.LIST)
    assert order.settled["F1"] == ROWS[-1].settlement
    assert stands(order) == VOIDED


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param(
            settled(),
            "The venue settled match F1: won, profit 20.5 USD.",
            id="a profit",
        ),
        pytest.param(
            settled(e.Settlement(raw_result="HUH", payout=Decimal("92.5"))),
            "The venue settled match F1: HUH, payout 92.5.",
            id="a payout, in a word nobody knows",
        ),
        pytest.param(
            settled(e.Settlement(), None), "The venue settled the order: no figures.", id="bare"
        ),
        pytest.param(
            revised(SETTLEMENT),
            "The venue settled match F1 anew: won, profit 38.24 USD, payout 78.49 USD, "
            "fee 0.38 USD, the market ended home (“final score”).",
            id="anew, with every figure",
        ),
        pytest.param(
            settled(replace(WON, result=e.Result.HALF_WON)),
            "The venue settled match F1: half won, profit 20.5 USD.",
            id="half",
        ),
    ],
)
def test_a_settlement_in_words(event: e.OrderEvent, said: str) -> None:
    assert sentence(event) == said


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param(
            e.PlaceOutcomeUnknown(why="timeout"),
            "Nobody knows whether the order reached the venue (timeout).",
            id="place in doubt",
        ),
        pytest.param(
            e.PlaceNotSent(), "The order never left; nothing of it is live.", id="place not sent"
        ),
        pytest.param(
            e.AmendOutcomeUnknown(amend_ref="a", why="timeout"),
            "Nobody knows what became of our change (timeout).",
            id="change in doubt",
        ),
        pytest.param(
            e.AmendNotSent(amend_ref="a"),
            "Our change never left; the order is as it was.",
            id="change not sent",
        ),
        pytest.param(
            e.AmendRequested(amend_ref="a", rest=Decimal(30)),
            "We asked to put another order of 30 in its place.",
            id="replaced by another order",
        ),
        pytest.param(
            e.TotalTold(total=Decimal(30)), "The venue counts 30 matched in all.", id="total"
        ),
        pytest.param(
            e.FillVoided(fill_id="F9", waits=True),
            "The venue took back match F9: all of it goes back on the book once the match is told, "
            "which nobody here knows yet.",
            id="taken back before it was told",
        ),
        pytest.param(
            e.FillCorrected(fill_id="F9", correction_id="F10", size=Decimal(30), waits=True),
            "The venue corrected match F9, which nobody here knows yet, to 30.",
            id="corrected before it was told",
        ),
    ],
)
def test_what_is_in_doubt_in_words(event: e.OrderEvent, said: str) -> None:
    assert sentence(event) == said


@pytest.mark.parametrize(
    ("known", "said", "added"),
    [
        pytest.param(
            [],
            e.FillVoided(fill_id="F1"),
            [e.FillVoided(fill_id="F1", waits=True)],
            id="taken back, and nobody knows it: it waits",
        ),
        pytest.param(
            [filled("40")],
            e.FillVoided(fill_id="F1", waits=True),
            [e.FillVoided(fill_id="F1")],
            id="known here: it waits no more",
        ),
        pytest.param(
            [],
            e.FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(30)),
            [e.FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(30), waits=True)],
            id="corrected, and nobody knows it",
        ),
        pytest.param(
            [filled("40"), e.FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(30))],
            e.FillVoided(fill_id="F2"),
            [e.FillVoided(fill_id="F2")],
            id="a correction is taken back: that is known",
        ),
    ],
)
def test_what_is_said_of_a_match_that_nobody_knows(
    known: list[e.OrderEvent], said: e.OrderEvent, added: list[e.OrderEvent]
) -> None:
    assert told(after(*known), said) == added


def test_a_match_that_was_taken_back_before_it_was_told_never_counts() -> None:
    life = [e.FillVoided(fill_id="F1")]
    assert stands(after(*life)) == "NEW 0/100/0/0/0"
    assert stands(after(*life, filled("40"))) == "NEW 0/100/0/0/0"


@given(st.permutations([filled("40"), e.FillVoided(fill_id="F1"), filled("20", "F2")]))
def test_a_match_taken_back_and_told_agree_in_any_order(said: list[e.OrderEvent]) -> None:
    assert stands(hear(after(), said)[0]) == "PARTIALLY_FILLED 20/80/0/0/0"
