"""Matches in REST lists: settlement on chain, times, and the dossier's traps 6, 9 and 12."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest

from domain.decisions import hear
from domain.events import Filled, FillVoided, OrderPlaced, Source, Terms, UnknownValueSeen
from domain.messages import Notice, OrderMessage, Said
from domain.order import Order
from domain.standing import standing
from domain.values import Price, PriceFormat, Side
from domain.wire import Unreadable
from tests.adapters.venues.predictstreet.lines import (
    CREATED,
    TRADE,
    WALLET,
    A,
    B,
    answered,
    order_messages,
    sent,
    trade_row,
    venue,
)

FILLS = sent("GET", f"/api/orders/{A}/fills")
ME = sent("GET", "/api/me/trades")
PARTNER = sent("GET", "/api/v1/partner/trades")


def filled(*, provisional: bool) -> Filled:
    """The builder's match."""
    return Filled(
        fill_id=TRADE,
        size=Decimal(40),
        price=Price(Decimal("0.41"), PriceFormat.PROBABILITY),
        fee=Decimal("0.387"),
        provisional=provisional,
    )


TAKEN_BACK = FillVoided(fill_id=TRADE, returns=False, reason="settlement_failed")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"status": "matched"}, [filled(provisional=True)], id="matched"),
        pytest.param(
            {"status": "settlement_pending"}, [filled(provisional=True)], id="broadcast, not final"
        ),
        pytest.param({"status": "settled"}, [filled(provisional=False)], id="settled is final"),
        pytest.param({"status": "Settled "}, [filled(provisional=False)], id="in any casing"),
        pytest.param({"status": None}, [filled(provisional=True)], id="no state: not final"),
        pytest.param(
            {"status": "settlement_failed"},
            [filled(provisional=True), TAKEN_BACK],
            id="failed: it matched, and was taken back for good",
        ),
        pytest.param(
            {"status": "reorged"},
            [
                filled(provisional=True),
                UnknownValueSeen(field="trade.status", value="reorged"),
            ],
            id="a state in no table is not final, and is flagged",
        ),
        pytest.param(
            {"adjustment": "PARTIAL_REVERT"},
            [
                filled(provisional=True),
                UnknownValueSeen(field="adjustment", value="PARTIAL_REVERT"),
            ],
            id="an adjustment nobody knows is flagged",
        ),
        pytest.param({"adjustment": "NONE"}, [filled(provisional=True)], id="no adjustment"),
    ],
)
def test_what_each_trade_state_tells(changed: dict[str, object], said: list[Said]) -> None:
    told = order_messages(answered(FILLS, {"orderId": A, "trades": [trade_row(**changed)]}))
    assert [item for message in told for item in message.said] == said
    assert {message.names for message in told} == {(venue(A),)}


def test_a_match_is_dated_by_its_creation_and_its_failure_is_not() -> None:
    body = {"orderId": A, "trades": [trade_row(status="settlement_failed")]}
    match, failure = order_messages(answered(FILLS, body))
    assert (match.occurred_at, failure.occurred_at) == (CREATED, None)
    assert match.source is Source.LIST
    assert match.terms == Terms(side=Side.BUY, market="XYZ-BIN-1", currency="USDC")


def test_a_failed_match_is_out_of_the_order_whatever_is_told_first() -> None:
    body = {"orderId": A, "trades": [trade_row(status="settlement_failed")]}
    told = [item for one in order_messages(answered(FILLS, body)) for item in one.said]
    placed = OrderPlaced(terms=Terms(size=Decimal(100)))
    for told_so in permutations([*told, filled(provisional=True)]):
        order, _ = hear(Order(), [placed, *told_so])
        held = standing(order).buckets
        assert [held.matched, held.voided, held.remaining] == [0, 40, 60]


def test_fills_name_their_order_once_or_by_the_path() -> None:
    row = {key: value for key, value in trade_row().items() if key != "orderId"}
    for body, owner in (({"orderId": B, "trades": [row]}, B), ({"trades": [row]}, A)):
        (told,) = order_messages(answered(FILLS, body))
        assert told.names == (venue(owner),)


def test_trades_of_the_wallet_name_their_orders_themselves() -> None:
    body = {"walletAddress": WALLET, "trades": [trade_row(), trade_row(id="t2", orderId=B)]}
    told = order_messages(answered(ME, body))
    assert [message.names for message in told] == [(venue(A),), (venue(B),)]
    with pytest.raises(Unreadable, match="a match without its order"):
        answered(ME, {"trades": [trade_row(orderId=None)]})


def test_a_partner_list_tells_of_this_account_only() -> None:
    other = "0x9999999999999999999999999999999999999999"
    rows = [
        trade_row(userWallet=WALLET.upper().replace("0X", "0x")),
        trade_row(id="t2", userWallet=other),
    ]
    told = order_messages(answered(PARTNER, {"trades": rows}))
    assert [message.said for message in told] == [(filled(provisional=True),)]


def test_a_broken_match_does_not_hide_the_others() -> None:
    note, told = answered(ME, {"trades": [trade_row(orderId=None), trade_row()]})
    assert isinstance(note, Notice)
    assert isinstance(told, OrderMessage)
    assert told.said == (filled(provisional=True),)


def test_no_running_total_is_told_by_fills() -> None:
    assert answered(FILLS, {"orderId": A, "trades": []}) == ()


def test_a_time_with_another_zone_is_the_same_moment() -> None:
    body = {"trades": [trade_row(createdAt="2031-01-02T05:04:05.678+02:00")]}
    (told,) = order_messages(answered(FILLS, body))
    assert told.occurred_at == CREATED
    assert told.occurred_at == datetime(2031, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
