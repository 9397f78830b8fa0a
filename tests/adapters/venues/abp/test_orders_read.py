"""How an order's row is read: terms, running total, state."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.events import (
    Cancelled,
    Expired,
    Initiator,
    OrderEvent,
    OrderRejected,
    OrderReported,
    Source,
    UnknownValueSeen,
)
from domain.lifecycle import Status
from domain.messages import MatchedTotal, Notice, OrderMessage
from domain.values import Side
from domain.wire import Unreadable
from tests.adapters.venues.abp.building import (
    NAMES,
    READ,
    TERMS,
    bet,
    facts,
    order,
    page,
    received,
    said_of,
    sent,
    tell,
)


def test_a_read_asks_and_tells_nothing() -> None:
    assert tell(sent("GET", "/orders")) == []


def test_a_pending_order_is_reported_new_with_its_terms_and_no_time() -> None:
    (message,) = tell(received(page(order())), READ)
    assert isinstance(message, OrderMessage)
    assert (message.names, message.terms, message.source) == (NAMES, TERMS, Source.LIST)
    assert message.occurred_at is None, "trap 3: updatedAt equals createdAt whatever happened"
    total, reported = message.said
    assert total == MatchedTotal(total=Decimal(0))
    assert isinstance(reported, OrderReported)
    assert reported.terms == TERMS
    assert reported.claims is not None
    assert (reported.claims.status, reported.claims.records) == (Status.NEW, True)
    assert reported.claims.remaining is None, "no remainingStake on REST"


@pytest.mark.parametrize("body", [page(order()), [order()]], ids=["envelope", "bare array (G1)"])
def test_both_generations_of_the_body_tell_the_same(body: object) -> None:
    assert facts(tell(received(body), READ)) == said_of(order())


@pytest.mark.parametrize(
    ("word", "filled", "fact", "status"),
    [
        pytest.param("PENDING", 0, OrderReported, Status.NEW, id="pending is on the book"),
        pytest.param("PROCESSING", 0, OrderReported, Status.NEW, id="processing is on the book"),
        pytest.param(
            "PROCESSING", 1, OrderReported, Status.PARTIALLY_FILLED, id="processing and matched"
        ),
        pytest.param(
            "PARTIALLY_FILLED", 1, OrderReported, Status.PARTIALLY_FILLED, id="partial is live"
        ),
        pytest.param("FILLED", 300, OrderReported, Status.FILLED, id="filled is a state"),
        pytest.param("CANCELLED", 0, Cancelled, Status.CANCELLED, id="cancelled"),
        pytest.param("EXPIRED", 0, Expired, Status.EXPIRED, id="expired"),
        pytest.param("REJECTED", 0, OrderRejected, Status.REJECTED, id="rejected"),
        pytest.param("FAILED", 5, OrderRejected, Status.REJECTED, id="failed after a match"),
        pytest.param("pending", 0, OrderReported, Status.NEW, id="G1: lower case"),
        pytest.param(
            "partial-placed", 1, OrderReported, Status.PARTIALLY_FILLED, id="G1: partial-placed"
        ),
        pytest.param("cancelled", 0, Cancelled, Status.CANCELLED, id="G1: cancelled"),
        pytest.param("Melted", 0, OrderReported, None, id="a word in no document"),
    ],
)
def test_every_status_word(
    word: str, filled: int, fact: type[OrderEvent], status: Status | None
) -> None:
    said = said_of(order(orderStatus=word, filledStake=filled, statusReason="why"))
    assert said[0] == MatchedTotal(total=Decimal(filled))
    last = said[-1]
    assert (last.claims.status, last.claims.raw_status) == (status, word)
    assert type(last) is fact
    unknown = UnknownValueSeen(field="orderStatus", value=word)
    assert (unknown in said) == (status is None)


def test_a_cancelled_row_tells_what_went_off_and_leaves_the_request_to_the_engine() -> None:
    cancelled = said_of(order(orderStatus="CANCELLED", filledStake=120))[-1]
    assert (cancelled.size, cancelled.matched) == (Decimal(180), Decimal(120))
    assert cancelled.initiator is Initiator.VENUE


@pytest.mark.parametrize(
    ("told", "changes"),
    [
        pytest.param({"back": False}, {"side": Side.SELL}, id="a lay sells"),
        pytest.param({"back": None}, {"side": None}, id="an untold side stays untold"),
        pytest.param({"playerId": 77}, {"selection": "101:77"}, id="a player is part of it"),
        pytest.param({"playerId": None}, {"selection": "101"}, id="trap 12: no playerId"),
        pytest.param(
            {"fixtureId": None, "futureId": "f-1", "participantId": 5},
            {"market": "f-1", "selection": "101:0:5"},
            id="a future has a participant",
        ),
        pytest.param({"orderCurrency": "eur"}, {"currency": "EUR"}, id="currency codes are upper"),
        pytest.param({"orderPrice": None}, {"price": None}, id="no price"),
        pytest.param({"expiresAt": None}, {"expires_at": None}, id="no expiry"),
    ],
)
def test_terms_are_what_was_told(told: dict[str, Any], changes: dict[str, Any]) -> None:
    (message,) = tell(received(page(order(**told))), READ)
    assert isinstance(message, OrderMessage)
    assert message.terms == replace(TERMS, **changes)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500, 503])
def test_a_read_that_found_nothing_or_was_refused_tells_nothing(status: int) -> None:
    assert tell(received({"detail": "No orders found"}, status), READ) == []


def test_one_broken_row_does_not_hide_the_others() -> None:
    messages = tell(received(page(order(orderStake=True), order(orderId=9002))), READ)
    assert isinstance(messages[0], OrderMessage)
    assert messages[0].names[0].value == "9002"
    assert isinstance(messages[-1], Notice)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        pytest.param({}, "orders", id="no list"),
        pytest.param({"orders": {}}, "orders", id="an object for the list"),
        pytest.param("orders", "orders", id="a text"),
        pytest.param(page({}), "orderId", id="only rows without a name"),
        pytest.param(page(order(filledStake=-1)), "filledStake", id="a negative amount"),
        pytest.param(page(order(orderStake=1.5)), "orderStake", id="a binary float"),
        pytest.param(page(order(orderPrice="NaN")), "orderPrice", id="a price that is no number"),
        pytest.param(page(order(createdAt="soon")), "createdAt", id="a time that is none"),
        pytest.param(page(order(createdAt=7)), "createdAt", id="a number for a time"),
        pytest.param(
            page(order(createdAt="0001-01-01T00:00:00+14:00")),
            "createdAt",
            id="before the calendar",
        ),
        pytest.param(page(order(orderId=Decimal("9.5"))), "orderId", id="half an id"),
        pytest.param(page(order(orderId=Decimal("1e99"))), "orderId", id="an id beyond reason"),
        pytest.param(page(order(bets="none")), "bets", id="a text for the bets"),
        pytest.param(page(order(bets=[bet(betId=None)])), "betId", id="a bet without an id"),
        pytest.param(page(order(userRef="\ud800")), "userRef", id="half a character"),
        pytest.param(page(order(requestUuid=" ")), "requestUuid", id="an empty reference"),
        pytest.param(page(order(userRef="x" * 1001)), "userRef", id="an endless text"),
    ],
)
def test_garbage_is_set_aside_by_field(body: object, names: str) -> None:
    with pytest.raises(Unreadable, match=names):
        tell(received(body), READ)


def test_a_time_without_an_offset_is_utc() -> None:
    (message,) = tell(received(page(order(createdAt="2031-02-03 10:00:00"))), READ)
    assert isinstance(message, OrderMessage)
    assert message.terms.placed_at == TERMS.placed_at


def test_the_documented_example_is_read() -> None:
    body = json.loads((Path(__file__).parent / "get_orders.json").read_text(), parse_float=Decimal)
    messages = tell(received(body), READ)
    assert [one.names[0].value for one in messages if isinstance(one, OrderMessage)] == [
        "371",
        "372",
        "372",
    ]
    said = facts(messages)
    assert [type(fact).__name__ for fact in said] == [
        "MatchedTotal",
        "OrderReported",
        "Filled",
        "MatchedTotal",
        "OrderReported",
    ]
