"""The same seed and the same requests: the same traffic, byte for byte."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from websockets.sync.client import connect

from tests.adapters.paper.simulated import NOON, Simulated, simulated

QUIET_S = 2.0
"""A feed that is silent for so long, on however busy a machine, has told all."""

EVERYTHING: dict[str, Any] = {
    "market": {"each_request": "0.4"},
    "fault": [
        {"do": "latency", "seconds": [0, 0.003], "probability": "0.5"},
        {"do": "crossing", "share": ["0.2", "1"], "probability": "0.5"},
        {"do": "drop", "effect": "before", "on": "cancel", "probability": "0.1"},
        {"do": "drop", "effect": "after", "on": "cancel", "probability": "0.1"},
        {"do": "error", "on": "cancel", "status": 500, "every": 7},
        {"do": "throttle", "on": ["cancel", "read"], "nth": [3, 9]},
        {"do": "garbage", "on": "cancel", "probability": "0.1"},
        {"do": "half", "on": "cancel", "probability": "0.1"},
        {"do": "forgets", "on": "read", "probability": "0.2"},
        {"do": "ends", "how": "voided", "on": "read", "probability": "0.2"},
        {"do": "clock", "minutes": 3, "nth": 20},
        {"do": "feed_duplicate", "probability": "0.2"},
        {"do": "feed_reorder", "by": 2, "probability": "0.2", "within_s": 60},
        {"do": "feed_gap", "probability": "0.1"},
    ],
}


class Steps:
    """A clock that goes on by a second at each request, and not by itself."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """The time that it shows."""
        return self.now


def played(seed: int) -> tuple[list[str], list[str], str]:
    """What a client was answered, what it heard, and the venue's books."""
    clock = Steps()
    answers: list[str] = []
    with (
        simulated(EVERYTHING, seed, clock) as venue,
        connect(f"ws://127.0.0.1:{venue.port}/ws") as feed,
    ):
        login = {"type": "login", "apiKey": next(iter(venue.keys.values())), "channels": ["orders"]}
        feed.send(json.dumps(login))
        heard = [str(feed.recv(5)).replace(str(venue.port), "")]
        for number in range(1, 31):
            answers.append(asked(venue, number))
            clock.now += timedelta(seconds=1)
        while True:
            try:
                heard.append(str(feed.recv(QUIET_S)))
            except TimeoutError:
                break
        books = json.dumps(venue.books())
    return answers, heard, books


def asked(venue: Simulated, number: int) -> str:
    """One request of three kinds, and its answer as text."""
    try:
        match number % 3:
            case 0:
                answer = venue.client.get("/orders", params={"userRef": "desk-7"})
            case 1:
                answer = venue.place(number)
            case _:
                answer = venue.cancel(100001, *range(100000 + number - 4, 100000 + number + 1))
    except httpx2.TransportError as error:
        return type(error).__name__
    return f"{answer.status_code} {answer.text}"


@pytest.mark.parametrize("seed", [pytest.param(n, id=f"seed {n}") for n in (1, 2)])
def test_the_same_seed_and_requests(seed: int) -> None:
    first, second = played(seed), played(seed)
    assert first == second


def test_another_seed() -> None:
    assert played(1)[0] != played(2)[0]
