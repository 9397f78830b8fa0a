"""Cancels answered, in both documented generations; the dossier's traps 1-3, 7 and 14."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.messages import CancelReply, MatchedTotal, Notice
from domain.reasons import CancelRejectReason as Why
from domain.wire import Line
from tests.adapters.venues.predictstreet.lines import (
    A,
    B,
    C,
    D,
    answered,
    cancel_reply,
    sent,
    venue,
)

ONE = sent("POST", "/api/orders/cancel", {"orderId": A})
BATCH = sent("POST", "/api/orders/cancel-batch", {"orderIds": [A, B, C, D]})
ALL = sent("POST", "/api/orders/cancel-all", {})
CANCELS = [
    pytest.param(ONE, id="cancel"),
    pytest.param(BATCH, id="cancel-batch"),
    pytest.param(ALL, id="cancel-all"),
]


@pytest.mark.parametrize(
    ("body", "size", "matched"),
    [
        pytest.param(
            {"orderId": A, "status": "cancelled", "unfilledQty": "60"},
            "60",
            None,
            id="the API reference: unfilledQty and cancelled",
        ),
        pytest.param(
            {"orderId": A, "status": "CANCELLED", "remainingQty": "60"},
            "60",
            None,
            id="the concept page: remainingQty and CANCELLED",
        ),
        pytest.param(
            {"orderId": A, "status": "CANCELLED", "remainingQty": "60", "filledQty": "40"},
            "60",
            "40",
            id="a total that the answer tells besides",
        ),
        pytest.param({"status": "cancelled"}, None, None, id="no id and no size: the one asked"),
    ],
)
def test_a_single_cancel_that_worked(body: object, size: str | None, matched: str | None) -> None:
    reply = cancel_reply(ONE, body)
    (result,) = reply.results
    assert reply.complete
    assert result.cancelled
    assert (result.names, result.text) == ((venue(A),), A)
    assert result.size == (None if size is None else Decimal(size))
    total = None if matched is None else Decimal(matched)
    assert result.matched == total
    assert result.also == (() if total is None else (MatchedTotal(total=total),))


@pytest.mark.parametrize(
    ("told", "reason", "mapped", "raw"),
    [
        pytest.param(
            {"orderId": A, "status": "not_found"},
            Why.UNKNOWN_ORDER,
            True,
            "not_found",
            id="not_found: unknown or over, which a single cancel does not tell apart",
        ),
        pytest.param(
            {"orderId": A, "status": " NOT_FOUND "},
            Why.UNKNOWN_ORDER,
            True,
            " NOT_FOUND ",
            id="casing and blanks do not make another reason, the raw words stay",
        ),
        pytest.param(
            {"orderId": A, "status": "already_terminal"},
            Why.ALREADY_TERMINAL,
            True,
            "already_terminal",
            id="the batch's reasons are understood here too",
        ),
        pytest.param(
            {"orderId": A, "status": "FILLED"},
            Why.OTHER,
            False,
            "FILLED",
            id="a word that is no outcome is flagged, not guessed",
        ),
        pytest.param(
            {"orderId": "", "status": "REJECTED", "code": "halted", "message": "Halted."},
            Why.OTHER,
            False,
            "halted",
            id="a business refusal with HTTP 200 and an empty id is about the order asked for",
        ),
        pytest.param(
            {"orderId": A, "status": "REJECTED", "code": "wallet_banned"},
            Why.PERMISSION,
            True,
            "wallet_banned",
            id="a business refusal with a known code",
        ),
    ],
)
def test_a_single_cancel_that_did_not(told: object, reason: Why, mapped: bool, raw: str) -> None:  # noqa: FBT001 - a column of the table
    (result,) = cancel_reply(ONE, told).results
    assert not result.cancelled
    assert result.text == A
    assert (result.reason, result.mapped, result.raw_reason) == (reason, mapped, raw)


def test_an_answer_about_another_order_is_told_as_printed() -> None:
    (result,) = cancel_reply(ONE, {"orderId": B, "status": "cancelled"}).results
    assert result.text == B


REASONS = [
    pytest.param("not_found", Why.UNKNOWN_ORDER, True, id="unknown, or another wallet's"),
    pytest.param("already_terminal", Why.ALREADY_TERMINAL, True, id="over, not said how"),
    pytest.param("lock_invariant", Why.BALANCE_LOCK, True, id="the venue's own invariant"),
    pytest.param("unknown", Why.VENUE_ERROR, True, id="transient"),
    pytest.param("Already_Terminal ", Why.ALREADY_TERMINAL, True, id="casing is no other reason"),
    pytest.param("market_halted", Why.OTHER, False, id="a word in no table"),
    pytest.param("", Why.OTHER, False, id="an empty word"),
]


@pytest.mark.parametrize("request_line", [BATCH, ALL], ids=["cancel-batch", "cancel-all"])
@pytest.mark.parametrize(("word", "reason", "mapped"), REASONS)
def test_a_kept_order_has_its_reason(
    request_line: Line,
    word: str,
    reason: Why,
    mapped: bool,  # noqa: FBT001 - a column of the table
) -> None:
    (result,) = cancel_reply(request_line, {"cancelled": [], "notCancelled": {A: word}}).results
    assert (result.text, result.cancelled, result.names) == (A, False, (venue(A),))
    assert (result.reason, result.mapped, result.raw_reason) == (reason, mapped, word)


def test_a_reason_that_is_no_text_is_a_reason_nobody_knows() -> None:
    kept = {A: None, B: {"code": "x", "message": "In the lock."}, C: 7}
    reply = cancel_reply(BATCH, {"cancelled": [], "notCancelled": kept})
    assert [one.reason for one in reply.results] == [Why.OTHER] * 3
    assert [one.raw_reason for one in reply.results] == [
        "(not a text: NoneType)",
        "In the lock.",
        "(not a text: int)",
    ]


def test_a_batch_answer_speaks_for_each_id() -> None:
    reply = cancel_reply(BATCH, {"cancelled": [C, A, C], "notCancelled": {B: "unknown"}})
    assert [(one.text, one.cancelled, one.size) for one in reply.results] == [
        (C, True, None),
        (A, True, None),
        (B, False, None),
    ]
    assert reply.complete  # D was asked for and is in neither list: the engine says so


def test_an_id_in_both_lists_is_told_both_ways() -> None:
    reply = cancel_reply(BATCH, {"cancelled": [A], "notCancelled": {A: "already_terminal"}})
    assert [(one.text, one.cancelled) for one in reply.results] == [(A, True), (A, False)]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"cancelled": [A]}, id="no map of the others"),
        pytest.param({"cancelled": [A], "notCancelled": None}, id="a null map"),
        pytest.param({"cancelled": [A], "notCancelled": {}, "took": 3}, id="an unknown field"),
    ],
)
def test_a_batch_answer_may_leave_out_what_is_empty(body: object) -> None:
    assert [one.text for one in cancel_reply(BATCH, body).results] == [A]


def test_cancel_all_of_the_first_generation_tells_a_count_and_no_ids() -> None:
    reply = cancel_reply(ALL, {"cancelled": 17, "marketId": None})
    assert reply == CancelReply(results=(), count=17, complete=False)


def test_cancel_all_of_the_second_generation_tells_the_ids_of_its_snapshot() -> None:
    body = {"cancelled": [A], "notCancelled": {B: "lock_invariant"}, "marketId": "XYZ-BIN-1"}
    reply = cancel_reply(ALL, body)
    assert [(one.text, one.cancelled) for one in reply.results] == [(A, True), (B, False)]
    assert (reply.count, reply.complete) == (None, True)


def test_a_broken_row_does_not_hide_the_others() -> None:
    body = {"cancelled": [None, A], "notCancelled": {B: "unknown", "": "unknown"}}
    *notes, reply = answered(BATCH, body)
    assert isinstance(reply, CancelReply)
    assert [one.text for one in reply.results] == [A, B]
    assert [getattr(note.event, "field", None) for note in notes if isinstance(note, Notice)] == [
        "cancelled[0]",
        "notCancelled[1]",
    ]


def test_every_answer_quotes_no_request() -> None:
    """HTTP answers are tied to requests by their exchange alone."""
    assert all(
        getattr(message, "request_ref", None) is None
        for message in answered(BATCH, {"cancelled": [A], "notCancelled": {}})
    )
