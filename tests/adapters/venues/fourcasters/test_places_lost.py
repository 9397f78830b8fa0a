"""Places without an answer, and edits: what the venue's messages and their losses tell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.events import (
    AmendNotSent,
    AmendOutcomeUnknown,
    AmendRejected,
    AmendRequested,
    OrderPlaced,
    OrderRejected,
    PlaceNotSent,
    PlaceOutcomeUnknown,
)
from domain.messages import CancelReply, CancelSent, Notice, OrderMessage
from domain.reasons import CancelRejectReason
from domain.values import Name, NameKind, Price, PriceFormat
from domain.wire import Line
from tests.adapters.venues.fourcasters.wire_lines import (
    GAME,
    ORDER,
    SECOND,
    Json,
    http_received,
    http_sent,
    loss,
    match,
    rest,
    submitted,
    told,
    ws_received,
    ws_sent,
)

PLACE = ws_sent("placeV3", {"requestID": "q", "orders": [submitted()]})
OVER_REST = http_sent("POST", "/session/v3/place", {"orders": [submitted()]})
REST_LOSS = replace(loss("timeout"), exchange="x")
FIRST = Name(NameKind.PLACE, "c:q:0")
REST_FIRST = Name(NameKind.PLACE, "c:x:0")
REFERRED = Name(NameKind.PLACE, f"userReference:{GAME}:leg-17")


def order(said: object) -> OrderMessage:
    """It is about an order."""
    assert isinstance(said, OrderMessage)
    return said


@pytest.mark.parametrize(
    ("line", "request_line", "name", "fate"),
    [
        pytest.param(loss("timeout"), PLACE, FIRST, PlaceOutcomeUnknown, id="in doubt"),
        pytest.param(loss("not_sent"), PLACE, FIRST, PlaceNotSent, id="not sent"),
        pytest.param(
            loss("timeout", ws=PLACE.ws), None, FIRST, PlaceOutcomeUnknown, id="by its loss alone"
        ),
        pytest.param(
            ws_received({"requestID": "q", "data": 7}),
            PLACE,
            FIRST,
            PlaceOutcomeUnknown,
            id="answered with what cannot be read",
        ),
        pytest.param(
            ws_received({"requestID": "q"}), PLACE, FIRST, PlaceOutcomeUnknown, id="an empty answer"
        ),
        pytest.param(
            ws_received({"requestID": "q", "data": [{"matched": 7}]}),
            PLACE,
            FIRST,
            PlaceOutcomeUnknown,
            id="answered with an entry that cannot be read",
        ),
        pytest.param(REST_LOSS, OVER_REST, REST_FIRST, PlaceOutcomeUnknown, id="REST"),
        pytest.param(
            http_received(503, {"error": {"message": "Network Error", "code": 503}}),
            OVER_REST,
            REST_FIRST,
            PlaceOutcomeUnknown,
            id="REST: the server gave up",
        ),
        pytest.param(
            http_received(200, {"data": {}}),
            OVER_REST,
            REST_FIRST,
            PlaceOutcomeUnknown,
            id="REST: answered with what cannot be read",
        ),
    ],
)
def test_a_place_without_an_answer(
    line: Line, request_line: Line | None, name: Name, fate: type
) -> None:
    (doubted,) = [one for one in told(line, request_line) if not isinstance(one, Notice)]
    said = order(doubted)
    assert (said.names, said.places) == ((name,), (REFERRED,))
    placed, became, *_ = said.said
    assert isinstance(placed, OrderPlaced)
    assert placed.terms.size == Decimal(100)
    assert isinstance(became, fate)


@pytest.mark.parametrize(
    ("line", "request_line", "name"),
    [
        pytest.param(
            ws_received({"requestID": "q", "error": "no such game"}), PLACE, FIRST, id="socket"
        ),
        pytest.param(
            http_received(400, {"error": "no such game"}), OVER_REST, REST_FIRST, id="REST"
        ),
    ],
)
def test_a_place_that_is_refused_as_a_whole_ends_the_doubt_about_its_orders(
    line: Line, request_line: Line, name: Name
) -> None:
    (refused,) = map(order, told(line, request_line))
    assert (refused.names, refused.known_only) == ((name,), True)
    assert refused.said == (OrderRejected(raw_reason="no such game"),)


def test_an_order_that_the_venue_could_not_read_is_not_in_doubt() -> None:
    request = ws_sent("placeV3", {"requestID": "q", "orders": [{"bet": "much"}]})
    assert list(told(loss("timeout"), request)) == []


BODY: dict[str, Json] = {"sessionID": ORDER, "orderOdds": -120, "orderVolume": 60}
EDIT = http_sent("POST", "/session/editOrder", BODY)
OLD = Name(NameKind.VENUE, ORDER)
CHANGE = AmendRequested(
    amend_ref="c:x", price=Price(Decimal(-120), PriceFormat.AMERICAN), rest=Decimal(60)
)


def edited(**parts: Json) -> Line:
    """The answer to an edit."""
    gone: dict[str, Json] = {"success": True, "orderID": ORDER, "filled": 15, "remaining": 85}
    return http_received(200, {"data": {"cancelled": gone, **parts}})


def test_an_edit_takes_an_order_off_to_put_another_in_its_place() -> None:
    cancel, change = told(EDIT)
    assert isinstance(cancel, CancelSent)
    assert [item.name for item in cancel.asked] == [OLD]
    assert cancel.why == "edit"
    assert order(change).names == (OLD,)
    assert order(change).said == (CHANGE,)


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        pytest.param({**BODY, "orderOdds": None}, (None, Decimal(60)), id="odds kept"),
        pytest.param({**BODY, "orderVolume": 0}, (CHANGE.price, None), id="volume kept"),
    ],
)
def test_an_edit_may_keep_a_term(body: Json, asked: tuple[object, object]) -> None:
    *_, change = told(http_sent("POST", "/session/v4/editOrder", body))
    (said,) = order(change).said
    assert isinstance(said, AmendRequested)
    assert (said.price, said.rest) == asked


def test_an_edit_of_nothing_changes_nothing() -> None:
    (cancel,) = told(http_sent("POST", "/session/editOrder", {"orderOdds": -120}))
    assert isinstance(cancel, CancelSent)


def test_the_new_order_has_an_id_of_its_own() -> None:
    answer = edited(matched=[match()], unmatched=rest(orderID=SECOND, offered=20))
    reply, new = told(answer, EDIT)
    assert isinstance(reply, CancelReply)
    assert [(result.cancelled, result.size) for result in reply.results] == [(True, Decimal(85))]
    assert order(new).names[0] == Name(NameKind.VENUE, SECOND)
    assert order(new).terms.size == Decimal(60)


def test_nothing_may_be_put_back_and_then_the_change_is_refused() -> None:
    reply, kept = told(edited(matched=[]), EDIT)
    assert isinstance(reply, CancelReply)
    assert [result.cancelled for result in reply.results] == [True]
    assert order(kept).names == (OLD,)
    assert order(kept).said == (
        AmendRejected(
            amend_ref="c:x",
            reason=CancelRejectReason.OTHER,
            raw_reason="cancelled, and nothing was put in its place",
        ),
    )


def test_an_order_that_was_not_taken_off_keeps_its_terms() -> None:
    gone: Json = {"success": False, "orderID": ORDER, "description": "order already graded"}
    reply, kept = told(http_received(200, {"data": {"cancelled": gone}}), EDIT)
    assert isinstance(reply, CancelReply)
    assert order(kept).said == (
        AmendRejected(
            amend_ref="c:x", reason=CancelRejectReason.SETTLED, raw_reason="order already graded"
        ),
    )


def test_an_edit_that_is_refused_as_a_whole_changes_nothing() -> None:
    reply, kept = told(http_received(409, {"error": "order could not be cancelled"}), EDIT)
    assert isinstance(reply, CancelReply)
    assert isinstance(order(kept).said[0], AmendRejected)
    limited, too = told(http_received(429, {"error": "Too many requests"}), EDIT)
    assert isinstance(limited, CancelReply)
    assert isinstance(order(too).said[0], AmendRejected)


@pytest.mark.parametrize(
    ("line", "fate"),
    [
        pytest.param(REST_LOSS, AmendOutcomeUnknown, id="no answer in time"),
        pytest.param(replace(loss("not_sent"), exchange="x"), AmendNotSent, id="it never left"),
        pytest.param(
            http_received(503, {"error": "x"}), AmendOutcomeUnknown, id="the venue failed"
        ),
        pytest.param(http_received(200, {"data": 7}), AmendOutcomeUnknown, id="cannot be read"),
    ],
)
def test_an_edit_without_an_answer(line: Line, fate: type) -> None:
    messages = told(line, EDIT)
    (change,) = [one for one in messages if isinstance(one, OrderMessage)]
    assert change.said[0] == CHANGE
    assert isinstance(change.said[1], fate)
    (reply,) = [one for one in messages if isinstance(one, CancelReply)]
    assert reply.not_sent is (fate is AmendNotSent)
    assert (reply.lost is None) is (fate is AmendNotSent)


def test_a_pause_takes_everything_off_and_its_answer_only_acknowledges() -> None:
    pause = http_sent("POST", "/session/pauseOrders", {})
    (cancel,) = told(pause)
    assert isinstance(cancel, CancelSent)
    (reply,) = told(http_received(200, {"data": {"ordersReceived": True}}), pause)
    assert reply == CancelReply(complete=False)
    assert list(told(http_sent("POST", "/session/resumeOrders", {}))) == []
