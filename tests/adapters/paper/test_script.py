"""The script of faults: what may stand in it, what is refused and why, and when a fault comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.paper.chance import Faults
from adapters.paper.market import part
from adapters.paper.operations import TOLD, Operation, Told, of_frame, of_request
from adapters.paper.script import Script, ScriptError, read_script

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)


class Time:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """The time that it shows."""
        return self.now


def came(when: dict[str, Any], operations: Sequence[Operation], seed: int = 1) -> list[int]:
    """To which of the requests, one a second, the fault came."""
    clock = Time()
    faults = Faults(Script.model_validate({"fault": [{"do": "error", **when}]}), seed, clock)
    found: list[int] = []
    for number, operation in enumerate(operations, 1):
        if faults.of_request(operation, "acme"):
            found.append(number)
        clock.now += timedelta(seconds=1)
    return found


CANCELS = [Operation.CANCEL] * 6
MIXED = [Operation.CANCEL, Operation.READ] * 3


@pytest.mark.parametrize(
    ("when", "operations", "expected"),
    [
        pytest.param({}, CANCELS, [1, 2, 3, 4, 5, 6], id="always"),
        pytest.param({"nth": 2}, CANCELS, [2], id="the second"),
        pytest.param({"nth": [1, 4]}, CANCELS, [1, 4], id="the first and the fourth"),
        pytest.param({"every": 2}, CANCELS, [2, 4, 6], id="every other"),
        pytest.param({"every": 2, "at_most": 1}, CANCELS, [2], id="every other, once"),
        pytest.param({"on": "read"}, MIXED, [2, 4, 6], id="of one operation"),
        pytest.param({"on": ["read"], "nth": 2}, MIXED, [4], id="the second of one operation"),
        pytest.param({"account": "rival"}, CANCELS, [], id="another account's"),
        pytest.param({"account": "acme", "nth": 1}, CANCELS, [1], id="this account's"),
        pytest.param({"after_s": 2}, CANCELS, [3, 4, 5, 6], id="from the third second on"),
        pytest.param({"after_s": 1, "until_s": 3}, CANCELS, [2, 3], id="within a span of time"),
        pytest.param({"probability": 0}, CANCELS, [], id="never"),
        pytest.param({"probability": 1}, CANCELS, [1, 2, 3, 4, 5, 6], id="for certain"),
    ],
)
def test_when(when: dict[str, Any], operations: Sequence[Operation], expected: list[int]) -> None:
    assert came(when, operations) == expected


@given(seed=st.integers(), chance=st.integers(0, 100))
def test_chance_is_a_function_of_the_seed(seed: int, chance: int) -> None:
    when = {"probability": Decimal(chance) / 100}
    assert came(when, CANCELS * 3, seed) == came(when, CANCELS * 3, seed)


@given(remaining=st.integers(1, 10**9), share=st.integers(1, 10**6))
def test_a_part_is_something_and_no_more_than_there_is(remaining: int, share: int) -> None:
    left = Decimal(remaining) / 1000
    assert 0 < part(left, Decimal(share) / 10**6) <= left


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("[[fault]]\ndo = 'explode'", "fault 1: Input tag 'explode'", id="no fault"),
        pytest.param(
            "[[fault]]\ndo = 'drop'", "fault 1 drop effect: Field required", id="what is missing"
        ),
        pytest.param(
            "[[fault]]\ndo = 'error'\n[[fault]]\ndo = 'error'\nstatus = 200",
            "fault 2 error status: Input should be greater", id="an error that is none",
        ),
        pytest.param(
            "[[fault]]\ndo = 'half'\nnth = 1\nevery = 2", "give one of nth, every, probability",
            id="two ways to choose",
        ),
        pytest.param("[markets]", "markets: Extra inputs", id="a table of another name"),
        pytest.param("[[fault", "Expected", id="no TOML"),
    ],
)  # fmt: skip
def test_a_script_that_cannot_be_read(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "faults.toml"
    path.write_text(text)
    with pytest.raises(ScriptError, match=r"docs/howto/simulate\.md") as told:
        read_script(path)
    assert str(told.value).startswith(f"{path}: ")
    assert why in str(told.value)


def test_a_script_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="No such file"):
        read_script(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        pytest.param("POST", "/cancel-all-orders", Operation.CANCEL, id="abp cancels"),
        pytest.param("POST", "/place-orders", Operation.PLACE, id="abp places"),
        pytest.param("GET", "/bets", Operation.READ, id="abp reads"),
        pytest.param("POST", "/api/orders/cancel-batch", Operation.CANCEL, id="predictstreet"),
        pytest.param("POST", "/session/v2/editOrder", Operation.AMEND, id="4casters edits"),
        pytest.param("POST", "/user/ordersHeartbeat", Operation.HEARTBEAT, id="4casters beats"),
        pytest.param("POST", "/user/login", Operation.LOGIN, id="4casters logs in"),
        pytest.param("POST", "/elsewhere", Operation.OTHER, id="anything else"),
    ],
)
def test_what_a_request_asks(method: str, path: str, operation: Operation) -> None:
    assert of_request(method, path) is operation


@pytest.mark.parametrize(
    ("frame", "operation"),
    [
        pytest.param('["cancelById",{}]', Operation.CANCEL, id="4casters cancels"),
        pytest.param('["placeV3",{}]', Operation.PLACE, id="4casters places"),
        pytest.param('["heartbeat",{}]', Operation.HEARTBEAT, id="4casters beats"),
        pytest.param('{"type":"login"}', Operation.LOGIN, id="abp logs in"),
        pytest.param('{"cmd":"subscribe"}', Operation.LOGIN, id="predictstreet subscribes"),
        pytest.param('{"type":"ping"}', Operation.OTHER, id="a ping"),
        pytest.param('{"type":"pong"}', None, id="a pong is not answered"),
        pytest.param("[]", Operation.OTHER, id="nothing"),
        pytest.param("{", Operation.OTHER, id="no JSON"),
    ],
)
def test_what_a_frame_asks(frame: str, operation: Operation | None) -> None:
    assert of_frame(frame) is operation


@pytest.mark.parametrize(
    ("venue", "path", "frame", "told"),
    [
        pytest.param("abp", "/ws", '{"type":"data"}', Told.NEWS, id="abp's news"),
        pytest.param("abp", "/ws", '{"type":"ping"}', Told.BEAT, id="abp's beat"),
        pytest.param("abp", "/ws", '{"type":"login_ok"}', Told.ANSWER, id="abp's answer"),
        pytest.param(
            "predictstreet", "/ws/user", '{"type":"user_fill","channel":"user_fills"}', Told.NEWS,
            id="predictstreet's news",
        ),
        pytest.param(
            "predictstreet", "/ws/user", '{"id":1,"type":"subscribed"}', Told.ANSWER,
            id="predictstreet's answer",
        ),
        pytest.param("fourcasters", "/v2/user", "{}", Told.NEWS, id="4casters' feed is news"),
        pytest.param("fourcasters", "/orders/ws", "{}", Told.ANSWER, id="4casters' other is not"),
    ],
)  # fmt: skip
def test_what_a_venue_tells(venue: str, path: str, frame: str, told: Told) -> None:
    assert TOLD[venue](path, frame) is told
