"""What was on the wire stands in the line: JSON digit for digit, anything else told as it is."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.captures.exact import parse
from adapters.captures.ndjson import item
from adapters.gateways.exact import encoded
from adapters.recording import lines
from domain.values import Account
from domain.wire import Read

PLACE = lines.Place("c", 7, datetime(2026, 2, 7, 12, 0, 0, 250, tzinfo=UTC), Account("abp", "acme"))


def read(raw: bytes) -> Read:
    found = item("here", 1, raw)
    assert isinstance(found, Read), found
    return found


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        pytest.param(b'{"a": 1.10}', '{"a": 1.10}', id="digits stay as they are written"),
        pytest.param(b'{"a":\r\n 1}', '{"a":   1}', id="line breaks between tokens become blanks"),
        pytest.param(b"\xef\xbb\xbf[1]", "[1]", id="a byte order mark goes"),
        pytest.param(b'"a\\nb"', '"a\\nb"', id="a line break within a text is spelled"),
        pytest.param(b"<html>\n", '{"$text":"<html>\\n"}', id="text that is no JSON"),
        pytest.param(b'{"a": NaN}', '{"$text":"{\\"a\\": NaN}"}', id="a number that is none"),
        pytest.param(
            b"\xff\x00",
            json.dumps({"$base64": base64.b64encode(b"\xff\x00").decode()}, separators=(",", ":")),
            id="bytes that are no text",
        ),
        pytest.param(b"[" * 100_000, None, id="nested beyond reading"),
    ],
)
def test_a_body(body: bytes, kept: str | None) -> None:
    found = lines.value(body)
    assert b"\n" not in found
    if kept is not None:
        assert found.decode() == kept


@given(st.binary(max_size=200))
def test_any_bytes_are_one_json_value_in_one_line(body: bytes) -> None:
    found = lines.value(body)
    assert b"\n" not in found
    json.loads(found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text() | st.decimals(-9, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_an_answer_of_our_own_making_is_the_line_that_a_look_at_it_would_make(told: object) -> None:
    body = encoded(told)
    looked_at, copied = (
        lines.received(PLACE, lines.HttpReceived("x1", 200, [("age", "7")], body, is_json))
        for is_json in (False, True)
    )
    assert copied == looked_at


def test_a_request_and_its_answer_are_read_as_told() -> None:
    sent = lines.HttpSent(
        "x1",
        "GET",
        "/orders",
        [("a", "1"), ("b", "2"), ("a", "3"), ("a", "4")],
        [("X-API-Key", "canary-key"), ("Accept", "*/*")],
    )
    line = read(lines.sent(PLACE, sent))
    assert line.line.http == {
        "method": "GET",
        "path": "/orders",
        "query": {"a": ["1", "3", "4"], "b": "2"},
        "headers": {"X-API-Key": "$redacted", "Accept": "*/*"},
    }
    assert (line.line.capture, line.line.seq, line.line.at) == ("c", 7, PLACE.at)
    assert b"canary" not in line.raw
    answer = read(lines.received(PLACE, lines.HttpReceived("x1", 200, (), b'{"n":1.0}')))
    assert answer.raw.endswith(b'"http":{"status":200,"body":{"n":1.0}}}')
    assert parse(answer.raw)[0]["exchange"] == "x1"


def test_frames_and_losses_are_read_as_told() -> None:
    frame = lines.SocketFrame("orders", b'{"type":"cancelById","data":{}}', "x2")
    assert read(lines.sent(PLACE, frame)).line.ws == {
        "channel": "orders",
        "frame": {"type": "cancelById", "data": {}},
    }
    assert read(lines.received(PLACE, frame)).line.direction == "received"
    line = read(lines.lost(PLACE, lines.Loss("x2", "timeout", "after 5 s"))).line
    assert (line.direction, line.error) == ("lost", {"kind": "timeout", "detail": "after 5 s"})


def test_a_login_in_a_frame_is_not_kept() -> None:
    frame = lines.SocketFrame("ws", b'{"type":"login","apiKey":"canary-key"}')
    assert b"canary" not in read(lines.sent(PLACE, frame)).raw
