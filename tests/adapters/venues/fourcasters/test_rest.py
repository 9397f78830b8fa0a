from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from adapters.venues.fourcasters.edits import NOTHING_PUT_BACK
from domain.events import AmendRejected, Cancelled, Claims, Initiator, OrderReported, Source
from domain.lifecycle import Status
from domain.messages import CancelReply, MatchedTotal, Notice, OrderMessage
from domain.reasons import CancelRejectReason as Reason
from domain.values import Name, NameKind
from domain.wire import Line, Unreadable
from tests.adapters.venues.fourcasters.wire_lines import (
    GAME,
    ORDER,
    SECOND,
    TEAM,
    WAGER,
    Json,
    cancelled,
    http_received,
    http_sent,
    told,
)

ONE = http_sent("POST", "/session/cancel", {"sessionID": ORDER})
TWO = http_sent("POST", "/session/cancelMultiple", {"sessionIDs": [ORDER, SECOND]})
ALL = http_sent("POST", "/session/cancelAllOrders", {})
BY_REFERENCE = http_sent(
    "POST", "/session/cancelByReference", {"gameID": GAME, "userReferences": ["leg-17"]}
)
LEAGUE = http_sent("POST", "/session/cancelAllForLeague", {"league": "NBA"})


def reply(answer: Line, request: Line) -> CancelReply:
    (message,) = told(answer, request)
    assert isinstance(message, CancelReply)
    return message


def session(**changes: Json) -> dict[str, Any]:
    row = cancelled(sessionID=ORDER, **changes)
    del row["orderID"]
    return row


def test_a_single_cancel_answers_with_an_object() -> None:
    (result,) = reply(http_received(200, {"data": session()}), ONE).results
    assert (result.text, result.size) == (ORDER, Decimal(45))
    assert result.also == (MatchedTotal(total=Decimal(15), at_least=True),)


def test_a_refusal_that_names_no_order_is_the_one_at_its_position() -> None:
    body: Json = {"data": [session(), {"success": False, "reason": "Not your order"}]}
    said = reply(http_received(200, body), TWO)
    assert [result.text for result in said.results] == [ORDER, SECOND]
    assert said.results[1].reason is Reason.NOT_OWNED
    assert said.results[1].raw_reason == "Not your order"
    assert said.complete


def test_a_refusal_that_no_position_names_is_noted() -> None:
    body: Json = {"data": [session(), {"success": False, "reason": "Not your order"}]}
    said, note = told(http_received(200, body), ALL)
    assert isinstance(said, CancelReply)
    assert len(said.results) == 1
    assert isinstance(note, Notice)


def test_a_cancel_by_reference_may_leave_orders_of_other_games_unlisted() -> None:
    said = reply(http_received(200, {"data": [session()]}), BY_REFERENCE)
    assert not said.complete


def test_a_cancel_of_a_league_is_only_acknowledged() -> None:
    said = reply(http_received(200, {"data": {"ordersReceived": True}}), LEAGUE)
    assert said == CancelReply(complete=False)


@pytest.mark.parametrize(
    ("status", "text", "reason"),
    [
        pytest.param(400, "bad", Reason.INVALID_ID, id="400: the id is malformed"),
        pytest.param(403, "no", Reason.NOT_OWNED, id="403: somebody else's order"),
        pytest.param(404, "no", Reason.UNKNOWN_ORDER, id="404: no such order"),
        pytest.param(409, "no", Reason.TOO_LATE, id="409: fully filled, for example"),
        pytest.param(
            409, "order already cancelled", Reason.ALREADY_CANCELLED, id="words before the status"
        ),
    ],
)
def test_a_refused_single_cancel_is_its_orders_refusal(
    status: int, text: str, reason: Reason
) -> None:
    (result,) = reply(http_received(status, {"error": text}), ONE).results
    assert (result.text, result.reason, result.raw_reason) == (ORDER, reason, text)


@pytest.mark.parametrize(
    ("request_line", "status", "reason"),
    [
        pytest.param(TWO, 400, Reason.INVALID_ID, id="one malformed id refuses the batch"),
        pytest.param(ONE, 401, Reason.PERMISSION, id="no token"),
        pytest.param(ONE, 429, Reason.RATE_LIMITED, id="too many requests"),
        pytest.param(ALL, 429, Reason.RATE_LIMITED, id="too many requests, everything"),
    ],
)
def test_a_refusal_of_the_whole_request(request_line: Line, status: int, reason: Reason) -> None:
    said = reply(http_received(status, {"error": "no"}), request_line)
    assert (said.reason, said.results) == (reason, ())


@pytest.mark.parametrize(
    ("status", "body", "lost"),
    [
        pytest.param(
            503,
            {"error": {"message": "Network Error", "code": 503}},
            "venue_error",
            id="the 15 s limit: error is an object there",
        ),
        pytest.param(408, {"error": "timeout"}, "venue_error", id="408"),
        pytest.param(200, {"$text": "<html>"}, "unreadable", id="a page instead of an answer"),
        pytest.param(200, None, "unreadable", id="an empty success"),
        pytest.param(200, {"data": [{"success": True}, {}]}, "unreadable", id="no row can be read"),
    ],
)
def test_an_outcome_that_nobody_can_know(status: int, body: Json, lost: str) -> None:
    said = next(m for m in told(http_received(status, body), ALL) if isinstance(m, CancelReply))
    assert said.lost == lost


def test_an_answer_without_its_request_is_set_aside() -> None:
    with pytest.raises(Unreadable, match="without its request"):
        told(http_received(200, {"data": []}))


def open_row(**changes: Json) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": ORDER,
        "txID": "t",
        "type": "spread",
        "bet": 100,
        "odds": 165,
        "spread": 3.5,
        "total": None,
        "participantID": TEAM,
        "filled": 30,
        "offered": 100,
        "remaining": 115.5,
        "expiry": "2031-01-02T01:00:00.000Z",
        "createdAt": "2031-01-01T12:00:00.000Z",
        "origin": "offer",
        "userReference": None,
        "wagerRequestID": WAGER,
        "graded": False,
        "game": {"id": GAME, "league": "NBA"},
    }
    return row | changes


def rows(*items: Json, path: str = "/user/getUnmatched") -> list[OrderMessage]:
    answer = http_received(200, {"data": {"unmatched": list(items), "matched": [{}]}})
    said = told(answer, http_sent("GET", path))
    return [message for message in said if isinstance(message, OrderMessage)]


def test_an_open_order_in_a_read_remains_what_was_offered_less_what_is_filled() -> None:
    (said,) = rows(open_row())
    assert said.names == (Name(NameKind.VENUE, ORDER), Name(NameKind.WAGER, WAGER))
    assert said.source is Source.LIST
    assert (said.terms.size, said.terms.market) == (Decimal(100), GAME)
    assert said.terms.selection == f"spread:{TEAM}:3.5"
    assert said.terms.expires_at == datetime(2031, 1, 2, 1, tzinfo=UTC)
    assert said.said == (
        MatchedTotal(total=Decimal(30), at_least=True),
        OrderReported(
            terms=said.terms,
            claims=Claims(status=Status.PARTIALLY_FILLED, remaining=Decimal(70)),
        ),
    )


@pytest.mark.parametrize(
    "path",
    ["/user/getOrdersForGame?gameID=1", "/user/getBetByUserReference", "/USER/getunmatched"],
)
def test_every_read_with_open_orders_is_read_alike(path: str) -> None:
    assert rows(open_row(), path=path) == rows(open_row())


def test_a_total_without_its_side_has_no_selection() -> None:
    (said,) = rows(open_row(type="total", total=50, spread=None, participantID=None))
    assert said.terms.selection is None


def test_a_row_that_cannot_be_read_does_not_take_the_others_along() -> None:
    assert len(rows({"id": 1.5}, open_row(filled=0, expiry=None))) == 1


def looked_up(**changes: Json) -> OrderMessage:
    order: dict[str, Any] = {
        "id": ORDER,
        "cancelled": False,
        "odds": -110,
        "type": "total",
        "OU": "over",
        "participant": None,
        "spread": None,
        "total": 50.5,
        "matchedRisk": "25.00",
        "unmatchedRisk": "75.00",
        "game": {"id": GAME},
    }
    answer = http_received(200, {"data": {"order": order | changes}})
    (said,) = told(answer, http_sent("GET", "/session/lookupOrder", None, {"orderID": ORDER}))
    assert isinstance(said, OrderMessage)
    return said


def test_a_looked_up_total_prints_the_opposite_side() -> None:
    said = looked_up()
    assert said.terms.selection == "total:under:50.5"
    assert said.said[-1] == OrderReported(
        claims=Claims(status=Status.PARTIALLY_FILLED, remaining=Decimal("75.00"))
    )


@pytest.mark.parametrize(
    ("changes", "size"),
    [
        pytest.param({}, Decimal("100.00"), id="on the book: matched and unmatched"),
        pytest.param({"matchedRisk": "0.00"}, Decimal("75.00"), id="nothing matched"),
        pytest.param({"unmatchedRisk": "0.00"}, Decimal("25.00"), id="all of it matched"),
        pytest.param({"cancelled": True}, None, id="off the book: what was taken off is not told"),
    ],
)
def test_the_size_of_a_looked_up_order(changes: dict[str, Json], size: Decimal | None) -> None:
    assert looked_up(**changes).terms.size == size


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        pytest.param({"matched": []}, True, id="the guard did not hold: cancelled, nothing placed"),
        pytest.param({}, True, id="neither list is there"),
        pytest.param({"unmatched": {"orderID": "b" * 24}}, False, id="another order rests"),
    ],
)
def test_an_edit_that_puts_nothing_back_is_refused(data: dict[str, Json], *, refused: bool) -> None:
    sent = http_sent("POST", "/session/v4/editOrder", {"sessionID": ORDER, "orderVolume": 50})
    off: dict[str, Json] = {
        "success": True,
        "orderID": ORDER,
        "filled": 0,
        "offered": 0,
        "remaining": 100,
    }
    messages = told(http_received(200, {"data": {"cancelled": off, **data}}), sent)
    assert any(isinstance(each, CancelReply) and each.results[0].cancelled for each in messages)
    facts = [fact for each in messages if isinstance(each, OrderMessage) for fact in each.said]
    said = [fact for fact in facts if isinstance(fact, AmendRejected)]
    assert [fact.raw_reason for fact in said] == [NOTHING_PUT_BACK] * refused


def test_a_looked_up_order_that_is_cancelled_is_off_the_book() -> None:
    assert looked_up(cancelled=True).said == (
        MatchedTotal(total=Decimal("25.00"), at_least=True),
        Cancelled(
            initiator=Initiator.VENUE,
            claims=Claims(status=Status.CANCELLED, raw_status="cancelled"),
        ),
    )


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        pytest.param(
            "/user/getMatchedBets", 200, {"data": {"matchedBets": []}}, id="fills by txID"
        ),
        pytest.param("/user/login", 200, {"data": {}}, id="login"),
        pytest.param("/user/v2/getGraded", 200, {"data": {"graded": []}}, id="no graded bets"),
        pytest.param("/user/getUnmatched", 500, {"error": "x"}, id="a read that failed"),
        pytest.param("/session/lookupOrder", 404, {"error": "x"}, id="an order nobody knows"),
        pytest.param("/session/v3/place", 503, {"error": "x"}, id="a place that failed"),
    ],
)
def test_answers_about_no_order_by_name_tell_nothing(path: str, status: int, body: Json) -> None:
    assert list(told(http_received(status, body), http_sent("POST", path, {"orders": []}))) == []
