from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.captures import har
from domain.wire import Read, SetAside
from tests.adapters.captures.recordings import SECRET, WALLET, lines, read, recorded, socket


def test_the_frames_of_a_socket_are_read_exact_to_the_microsecond() -> None:
    raw = recorded(
        socket(
            "wss://orders-api.4casters.io/orders/ws",
            {"type": "send", "time": "T1", "data": '{"type":"cancelAll","requestID":"r-1"}'},
            {"type": "receive", "time": "T2", "data": '{"requestID":"r-1","x":0.10}'},
        )
    )
    raw = raw.replace(b'"T1"', b"1767323045.123456").replace(b'"T2"', b"1767323045.1234569")
    sent, received = lines(list(har.read("f.har", raw)))
    assert sent.at == datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)
    assert received.at == sent.at
    assert (sent.seq, received.seq) == (1, 2)
    assert sent.ws == {"channel": "orders", "frame": {"type": "cancelAll", "requestID": "r-1"}}
    assert sent.exchange == received.exchange == "request-r-1"
    assert received.ws is not None
    assert str(received.ws["frame"]["x"]) == "0.10"


@pytest.mark.parametrize(
    ("url", "channel"),
    [
        pytest.param("wss://streaming-api.4casters.io/v2/user", "user-feed", id="user feed"),
        pytest.param("wss://streaming-api.4casters.io/price-stream", "price-stream", id="prices"),
        pytest.param("wss://v2.55-tech.com/ws", "ws", id="ABP's socket"),
        pytest.param("wss://ws-gateway.adipredictstreet.com/ws/market", "market", id="market"),
    ],
)
def test_a_socket_is_called_by_its_address(url: str, channel: str) -> None:
    (line,) = lines(read(socket(url, {"type": "receive", "time": 1, "data": "{}"})))
    assert line.ws is not None
    assert line.ws["channel"] == channel


def test_a_socket_may_tell_the_wallet_in_its_address() -> None:
    url = f"wss://ws-gateway.adipredictstreet.com/ws/user?key={SECRET}&user_wallet={WALLET}"
    (line,) = lines(read(socket(url, {"type": "receive", "time": 1, "data": "{}"})))
    assert line.owner.account == WALLET.lower()


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        pytest.param({"type": "error", "time": 1, "data": "x"}, ".type", id="another type"),
        pytest.param({"type": "send", "data": "x"}, ".time", id="no time"),
        pytest.param({"type": "send", "time": "1", "data": "x"}, ".time", id="time as text"),
        pytest.param({"type": "send", "time": 10**30, "data": "x"}, ".time", id="no such time"),
        pytest.param({"type": "send", "time": 1}, ".data", id="no data"),
        pytest.param(5, ": not an object", id="a number"),
    ],
)
def test_a_frame_that_cannot_be_read_is_set_aside_and_the_others_are_read(
    frame: object, reason: str
) -> None:
    good = {"type": "receive", "time": 1, "data": "not JSON"}
    read_frame, aside = read(socket("wss://v2.55-tech.com/ws", frame, good))
    assert isinstance(aside, SetAside)
    assert aside.reason.startswith(f"_webSocketMessages[0]{reason}")
    assert isinstance(read_frame, Read)
    assert read_frame.line.ws == {"channel": "ws", "frame": {"$text": "not JSON"}}
