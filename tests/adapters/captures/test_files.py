from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard

from adapters.captures.files import is_har, is_list, open_capture, open_captures
from domain.wire import Read, SetAside

LINE = json.dumps(
    {
        "v": 1,
        "capture": "day-1",
        "seq": 1,
        "at": "2026-01-02T03:04:05Z",
        "venue": "canonical",
        "account": "desk",
        "direction": "sent",
        "frame": {"msg": "OrderStatusRequest"},
    }
).encode()
ENTRY: dict[str, Any] = {
    "startedDateTime": "2026-01-02T03:04:05Z",
    "time": 1,
    "request": {"method": "GET", "url": "https://v2.55-tech.com/orders", "headers": []},
    "response": {"status": 200, "headers": [], "content": {}},
}
LOG: dict[str, Any] = {"version": "1.2", "entries": [ENTRY]}


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        pytest.param(json.dumps({"log": LOG}).encode(), True, id="on one line"),
        pytest.param(json.dumps({"log": LOG}, indent=2).encode(), True, id="on many lines"),
        pytest.param(b"\xef\xbb\xbf\r\n" + json.dumps({"log": LOG}).encode(), True, id="a mark"),
        pytest.param(json.dumps({"comment": "x", "log": LOG}).encode(), True, id="log second"),
        pytest.param(
            json.dumps({"comment": "x", "log": LOG}, indent=2).encode(),
            True,
            id="log second, lines",
        ),
        pytest.param(json.dumps({"log": LOG}).encode()[:60], True, id="cut off"),
        pytest.param(LINE, False, id="a line"),
        pytest.param(LINE[:50], False, id="a torn line"),
        pytest.param(LINE.replace(b"{", b'{"log":{},', 1), False, id="a line with a log first"),
        pytest.param(LINE[:-2] + b',"log":{}}}', False, id="a line with a log in its frame"),
        pytest.param(b"", False, id="empty"),
        pytest.param(b"nonsense", False, id="nonsense"),
        pytest.param(b"[" * 100_000, False, id="nested without end"),
        pytest.param(b"[1]", False, id="a list"),
    ],
)
def test_a_har_is_told_from_a_capture_by_its_content(head: bytes, answer: bool) -> None:  # noqa: FBT001 - a case of the table
    assert is_har(head) is answer


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(LINE, id="plain"),
        pytest.param(gzip.compress(LINE), id="gzip"),
        pytest.param(zstandard.ZstdCompressor().compress(LINE), id="zstd"),
        pytest.param(json.dumps({"log": LOG}).encode(), id="HAR"),
        pytest.param(gzip.compress(json.dumps({"log": LOG}).encode()), id="HAR in gzip"),
    ],
)
def test_a_file_is_opened_by_what_it_holds_not_by_its_name(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    items = list(open_capture(path))
    assert items
    assert all(isinstance(item, Read) for item in items)


def test_many_files_are_read_one_after_the_other_with_one_progress(tmp_path: Path) -> None:
    first, second = tmp_path / "1.ndjson", tmp_path / "2.har"
    first.write_bytes(LINE)
    second.write_text(json.dumps({"log": LOG}))
    told: list[int] = []
    items = list(open_captures([first, second], progress=told.append))
    assert len(items) == 3
    assert told == sorted(told)
    assert told[-1] == first.stat().st_size + second.stat().st_size


def test_standard_input_is_read_for_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE + b"\n")))
    (item,) = open_capture("-")
    assert isinstance(item, Read)


def test_the_venue_of_a_har_can_be_told(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    entry = {**ENTRY, "request": {"method": "GET", "url": "http://proxy/orders"}}
    path.write_text(json.dumps({"log": {"entries": [entry]}}))
    (first, _) = open_capture(path, venue="abp", account="desk")
    assert isinstance(first, Read)
    assert first.line.owner.account == "desk"


def test_a_har_that_is_packed_and_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.har.gz"
    path.write_bytes(gzip.compress(json.dumps({"log": LOG}).encode())[:-8])
    items = list(open_capture(path))
    assert [type(item) for item in items][:2] == [Read, Read]
    assert items[-1].raw == b""


def test_a_file_that_is_not_there_is_the_callers_to_handle(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(open_capture(tmp_path / "none"))


@pytest.mark.parametrize(
    "page",
    [
        pytest.param('{"orders":[{"orderId":1}],"hasMore":false}', id="a page on one line"),
        pytest.param('{\n "data": {\n  "unmatched": [\n  ]\n }\n}', id="a page on many lines"),
        pytest.param('[{"orderId":1}]', id="a bare list"),
    ],
)
def test_a_venues_own_list_is_one_piece_set_aside_with_the_command_to_try(
    page: str, tmp_path: Path
) -> None:
    path = tmp_path / "orders.json"
    path.write_text(page)
    (item,) = open_capture(path)
    assert isinstance(item, SetAside)
    assert item.raw == page.encode()
    tried = f"`breakwater reconcile VENUE --account ACCOUNT --statement {path}`"
    assert item.reason.endswith(tried)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(LINE.replace(b'"msg"', b'"orders":[],"msg"'), id="a line with orders in it"),
        pytest.param(b'["torn\n' + LINE, id="a line after a torn list"),
        pytest.param(b'{"orders":7}', id="orders that are no list"),
        pytest.param(json.dumps({"log": LOG, "orders": []}).encode(), id="a HAR"),
    ],
)
def test_what_was_said_on_the_wire_is_no_list(content: bytes) -> None:
    assert not is_list(content)
