"""What the answer to a cancel says of each order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.events import Cancelled, Claims, Expired, Filled, FillVoided, OrderReported, Source
from domain.events import UnknownValueSeen as Unknown
from domain.lifecycle import Status
from domain.messages import CancelReply, MatchedTotal, Notice, OrderMessage
from domain.notices import UnreadableValue
from domain.reasons import CancelRejectReason as Why
from domain.values import Name, Price, PriceFormat
from tests.adapters.venues.abp.building import (
    CANCEL,
    CANCEL_ALL,
    NAMES,
    PLACED_AT,
    TERMS,
    UUID_1,
    answer,
    bet,
    facts,
    order,
    received,
    reply_to,
    result_of,
    tell,
)

ODDS = Price(Decimal("1.93"), PriceFormat.DECIMAL)


def test_a_cancelled_order_tells_what_was_taken_off() -> None:
    result = result_of(answer([order(orderStatus="CANCELLED")]))
    assert result.cancelled
    assert (result.names, result.text, result.terms) == (NAMES, "9001", TERMS)
    assert (result.size, result.matched) == (Decimal(300), Decimal(0))
    assert result.also == (MatchedTotal(total=Decimal(0)),)
    assert result.claims == Claims(
        status=Status.CANCELLED,
        raw_status="CANCELLED",
        size=Decimal(300),
        matched=Decimal(0),
        price=TERMS.price,
        records=True,
    )


def test_a_partial_fill_in_the_answer_is_told_at_its_own_time_before_the_cancel() -> None:
    row = order(orderStatus="CANCELLED", filledStake=120, bets=[bet()])
    match, reply = tell(received(answer([row])), CANCEL)
    assert match == OrderMessage(
        names=NAMES,
        terms=TERMS,
        source=Source.CANCEL,
        said=(Filled(fill_id="501", size=Decimal(120), price=ODDS),),
        occurred_at=PLACED_AT,
    )
    assert isinstance(reply, CancelReply)
    (result,) = reply.results
    assert (result.size, result.matched) == (Decimal(180), Decimal(120))
    assert result.also == (MatchedTotal(total=Decimal(120)),)


def test_a_match_without_a_time_is_told_with_the_result() -> None:
    row = order(orderStatus="CANCELLED", filledStake=120, bets=[bet(placedAt=None)])
    assert result_of(answer([row])).also == (
        Filled(fill_id="501", size=Decimal(120), price=ODDS),
        MatchedTotal(total=Decimal(120)),
    )


@pytest.mark.parametrize(
    ("told", "size"),
    [
        pytest.param({"filledStake": None}, None, id="the matched total is untold"),
        pytest.param({"orderStake": None}, None, id="the stake is untold"),
        pytest.param({"filledStake": 301}, None, id="more matched than staked: nothing is guessed"),
        pytest.param({"filledStake": 300}, Decimal(0), id="all matched: nothing was taken off"),
    ],
)
def test_what_was_taken_off_is_said_only_when_it_follows(
    told: dict[str, Any], size: Decimal | None
) -> None:
    assert result_of(answer([order(orderStatus="CANCELLED", **told)])).size == size


@pytest.mark.parametrize(
    ("word", "status"),
    [
        pytest.param("PARTIALLY_FILLED", Status.PARTIALLY_FILLED, id="still partially filled"),
        pytest.param("FILLED", Status.FILLED, id="filled"),
        pytest.param("PENDING", Status.NEW, id="still pending"),
    ],
)
def test_trap_6_a_row_in_cancelled_of_another_status_is_told_as_such(
    word: str, status: Status
) -> None:
    result = result_of(answer([order(orderStatus=word)]))
    assert result.cancelled
    assert result.claims is not None
    assert (result.claims.status, result.claims.raw_status) == (status, word)


def test_an_unknown_status_word_is_kept_beside_the_result() -> None:
    result = result_of(answer([order(orderStatus="VAPORISED")]))
    assert result.cancelled
    assert Unknown(field="orderStatus", value="VAPORISED") in result.also


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param(order(orderStatus="PROCESSING"), Why.NOT_CANCELLABLE, id="bets in flight"),
        pytest.param(
            order(orderStatus="PARTIALLY_FILLED", filledStake=120, bets=[bet()]),
            Why.CONFIRMED_BETS,
            id="live with confirmed bets: cannot be cancelled whole",
        ),
        pytest.param(
            order(orderStatus="PARTIALLY_FILLED", filledStake=120, bets=[bet(betStatus="PLACED")]),
            Why.NOT_CANCELLABLE,
            id="a bet that is only placed is not confirmed",
        ),
        pytest.param(
            order(orderStatus="FILLED", filledStake=300, bets=[bet(placedStake=300)]),
            Why.NOT_CANCELLABLE,
            id="over: its confirmed bets are not why",
        ),
        pytest.param(9001, Why.NOT_CANCELLABLE, id="a bare id"),
    ],
)
def test_the_one_shared_reason_is_refined_by_each_row(row: object, reason: Why) -> None:
    result = result_of(answer(refused=[row]))
    assert not result.cancelled
    assert (result.reason, result.raw_reason, result.mapped) == (
        reason,
        "Order not cancellable",
        True,
    )


@pytest.mark.parametrize(
    ("raw", "reason", "mapped"),
    [
        pytest.param(" ORDER NOT CANCELLABLE. ", Why.NOT_CANCELLABLE, True, id="case and blanks"),
        pytest.param("Moon phase", Why.OTHER, False, id="words in no table"),
        pytest.param(None, Why.OTHER, False, id="no words"),
    ],
)
def test_reasons_are_a_total_table(raw: str | None, reason: Why, *, mapped: bool) -> None:
    result = result_of(answer(refused=[order()], reason=raw))
    assert (result.reason, result.raw_reason, result.mapped) == (reason, raw, mapped)


def test_a_refused_row_tells_its_state() -> None:
    row = order(orderStatus="PARTIALLY_FILLED", filledStake=120, bets=[bet()])
    messages = tell(received(answer(refused=[row])), CANCEL)
    assert facts(messages) == [Filled(fill_id="501", size=Decimal(120), price=ODDS)]
    reply = messages[-1]
    assert isinstance(reply, CancelReply)
    (result,) = reply.results
    assert result.also[0] == MatchedTotal(total=Decimal(120))
    assert isinstance(result.also[1], OrderReported)
    assert result.also[1].claims == result.claims


def test_a_refused_row_that_expired_says_so() -> None:
    result = result_of(answer(refused=[order(orderStatus="EXPIRED")]))
    assert isinstance(result.also[-1], Expired)


def test_an_order_that_was_cancelled_before_is_not_cancelled_by_this_request() -> None:
    messages = tell(received(answer(refused=[order(orderStatus="CANCELLED")])), CANCEL)
    state, reply = messages
    assert isinstance(state, OrderMessage)
    assert state.quotes, "it answers no request of ours"
    assert isinstance(state.said[-1], Cancelled)
    assert isinstance(reply, CancelReply)
    (result,) = reply.results
    assert (result.cancelled, result.also) == (False, ())


@pytest.mark.parametrize(
    ("row", "names"),
    [
        pytest.param(9001, NAMES[:1], id="a number is the venue's id"),
        pytest.param("9001", NAMES[:1], id="digits are the venue's id"),
        pytest.param(UUID_1, NAMES[1:], id="a UUID is our reference"),
        pytest.param({"orderId": 9001}, NAMES[:1], id="an object with the id alone"),
    ],
)
def test_bare_rows_name_their_order(row: object, names: tuple[Name, ...]) -> None:
    assert result_of(answer([row])).names == names
    assert result_of(answer(refused=[row])).names == names


def test_trap_1_requested_ids_that_vanish_leave_a_complete_answer_without_them() -> None:
    body = answer([order(orderId=327, requestUuid="eb45b192-317b-42d5-9f65-af497b9fa8c1")])
    reply = reply_to(body)
    assert reply.complete, "an id asked for and absent from both lists is 'not mentioned'"
    assert [result.text for result in reply.results] == ["327"]
    assert reply.count == 1


def test_the_count_is_the_venues_whatever_it_lists() -> None:
    assert reply_to(answer([order()], cancelledCount=5)).count == 5
    assert reply_to(answer([order()], cancelledCount=None)).count is None


def test_nothing_cancelled_and_nothing_refused_is_an_answer() -> None:
    assert reply_to(answer(), CANCEL_ALL) == CancelReply(count=0)
    assert reply_to({"status": "cancelled", "cancelled": []}) == CancelReply()
    assert reply_to({"cancelled": [], "notCancelled": None}) == CancelReply()


def test_a_row_that_is_broken_keeps_its_result_and_is_noticed() -> None:
    body = answer([order(orderStake="much"), order(orderId=9002, requestUuid=None)])
    notice, reply = tell(received(body), CANCEL)
    assert notice == Notice(
        event=UnreadableValue(
            venue="abp",
            account="acme",
            field="cancelled[0]",
            value="cancelled[0].orderStake: Value error, 'much' is not a number",
        ),
        key=("c", "7", "cancelled[0]"),
    )
    assert isinstance(reply, CancelReply)
    assert [one.names[0].value for one in reply.results] == ["9001", "9002"]
    assert reply.results[0].size is None


def test_a_row_that_names_no_order_is_noticed_and_the_rest_stands() -> None:
    for body in (answer([None, order()]), answer([order()], [{"orderId": None}])):
        notice, reply = tell(received(body), CANCEL)
        assert isinstance(notice, Notice)
        assert isinstance(reply, CancelReply)
        assert len(reply.results) == 1


def test_a_voided_bet_is_neither_matched_nor_taken_off() -> None:
    row = order(
        orderStatus="CANCELLED",
        filledStake=120,
        bets=[bet(betStatus="VOID", placedStake=20), bet(betId=502, placedStake=100)],
    )
    messages = tell(received(answer([row])), CANCEL)
    reply = messages[-1]
    assert isinstance(reply, CancelReply)
    (result,) = reply.results
    assert (result.size, result.matched) == (Decimal(180), Decimal(100))
    assert result.also[0] == FillVoided(fill_id="501", returns=False)
