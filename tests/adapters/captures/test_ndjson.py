from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.captures import ndjson
from domain.wire import Read, SetAside
from tests.adapters.captures.writing import read, written


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
