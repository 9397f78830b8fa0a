"""Whatever comes, out come messages or `Unreadable`, and the same each time."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.messages import CancelReply, Message, Notice
from domain.wire import Line, Unreadable
from tests.adapters.venues.predictstreet.lines import (
    A,
    B,
    frame,
    lost,
    order_row,
    place_body,
    received,
    sent,
    trade_row,
    translate,
    user_fill,
)


def deep(levels: int) -> object:
    """A value nested this deep."""
    value: object = A
    for _ in range(levels):
        value = {"order": [value]}
    return value


CANCELS: list[tuple[str, object, object]] = [
    ("cancel", {"orderId": A}, {"orderId": A, "status": "cancelled", "unfilledQty": "60"}),
    (
        "cancel-batch",
        {"orderIds": [A, B]},
        {"cancelled": [A], "notCancelled": {B: "already_terminal"}},
    ),
    ("cancel-all", {"marketId": "M"}, {"cancelled": 3, "marketId": "M"}),
]
PLACED = {"orderId": A, "status": "OPEN", "filledQty": "40", "trades": [trade_row()]}
REQUESTS = [
    *(sent("POST", f"/api/orders/{name}", body) for name, body, _ in CANCELS),
    sent("POST", "/api/orders/place", place_body()),
    sent("POST", "/api/orders/place-batch", {"orders": [place_body()]}),
    sent("GET", "/api/orders/open"),
    sent("GET", f"/api/orders/{A}"),
    sent("GET", f"/api/orders/{A}/fills"),
    sent("GET", "/api/me/trades"),
    sent("GET", "/api/v1/partner/trades"),
]
BODIES: list[Any] = [
    *(answer for _, _, answer in CANCELS),
    PLACED,
    [PLACED],
    {"orders": [order_row(), order_row(status="CANCELLED")]},
    order_row(),
    {"orderId": A, "trades": [trade_row()]},
    {"trades": [trade_row(status="settlement_failed")]},
    {"code": "x", "message": "y"},
]

GARBAGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**5000),
    st.just(Decimal("1e400")),
    st.just(Decimal("NaN")),
    st.decimals(),
    st.text(max_size=8),
    st.sampled_from(["", " ", "\ud800", "\x00", "9" * 5000, "1e9999", "CANCELLED", "0x"]),
    st.just(deep(400)),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - JSON of any shape
    """Every place in a JSON value."""
    found = [path]
    entries: Any = ()
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value).items()
    elif isinstance(value, list):
        entries = enumerate(cast("Iterable[Any]", value))
    for key, inner in entries:
        found += places(inner, (*path, key))
    return found


def put(value: Any, path: tuple[Any, ...], new: object) -> Any:  # noqa: ANN401 - JSON of any shape
    """The value with `new` at this place."""
    if not path:
        return new
    changed = copy.copy(value)
    changed[path[0]] = put(value[path[0]], path[1:], new)
    return changed


@st.composite
def spoiled(draw: st.DrawFn, samples: list[Any]) -> Any:  # noqa: ANN401 - JSON of any shape
    """A sample with garbage at some places."""
    value = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(0, 3))):
        value = put(value, draw(st.sampled_from(places(value))), draw(GARBAGE))
    return value


def heard(told: Line, request: Line | None) -> list[Message] | str:
    """The messages, or why the line is set aside."""
    try:
        return list(translate(told, request))
    except Unreadable as reason:
        return str(reason)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(REQUESTS), spoiled(BODIES), st.sampled_from([200, 201, 400, 404, 429, 503]))
def test_any_answer_is_told_or_set_aside(request: Line, body: object, status: int) -> None:
    told = received(body, status)
    first = heard(told, request)
    assert first == heard(told, request)
    assert first != ""  # a line is set aside for a reason


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(REQUESTS[:3]), spoiled(BODIES), st.sampled_from([200, 204, 302, 400, 429, 500])
)
def test_any_answer_to_a_cancel_is_a_reply(request: Line, body: object, status: int) -> None:
    *notes, reply = translate(received(body, status), request)
    assert isinstance(reply, CancelReply)
    assert all(isinstance(note, Notice) for note in notes)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(REQUESTS), st.data())
def test_any_request_is_told_or_set_aside(request: Line, data: st.DataObject) -> None:
    assert request.http is not None
    http = data.draw(spoiled([request.http]))
    if isinstance(http, dict):
        told = cast("dict[str, Any]", http)
        spoilt = Line("c", 1, request.at, request.owner, "sent", http=told)
        heard(spoilt, None)
        heard(received(data.draw(spoiled(BODIES))), spoilt)
        heard(lost("timeout"), spoilt)


FRAMES = [
    user_fill(),
    {"type": "order_placed", "channel": "user_orders", "data": order_row()},
    {"type": "order_cancelled", "serverTs": 1, "data": {"order": order_row()}},
    {"id": 1, "cmd": "subscribe", "params": {"channels": ["user_fills"]}},
    {"type": "pong", "ts": 1},
]


@settings(max_examples=300, deadline=None)
@given(spoiled(FRAMES), st.sampled_from(["sent", "received"]))
def test_any_frame_is_told_or_set_aside(content: Any, direction: str) -> None:  # noqa: ANN401 - JSON of any shape
    told = frame(content, direction)
    assert heard(told, None) == heard(told, None)
