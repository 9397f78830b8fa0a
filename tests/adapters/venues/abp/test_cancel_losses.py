"""What becomes of a cancel when its answer is lost, refused as a whole or unreadable."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.messages import CancelReply
from domain.reasons import CancelRejectReason as Why
from domain.values import Price, PriceFormat
from tests.adapters.venues.abp.building import (
    CANCEL,
    CANCEL_ALL,
    lost,
    received,
    reply_to,
    tell,
)

ODDS = Price(Decimal("1.93"), PriceFormat.DECIMAL)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(None, id="no body"),
        pytest.param({"$text": "<html>"}, id="a page"),
        pytest.param([], id="a list"),
        pytest.param({"status": "cancelled"}, id="no lists"),
        pytest.param({"cancelled": {}}, id="an object for a list"),
        pytest.param({"cancelled": [], "cancelledCount": "lots"}, id="a count that is none"),
        pytest.param({"cancelled": [], "notCancelled": [1]}, id="a list for notCancelled"),
    ],
)
def test_a_success_that_cannot_be_read_leaves_the_outcome_unknown(body: object) -> None:
    reply = reply_to(body)
    assert reply.lost == "unreadable"
    assert reply.detail
    assert not reply.results


@pytest.mark.parametrize(
    ("status", "body", "reason", "raw"),
    [
        pytest.param(400, {"detail": "No filter"}, Why.INVALID_ID, "No filter", id="400 no filter"),
        pytest.param(
            401,
            {"detail": {"message": "Who are you", "code": "UNAUTHORIZED"}},
            Why.PERMISSION,
            "Who are you",
            id="401 of generation 2, nested",
        ),
        pytest.param(
            401, {"error": "Invalid key"}, Why.PERMISSION, "Invalid key", id="401 of generation 3"
        ),
        pytest.param(
            403,
            {"detail": "Missing API key header: x-api-key"},
            Why.PERMISSION,
            "Missing API key header: x-api-key",
            id="403 for a missing key (trap 7)",
        ),
        pytest.param(
            404, {"detail": "No match"}, Why.UNKNOWN_ORDER, "No match", id="404 matched none"
        ),
        pytest.param(
            422,
            {"detail": [{"loc": ["body", "requestUuids", 0], "msg": "bad", "type": "uuid"}]},
            Why.INVALID_ID,
            "body.requestUuids.0: bad",
            id="422 names the field",
        ),
        pytest.param(
            429,
            {"detail": "Rate limit exceeded", "limit": "100", "retry_after": 1},
            Why.RATE_LIMITED,
            "Rate limit exceeded",
            id="429 of generation 3",
        ),
    ],
)
@pytest.mark.parametrize("request_line", [CANCEL, CANCEL_ALL], ids=["some", "all"])
def test_a_refusal_speaks_for_the_whole_request(
    request_line: Any,  # noqa: ANN401 - a line is any JSON
    status: int,
    body: object,
    reason: Why,
    raw: str,
) -> None:
    assert tell(received(body, status), request_line) == [
        CancelReply(reason=reason, raw_reason=raw)
    ]


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 408])
def test_a_server_that_broke_may_have_cancelled(status: int) -> None:
    (reply,) = tell(received({"detail": "oops"}, status), CANCEL)
    assert isinstance(reply, CancelReply)
    assert reply.lost == "venue_error"
    assert reply.reason is None


@pytest.mark.parametrize("kind", ["timeout", "disconnected", "unreadable"])
def test_a_lost_answer_leaves_the_outcome_unknown(kind: str) -> None:
    assert tell(lost(kind), CANCEL) == [CancelReply(lost=kind, detail="…")]


def test_a_cancel_that_never_left_is_not_sent() -> None:
    assert tell(lost("not_sent"), CANCEL_ALL) == [CancelReply(not_sent=True, detail="…")]
