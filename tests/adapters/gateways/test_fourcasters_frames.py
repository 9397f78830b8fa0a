"""Frames on 4casters' orders socket: what is none, whose it is, what is quoted and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.adapters.gateways.fourcasters import (
    READER,
    RIVAL,
    booked,
    house,
    ordering,
)
from tests.adapters.gateways.serving import Served

D = Decimal


@pytest.fixture(scope="module")
def everybody() -> Iterator[Served]:
    with house() as served:
        yield served


@pytest.fixture
def served(everybody: Served) -> Iterator[Served]:
    yield everybody
    with ordering(everybody) as acme, ordering(everybody, RIVAL) as rival:
        acme.ask("cancelAll")
        rival.ask("cancelAll")


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param("garbage", id="no JSON"),
        pytest.param('{"requestID": "r"}', id="an object"),
        pytest.param('["cancelAll"]', id="no payload"),
        pytest.param('["cancelAll", null]', id="a payload of nothing"),
        pytest.param('[["cancelAll"], {}]', id="a verb that is no text"),
        pytest.param("[" * 5_000, id="too deep"),
        pytest.param('["cancelAll", {"requestID": NaN}]', id="no number of JSON's"),
        pytest.param(b"\xff\xfe", id="not even a text"),
    ],
)
def test_what_is_no_message_is_answered_and_does_nothing(
    served: Served, frame: str | bytes
) -> None:
    with ordering(served) as orders:
        order_id = orders.rest()
        assert orders.raw(frame) == {"requestID": None, "error": "invalid message"}
        assert booked(served, "acme", order_id).is_live


@pytest.mark.parametrize(
    ("sent", "quoted"),
    [
        pytest.param("r-1", "r-1", id="a text"),
        pytest.param(17, 17, id="a number"),
        pytest.param(None, None, id="none"),
        pytest.param({"a": 1}, None, id="nothing that could be quoted"),
        pytest.param("x" * 201, None, id="too long"),
    ],
)
def test_the_request_id_is_quoted(served: Served, sent: object, quoted: object) -> None:
    with ordering(served) as orders:
        answer = orders.raw(json.dumps(["cancelAll", {"requestID": sent}]))
        assert answer == {"requestID": quoted, "data": []}


def test_a_key_that_may_only_read_cancels_nothing(served: Served) -> None:
    with ordering(served) as owner, ordering(served, READER) as reader:
        order_id = owner.rest()
        for verb in ("cancelAll", "placeV3", "heartbeat"):
            assert reader.ask(verb) == {"error": "InvalidCredentials"}
        assert booked(served, "acme", order_id).is_live


def test_a_frame_of_any_size_ends_only_its_own_connection(served: Served) -> None:
    with ordering(served) as orders, ordering(served) as other:
        with pytest.raises(Exception, match="1009"):
            orders.raw(json.dumps(["cancelAll", {"requestID": "r" * 300_000}]))
        assert other.ask("cancelAll") == {"data": []}


def test_every_command_is_kept_with_its_answer(served: Served) -> None:
    with ordering(served) as orders:
        before = len(served.recording("acme").messages)
        orders.ask("cancelAll")
        orders.raw("garbage")
    assert served.recording("acme").kinds[before:] == ["sent", "received"] * 2
