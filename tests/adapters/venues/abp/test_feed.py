"""The WebSocket: what rows of orders and bets tell, and what tells nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.events import (
    Cancelled,
    Filled,
    FillVoided,
    OrderAccepted,
    OrderReported,
    Source,
    Terms,
    UnknownValueSeen,
)
from domain.lifecycle import Status
from domain.messages import MatchedTotal, OrderMessage
from domain.values import Price, PriceFormat
from domain.wire import Unreadable
from tests.adapters.venues.abp.building import (
    CREATED_AT,
    FED_AT,
    NAMES,
    PLACED_AT,
    TERMS,
    bet,
    data,
    facts,
    line,
    raw_row,
    tell,
)

MATCH = Filled(fill_id="501", size=Decimal(120), price=Price(Decimal("1.93"), PriceFormat.DECIMAL))


def messages(*args: Any, **told: Any) -> list[OrderMessage]:  # noqa: ANN401 - parts of a frame
    heard = tell(data(*args, **told))
    assert all(isinstance(one, OrderMessage) for one in heard)
    return [one for one in heard if isinstance(one, OrderMessage)]


def test_an_inserted_order_is_accepted_when_it_was_made() -> None:
    accepted, state = messages("orders", "INSERT", raw_row())
    assert accepted == OrderMessage(
        names=NAMES, terms=TERMS, said=(OrderAccepted(terms=TERMS),), occurred_at=CREATED_AT
    )
    assert state.said[0] == MatchedTotal(total=Decimal(0))
    assert isinstance(state.said[-1], OrderReported)


def test_an_inserted_order_that_was_refused_is_not_accepted() -> None:
    said = facts(tell(data("orders", "INSERT", raw_row(orderStatus="REJECTED"))))
    assert not [fact for fact in said if isinstance(fact, OrderAccepted)]


def test_an_update_tells_the_total_and_what_remains_at_the_time_of_the_message() -> None:
    row = raw_row(filledStake=Decimal("120.0"), remainingStake=180, orderStatus="PARTIALLY_FILLED")
    (state,) = messages("orders", "UPDATE", row)
    assert state.occurred_at == FED_AT
    assert state.said[0] == MatchedTotal(total=Decimal(120))
    reported = state.said[-1]
    assert isinstance(reported, OrderReported)
    assert reported.claims is not None
    assert reported.claims.remaining == Decimal(180)
    assert reported.claims.records is False, "trap 10: no bets in a raw row"


def test_a_filled_order_was_filled_when_it_says() -> None:
    row = raw_row(filledStake=300, remainingStake=0, orderStatus="FILLED",
                  filledAt="2031-02-03T10:00:01+00:00")  # fmt: skip
    (state,) = messages("orders", "UPDATE", row)
    assert state.occurred_at == PLACED_AT


def test_what_remains_of_a_cancelled_order_is_what_was_never_placed() -> None:
    row = raw_row(filledStake=120, remainingStake=180, orderStatus="CANCELLED",
                  statusReason="cancelled by client")  # fmt: skip
    (state,) = messages("orders", "UPDATE", row)
    cancelled = state.said[-1]
    assert isinstance(cancelled, Cancelled)
    assert cancelled.raw_reason == "cancelled by client"
    assert (cancelled.size, cancelled.matched) == (Decimal(180), Decimal(120))
    assert cancelled.claims is not None
    assert cancelled.claims.remaining is None


def test_a_deleted_row_no_longer_shows_that_the_order_is_live() -> None:
    (state,) = messages("orders", "DELETE", raw_row(filledStake=120))
    reported = state.said[-1]
    assert state.said[0] == MatchedTotal(total=Decimal(120))
    assert isinstance(reported, OrderReported)
    assert reported.claims is not None
    assert (reported.claims.status, reported.claims.raw_status) == (None, "PENDING")
    assert reported.claims.remaining is None


def test_a_deleted_row_that_was_cancelled_says_so() -> None:
    (state,) = messages("orders", "DELETE", raw_row(orderStatus="CANCELLED"))
    assert isinstance(state.said[-1], Cancelled)


def test_a_deleted_row_may_come_with_its_key_alone() -> None:
    (state,) = messages("orders", "DELETE", {"orderId": 9001})
    assert state.names == NAMES[:1]
    assert tell(data("bets", "DELETE", {"betId": 501})) == []


def test_an_event_of_a_later_generation_is_kept_and_the_row_is_read() -> None:
    said = facts(tell(data("orders", "UPSERT", raw_row())))
    assert UnknownValueSeen(field="event", value="UPSERT") in said
    assert isinstance(said[-1], OrderReported)
    said = facts(tell(data("bets", "UPSERT", bet(placedCurrency=None))))
    assert said == [MATCH, UnknownValueSeen(field="event", value="UPSERT")]


def test_a_bet_in_a_currency_counts_only_for_an_order_of_that_currency() -> None:
    (message,) = messages("bets", "INSERT", bet(placedCurrency="eur"))
    assert message == OrderMessage(
        names=NAMES,
        terms=Terms(user_ref="desk-7"),
        source=Source.FILL,
        occurred_at=PLACED_AT,
        said_in=(MATCH,),
        said_in_currency="EUR",
    )


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        pytest.param({"placedCurrency": None}, True, id="no currency is named"),
        pytest.param({"orderCurrency": "USD"}, True, id="the order's is told and the same"),
        pytest.param({"orderCurrency": "EUR"}, False, id="the order's is told and another"),
        pytest.param(
            {"placedCurrency": "EUR", "currencyInfo": {"currency": "EUR"}, "orderCurrency": "USD"},
            False,
            id="currencyInfo is the bet's own currency",
        ),
    ],
)
def test_a_bet_counts_outright_when_its_row_settles_the_currency(
    told: dict[str, Any], *, counts: bool
) -> None:
    heard = messages("bets", "INSERT", bet(**told))
    assert [one.said for one in heard] == ([(MATCH,)] if counts else [])
    assert not any(one.said_in for one in heard)


def test_a_bet_is_placed_then_confirmed_under_one_id() -> None:
    (placed,) = messages("bets", "INSERT", bet(betStatus="PLACED"))
    (confirmed,) = messages("bets", "UPDATE", bet())
    assert placed.said_in == (replace(MATCH, provisional=True),)
    assert confirmed.said_in == (MATCH,)
    assert (placed.source, confirmed.source) == (Source.FILL, Source.LIST)


def test_a_voided_bet_is_told_as_match_and_void() -> None:
    match, void = messages("bets", "UPDATE", bet(betStatus="VOID"))
    assert (match.said_in, match.occurred_at) == ((MATCH,), PLACED_AT)
    assert void.said == (FillVoided(fill_id="501", returns=False),)
    assert void.occurred_at == FED_AT


def test_a_bet_that_falls_through_takes_its_match_back() -> None:
    (void,) = messages("bets", "STATUS_CHANGE", bet(betStatus="FAILED"))
    assert void.said == (FillVoided(fill_id="501", returns=True),)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(data("bets", "INSERT", bet(betStatus="PENDING")), id="a bet on its way"),
        pytest.param(
            data("bets", "UPDATE", bet(betStatus="REJECTED", placedAt=None)),
            id="a bet that never was",
        ),
        pytest.param(data("settlements", "SETTLED", bet()), id="a result that is none yet"),
    ],
)
def test_bets_that_tell_no_match(one: Any) -> None:  # noqa: ANN401 - a line is any JSON
    assert tell(one) == []


def test_an_unknown_bet_status_is_kept() -> None:
    (message,) = messages("bets", "UPDATE", bet(betStatus="BAKED"))
    assert message.said == (UnknownValueSeen(field="betStatus", value="BAKED"),)


@pytest.mark.parametrize(
    "channel",
    ["accounts", "balance", "betslip", "fixtures", "currencies", "status", "emergency"],
)
def test_channels_that_tell_no_order(channel: str) -> None:
    assert tell(data(channel, "UPDATE", {"active": True})) == []


@pytest.mark.parametrize("direction", ["sent", "received", "lost"])
@pytest.mark.parametrize(
    "kind",
    ["login", "login_ok", "ping", "pong", "heartbeat", "ack", "ack_batch", "replay", "error",
     "update_channels", "channels_updated", "subscribe_betslip", "subscribed_betslip"],
)  # fmt: skip
def test_the_socket_s_own_messages_tell_no_order(direction: str, kind: str) -> None:
    assert tell(line(direction, ws={"channel": "ws", "frame": {"type": kind}})) == []


@pytest.mark.parametrize(
    ("ws", "names"),
    [
        pytest.param({"frame": {"type": "dance"}}, "ws dance", id="a message in no document"),
        pytest.param({"frame": {}}, "frame.type", id="no type"),
        pytest.param({"frame": "ping"}, "frame", id="a text"),
        pytest.param({}, "frame", id="no frame"),
        pytest.param({"frame": {"type": "data"}}, "frame.channel", id="data without its channel"),
        pytest.param(
            {"frame": {"type": "data", "channel": "gossip"}}, "gossip", id="an unknown channel"
        ),
        pytest.param(
            {"frame": {"type": "data", "channel": "orders", "payload": None}},
            "payload",
            id="no row",
        ),
        pytest.param(
            {"frame": {"type": "data", "channel": "orders", "ts": -1, "payload": {}}},
            "ts",
            id="a time before time",
        ),
        pytest.param(
            {"frame": {"type": "data", "channel": "bets", "payload": {"betId": 1}}},
            "orderId",
            id="a bet without its order",
        ),
    ],
)
def test_frames_that_cannot_be_read_are_set_aside(ws: dict[str, Any], names: str) -> None:
    with pytest.raises(Unreadable, match=names):
        tell(line("received", ws=ws))


def test_what_we_send_that_is_in_no_document_is_set_aside() -> None:
    with pytest.raises(Unreadable, match="ws cancel"):
        tell(line("sent", ws={"frame": {"type": "cancel"}}))


def test_the_channel_may_stand_beside_the_frame() -> None:
    frame = {"type": "data", "event": "UPDATE", "payload": raw_row()}
    (message,) = tell(line("received", ws={"channel": "orders", "frame": frame}))
    assert isinstance(message, OrderMessage)
    reported = message.said[-1]
    assert isinstance(reported, OrderReported)
    assert reported.claims is not None
    assert reported.claims.status is Status.NEW
    assert message.occurred_at is None


def test_fed_at_is_the_frames_time() -> None:
    assert datetime(2031, 2, 3, 10, 0, 2, tzinfo=UTC) == FED_AT
