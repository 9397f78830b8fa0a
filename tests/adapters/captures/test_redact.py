from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from adapters.captures.ndjson import item
from adapters.captures.redact import REDACTED, redacted, scrubbed, text_without_secrets
from domain.wire import Read, SetAside

SECRET = "s3cr3t-0123456789"  # noqa: S105 - invented


def line(**part: Any) -> bytes:  # noqa: ANN401 - any JSON value
    record = {
        "v": 1,
        "capture": "day-1",
        "seq": 7,
        "at": "2026-01-02T03:04:05Z",
        "venue": "abp",
        "account": "desk",
        "direction": "sent",
        "exchange": "1",
        **part,
    }
    return json.dumps(record).encode()


def http(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return {"method": "POST", "path": "/cancel-orders", **fields}


@pytest.mark.parametrize(
    "part",
    [
        pytest.param({"http": http(headers={"X-ABP-API-KEY": SECRET})}, id="ABP's key"),
        pytest.param({"http": http(headers={"x-api-key": SECRET})}, id="the older key"),
        pytest.param({"http": http(headers={"Authorization": f"Bearer {SECRET}"})}, id="bearer"),
        pytest.param({"http": http(headers={"Cookie": f"auth={SECRET}"})}, id="a cookie"),
        pytest.param({"http": http(headers={"X-Whatever": SECRET})}, id="any header not allowed"),
        pytest.param({"http": http(headers=[["Cookie", SECRET]])}, id="headers as a list"),
        pytest.param({"http": http(headers=SECRET)}, id="headers as a text"),
        pytest.param({"http": http(query={"token": SECRET})}, id="a token in the query"),
        pytest.param({"http": http(query={"key": SECRET})}, id="a key in the query"),
        pytest.param({"http": http(query=f"a=1&key={SECRET}")}, id="the query as a text"),
        pytest.param({"http": http(path=f"/ws?token={SECRET}&a=1")}, id="in the path"),
        pytest.param({"http": http(body={"password": SECRET})}, id="a login"),
        pytest.param({"http": http(body={"data": {"user": {"auth": SECRET}}})}, id="its answer"),
        pytest.param({"http": http(body={"orders": [{"signature": SECRET}]})}, id="a signature"),
        pytest.param({"http": http(body={"$text": f"user=a&password={SECRET}"})}, id="a form"),
        pytest.param(
            {"ws": {"channel": "c", "frame": {"apiKey": SECRET}}}, id="ABP's socket login"
        ),
        pytest.param({"ws": {"channel": "c", "frame": {"Token": [SECRET]}}}, id="any case, a list"),
        pytest.param({"frame": {"api_key": SECRET}}, id="in a canonical frame"),
    ],
)
def test_a_secret_is_neither_in_the_line_nor_in_the_bytes_that_are_kept(
    part: dict[str, Any],
) -> None:
    read = item("file", 1, line(**part))
    assert isinstance(read, Read), read
    assert SECRET.encode() not in read.raw
    assert SECRET not in repr(read.line)
    assert REDACTED.encode() in read.raw
    assert item("file", 1, read.raw) == read


@pytest.mark.parametrize(
    "part",
    [
        pytest.param({"http": http(headers={"Retry-After": "1", "date": "x"})}, id="allowed"),
        pytest.param({"http": http(headers={"X-User-Wallet": "0xabc"})}, id="the wallet"),
        pytest.param({"http": http(headers={"Cookie": REDACTED})}, id="redacted before"),
        pytest.param({"http": http(body={"token": REDACTED})}, id="redacted before, in a body"),
        pytest.param({"http": http(query={"status": "open"})}, id="a query"),
        pytest.param({"http": http(query="status=open")}, id="a query as a text"),
        pytest.param({"http": http(path="/orders?cursor=1")}, id="a path with a query"),
        pytest.param({"http": http(body={"tokenId": "12", "key": "k"})}, id="no secret by name"),
    ],
)
def test_a_line_without_secrets_is_kept_byte_for_byte(part: dict[str, Any]) -> None:
    raw = line(**part)
    read = item("file", 1, raw)
    assert isinstance(read, Read)
    assert read.raw is raw


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        pytest.param("sessionID", "68f000000000000000000b77", True, id="an order of 4casters"),
        pytest.param("sessionID", SECRET, False, id="no order's id"),
        pytest.param("sessionID", "68f000000000000000000b7", False, id="a digit too few"),
        pytest.param("sessionId", "68f000000000000000000b77", False, id="not its spelling"),
    ],
)
def test_an_order_that_is_called_a_session_is_kept(name: str, value: str, *, kept: bool) -> None:
    part = {"http": http(headers={"Cookie": SECRET}, body={name: value})}
    found = item("f", 1, line(**part))
    assert isinstance(found, Read)
    assert found.line.http is not None
    assert found.line.http["body"] == {name: value if kept else REDACTED}


def test_numbers_keep_their_digits_when_a_line_is_written_anew() -> None:
    raw = line(http=http(body={"token": SECRET, "n": "N", "big": 10**30}))
    read = item("file", 1, raw.replace(b'"N"', b"1.10"))
    assert isinstance(read, Read)
    assert b'"n":1.10' in read.raw
    assert str(10**30).encode() in read.raw
    assert read.line.http is not None
    assert read.line.http["body"]["n"] == Decimal("1.10")


def test_an_object_under_a_secret_name_is_looked_through() -> None:
    assert redacted({"auth": {"token": SECRET, "kind": "x"}, "signature": None}) == {
        "auth": {"token": REDACTED, "kind": "x"},
        "signature": None,
    }


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"headers":{"Authorization":"%b"', id="torn"),
        pytest.param(b'{"X-ABP-API-KEY": "%b', id="torn in the secret"),
        pytest.param(b'{"body":{"$text":"{\\"password\\":\\"%b\\"}"}', id="inside a text"),
        pytest.param(b'[{"name": "Cookie", "value": "%b"}]', id="as HAR writes headers"),
        pytest.param(b"GET /ws?a=1&token=%b HTTP/1.1", id="a log line"),
        pytest.param(b'\xff{"api_key":"%b"}', id="not UTF-8"),
    ],
)
def test_what_is_set_aside_is_scrubbed(raw: bytes) -> None:
    aside = item("file", 1, raw % SECRET.encode())
    assert isinstance(aside, SetAside)
    assert SECRET.encode() not in aside.raw
    assert REDACTED.encode() in aside.raw


def test_scrubbing_leaves_other_bytes_as_they_are() -> None:
    raw = b'\xff\x00 {"order_id": "1", "price": 2.10'
    assert scrubbed(raw) == raw


def test_scrubbing_twice_changes_nothing() -> None:
    once = text_without_secrets(f'a=1&token={SECRET} {{"password":"{SECRET}"}}')
    assert SECRET not in once
    assert text_without_secrets(once) == once
