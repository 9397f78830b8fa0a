"""The ways a list is saved: packed, printed by curl, recorded, piped; and what is no list."""

from __future__ import annotations

import gzip
import io
import json
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
import zstandard

from adapters.statements.errors import NotAStatement
from tests.adapters.statements.saved import (
    abp_order,
    abp_page,
    exchange,
    file,
    lines,
    rows,
    saved,
    statement,
    told,
    wrong,
)

PAGE = json.dumps(abp_page(9, 8))
TOLD = [
    "9=0b6f6f0e-0000-4000-8000-000000000009 NEW 300/0/-",
    "8=0b6f6f0e-0000-4000-8000-000000000008 NEW 300/0/-",
]
TEN = datetime(2031, 2, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PAGE, id="one line"),
        pytest.param(json.dumps(abp_page(9, 8), indent=2), id="printed on many lines"),
        pytest.param("\ufeff\r\n" + PAGE, id="with the mark of UTF-8 and a blank line"),
        pytest.param(gzip.compress(PAGE.encode()), id="gzip"),
        pytest.param(zstandard.compress(PAGE.encode()), id="zstd"),
        pytest.param(
            json.dumps(abp_page(9, more=True), indent=1) + json.dumps(abp_page(8), indent=1),
            id="two pages one after the other",
        ),
        pytest.param(lines(abp_page(9, more=True), abp_page(8)), id="a page on each line"),
        pytest.param(
            f"HTTP/1.1 200 OK\r\nContent-Type: x\r\n\r\n{PAGE}", id="as curl -i prints it"
        ),
        pytest.param(
            f"HTTP/1.1 100 Continue\r\n\r\nHTTP/2 200\r\nx: y\r\n\r\n{PAGE}", id="curl -i, twice"
        ),
        pytest.param(lines(exchange(1, "/api/v2/orders/", abp_page(9, 8))), id="a recording"),
        pytest.param(lines(abp_order(9), abp_order(8)), id="rows by themselves"),
    ],
)
def test_a_list_is_read_however_it_was_saved(content: str | bytes, tmp_path: Path) -> None:
    if isinstance(content, str) and "v2/orders/" in content:
        content = content.replace("/api/v2/orders/", "/api/v2/orders")
    assert told(saved(tmp_path, "abp", content)) == TOLD


def test_standard_input_is_a_file_like_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(PAGE.encode())))
    read = statement("abp", "-")
    assert told(read) == told(read) == TOLD
    assert read.inputs[0].name == "-"


def test_an_input_is_known_by_its_name_and_hash(tmp_path: Path) -> None:
    (one,) = saved(tmp_path, "abp", PAGE).inputs
    assert one.name == str(tmp_path / "a.json")
    assert one.sha256 == sha256(PAGE.encode()).hexdigest()


def har(*entries: object) -> str:
    """A HAR of these entries."""
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


def entry(url: str, body: object, **headers: str) -> dict[str, object]:
    """An entry of a HAR."""
    listed = [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    content = {"text": json.dumps(body)}
    return {
        "startedDateTime": "2031-02-03T10:00:00.000Z",
        "time": 250,
        "request": {"method": "GET", "url": url, "headers": []},
        "response": {"status": 200, "headers": listed, "content": content},
    }


@pytest.mark.parametrize(
    "host", ["v2.55-tech.com", pytest.param("proxy.internal", id="behind a proxy of another name")]
)
def test_a_browsers_recording_holds_lists(host: str, tmp_path: Path) -> None:
    first = entry(f"https://{host}/orders?userRef=a&limit=1", abp_page(9, more=True))
    last = entry(f"https://{host}/orders?userRef=a&limit=1&afterOrderId=9", abp_page(8))
    read = saved(tmp_path, "abp", har(first, last))
    assert told(read) == TOLD
    assert read.own_time == TEN + timedelta(milliseconds=250)


@pytest.mark.parametrize(
    ("headers", "at", "then"),
    [
        pytest.param({}, "2031-02-03T10:00:00.5Z", TEN + timedelta(seconds=0.5), id="when it came"),
        pytest.param(
            {"Date": "Mon, 03 Feb 2031 10:00:00 GMT"},
            "2031-02-03T10:00:00.75Z",
            TEN + timedelta(seconds=0.75),
            id="its date has whole seconds; ours is the same, finer",
        ),
        pytest.param(
            {"date": "Mon, 03 Feb 2031 10:00:00 GMT"},
            "2031-02-03T10:07:00Z",
            TEN,
            id="clocks that disagree: the venue's",
        ),
        pytest.param(
            {"X-Server-Time": "1927879200250", "Date": "Mon, 03 Feb 2031 11:00:00 GMT"},
            "2031-02-03T10:07:00Z",
            TEN + timedelta(milliseconds=250),
            id="server time, in milliseconds",
        ),
        pytest.param({"X-Server-Time": "1927879200"}, "2031-02-03T09:00:00Z", TEN, id="in seconds"),
        pytest.param(
            {"X-Server-Time": "2031-02-03T11:00:00+01:00"}, "2031-02-03T09:00:00Z", TEN, id="ISO"
        ),
        pytest.param(
            {"X-Server-Time": "9" * 20, "Date": "yesterday"},
            "2031-02-03T10:00:00Z",
            TEN,
            id="what is no time is not told",
        ),
    ],
)
def test_a_recorded_list_was_true_when_it_was_answered(
    headers: dict[str, str], at: str, then: datetime, tmp_path: Path
) -> None:
    record = exchange(1, "/orders", abp_page(9), headers=headers, at=at)
    assert saved(tmp_path, "abp", lines(record)).own_time == then


def test_a_saved_list_tells_no_time(tmp_path: Path) -> None:
    assert saved(tmp_path, "abp", PAGE).own_time is None, "the newest change is not the list's time"


def test_the_date_that_curl_prints_is_the_time(tmp_path: Path) -> None:
    content = f"HTTP/1.1 200 OK\r\nDate: Mon, 03 Feb 2031 10:00:00 GMT\r\n\r\n{PAGE}"
    assert saved(tmp_path, "abp", content).own_time == TEN


def test_status_reports_of_a_recording_are_as_old_as_the_newest(tmp_path: Path) -> None:
    place = {
        "v": 1,
        "capture": "c",
        "venue": "canonical",
        "account": "desk",
        "direction": "received",
    }
    report = {"msg": "ExecutionReport", "order_id": "O1", "ord_status": "NEW"}
    happened = {**report, "exec_type": "Trade", "last_qty": "4"}
    record = [
        {**place, "seq": 1, "at": "2031-02-03T09:59:00Z", "frame": report},
        {**place, "seq": 2, "at": "2031-02-03T10:00:00Z", "frame": {**report, "order_id": "O2"}},
        {**place, "seq": 3, "at": "2031-02-03T10:01:00Z", "frame": happened},
    ]
    read = saved(tmp_path, "canonical", lines(record))
    assert told(read) == ["O1 NEW -/-/-", "O2 NEW -/-/-"], "what happened is no part of a list"
    assert read.own_time == TEN


def test_a_file_cut_off_tells_its_rows_and_that_more_is_missing(tmp_path: Path) -> None:
    rows = lines(*(abp_order(number) for number in range(1000, 0, -1)))
    packed = zstandard.compress(rows.encode())
    read = saved(tmp_path, "abp", packed[:-40])
    assert "the zstd data is cut off" in wrong(read)[-1]


@pytest.mark.parametrize(
    ("venue", "content", "says"),
    [
        pytest.param("abp", "", "empty; fetch the list again", id="empty"),
        pytest.param("abp", b"PK\x03\x04...", "save it as CSV", id="a spreadsheet"),
        pytest.param("abp", "hello\nworld\n", "--mapping mapping.toml", id="neither JSON nor ours"),
        pytest.param(
            "abp", '{"detail":"Missing API key"}', "refusal of the venue's", id="a refusal"
        ),
        pytest.param("abp", '{"odds":{}}', "an object with 'odds'", id="something else"),
        pytest.param("abp", "{}", "nothing in it", id="an empty object"),
        pytest.param("abp", '["a"]', "not of orders or of their matches", id="another list"),
        pytest.param("abp", "[1,\n2", "line 2, column 2: no JSON", id="cut off"),
        pytest.param("abp", '{"orders":[\n{"a":1}', "no JSON", id="a page cut off"),
        pytest.param(
            "fourcasters", '{"data":{"x":[]}}', "open orders (/user/getUnmatched)", id="data"
        ),
        pytest.param("other", PAGE, "no list of orders of other", id="a venue without a dialect"),
        pytest.param(
            "abp",
            lines(exchange(1, "/betslip", {"odds": {}})),
            "breakwater ingest",
            id="a recording without a list",
        ),
        pytest.param(
            "abp",
            lines(exchange(1, "/orders", {"error": "no"}, status=500)),
            "the venue refused (HTTP 500)",
            id="a recorded refusal",
        ),
        pytest.param(
            "abp",
            f"HTTP/1.1 401 Unauthorized\r\n\r\n{PAGE}",
            "the venue refused (HTTP 401)",
            id="a refusal printed by curl -i",
        ),
    ],
)
def test_what_is_no_list_is_an_error_with_the_next_step(
    venue: str, content: str | bytes, says: str, tmp_path: Path
) -> None:
    with pytest.raises(NotAStatement) as caught:
        saved(tmp_path, venue, content)
    assert says in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "a.json"))


def test_a_file_that_is_not_there_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        statement("abp", str(tmp_path / "gone.json"))


def test_several_lists_of_a_file_are_told_apart_by_name(tmp_path: Path) -> None:
    open_orders = exchange(
        1, "/api/orders/open", {"orders": [], "nextCursor": None}, venue="predictstreet"
    )
    trades = exchange(
        3, "/api/me/trades", {"trades": [], "nextCursor": None}, venue="predictstreet"
    )
    path = file(tmp_path, "day.ndjson", lines(open_orders, trades))
    names = [item.name for item in statement("predictstreet", path).inputs]
    assert names == [f"{path} (open orders)", f"{path} (trades)"]


def test_a_row_told_before_the_newest_says_when(tmp_path: Path) -> None:
    first = exchange(1, "/orders", abp_page(9), query={"orderIds": "9"}, at="2031-02-03T09:00:00Z")
    last = exchange(3, "/orders", abp_page(8), query={"orderIds": "8"}, at="2031-02-03T10:00:00Z")
    read = saved(tmp_path, "abp", lines(first, last))
    assert read.own_time == TEN
    assert [row.at for row in rows(read)] == [TEN - timedelta(hours=1), None]
