"""Which bets of an order's row are matches, and what a void takes back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import (
    Filled,
    FillVoided,
    Result,
    Settled,
)
from domain.messages import MatchedTotal, OrderMessage
from tests.adapters.venues.abp.building import (
    PLACED_AT,
    READ,
    bet,
    order,
    page,
    received,
    said_of,
    tell,
)


@pytest.mark.parametrize(
    ("bets", "fills", "records"),
    [
        pytest.param([bet()], ["501"], True, id="confirmed in the order's currency: a match"),
        pytest.param([bet(betStatus="PLACED")], ["501"], True, id="placed: a provisional match"),
        pytest.param([bet(placedCurrency="usd ")], ["501"], True, id="the same code, other case"),
        pytest.param([bet(placedCurrency=None)], ["501"], True, id="no other currency is named"),
        pytest.param([bet(placedCurrency="EUR")], [], False, id="another currency is never summed"),
        pytest.param(
            [bet(), bet(betId=502, placedCurrency="EUR")],
            ["501"],
            False,
            id="of mixed currencies only ours; the list of matches is not whole",
        ),
        pytest.param([bet(betStatus="PENDING")], [], True, id="pending: not yet"),
        pytest.param([bet(betStatus="REJECTED", placedAt=None)], [], True, id="never was one"),
        pytest.param([bet(betStatus="DECLINED", placedAt=None)], [], True, id="G1: declined"),
        pytest.param([bet(placedStake=None)], [], False, id="a stake untold: the total tells"),
        pytest.param([bet(placedStake=0)], [], False, id="a stake of nothing"),
        pytest.param([bet(betStatus="BAKED")], [], False, id="a word in no document"),
        pytest.param([bet(orderId=9)], [], False, id="a bet of another order"),
        pytest.param([bet(), bet()], ["501"], True, id="the same bet twice is once"),
    ],
)
def test_which_bets_are_matches(bets: list[Any], fills: list[str], *, records: bool) -> None:
    said = said_of(order(filledStake=120, bets=bets))
    assert [fact.fill_id for fact in said if isinstance(fact, Filled)] == fills
    assert said[-1].claims.records is records
    assert MatchedTotal(total=Decimal(120)) in said


def test_without_bets_the_row_has_no_records_and_only_a_total() -> None:
    row = order(filledStake=120)
    del row["bets"]
    said = said_of(row)
    assert said[0] == MatchedTotal(total=Decimal(120))
    assert said[-1].claims.records is False


def test_a_match_carries_odds_time_and_whether_it_may_still_fall_through() -> None:
    match, _ = tell(received(page(order(filledStake=120, bets=[bet(betStatus="PLACED")]))), READ)
    assert isinstance(match, OrderMessage)
    (fact,) = match.said
    assert isinstance(fact, Filled)
    assert match.occurred_at == PLACED_AT
    assert fact.provisional
    assert fact.price is not None
    assert fact.price.value == Decimal("1.93")


@pytest.mark.parametrize("word", ["REJECTED", "CANCELLED", "FAILED"])
def test_a_bet_that_had_been_placed_and_fell_through_takes_the_match_back(word: str) -> None:
    said = said_of(order(bets=[bet(betStatus=word, declineReason="why")]))
    assert FillVoided(fill_id="501", returns=True, reason="why") in said
    assert not [fact for fact in said if isinstance(fact, Filled)]


@pytest.mark.parametrize(
    ("filled", "bets", "matched"),
    [
        pytest.param(120, [bet(betStatus="VOID")], 0, id="the total still counts the voided bet"),
        pytest.param(0, [bet(betStatus="VOID")], 0, id="the total counts it no more"),
        pytest.param(
            150,
            [bet(betStatus="VOID"), bet(betId=502, placedStake=30)],
            30,
            id="one voided of two, counted",
        ),
        pytest.param(
            30,
            [bet(betStatus="VOID"), bet(betId=502, placedStake=30)],
            30,
            id="one voided of two, not counted",
        ),
        pytest.param(
            100,
            [bet(betStatus="VOID"), bet(betId=502, placedStake=30)],
            30,
            id="a total between: the bets stand",
        ),
    ],
)
def test_a_voided_bet_is_told_as_match_and_void_and_leaves_the_total(
    filled: int, bets: list[Any], matched: int
) -> None:
    said = said_of(order(orderStatus="FILLED", filledStake=filled, bets=bets))
    first = next(fact for fact in said if isinstance(fact, Filled))
    assert first.fill_id == "501"
    assert FillVoided(fill_id="501", returns=False) in said
    assert MatchedTotal(total=Decimal(matched)) in said
    assert said[-1].claims.matched == Decimal(matched)


def test_a_void_that_does_not_show_its_match_is_told_alone() -> None:
    said = said_of(order(bets=[bet(betStatus="VOID", placedAt=None)]))
    assert FillVoided(fill_id="501", returns=False) in said
    assert not [fact for fact in said if isinstance(fact, Filled)]


def test_a_settlement_void_takes_the_match_out_of_the_order_and_of_its_total() -> None:
    said = said_of(order(filledStake=120, bets=[bet(settlementStatus="VOID")]))
    assert not [fact for fact in said if isinstance(fact, FillVoided)]
    (settled,) = [fact for fact in said if isinstance(fact, Settled)]
    assert (settled.fill_id, settled.settlement.result) == ("501", Result.VOID)
    assert MatchedTotal(total=Decimal(0)) in said


STAKES = st.lists(
    st.tuples(
        st.sampled_from(["PENDING", "PLACED", "CONFIRMED", "REJECTED", "VOID", "FAILED"]),
        st.decimals("0.01", "500", places=2),
        st.sampled_from(["USD", "EUR", None]),
    ),
    max_size=6,
)


@given(stakes=STAKES, total=st.decimals(0, 1000, places=2))
def test_no_stake_of_another_currency_ever_becomes_a_match(
    stakes: list[tuple[str, Decimal, str | None]], total: Decimal
) -> None:
    bets = [
        bet(betId=index + 1, betStatus=word, placedStake=stake, placedCurrency=currency)
        for index, (word, stake, currency) in enumerate(stakes)
    ]
    said = said_of(order(filledStake=total, bets=bets))
    ours = {
        str(index + 1): stake
        for index, (word, stake, currency) in enumerate(stakes)
        if currency != "EUR" and word in {"PLACED", "CONFIRMED", "VOID"}
    }
    assert {fact.fill_id: fact.size for fact in said if isinstance(fact, Filled)} == ours
    (matched,) = [fact.total for fact in said if isinstance(fact, MatchedTotal)]
    assert matched <= total
