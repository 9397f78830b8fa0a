"""The tempo of a replay, by a clock that the test turns."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from adapters.replaying.pace import Pace
from tests.building import NOON


class Turned:
    """A clock that moves when somebody sleeps, or works."""

    def __init__(self) -> None:
        self.at = NOON
        self.slept: list[float] = []

    def now(self) -> datetime:
        """What time it is."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("speed", "slept"),
    [
        pytest.param(1.0, [2.0, 3.0], id="as it was"),
        pytest.param(10.0, [0.2, 0.3], id="ten times as fast"),
        pytest.param(0.5, [4.0, 6.0], id="half as fast"),
    ],
)
def test_messages_come_as_far_apart_as_they_did(speed: float, slept: list[float]) -> None:
    clock = Turned()
    pace = Pace(speed, clock.now, clock.sleep)
    for seconds in (0, 2, 5):
        pace.wait_for(NOON - timedelta(days=9) + timedelta(seconds=seconds))
    assert clock.slept == pytest.approx(slept)


def test_work_between_messages_is_not_added_to_the_pauses() -> None:
    clock = Turned()
    pace = Pace(1.0, clock.now, clock.sleep)
    pace.wait_for(NOON)
    clock.at += timedelta(seconds=1.5)
    pace.wait_for(NOON + timedelta(seconds=2))
    assert clock.slept == pytest.approx([0.5])


def test_a_message_from_before_the_first_is_not_waited_for() -> None:
    clock = Turned()
    pace = Pace(1.0, clock.now, clock.sleep)
    pace.wait_for(NOON)
    pace.wait_for(NOON - timedelta(hours=1))
    assert clock.slept == []
