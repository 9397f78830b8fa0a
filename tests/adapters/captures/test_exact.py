from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.captures.redact import SECRET_NAMES
from tests.adapters.captures.writing import BASE, aside, message, written


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


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)


@given(
    st.dictionaries(
        NAMES.filter(lambda name: name not in SECRET_NAMES),  # what they name is redacted
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
    ascii_only: bool,  # noqa: FBT001 - a case of the table
) -> None:
    text = json.dumps({**BASE, "frame": frame}, separators=separators, ensure_ascii=ascii_only)
    assert message(text.encode()).line.frame == frame
