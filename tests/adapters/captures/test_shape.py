from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values import Account
from domain.wire import Read, SetAside
from tests.adapters.captures.writing import ABSENT, BASE, FRAME, aside, message, only, written


def test_a_line_is_read_with_every_field_and_kept_byte_for_byte() -> None:
    raw = written(exchange="e-1")
    item = message(raw + b"\n")
    line = item.line
    assert (item.raw, item.number) == (raw, 1)
    assert (line.capture, line.seq, line.owner) == ("day-1", 7, Account("canonical", "desk"))
    assert line.at == datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert line.at.tzinfo is UTC
    assert (line.direction, line.exchange) == ("sent", "e-1")
    assert (line.frame, line.http, line.ws, line.error) == (FRAME, None, None, None)


HTTP_SENT = {"method": "GET", "path": "/orders"}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"extra": {"deep": [1]}}, id="unknown fields are tolerated"),
        pytest.param({"frame": ABSENT, "http": HTTP_SENT, "exchange": "1"}, id="http sent"),
        pytest.param(
            {"direction": "received", "frame": None, "http": {"status": 204}, "exchange": "1"},
            id="http received; null is absent",
        ),
        pytest.param({"frame": ABSENT, "ws": {"channel": "orders", "frame": {}}}, id="ws"),
        pytest.param({"frame": ABSENT, "ws": {"channel": "c", "frame": [1]}}, id="any ws frame"),
        pytest.param(
            {"direction": "lost", "frame": ABSENT, "exchange": "1", "error": {"kind": "timeout"}},
            id="a loss that names its exchange",
        ),
        pytest.param(
            {"direction": "lost", "error": {"kind": "not_sent", "detail": "refused"}},
            id="a loss that repeats what was sent",
        ),
        pytest.param({"at": "2026-01-02T03:04:05Z"}, id="whole seconds"),
        pytest.param({"at": "2026-01-02T03:04:05.1+00:00"}, id="UTC as an offset"),
        pytest.param({"at": "2026-01-02t03:04:05.1z"}, id="RFC 3339 in small letters"),
        pytest.param({"venue": "an-add-on"}, id="a venue that nobody here knows"),
    ],
)
def test_lines_of_the_right_shape_are_read(changes: dict[str, Any]) -> None:
    message(written(**changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"v": 2}, "v: this reads version 1", id="another version"),
        pytest.param({"v": True}, "v: this reads version 1", id="true is no version"),
        pytest.param({"v": ABSENT}, "v: missing", id="no version"),
        pytest.param({"capture": ABSENT}, "capture: missing", id="no capture"),
        pytest.param({"capture": ""}, "capture: not a text", id="empty capture"),
        pytest.param({"capture": 5}, "capture: not a text", id="capture as a number"),
        pytest.param({"capture": "c" * 201}, "capture: longer than 200 characters", id="too long"),
        pytest.param({"seq": 0}, "seq: not a whole number from 1", id="seq from 1"),
        pytest.param({"seq": True}, "seq: not a whole number from 1", id="true is no seq"),
        pytest.param({"seq": "1"}, "seq: not a whole number from 1", id="seq as text"),
        pytest.param({"seq": 1.5}, "seq: not a whole number from 1", id="half a seq"),
        pytest.param({"seq": 2**63}, "seq: not a whole number from 1", id="no database has it"),
        pytest.param({"at": ABSENT}, "at: missing", id="no time"),
        pytest.param({"at": 1}, "at: not a UTC time", id="time as a number"),
        pytest.param({"at": "2026-01-02T03:04:05"}, "at: not a UTC time", id="no zone"),
        pytest.param({"at": "2026-01-02T03:04:05+02:00"}, "at: not a UTC time", id="other zone"),
        pytest.param({"at": "2026-01-02T03:04:05.1234567Z"}, "at: not a UTC", id="too fine"),
        pytest.param({"at": "2026-02-30T03:04:05Z"}, "at: day is out of range", id="no such day"),
        pytest.param({"at": "2026-01-02T03:04:60Z"}, "at: second must be", id="no such second"),
        pytest.param({"at": "20260102T030405Z"}, "at: not a UTC time", id="basic format"),
        pytest.param({"at": "٢٠٢٦-01-02T03:04:05Z"}, "at: not a UTC", id="digits of Arabia"),
        pytest.param({"venue": ABSENT}, "venue: missing", id="no venue"),
        pytest.param({"venue": [1]}, "venue: not a text", id="venue as a list"),
        pytest.param({"account": ABSENT}, "account: missing", id="no account"),
        pytest.param({"account": {}}, "account: not a text", id="account as an object"),
        pytest.param({"direction": "up"}, "direction: not sent, received or lost", id="up"),
        pytest.param({"direction": ["sent"]}, "direction: not sent", id="direction as a list"),
        pytest.param({"frame": ABSENT}, "none of http, ws, frame", id="no message"),
        pytest.param(
            {"ws": {"channel": "c", "frame": {}}}, "more than one of http, ws, frame", id="two"
        ),
        pytest.param({"frame": [1]}, "frame: not an object", id="frame as a list"),
        pytest.param({"frame": ABSENT, "http": HTTP_SENT}, "exchange: missing", id="no exchange"),
        pytest.param({"exchange": ""}, "exchange: not a text", id="empty exchange"),
        pytest.param(
            {"frame": ABSENT, "http": [], "exchange": "1"}, "http: not an object", id="http list"
        ),
        pytest.param(
            {"frame": ABSENT, "http": {"method": "GET"}, "exchange": "1"},
            "http.path: missing",
            id="no path",
        ),
        pytest.param(
            {"direction": "received", "frame": ABSENT, "http": {}, "exchange": "1"},
            "http.status: missing",
            id="no status",
        ),
        pytest.param(
            {"frame": ABSENT, "ws": {"frame": {}}}, "ws.channel: missing", id="no channel"
        ),
        pytest.param({"frame": ABSENT, "ws": {"channel": "c"}}, "ws.frame: missing", id="no frame"),
        pytest.param({"frame": ABSENT, "ws": 1}, "ws: not an object", id="ws as a number"),
        pytest.param({"direction": "lost"}, "error: missing", id="a loss without its error"),
        pytest.param(
            {"direction": "lost", "error": {"kind": 7}},
            "error.kind: not a word",
            id="a kind that is no word",
        ),
        pytest.param(
            {"direction": "lost", "frame": ABSENT, "error": {"kind": "timeout"}},
            "exchange: missing: nothing says what was lost",
            id="a loss of nothing",
        ),
    ],
)
def test_a_line_of_the_wrong_shape_is_set_aside_and_says_which_field(
    changes: dict[str, Any], reason: str
) -> None:
    raw = written(**changes)
    item = aside(raw)
    assert item.reason.startswith(reason)
    assert item.raw == raw
    assert item.source == "file"


def test_what_is_set_aside_tells_its_place_when_it_can() -> None:
    item = aside(written(at="yesterday"))
    assert (item.capture, item.seq) == ("day-1", 7)
    item = aside(written(seq=True, capture=""))
    assert (item.capture, item.seq) == (None, None)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.decimals(allow_nan=False, allow_infinity=False).map(str)
        | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*BASE, "http", "ws", "kind"]), inner, max_size=4)
        ),
        max_leaves=8,
    ),
    st.sampled_from([*BASE, "http", "ws", "error", "exchange"]),
)
def test_any_value_in_any_field_gives_a_message_or_a_reason(value: object, field: str) -> None:
    assert isinstance(only(written(**{field: value})), Read | SetAside)
