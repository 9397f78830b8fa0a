"""Cancels refused as a whole, and those whose outcome nobody knows."""

from __future__ import annotations

import pytest

from domain.messages import CancelReply
from domain.reasons import CancelRejectReason as Why
from domain.wire import Line, Unreadable
from tests.adapters.venues.predictstreet.lines import (
    A,
    B,
    C,
    D,
    cancel_reply,
    lost,
    received,
    sent,
    translate,
)

ONE = sent("POST", "/api/orders/cancel", {"orderId": A})
BATCH = sent("POST", "/api/orders/cancel-batch", {"orderIds": [A, B, C, D]})
ALL = sent("POST", "/api/orders/cancel-all", {})
CANCELS = [
    pytest.param(ONE, id="cancel"),
    pytest.param(BATCH, id="cancel-batch"),
    pytest.param(ALL, id="cancel-all"),
]


@pytest.mark.parametrize("request_line", CANCELS)
@pytest.mark.parametrize(
    ("status", "body", "reason", "mapped", "raw"),
    [
        pytest.param(
            401,
            {"code": "api_key_user_wallet_required", "message": "X-User-Wallet is required"},
            Why.PERMISSION,
            True,
            "api_key_user_wallet_required",
            id="a multi-wallet key without its wallet",
        ),
        pytest.param(
            403,
            {"code": "api_key_scope_missing", "details": {"requiredScope": "orders:write"}},
            Why.PERMISSION,
            True,
            "api_key_scope_missing",
            id="a key without the scope",
        ),
        pytest.param(
            400, {"code": "validation_failed"}, Why.INVALID_ID, True, "validation_failed", id="400"
        ),
        pytest.param(
            429,
            {"code": "too_fast", "message": "slow down"},
            Why.RATE_LIMITED,
            True,
            "too_fast",
            id="429 says what it is whatever its code",
        ),
        pytest.param(404, {"$text": "no"}, Why.UNKNOWN_ORDER, True, "no", id="404"),
        pytest.param(
            409, {"code": "market_not_open"}, Why.OTHER, False, "market_not_open", id="409"
        ),
        pytest.param(401, None, Why.PERMISSION, True, "HTTP 401", id="a refusal without words"),
        pytest.param(
            200,
            {"code": "wallet_banned", "message": "Banned."},
            Why.PERMISSION,
            True,
            "wallet_banned",
            id="a business refusal with HTTP 200",
        ),
        pytest.param(
            200,
            {"code": "new_code"},
            Why.OTHER,
            False,
            "new_code",
            id="HTTP 200, a code nobody knows",
        ),
    ],
)
def test_a_refusal_of_the_whole_request(  # noqa: PLR0913, PLR0917 - columns of the table
    request_line: Line,
    status: int,
    body: object,
    reason: Why,
    mapped: bool,  # noqa: FBT001 - a column of the table
    raw: str,
) -> None:
    reply = cancel_reply(request_line, body, status)
    assert (reply.reason, reply.mapped, reply.raw_reason) == (reason, mapped, raw)
    assert (reply.results, reply.lost) == ((), None)


@pytest.mark.parametrize("request_line", [ONE, BATCH, ALL], ids=["one", "batch", "all"])
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(503, {"code": "x", "message": "down"}, "venue_error", id="503"),
        pytest.param(500, {"$text": "oops"}, "venue_error", id="500"),
        pytest.param(408, None, "venue_error", id="408: it may have acted already"),
        pytest.param(200, {"$text": "<html>"}, "unreadable", id="a success that is no JSON"),
        pytest.param(200, None, "unreadable", id="a success without a body"),
        pytest.param(200, {}, "unreadable", id="a success that says nothing"),
        pytest.param(200, {"cancelled": "17"}, "unreadable", id="cancelled is a text"),
        pytest.param(200, {"cancelled": True}, "unreadable", id="cancelled is a truth value"),
        pytest.param(200, {"cancelled": -1}, "unreadable", id="a count below zero"),
        pytest.param(200, {"cancelled": [{"id": A}]}, "unreadable", id="an id that is no text"),
        pytest.param(200, [A], "unreadable", id="a bare list"),
        pytest.param(302, {}, "unreadable", id="a redirect"),
    ],
)
def test_an_answer_that_leaves_the_outcome_unknown(
    request_line: Line, status: int, body: object, kind: str
) -> None:
    reply = cancel_reply(request_line, body, status)
    assert (reply.lost, reply.reason, reply.results) == (kind, None, ())


@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        pytest.param("timeout", CancelReply(lost="timeout", detail="no answer"), id="timeout"),
        pytest.param(
            "disconnected", CancelReply(lost="disconnected", detail="no answer"), id="disconnected"
        ),
        pytest.param(
            "not_sent", CancelReply(not_sent=True, detail="no answer"), id="it never left"
        ),
    ],
)
def test_a_lost_cancel(kind: str, reply: CancelReply) -> None:
    assert translate(lost(kind), BATCH) == (reply,)


def test_a_worked_cancel_of_nobody_knows_what_leaves_the_outcome_unknown() -> None:
    blank = sent("POST", "/api/orders/cancel", {"orderId": ""})
    assert cancel_reply(blank, {"status": "cancelled"}).lost == "unreadable"


def test_an_answer_without_its_request_is_set_aside() -> None:
    with pytest.raises(Unreadable, match="without its request"):
        translate(received({"cancelled": [A], "notCancelled": {}}), None)
