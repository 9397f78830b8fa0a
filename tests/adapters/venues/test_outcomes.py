"""What becomes of a cancel when no ordinary answer comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.venues.losses import cancel_lost
from adapters.venues.outcomes import (
    MAX_WORDS,
    http_refusal,
    http_status,
    unreadable_reply,
    words,
)
from domain.messages import CancelReply
from domain.reasons import CancelRejectReason as Why
from domain.values import Account
from domain.wire import Line, Unreadable


def lost_line(error: Mapping[str, Any] | None) -> Line:
    return Line(
        capture="c",
        seq=1,
        at=datetime(2031, 2, 3, tzinfo=UTC),
        owner=Account("abp", "acme"),
        direction="lost",
        error=error,
    )


@pytest.mark.parametrize(
    ("error", "reply"),
    [
        pytest.param(
            {"kind": "not_sent", "detail": "name not found"},
            CancelReply(not_sent=True, detail="name not found"),
            id="what never left is not sent",
        ),
        pytest.param(
            {"kind": "timeout"}, CancelReply(lost="timeout"), id="a timeout leaves it unknown"
        ),
        pytest.param(
            {"kind": "disconnected", "detail": "reset"},
            CancelReply(lost="disconnected", detail="reset"),
            id="a cut line leaves it unknown",
        ),
        pytest.param(
            {"kind": "unreadable", "detail": ""},
            CancelReply(lost="unreadable"),
            id="an unreadable answer leaves it unknown",
        ),
        pytest.param(
            {"kind": "gremlins", "detail": "in the wire"},
            CancelReply(lost="unreadable", detail="gremlins: in the wire"),
            id="a loss of another kind leaves it unknown and keeps the word",
        ),
        pytest.param(
            {"kind": "gremlins"},
            CancelReply(lost="unreadable", detail="gremlins"),
            id="a loss of another kind needs no detail",
        ),
    ],
)
def test_a_loss_is_not_sent_or_unknown(error: dict[str, Any], reply: CancelReply) -> None:
    assert cancel_lost(lost_line(error))[0] == reply


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(None, id="no error at all"),
        pytest.param({}, id="no kind"),
        pytest.param({"kind": 7}, id="a kind that is no word"),
    ],
)
def test_a_loss_that_does_not_say_what_was_lost_is_unreadable(error: Any) -> None:  # noqa: ANN401 - any JSON value
    with pytest.raises(Unreadable, match="error"):
        cancel_lost(lost_line(error))


@pytest.mark.parametrize(
    ("status", "reason", "mapped"),
    [
        pytest.param(400, Why.INVALID_ID, True, id="400 says the request was malformed"),
        pytest.param(401, Why.PERMISSION, True, id="401 says we are nobody"),
        pytest.param(403, Why.PERMISSION, True, id="403 says we may not"),
        pytest.param(404, Why.UNKNOWN_ORDER, True, id="404 says nothing matched"),
        pytest.param(422, Why.INVALID_ID, True, id="422 says a field was invalid"),
        pytest.param(429, Why.RATE_LIMITED, True, id="429 says we were too fast"),
        pytest.param(409, Why.OTHER, False, id="409 is in no table"),
        pytest.param(418, Why.OTHER, False, id="418 is in no table"),
        pytest.param(499, Why.OTHER, False, id="499 is in no table"),
    ],
)
def test_a_4xx_refuses_the_request(status: int, reason: Why, *, mapped: bool) -> None:
    assert http_refusal(status, {"detail": "their words"}) == CancelReply(
        reason=reason, raw_reason="their words", mapped=mapped
    )


@pytest.mark.parametrize(
    ("status", "lost"),
    [
        pytest.param(500, "venue_error", id="500: it may have cancelled before it broke"),
        pytest.param(503, "venue_error", id="503: a proxy may have lost the answer"),
        pytest.param(408, "venue_error", id="408: it may have read all it needed"),
        pytest.param(302, "unreadable", id="a redirect says nothing of the orders"),
        pytest.param(101, "unreadable", id="a change of protocol says nothing of the orders"),
    ],
)
def test_what_says_nothing_of_the_orders_leaves_them_unknown(status: int, lost: str) -> None:
    assert http_refusal(status, None) == CancelReply(lost=lost, detail=f"HTTP {status}")
    worded = http_refusal(status, {"error": "oops"})
    assert worded == CancelReply(lost=lost, detail=f"HTTP {status}: oops")


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_a_success_is_no_refusal(status: int) -> None:
    assert http_refusal(status, {"detail": "whatever"}) is None


def test_a_refusal_without_words_names_its_status() -> None:
    reply = http_refusal(401, {"$base64": "AAAA"})
    assert reply is not None
    assert reply.raw_reason == "HTTP 401"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param({"detail": "No key"}, "No key", id="a text under detail"),
        pytest.param(
            {"detail": {"message": "No key", "code": "UNAUTHORIZED"}},
            "No key",
            id="a message nested in detail",
        ),
        pytest.param(
            {"detail": [{"loc": ["body", "orderIds", 0], "msg": "not an int", "type": "int"}]},
            "body.orderIds.0: not an int",
            id="validation errors with their places",
        ),
        pytest.param(
            {"detail": [{"msg": "one"}, {"msg": "two"}, {"type": "three"}]},
            "one; two",
            id="several validation errors, one without words",
        ),
        pytest.param({"error": "Denied", "code": 7}, "Denied", id="a text under error"),
        pytest.param({"$text": " <html>Bad gateway "}, "<html>Bad gateway", id="no JSON"),
        pytest.param("plain", "plain", id="a bare text"),
        pytest.param({"detail": None, "error": "Denied"}, "Denied", id="the field that has words"),
        pytest.param({"detail": {"error": {"detail": {"msg": "deep"}}}}, None, id="too deep"),
        pytest.param(None, None, id="no body"),
        pytest.param(7, None, id="a number"),
        pytest.param({"detail": ""}, None, id="an empty text"),
    ],
)
def test_the_venues_words_are_found_in_every_envelope(body: object, text: str | None) -> None:
    assert words(body) == text


def test_long_words_are_cut() -> None:
    assert words({"detail": "x" * 10_000}) == "x" * MAX_WORDS
    assert unreadable_reply("y" * 10_000) == CancelReply(lost="unreadable", detail="y" * MAX_WORDS)


@pytest.mark.parametrize("http", [None, {}, {"status": "200"}, {"status": True}])
def test_an_answer_without_a_status_is_unreadable(http: dict[str, Any] | None) -> None:
    with pytest.raises(Unreadable, match=r"http\.status"):
        http_status(http)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)
ENVELOPE = st.dictionaries(
    st.sampled_from(["detail", "error", "message", "msg", "loc", "code", "$text"]), JSON
)


@given(status=st.integers(100, 599), body=JSON | ENVELOPE)
def test_every_status_with_any_body_is_one_of_three_outcomes(status: int, body: object) -> None:
    reply = http_refusal(status, body)
    if 200 <= status < 300:
        assert reply is None
    else:
        assert reply is not None
        assert (reply.reason is None) != (reply.lost is None)
        assert not reply.results
        assert not reply.not_sent
