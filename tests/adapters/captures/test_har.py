from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.values import Account
from domain.wire import Read, SetAside
from tests.adapters.captures.recordings import SECRET, WALLET, entry, lines, read


def test_an_entry_is_a_request_and_its_answer() -> None:
    items = read(entry())
    sent, received = lines(items)
    assert sent.at == datetime(2026, 1, 2, 2, 4, 5, 6000, tzinfo=UTC)
    assert received.at == datetime(2026, 1, 2, 2, 4, 5, 18500, tzinfo=UTC)
    assert (sent.direction, received.direction) == ("sent", "received")
    assert (sent.seq, received.seq) == (1, 2)
    assert sent.exchange == received.exchange
    assert sent.owner == Account("abp", "default")
    assert sent.http == {
        "method": "GET",
        "path": "/orders",
        "query": {"status": "open"},
        "headers": {"X-ABP-API-KEY": "$redacted"},
    }
    assert received.http is not None
    assert received.http["status"] == 200
    assert str(received.http["body"]["a"]) == "1.10"


def test_no_secret_is_kept() -> None:
    secret = {
        "postData": {"mimeType": "application/json", "text": json.dumps({"password": SECRET})},
        "url": f"https://api.4casters.io/user/login?token={SECRET}",
    }
    answer = {"content": {"text": json.dumps({"data": {"user": {"auth": SECRET}}})}}
    frames = [{"type": "send", "time": 1.5, "opcode": 1, "data": json.dumps({"apiKey": SECRET})}]
    items = read(
        entry(request=secret, response=answer),
        entry(_webSocketMessages=frames),
        entry(startedDateTime="?"),
    )
    assert len(items) == 4
    for item in items:
        assert SECRET.encode() not in item.raw
        assert SECRET not in repr(item)


def test_the_bytes_kept_are_the_line_that_the_entry_became() -> None:
    for item in read(entry()):
        assert isinstance(item, Read)
        again = json.loads(item.raw)
        assert (again["v"], again["capture"]) == (1, item.line.capture)
        assert again["capture"].startswith("har-")


def test_the_same_file_gives_the_same_lines_and_another_file_another_capture() -> None:
    assert read(entry()) == read(entry())
    (first, *_), (other, *_) = read(entry()), read(entry(), entry())
    assert isinstance(first, Read)
    assert isinstance(other, Read)
    assert first.line.capture != other.line.capture


def test_messages_are_in_the_order_of_time_whatever_the_order_of_entries() -> None:
    late = entry(startedDateTime="2026-01-02T05:00:00Z")
    early = entry(startedDateTime="2026-01-02T04:59:59.999Z", time=5)
    directions = [(line.seq, line.direction, line.exchange) for line in lines(read(late, early))]
    assert directions == [
        (1, "sent", "entry-2"),
        (2, "sent", "entry-1"),
        (3, "received", "entry-2"),
        (4, "received", "entry-1"),
    ]


def test_every_owner_has_a_capture_of_its_own_without_holes() -> None:
    wallet = {"headers": [{"name": "x-user-wallet", "value": WALLET}]}
    items = lines(
        read(
            entry(),
            entry("https://core-api.adipredictstreet.com/api/orders/open", request=wallet),
            entry("https://api.4casters.io/exchange/v2/getOrders"),
        )
    )
    owners = {line.owner for line in items}
    assert owners == {
        Account("abp", "default"),
        Account("predictstreet", WALLET.lower()),
        Account("fourcasters", "default"),
    }
    assert len({line.capture for line in items}) == 3
    assert [line.seq for line in items] == [1, 2] * 3


def test_the_venue_and_the_account_can_be_told() -> None:
    proxied = entry("http://localhost:8080/orders")
    (aside,) = read(proxied)
    assert isinstance(aside, SetAside)
    assert aside.reason == "no venue is known by the host localhost: 1 entries were passed over"
    sent, _ = lines(read(proxied, venue="abp", account="desk"))
    assert sent.owner == Account("abp", "desk")


def test_what_a_browser_records_beside_is_counted_and_not_kept() -> None:
    items = read(
        entry("https://cdn.example/app.js"),
        entry("https://cdn.example/app.css"),
        entry(request={"method": "OPTIONS"}),
    )
    assert {item.reason for item in items if isinstance(item, SetAside)} == {
        "no venue is known by the host cdn.example: 2 entries were passed over",
        "browser pre-flight requests to v2.55-tech.com: 1 entries were passed over",
    }


@pytest.mark.parametrize(
    ("content", "body"),
    [
        pytest.param({"text": "[]"}, [], id="JSON"),
        pytest.param({"text": "oops <html>"}, {"$text": "oops <html>"}, id="no JSON"),
        pytest.param(
            {"text": base64.b64encode(b'{"a":0.10}').decode(), "encoding": "base64"},
            {"a": Decimal("0.10")},
            id="JSON in base64",
        ),
        pytest.param(
            {"text": base64.b64encode(b"\xff\xfe").decode(), "encoding": "base64"},
            {"$base64": "//4="},
            id="bytes",
        ),
        pytest.param({"text": "*", "encoding": "base64"}, {"$text": "*"}, id="no base64"),
        pytest.param({}, None, id="not recorded"),
    ],
)
def test_a_body_is_json_or_text_or_bytes(content: dict[str, str], body: object) -> None:
    _, received = lines(read(entry(response={"content": content})))
    assert received.http is not None
    assert received.http.get("body") == body


def test_a_posted_body_and_repeated_parameters_are_kept() -> None:
    posted = {
        "method": "post",
        "url": "https://v2.55-tech.com/cancel-orders?id=1&id=2&id=3",
        "postData": {"mimeType": "application/json", "text": '{"orderIds":[1]}'},
    }
    sent, _ = lines(read(entry(request=posted)))
    assert sent.http is not None
    assert sent.http["method"] == "POST"
    assert sent.http["query"] == {"id": ["1", "2", "3"]}
    assert sent.http["body"] == {"orderIds": [1]}


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        pytest.param({"_error": "net::ERR_NAME_NOT_RESOLVED"}, "not_sent", id="no such name"),
        pytest.param({"_error": "net::ERR_CONNECTION_REFUSED"}, "not_sent", id="refused"),
        pytest.param({"_error": "net::ERR_SSL_PROTOCOL_ERROR"}, "not_sent", id="TLS"),
        pytest.param({"_error": "net::ERR_CERT_AUTHORITY_INVALID"}, "not_sent", id="certificate"),
        pytest.param({"_error": "net::ERR_CONNECTION_TIMED_OUT"}, "timeout", id="timed out"),
        pytest.param({"_error": "net::ERR_TIMED_OUT"}, "timeout", id="timed out in short"),
        pytest.param({"_error": "net::ERR_CONNECTION_RESET"}, "disconnected", id="reset"),
        pytest.param({"_error": "net::ERR_ABORTED"}, "disconnected", id="aborted"),
        pytest.param({}, "disconnected", id="nobody knows"),
    ],
)
def test_a_failed_entry_is_a_loss_that_repeats_what_was_sent(
    told: dict[str, str], kind: str
) -> None:
    sent, lost = lines(read(entry(response={"status": 0, "statusText": "", **told})))
    assert (lost.direction, lost.exchange) == ("lost", sent.exchange)
    assert lost.error is not None
    assert lost.error["kind"] == kind
    assert lost.http == sent.http


def test_an_error_of_the_entry_itself_is_a_loss_too() -> None:
    _, lost = lines(read({**entry(_error="net::ERR_EMPTY_RESPONSE"), "response": None}))
    assert lost.error == {"kind": "disconnected", "detail": "net::ERR_EMPTY_RESPONSE"}
