"""Placing: what we sent, and what became of each order, matched by request UUID."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.events import (
    Filled,
    OrderAccepted,
    OrderPlaced,
    OrderRejected,
    OrderReported,
    PlaceNotSent,
    PlaceOutcomeUnknown,
    Source,
)
from domain.messages import MatchedTotal, Notice, OrderMessage
from domain.values import Side
from domain.wire import Line, Unreadable
from tests.adapters.venues.abp.building import (
    CREATED_AT,
    NAMES,
    PLACE,
    PLACED_AT,
    TERMS,
    UUID_1,
    UUID_2,
    bet,
    facts,
    lost,
    order,
    received,
    sent,
    tell,
)


def asked(**told: object) -> dict[str, Any]:
    return {
        "requestUuid": UUID_1,
        "fixtureId": "id2000000000000001",
        "outcomeId": 101,
        "playerId": 0,
        "orderPrice": Decimal("1.9"),
        "orderStake": 300,
        "userRef": "desk-7",
        "testOrder": False,
        **told,
    }


def declined(**told: object) -> dict[str, Any]:
    row = order(
        requestUuid=UUID_2, declineReason="Odds temporarily unavailable; please retry", **told
    )
    for field in ("orderId", "orderStatus", "createdAt", "updatedAt", "expiresAt", "filledStake"):
        del row[field]
    return row


def outcome(
    accepted: list[Any] | None = None, refused: list[Any] | None = None, status: str = "accepted"
) -> dict[str, Any]:
    return {"status": status, "acceptedOrders": accepted or [], "declinedOrders": refused or []}


@pytest.mark.parametrize(
    ("told", "changes"),
    [
        pytest.param({}, {}, id="the venue's defaults: back, in USD"),
        pytest.param(
            {"back": False, "orderCurrency": "EUR"},
            {"side": Side.SELL, "currency": "EUR"},
            id="a lay in EUR",
        ),
        pytest.param(
            {"bookmakers": ["a", "b"], "meta": {"x": 1}}, {}, id="a list of bookmakers, notes"
        ),
    ],
)
def test_each_order_sent_is_placed_under_its_uuid(
    told: dict[str, Any], changes: dict[str, Any]
) -> None:
    terms = replace(TERMS, placed_at=None, expires_at=None, **changes)
    body = {"orders": [asked(**told), asked(requestUuid=UUID_2)]}
    first, second = tell(sent("POST", "/place-orders", body))
    assert first == OrderMessage(names=NAMES[1:], terms=terms, said=(OrderPlaced(terms=terms),))
    assert isinstance(second, OrderMessage)
    assert second.names[0].value == UUID_2


def test_an_order_sent_without_a_uuid_is_noticed() -> None:
    placed, notice = tell(
        sent("POST", "/place-orders", {"orders": [asked(), asked(requestUuid=None)]})
    )
    assert isinstance(placed, OrderMessage)
    assert isinstance(notice, Notice)
    with pytest.raises(Unreadable, match="requestUuid"):
        tell(sent("POST", "/place-orders", {"orders": [asked(requestUuid=None)]}))
    with pytest.raises(Unreadable, match="orders"):
        tell(sent("POST", "/place-orders", {}))


def test_an_accepted_order_may_have_matched_already() -> None:
    row = order(orderStatus="PARTIALLY_FILLED", filledStake=120, bets=[bet()])
    accepted, match, state = tell(received(outcome([row])), PLACE)
    assert accepted == OrderMessage(
        names=NAMES, terms=TERMS, said=(OrderAccepted(terms=TERMS),), occurred_at=CREATED_AT
    )
    assert isinstance(match, OrderMessage)
    assert match.occurred_at == PLACED_AT
    assert isinstance(match.said[0], Filled)
    assert isinstance(state, OrderMessage)
    assert state.source is Source.LIST
    assert state.said[0] == MatchedTotal(total=Decimal(120))
    assert isinstance(state.said[1], OrderReported)


def test_an_accepted_order_that_was_rejected_since_is_not_accepted() -> None:
    said = facts(tell(received(outcome([order(orderStatus="REJECTED")])), PLACE))
    assert not [fact for fact in said if isinstance(fact, OrderAccepted)]
    assert isinstance(said[-1], OrderRejected)


@pytest.mark.parametrize("status", [200, 400], ids=["some declined", "trap 7: all declined"])
def test_a_declined_order_is_rejected_by_its_uuid(status: int) -> None:
    (message,) = tell(received(outcome(refused=[declined()]), status), PLACE)
    assert isinstance(message, OrderMessage)
    assert [name.value for name in message.names] == [UUID_2]
    rejected = message.said[-1]
    assert isinstance(rejected, OrderRejected)
    assert rejected.raw_reason == "Odds temporarily unavailable; please retry"


def test_trap_15_a_duplicate_leaves_the_first_placing_alone() -> None:
    row = {**declined(), "declineReason": "Duplicate requestUuid"}
    assert tell(received(outcome(refused=[row])), PLACE) == []
    conflict = {"error": "All orders are duplicates", "duplicateUuids": [UUID_1]}
    assert tell(received(conflict, 409), PLACE) == []
    assert tell(received({"detail": conflict}, 409), PLACE) == []


@pytest.mark.parametrize("status", [400, 401, 403, 422, 429, 500, 501, 503])
def test_a_refusal_of_the_request_tells_of_no_order(status: int) -> None:
    assert tell(received({"detail": "no"}, status), PLACE) == []


def test_a_lost_answer_tells_of_no_order() -> None:
    assert tell(lost("timeout"), PLACE) == []


def test_a_broken_row_is_noticed() -> None:
    messages = tell(received(outcome([order(orderStake="x")], [declined()])), PLACE)
    assert isinstance(messages[0], Notice)
    assert isinstance(messages[1], OrderMessage)


@pytest.mark.parametrize("body", [None, {}, {"status": "accepted"}, {"acceptedOrders": 1}])
def test_a_success_without_lists_leaves_the_orders_in_doubt_and_is_noticed(body: object) -> None:
    *orders, note = tell(received(body), PLACE)
    assert [fate(message) for message in orders] == [PlaceOutcomeUnknown] * len(orders)
    assert isinstance(note, Notice)


def fate(message: object) -> type:
    """What a message that repeats an order says became of it."""
    assert isinstance(message, OrderMessage)
    assert isinstance(message.said[0], OrderPlaced)
    return type(message.said[1])


@pytest.mark.parametrize(
    ("line", "fates"),
    [
        pytest.param(lost("timeout"), [PlaceOutcomeUnknown], id="no answer in time"),
        pytest.param(lost("not_sent"), [PlaceNotSent], id="it never left"),
        pytest.param(received({"error": "x"}, 503), [PlaceOutcomeUnknown], id="a server error"),
        pytest.param(received(None, 302), [PlaceOutcomeUnknown], id="an answer that says nothing"),
        pytest.param(received({"error": "x"}, 409), [], id="all duplicates: of an earlier try"),
        pytest.param(received({"error": "x"}, 401), [], id="refused: an earlier try may stand"),
    ],
)
def test_what_became_of_orders_without_an_answer(line: Line, fates: list[type]) -> None:
    request = replace(PLACE, http={**(PLACE.http or {}), "body": {"orders": [asked()]}})
    assert [fate(message) for message in tell(line, request)] == fates


def test_a_loss_may_be_all_that_tells_of_an_order() -> None:
    (message,) = tell(replace(lost("timeout"), http=placing_of(asked())), None)
    assert fate(message) is PlaceOutcomeUnknown


def placing_of(*orders: dict[str, Any]) -> dict[str, Any]:
    """The request that the line of a loss repeats."""
    return {**(PLACE.http or {}), "body": {"orders": list(orders)}}
