"""A feed that stumbles: what a listener at ABP hears of ten orders."""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.adapters.paper.simulated import Simulated, simulated


@contextmanager
def listening(venue: Simulated) -> Generator[ClientConnection]:
    with connect(f"ws://127.0.0.1:{venue.port}/ws") as feed:
        key = next(iter(venue.keys.values()))
        feed.send(json.dumps({"type": "login", "apiKey": key, "channels": ["orders"]}))
        assert json.loads(feed.recv(5))["type"] == "login_ok"
        yield feed


def heard(feed: ClientConnection, seconds: float = 0.5) -> list[int]:
    """The sequence numbers that come until it is quiet."""
    found: list[int] = []
    while True:
        try:
            message = json.loads(feed.recv(seconds))
        except TimeoutError:
            return found
        if message["type"] == "data":
            found.append(message["seq"])


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param({"do": "feed_duplicate", "nth": 2}, [1, 2, 2, 3, 4], id="one comes twice"),
        pytest.param({"do": "feed_reorder", "nth": 2}, [1, 3, 2, 4], id="one is overtaken"),
        pytest.param(
            {"do": "feed_reorder", "nth": 4, "within_s": 0.1}, [1, 2, 3, 4],
            id="the last is overtaken by nothing: it comes in the end",
        ),
        pytest.param({"do": "feed_gap", "nth": 2, "messages": 2}, [1, 4], id="two never come"),
        pytest.param({"do": "silence", "nth": 3, "seconds": 60}, [1, 2], id="it falls silent"),
        pytest.param(
            {"do": "feed_slow", "nth": 2, "seconds": 0.2}, [1, 2, 3, 4], id="it stands still"
        ),
        pytest.param(
            {"do": "feed_gap", "account": "rival"}, [1, 2, 3, 4], id="not this account's"
        ),
    ],
)  # fmt: skip
def test_the_feed(fault: dict[str, Any], expected: list[int]) -> None:
    with simulated({"fault": [fault]}) as venue, listening(venue) as feed:
        for number in range(1, 5):
            venue.place(number)
        assert heard(feed) == expected


def test_the_connection_ends() -> None:
    fault = {"do": "hang_up", "nth": 2, "code": 4000}
    with simulated({"fault": [fault]}) as venue, listening(venue) as feed:
        venue.place(1)
        venue.place(2)
        assert json.loads(feed.recv(5))["seq"] == 1
        with pytest.raises(ConnectionClosed) as closed:
            feed.recv(5)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4000


def test_nothing_comes_back_from_a_socket_that_is_silent() -> None:
    fault = {"do": "silence", "seconds": 0.6}
    with simulated({"fault": [{**fault, "nth": 1}]}) as venue, listening(venue) as feed:
        venue.place(1)
        time.sleep(0.1)
        feed.send('{"type":"ping"}')
        with pytest.raises(TimeoutError):
            feed.recv(0.2)
        time.sleep(0.5)
        feed.send('{"type":"ping"}')
        assert json.loads(feed.recv(5)) == {"type": "pong"}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"do": "drop", "effect": "before"}, id="it is not heard"),
        pytest.param({"do": "error"}, id="it is refused"),
        pytest.param({"do": "throttle"}, id="it comes too often"),
        pytest.param({"do": "drop", "effect": "after"}, id="it is heard, and not answered"),
    ],
)
def test_a_frame_that_ends_the_connection(fault: dict[str, Any]) -> None:
    with (
        simulated({"fault": [{**fault, "on": "login"}]}) as venue,
        connect(f"ws://127.0.0.1:{venue.port}/ws") as feed,
    ):
        key = next(iter(venue.keys.values()))
        feed.send(json.dumps({"type": "login", "apiKey": key, "channels": []}))
        with pytest.raises(ConnectionClosed):
            feed.recv(5)


@pytest.mark.parametrize(
    ("fault", "first"),
    [
        pytest.param({"do": "garbage", "body": "<html>"}, "<html>", id="an answer that is no JSON"),
        pytest.param({"do": "half"}, '{"type":"login_ok"', id="half an answer"),
        pytest.param(
            {"do": "latency", "seconds": 0.1, "effect": "after"}, '{"type":"login_ok"',
            id="a late one",
        ),
    ],
)  # fmt: skip
def test_an_answer_on_a_socket(fault: dict[str, Any], first: str) -> None:
    with (
        simulated({"fault": [{**fault, "on": "login"}]}) as venue,
        connect(f"ws://127.0.0.1:{venue.port}/ws") as feed,
    ):
        key = next(iter(venue.keys.values()))
        feed.send(json.dumps({"type": "login", "apiKey": key, "channels": []}))
        assert str(feed.recv(5)).startswith(first)
