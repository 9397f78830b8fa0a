"""Results of bets, on the feed and in lists: the money of each match."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.events import Filled, FillVoided, Result, Settled, Settlement, UnknownValueSeen
from domain.wire import Unreadable
from tests.adapters.venues.abp.building import NAMES, bet, data, tell
from tests.adapters.venues.abp.test_feed import messages

WON = {
    "settlementStatus": "WON",
    "settlementAmount": Decimal("231.60"),
    "settledAt": "2031-02-03T12:00:00+00:00",
    "settlementReason": "final score",
}
SETTLEMENT = Settlement(
    result=Result.WON,
    raw_result="WON",
    payout=Decimal("231.60"),
    currency="USD",
    reason="final score",
    settled_at=datetime(2031, 2, 3, 12, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("channel", "event"),
    [
        pytest.param("settlements", "SETTLED", id="on its own channel"),
        pytest.param("bets", "SETTLED", id="G1: on bets"),
    ],
)
def test_a_result_is_the_money_of_its_match(channel: str, event: str) -> None:
    (message,) = messages(channel, event, bet(**WON))
    assert message.said == (Settled(fill_id="501", settlement=SETTLEMENT),)
    assert (message.names, message.occurred_at) == (NAMES, SETTLEMENT.settled_at)


@pytest.mark.parametrize(
    ("word", "result"),
    [
        ("LOST", Result.LOST),
        ("VOID", Result.VOID),
        ("HALF_WON", Result.HALF_WON),
        ("HALF_LOST", Result.HALF_LOST),
        ("PUSH", Result.PUSH),
        ("PUSHED", Result.PUSH),
        ("CASHOUT", Result.CASHED_OUT),
    ],
)
def test_every_result_has_a_word(word: str, result: Result) -> None:
    (message,) = messages("settlements", "SETTLED", bet(settlementStatus=word))
    (said,) = message.said
    assert isinstance(said, Settled)
    assert said.settlement.result is result


def test_a_result_in_an_unknown_word_is_kept() -> None:
    (message,) = messages("settlements", "SETTLED", bet(settlementStatus="BAKED"))
    settled, unknown = message.said
    assert isinstance(settled, Settled)
    assert (settled.settlement.result, settled.settlement.raw_result) == (None, "BAKED")
    assert unknown == UnknownValueSeen(field="settlementStatus", value="BAKED")


def test_a_void_result_of_a_void_bet_takes_its_match_back() -> None:
    void = bet(betStatus="VOID", settlementStatus="VOID")
    (message,) = messages("settlements", "SETTLED", void)
    assert [type(fact) for fact in message.said] == [FillVoided, Settled]


def test_an_unknown_event_beside_a_result_is_kept() -> None:
    (message,) = messages("settlements", "REGRADED", bet(**WON))
    assert message.said[-1] == UnknownValueSeen(field="event", value="REGRADED")


def test_a_list_tells_results_too() -> None:
    (match, settled) = messages("bets", "UPDATE", bet(**WON))
    assert isinstance(match.said_in[0], Filled)
    assert settled.said == (Settled(fill_id="501", settlement=SETTLEMENT),)


def test_a_result_of_no_shape_is_set_aside() -> None:
    with pytest.raises(Unreadable):
        tell(data("settlements", "SETTLED", "anything"))
