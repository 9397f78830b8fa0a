"""Whatever comes in, only messages or `Unreadable` come out."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.wire import Line, Unreadable
from tests.adapters.venues.abp.building import (
    CANCEL,
    PLACE,
    READ,
    answer,
    bet,
    data,
    line,
    order,
    raw_row,
    received,
    sent,
    tell,
)


def nested(depth: int) -> object:
    """A list in a list in a list."""
    value: object = []
    for _ in range(depth):
        value = [value]
    return value


DEEP = nested(400)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.decimals()
    | st.floats()
    | st.sampled_from(
        [10**400, -1, Decimal("1e999999"), "9" * 5000, "\ud800", "NaN", 1.5, DEEP, {"a": DEEP}]
    )
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)

WHOLE: list[tuple[Callable[[Any], tuple[Line, Line | None]], Any]] = [
    (lambda body: (sent("POST", "/cancel-orders", body), None), {"orderIds": [1], "userRef": "a"}),
    (lambda body: (sent("POST", "/place-orders", body), None), {"orders": [order()]}),
    (lambda body: (received(body), CANCEL), answer([order(bets=[bet()])], [order(), 7])),
    (lambda body: (received(body, 422), CANCEL), {"detail": [{"loc": ["body"], "msg": "bad"}]}),
    (lambda body: (received(body), READ), {"orders": [order(bets=[bet()]), order()]}),
    (lambda body: (received(body), PLACE), {"acceptedOrders": [order()], "declinedOrders": [{}]}),
    (lambda body: (received(body), sent("GET", "/bets")), {"bets": [bet()]}),
    (lambda frame: (line("received", ws={"frame": frame}), None),
     dict(data("orders", "INSERT", raw_row()).ws or {})["frame"]),
    (lambda frame: (line("received", ws={"frame": frame}), None),
     dict(data("bets", "UPDATE", bet()).ws or {})["frame"]),
]  # fmt: skip


def told_or_why(one: Line, request: Line | None) -> str:
    """The names of what a line tells, or the short reason why it cannot be read."""
    try:
        return "told: " + ", ".join(type(message).__name__ for message in tell(one, request))
    except Unreadable as why:
        return str(why) if len(str(why)) < 1_000 else ""


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    found = [path]
    if isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            found.extend(places(item, (*path, key)))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            found.extend(places(item, (*path, index)))
    return found


def put(value: Any, path: tuple[Any, ...], new: Any, *, drop: bool) -> Any:  # noqa: ANN401 - any JSON value
    """`value` with another value at a place, or with the place cut out."""
    if not path:
        return new
    changed = copy.deepcopy(value)
    at = changed
    for step in path[:-1]:
        at = at[step]
    if drop:
        del at[path[-1]]
    else:
        at[path[-1]] = new
    return changed


@settings(max_examples=300)
@given(drawn=st.data())
def test_a_changed_message_is_read_or_set_aside(drawn: st.DataObject) -> None:
    make, whole = drawn.draw(st.sampled_from(WHOLE))
    changed = whole
    for _ in range(drawn.draw(st.integers(1, 3))):
        path = drawn.draw(st.sampled_from(places(changed)))
        changed = put(changed, path, drawn.draw(JSON), drop=drawn.draw(st.booleans()))
    one, request = make(changed)
    assert told_or_why(one, request)


@given(parts=JSON, direction=st.sampled_from(["sent", "received", "lost", "sideways"]))
def test_a_line_of_any_content_is_read_or_set_aside(parts: Any, direction: str) -> None:  # noqa: ANN401 - any JSON value
    whole = cast("dict[str, Any]", parts) if isinstance(parts, dict) else None
    lines: list[dict[str, Any]] = [
        {"http": {"status": parts, "path": parts} if whole is None else whole},
        {"ws": {"channel": parts, "frame": parts}},
        {"error": {"kind": parts, "detail": parts} if whole is None else whole},
    ]
    for told in lines:
        for request in (None, CANCEL, READ):
            assert told_or_why(line(direction, **told), request)


@pytest.mark.parametrize("whole", [whole for _, whole in WHOLE], ids=range(len(WHOLE)))
def test_the_whole_message_itself_is_read(whole: Any) -> None:  # noqa: ANN401 - any JSON value
    make = next(make for make, body in WHOLE if body is whole)
    one, request = make(whole)
    tell(one, request)
