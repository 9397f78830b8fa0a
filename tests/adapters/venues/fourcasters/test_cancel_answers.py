from __future__ import annotations

from decimal import Decimal

import pytest

from domain.messages import CancelReply, CancelResult, MatchedTotal, Notice
from domain.notices import UnreadableValue
from domain.reasons import CancelRejectReason as Reason
from domain.values import Name, NameKind, Price, PriceFormat, Side
from domain.wire import Line, Unreadable
from tests.adapters.venues.fourcasters.wire_lines import (
    GAME,
    ORDER,
    SECOND,
    Json,
    cancelled,
    not_cancelled,
    told,
    ws_received,
    ws_sent,
)

ONE = ws_sent("cancelById", {"requestID": "q", "orderId": ORDER})
TWO = ws_sent("cancelMultiple", {"requestID": "q", "orderIDs": [ORDER, SECOND]})
IN_GAME = ws_sent("cancelAllByGame", {"requestID": "q", "gameId": GAME})
NARROWED = ws_sent("cancelAllByGame", {"requestID": "q", "gameId": GAME, "type": "spread"})
ALL = ws_sent("cancelAll", {"requestID": "q"})
PLACE = ws_sent("placeV3", {"requestID": "q", "orders": []})
BEAT = ws_sent("heartbeat", {"requestID": "q", "requestTimeout": 10})


def reply(spoken: Line, request: Line | None) -> CancelReply:
    (message,) = told(spoken, request)
    assert isinstance(message, CancelReply)
    return message


def answer(*rows: Json) -> Line:
    return ws_received({"requestID": "q", "data": list(rows)})


def refusal(text: str) -> Line:
    return ws_received({"requestID": "q", "error": text})


def test_a_cancelled_order_tells_what_was_taken_and_what_had_matched() -> None:
    said = reply(answer(cancelled()), ONE)
    (result,) = said.results
    assert (said.request_ref, said.complete, said.reason) == ("q", True, None)
    assert result.names == (Name(NameKind.VENUE, ORDER),)
    assert (result.cancelled, result.text, result.size) == (True, ORDER, Decimal(45))
    assert result.also == (MatchedTotal(total=Decimal(15), at_least=True),)
    assert result.terms.size == Decimal(60)
    assert result.terms.price == Price(Decimal(-180), PriceFormat.AMERICAN)
    assert (result.terms.market, result.terms.user_ref) == (GAME, "leg-17")
    assert (result.terms.side, result.terms.currency) == (Side.BUY, "USD")
    assert result.terms.selection is None  # the row tells no market type


def test_filled_is_a_total_of_the_resting_part_and_not_claimed_of_the_whole_order() -> None:
    (result,) = reply(answer(cancelled()), ONE).results
    assert (result.matched, result.claims) == (None, None)


@pytest.mark.parametrize("offered", [0, 100, "122.000000", None])
def test_offered_in_a_cancel_answer_changes_nothing(offered: Json) -> None:
    plain = reply(answer(cancelled(offered=0)), ONE)
    assert reply(answer(cancelled(offered=offered)), ONE) == plain


def test_number_and_reference_may_be_null_absent_or_empty() -> None:
    bare = cancelled(number=None, userReference="")
    (result,) = reply(answer(bare), ONE).results
    assert (result.terms.selection, result.terms.user_ref) == (None, None)
    del bare["number"], bare["userReference"]
    assert reply(answer(bare), ONE).results == (result,)


def test_every_row_of_a_batch_is_a_result_of_its_own() -> None:
    said = reply(answer(cancelled(), not_cancelled("order already cancelled")), TWO)
    first, second = said.results
    assert (first.cancelled, first.text) == (True, ORDER)
    assert second == CancelResult(
        names=(Name(NameKind.VENUE, SECOND),),
        cancelled=False,
        text=SECOND,
        reason=Reason.ALREADY_CANCELLED,
        raw_reason="order already cancelled",
    )


@pytest.mark.parametrize(
    ("request_line", "complete"),
    [
        pytest.param(ONE, True, id="one order must be in the answer"),
        pytest.param(TWO, True, id="every id asked for must be in the answer"),
        pytest.param(IN_GAME, True, id="every open order of the game is listed"),
        pytest.param(NARROWED, False, id="narrowed: the others of the game stay, unlisted"),
        pytest.param(ALL, True, id="every open order is listed"),
        pytest.param(None, True, id="tied by the request id alone"),
    ],
)
def test_what_is_absent_from_an_answer_is_a_result(
    request_line: Line | None, *, complete: bool
) -> None:
    said = reply(answer(cancelled()), request_line)
    assert (said.complete, said.request_ref) == (complete, "q")


def test_an_answer_without_a_list_is_read_like_a_list_of_one() -> None:
    bare = ws_received({"requestID": "q", "data": cancelled()})
    assert reply(bare, ONE) == reply(answer(cancelled()), ONE)


def test_an_empty_answer_without_its_request_is_that_of_a_wide_cancel() -> None:
    assert reply(answer(), None) == CancelReply(request_ref="q")


def test_the_extra_responses_wrapper_is_tolerated() -> None:
    rows: Json = {"requestID": "q", "data": [cancelled()]}
    assert reply(ws_received({"requestID": "q", "responses": [rows]}), ONE) == reply(
        answer(cancelled()), ONE
    )


def test_an_answer_that_quotes_another_request_is_not_read_with_this_one() -> None:
    other = ws_received({"requestID": "else", "error": "order not found"})
    assert reply(other, ONE) == CancelReply(
        request_ref="else", reason=Reason.UNKNOWN_ORDER, raw_reason="order not found"
    )


@pytest.mark.parametrize(
    ("text", "reason", "mapped"),
    [
        pytest.param("invalid order ID format", Reason.INVALID_ID, True, id="malformed id"),
        pytest.param("order not found", Reason.UNKNOWN_ORDER, True, id="unknown"),
        pytest.param("order already graded", Reason.SETTLED, True, id="graded"),
        pytest.param("ORDER IS EXPIRED ", Reason.EXPIRED, True, id="case and blanks do not count"),
        pytest.param("the hamster stopped", Reason.OTHER, False, id="an unknown text is kept"),
    ],
)
def test_an_envelope_error_refuses_the_one_order_that_was_named(
    text: str, reason: Reason, *, mapped: bool
) -> None:
    said = reply(refusal(text), ONE)
    (result,) = said.results
    assert (said.reason, said.request_ref) == (None, "q")
    assert (result.text, result.cancelled) == (ORDER, False)
    assert (result.reason, result.mapped, result.raw_reason) == (reason, mapped, text.strip())


@pytest.mark.parametrize("request_line", [TWO, IN_GAME, ALL])
def test_an_envelope_error_refuses_a_batch_as_a_whole(request_line: Line) -> None:
    said = reply(refusal("Failed to process cancelAll"), request_line)
    assert said == CancelReply(
        request_ref="q", reason=Reason.VENUE_ERROR, raw_reason="Failed to process cancelAll"
    )


def test_an_unknown_envelope_error_of_a_batch_is_unmapped() -> None:
    said = reply(refusal("what?"), TWO)
    assert (said.reason, said.mapped, said.raw_reason) == (Reason.OTHER, False, "what?")


def test_a_known_cancel_error_tells_without_its_request() -> None:
    said = reply(refusal("game not found"), None)
    assert (said.reason, said.request_ref) == (Reason.MARKET_CLOSED, "q")


def test_an_unknown_error_without_its_request_is_set_aside() -> None:
    with pytest.raises(Unreadable, match="without its request"):
        told(refusal("fill and kill has no matches"), None)


@pytest.mark.parametrize(
    ("spoken", "request_line"),
    [
        pytest.param(
            ws_received(
                {
                    "requestID": "q",
                    "data": {
                        "type": "heartbeatAck",
                        "serverTime": "2031-01-02T03:04:05.123456789Z",
                        "timeoutSec": 10,
                    },
                }
            ),
            None,
            id="a heartbeat's acknowledgement, told by its shape",
        ),
        pytest.param(refusal("Invalid heartbeat timeout"), None, id="a refused heartbeat"),
        pytest.param(refusal("whatever"), BEAT, id="a refused heartbeat, in other words"),
        pytest.param(refusal("system is down"), PLACE, id="a refused place: no order has a name"),
    ],
)
def test_answers_about_no_order_tell_nothing(spoken: Line, request_line: Line | None) -> None:
    assert list(told(spoken, request_line)) == []


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param({"requestID": "q", "data": "gone"}, id="data is a text"),
        pytest.param({"requestID": "q", "data": None}, id="no data"),
        pytest.param({"requestID": "q"}, id="only a request id"),
        pytest.param({"requestID": "q", "data": [{"orderID": ORDER}]}, id="no success flag"),
        pytest.param({"requestID": "q", "data": [{"success": "yes"}]}, id="success is a text"),
    ],
)
def test_an_answer_that_cannot_be_read_leaves_the_outcome_unknown(frame: Json) -> None:
    said = next(m for m in told(ws_received(frame), TWO) if isinstance(m, CancelReply))
    assert (said.lost, said.request_ref, said.results) == ("unreadable", "q", ())


def test_a_row_that_cannot_be_read_does_not_take_the_others_along() -> None:
    said, note = told(answer(cancelled(), {"success": True, "filled": "many"}), TWO)
    assert isinstance(said, CancelReply)
    assert [result.text for result in said.results] == [ORDER]
    assert isinstance(note, Notice)
    assert isinstance(note.event, UnreadableValue)
    assert note.event.field == "data.1"


def test_a_failure_without_an_id_is_the_one_at_its_position() -> None:
    said = reply(answer(cancelled(), {"success": False, "description": "order not found"}), TWO)
    assert [result.text for result in said.results] == [ORDER, SECOND]


def test_a_success_for_an_order_nobody_asked_for_keeps_its_own_id() -> None:
    (result,) = reply(answer(cancelled(orderID=SECOND)), ONE).results
    assert (result.text, result.names) == (SECOND, (Name(NameKind.VENUE, SECOND),))
