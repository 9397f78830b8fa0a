"""What belongs to one cause, and that the id of its row stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.flags.systemic import Burst, Kind, bursts

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)
KIND = Kind("abp", "desk", "CXL-11")
GAP = timedelta(seconds=60)


def at(*seconds: float) -> list[datetime]:
    return [NOON + timedelta(seconds=each) for each in seconds]


@pytest.mark.parametrize(
    ("opened", "then"),
    [
        pytest.param((), [], id="no break: no burst"),
        pytest.param((0,), [(0, 0, 1)], id="one break is a burst of one"),
        pytest.param((0, 0, 0), [(0, 0, 3)], id="one message opens all of its breaks at once"),
        pytest.param((0, 60, 120), [(0, 120, 3)], id="each within the gap of the one before"),
        pytest.param((0, 60.000001), [(0, 0, 1), (60.000001, 60.000001, 1)], id="past the gap"),
        pytest.param((0, 1, 100, 101, 102), [(0, 1, 2), (100, 102, 3)], id="two bursts"),
    ],
)
def test_bursts(opened: tuple[float, ...], then: list[tuple[float, float, int]]) -> None:
    found = [(burst.first, burst.last, burst.count) for burst in bursts(KIND, at(*opened), GAP)]
    assert found == [(*at(first, last), count) for first, last, count in then]


@pytest.mark.parametrize(
    ("kind", "seconds", "held"),
    [
        pytest.param(KIND, 0, True, id="the first"),
        pytest.param(KIND, 9, True, id="the last"),
        pytest.param(KIND, -0.1, False, id="before"),
        pytest.param(KIND, 9.1, False, id="after"),
        pytest.param(Kind("abp", "desk", "CXL-10"), 5, False, id="another code"),
        pytest.param(Kind("abp", "other", "CXL-11"), 5, False, id="another account"),
    ],
)
def test_members(kind: Kind, seconds: float, *, held: bool) -> None:
    first, last, moment = at(0, 9, seconds)
    burst = Burst(kind=KIND, first=first, last=last, count=2)
    assert burst.holds(kind, moment) is held


SPANS = st.lists(st.integers(0, 500), min_size=1, max_size=30)


@given(SPANS, st.integers(0, 500))
def test_every_break_is_in_one_burst_and_bursts_lie_apart(opened: list[int], more: int) -> None:
    moments = at(*sorted(opened))
    found = list(bursts(KIND, moments, GAP))
    assert sum(burst.count for burst in found) == len(moments)
    for moment in moments:
        assert sum(burst.holds(KIND, moment) for burst in found) == 1
    for one, two in pairwise(found):
        assert two.first - one.last > GAP
    # A further break that does not come before all others of its burst renames none.
    again = list(bursts(KIND, at(*sorted([*opened, max(opened) + more])), GAP))
    assert {burst.group_id for burst in found} <= {burst.group_id for burst in again}
    assert len({burst.group_id for burst in again}) == len(again)
