from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.captures import har
from domain.wire import Read, SetAside
from tests.adapters.captures.recordings import entry, lines, read, recorded


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        pytest.param({}, "request: missing", id="no request"),
        pytest.param(5, "request: missing", id="a number"),
        pytest.param({"request": {}}, "request.url: missing", id="no address"),
        pytest.param({"request": {"url": "http://[x"}}, "request.url: ", id="no such address"),
        pytest.param(entry(startedDateTime=None), "startedDateTime: not a time", id="no time"),
        pytest.param(
            entry(startedDateTime="0001-01-01T00:00:00+09:00"), "startedDateTime", id="early"
        ),
        pytest.param(entry(time=1e300), "time: out of range", id="took for ever"),
    ],
)
def test_an_entry_that_cannot_be_read_is_set_aside_and_the_others_are_read(
    bad: object, reason: str
) -> None:
    *messages, aside = read(bad, entry())
    assert isinstance(aside, SetAside)
    assert aside.reason.startswith(reason)
    assert aside.number == 1
    assert len(lines(messages)) == 2


@pytest.mark.parametrize("cut", [pytest.param(cut, id=f"{cut} bytes short") for cut in (1, 3, 300)])
def test_of_a_har_that_is_cut_off_the_whole_entries_are_read(cut: int) -> None:
    data = recorded(entry(), entry(startedDateTime="2026-01-02T05:00:00Z"))[:-cut]
    *messages, aside = har.read("f.har", data)
    assert isinstance(aside, SetAside)
    assert aside.reason.startswith("the HAR is damaged or cut off after")
    assert len(lines(messages)) == (4 if cut < 100 else 2)


ENTRY_FIELDS = (
    "request",
    "response",
    "url",
    "headers",
    "name",
    "value",
    "status",
    "content",
    "text",
    "time",
    "data",
    "type",
    "_webSocketMessages",
    "startedDateTime",
    "postData",
    "encoding",
    "_error",
)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(ENTRY_FIELDS),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    ),
    st.sampled_from(["request", "response", "time", "startedDateTime", "_webSocketMessages", ""]),
)
def test_whatever_an_entry_holds_nothing_is_raised(value: object, field: str) -> None:
    bad = {**entry(), field: value} if field else value
    for item in read(bad, entry(), venue="abp"):
        assert isinstance(item, Read | SetAside)


@given(st.binary(max_size=80), st.integers(0, 2000))
def test_a_damaged_har_raises_nothing(noise: bytes, place: int) -> None:
    data = recorded(entry(), entry())
    place = min(place, len(data))
    list(har.read("f.har", data[:place] + noise + data[place + len(noise) :]))
