"""Whatever comes in, messages come out or `Unreadable`, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.messages import CancelReply, CancelSent, Notice, OrderMessage
from domain.wire import Line, Unreadable
from tests.adapters.venues.fourcasters.wire_lines import (
    GAME,
    ORDER,
    SECOND,
    as_read,
    cancelled,
    http_sent,
    line,
    match,
    not_cancelled,
    rest,
    resting,
    submitted,
    told,
    update,
    ws_sent,
)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**4000, -1, 0, Decimal("NaN"), Decimal("1E+999999"), 0.5, b"x"])
    | st.decimals(allow_nan=True)
    | st.text(max_size=12)
    | st.sampled_from(["", "success", "cache_expired", "\ud800", "\x00", "9" * 5000, ORDER, GAME])
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)

ENTRY = {"matched": [match()], "unmatched": rest()}
FRAMES: list[Any] = [
    {"requestID": "q", "data": [cancelled(), not_cancelled("order not found")]},
    {"requestID": "q", "data": [ENTRY, {"error": "x", "error_type": "y"}, rest()]},
    {"requestID": "q", "responses": [{"requestID": "q", "data": [ENTRY]}]},
    {"requestID": "q", "error": "order not found"},
    {"requestID": "q", "data": {"type": "heartbeatAck", "timeoutSec": 10}},
    update(unmatched=resting()),
    update(matched=match(), unmatched=resting(filled=40, remaining=60)),
    update(matched=match(), origin="wager"),
    ["orderUpdate", {}],
]
BODIES: list[Any] = [
    {"data": [cancelled(), {"success": False, "reason": "Not your order"}]},
    {"data": {"createdSessions": [ENTRY]}},
    {"data": {"unmatched": [{"id": ORDER, "offered": 1, "filled": 0, "game": {"id": GAME}}]}},
    {
        "data": {
            "order": {"id": ORDER, "cancelled": False, "matchedRisk": "1", "unmatchedRisk": "2"}
        }
    },
    {"status": "success", "messages": [update(unmatched=resting())]},
    {"status": "cache_expired", "availableMessages": [update(unmatched=resting())]},
]
REQUESTS: list[Line | None] = [
    None,
    ws_sent("cancelById", {"requestID": "q", "orderId": ORDER}),
    ws_sent("cancelMultiple", {"requestID": "q", "orderIDs": [ORDER, SECOND]}),
    ws_sent("cancelAllByGame", {"requestID": "q", "gameId": GAME}),
    ws_sent("placeV3", {"requestID": "q", "orders": [submitted()]}),
    ws_sent("heartbeat", {"requestID": "q"}),
]
CALLS = [
    http_sent("POST", "/session/cancel", {"sessionID": ORDER}),
    http_sent("POST", "/session/cancelMultiple", {"sessionIDs": [ORDER, SECOND]}),
    http_sent("POST", "/session/v3/place", {"orders": [submitted()]}),
    http_sent("GET", "/user/getUnmatched"),
    http_sent("GET", "/session/lookupOrder"),
    http_sent("GET", "/v2/user/messages", None, "afterID=1-0"),
]


def _items(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return list(cast("dict[str, Any]", value).items())
    return list(enumerate(cast("Sequence[Any]", value))) if isinstance(value, list) else []


def _paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any JSON value
    inner: list[tuple[Any, ...]] = [here]
    for key, item in _items(value):
        inner += _paths(item, (*here, key))
    return inner


def _with(value: Any, path: tuple[Any, ...], new: Any, *, drop: bool) -> Any:  # noqa: ANN401 - any JSON value
    if not path:
        return new
    copy: Any = dict(_items(value)) if isinstance(value, dict) else list(value)
    if drop and len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = _with(copy[path[0]], path[1:], new, drop=drop)
    return copy


@st.composite
def mutated(draw: st.DrawFn, shapes: list[Any]) -> Any:  # noqa: ANN401 - any JSON value
    value = as_read(draw(st.sampled_from(shapes)))
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(_paths(value)))
        value = _with(value, path, draw(ANYTHING), drop=draw(st.booleans()))
    return value


def survives(spoken: Line, request: Line | None) -> None:
    try:
        messages = told(spoken, request)
    except Unreadable:
        return
    for message in messages:
        assert isinstance(message, OrderMessage | CancelSent | CancelReply | Notice)
        if isinstance(message, OrderMessage):
            assert message.names


@given(mutated(FRAMES), st.sampled_from(REQUESTS))
@settings(max_examples=300, deadline=None)
def test_any_frame_from_the_venue(frame: object, request_line: Line | None) -> None:
    survives(line("received", ws={"channel": "orders", "frame": frame}), request_line)


@given(mutated([[r.ws["frame"][0], r.ws["frame"][1]] for r in REQUESTS if r and r.ws]))
@settings(max_examples=200, deadline=None)
def test_any_frame_of_ours(frame: object) -> None:
    spoken = line("sent", ws={"channel": "orders", "frame": frame})
    survives(spoken, None)
    survives(line("received", ws={"channel": "orders", "frame": FRAMES[0]}), spoken)
    survives(line("lost", ws=spoken.ws, error={"kind": "timeout"}), None)


@given(mutated(BODIES), st.sampled_from(CALLS), st.sampled_from([200, 204, 400, 403, 409, 503]))
@settings(max_examples=300, deadline=None)
def test_any_answer_over_http(body: object, call: Line, status: int) -> None:
    survives(line("received", http={"status": status, "body": body}), call)


@given(mutated([dict(call.http) for call in CALLS if call.http]), ANYTHING)
@settings(max_examples=200, deadline=None)
def test_any_request_over_http(http: Any, error: Any) -> None:  # noqa: ANN401 - any JSON value
    spoken = line("sent", http=http)
    survives(spoken, None)
    survives(line("received", http={"status": 200, "body": BODIES[0]}), spoken)
    survives(line("lost", error=error), spoken)


def test_deep_nesting_is_no_trap() -> None:
    deep: Any = {}
    for _ in range(5000):
        deep = {"data": [deep]}
    survives(line("received", ws={"channel": "orders", "frame": deep}), None)
    survives(line("received", ws={"channel": "x", "frame": update(matched=deep)}), None)
    survives(line("received", http={"status": 200, "body": deep}), CALLS[0])
