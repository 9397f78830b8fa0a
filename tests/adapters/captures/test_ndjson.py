from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.captures import ndjson
from domain.values import Account
from domain.wire import Item, Read, SetAside

FRAME: Mapping[str, Any] = {"msg": "OrderStatusRequest", "cl_ord_id": "X"}
BASE: Mapping[str, Any] = {
    "v": 1,
    "capture": "day-1",
    "seq": 7,
    "at": "2026-01-02T03:04:05.000006Z",
    "venue": "canonical",
    "account": "desk",
    "direction": "sent",
    "frame": FRAME,
}
ABSENT = object()


def written(**changes: Any) -> bytes:  # noqa: ANN401 - any JSON value
    record = {**BASE, **changes}
    kept = {name: value for name, value in record.items() if value is not ABSENT}
    return json.dumps(kept).encode()


def read(data: bytes, **options: Any) -> list[Item]:  # noqa: ANN401 - options of `read`
    return list(ndjson.read("file", io.BytesIO(data), **options))


def only(data: bytes) -> Item:
    (item,) = read(data)
    return item


def message(data: bytes) -> Read:
    item = only(data)
    assert isinstance(item, Read), item
    return item


def aside(data: bytes) -> SetAside:
    item = only(data)
    assert isinstance(item, SetAside), item
    return item


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


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        pytest.param("1.10", Decimal("1.10"), id="trailing zero is kept"),
        pytest.param("1e2", Decimal("1e2"), id="exponent is kept"),
        pytest.param("0.1", Decimal("0.1"), id="one tenth is one tenth"),
        pytest.param("1E400", Decimal("1E400"), id="beyond a binary float"),
        pytest.param("-0.0", Decimal("-0.0"), id="negative zero"),
        pytest.param("100", 100, id="a whole number is an int"),
        pytest.param(
            "123456789012345678901234567890.12",
            Decimal("123456789012345678901234567890.12"),
            id="more digits than a float has",
        ),
        pytest.param("9" * 40, int("9" * 40), id="a whole number beyond 64 bits"),
    ],
)
def test_numbers_keep_their_written_digits(digits: str, value: object) -> None:
    raw = written(frame={"n": "N"}).replace(b'"N"', digits.encode())
    line = message(raw).line
    assert line.frame is not None
    assert str(line.frame["n"]) == str(value)
    assert type(line.frame["n"]) is type(value)


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
            {"direction": "lost", "error": {"kind": "gone"}},
            "error.kind: no kind of loss",
            id="a kind nobody knows",
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


NESTED = b'{"a":' * 100_000


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"{", "not JSON", id="torn"),
        pytest.param(b'{"v":1,"capture":"day-1","seq":', "not JSON", id="torn after a key"),
        pytest.param(b"[1]", "not a JSON object", id="a list"),
        pytest.param(b"null", "not a JSON object", id="null"),
        pytest.param(b'{"a":NaN}', "not JSON", id="not a number"),
        pytest.param(b'{"a":-Infinity}', "not JSON", id="infinity"),
        pytest.param(
            b'{"a":1E99999999999999999999}', "not JSON: a number out of range", id="too large"
        ),
        pytest.param(b'{"a":1E1001}', "not JSON: a number out of range", id="nobody's amount"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", "not JSON", id="thousands of digits"),
        pytest.param(b'{"v":1,"v":1}', "the key 'v' stands twice", id="a key twice"),
        pytest.param(b'{"v" :1,"v":1}', "the key 'v' stands twice", id="twice, with space"),
        pytest.param(b'{"v"\t:1,"v":1}', "the key 'v' stands twice", id="twice, with a tab"),
        pytest.param(b'{"a":{"b":1,"b":2}}', "the key 'b' stands twice", id="twice, inside"),
        pytest.param(b'{"a":1,"\\u0061":2}', "the key 'a' stands twice", id="twice, escaped"),
        pytest.param(b'{"a":":x","b" :1,"b":2}', "the key 'b' stands twice", id="twice, disguised"),
        pytest.param(NESTED, "nested deeper than 64 levels", id="nested without end"),
        pytest.param(b'{"a":' * 70 + b"1" + b"}" * 70, "nested deeper", id="nested too deep"),
        pytest.param(b'{"a":"\x00"}', "not JSON", id="a NUL byte"),
        pytest.param(b'{"a":"\\u0000"}', "a text with a NUL", id="an escaped NUL"),
        pytest.param(b'{"a":"\xff"}', "not UTF-8", id="not UTF-8"),
        pytest.param(b'{"a":"\\ud800"}', "not JSON", id="half a character"),
        pytest.param('{"a":1}'.encode("utf-16"), "not", id="UTF-16"),
    ],
)
def test_what_is_not_one_unambiguous_json_object_is_set_aside(raw: bytes, reason: str) -> None:
    item = aside(raw)
    assert item.reason.startswith(reason)
    assert item.raw == raw.strip()


def test_texts_with_backslashes_colons_and_odd_spacing_are_read() -> None:
    frame = {"a": ':"', "b": "\\u0000", "c": '" :', "d": {"e": [{"a": "\\"}, {"a": ":"}]}}
    assert message(written(frame=frame)).line.frame == frame
    spaced = json.dumps({**BASE, "frame": frame}, separators=(" , ", " : ")).encode()
    assert message(spaced).line.frame == frame


@pytest.mark.parametrize(
    ("data", "numbers"),
    [
        pytest.param(b"\xef\xbb\xbf%b\n%b\n", [1, 2], id="a byte order mark"),
        pytest.param(b"%b\r\n%b\r\n", [1, 2], id="line ends of Windows"),
        pytest.param(b"\n  \n%b\n\r\n%b", [3, 5], id="blank lines are passed over"),
        pytest.param(b"%b\n%b", [1, 2], id="no line feed at the end"),
        pytest.param(b"  %b\n%b\t\n", [1, 2], id="space around"),
    ],
)
def test_ends_of_lines_do_not_matter(data: bytes, numbers: list[int]) -> None:
    raw = written()
    items = read(data % (raw, raw))
    assert [(item.number, item.raw) for item in items] == [(number, raw) for number in numbers]
    assert all(isinstance(item, Read) for item in items)


def test_the_rest_of_a_file_is_read_after_a_bad_line() -> None:
    items = read(b"\n".join([b"{", written(), b"nonsense", written(seq=8)]))
    assert [type(item) for item in items] == [SetAside, Read, SetAside, Read]


def test_a_line_without_end_is_set_aside_with_its_first_bytes_and_skipped() -> None:
    raw = written()
    long = b'{"x":"' + b"y" * 3_000_000 + b'"}'
    items = read(b"\n".join([raw, long, raw]), cap=1_000_000)
    assert [type(item) for item in items] == [Read, SetAside, Read]
    assert items[1].raw == long[: 1 << 16]
    assert [item.number for item in items] == [1, 2, 3]


class Endless:
    """A stream that never ends its line, and counts what was taken from it."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int, /) -> bytes:
        """As a file reads."""
        size = min(size, self.left)
        self.left -= size
        return b"x" * size


def test_progress_tells_the_bytes_taken_so_far() -> None:
    told: list[int] = []
    items = list(ndjson.read("file", Endless(2_000_000), progress=told.append, cap=1000))
    assert told == sorted(told)
    assert told[-1] == 2_000_000
    assert [item.raw for item in items] == [b"x" * 1000]


class Dripping:
    """A stream that gives a few bytes at a time, as pipes do."""

    def __init__(self, data: bytes, step: int) -> None:
        self.rest, self.step = data, step

    def read(self, size: int, /) -> bytes:
        """As a file reads."""
        given, self.rest = self.rest[: min(size, self.step)], self.rest[min(size, self.step) :]
        return given


@given(
    data=st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from([written(), written()[:50], b"", b" ", b"\r", b"\xef\xbb\xbf"]),
        ),
        max_size=12,
    ).map(b"\n".join),
    step=st.integers(1, 500),
    cap=st.sampled_from([20, 1000]),
)
def test_every_byte_is_read_or_set_aside_and_nothing_is_raised(
    data: bytes, step: int, cap: int
) -> None:
    items = list(ndjson.read("file", Dripping(data, step), cap=cap))
    if data.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd")) or data[1:3] == b"\x2a\x4d":
        return  # packed: tests/adapters/captures/test_unpacking.py
    told = {item.number: item for item in items}
    assert len(told) == len(items)
    for number, line in enumerate(data.split(b"\n"), start=1):
        bare = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if len(line) > cap:
            assert told[number].raw == line[:cap].removeprefix(
                b"\xef\xbb\xbf" if number == 1 else b""
            )
        elif bare.strip(b" \t\r\x0b\x0c"):
            assert told[number].raw == bare.strip(b" \t\r\x0b\x0c")
        else:
            assert number not in told


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


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
        | st.integers(-(10**20), 10**20)
        | st.lists(st.dictionaries(st.sampled_from("ab"), st.just(':"'))),
        max_size=5,
    ),
    st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : "), ("\t,", "\t:\t")]),
    st.booleans(),
)
def test_however_json_is_spaced_and_escaped_the_frame_is_the_same(
    frame: dict[str, Any],
    separators: tuple[str, str],
    ascii_only: bool,  # noqa: FBT001
) -> None:
    text = json.dumps({**BASE, "frame": frame}, separators=separators, ensure_ascii=ascii_only)
    assert message(text.encode()).line.frame == frame
