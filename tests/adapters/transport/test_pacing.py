"""A budget is one, whichever loops its messages leave from."""

from __future__ import annotations

import asyncio
from time import monotonic

from adapters.transport.pacing import Pace, Rate


async def several(pace: Pace, count: int) -> None:
    """As many messages at once."""
    await asyncio.gather(*(pace.take() for _ in range(count)))


def test_a_budget_outlives_the_loop_that_it_was_used_in() -> None:
    pace = Pace((Rate(2, 0.02),), monotonic)
    asyncio.run(several(pace, 5))
    asyncio.run(several(pace, 5))  # another job, another loop, and again several at once


def test_what_left_from_one_loop_counts_in_the_next() -> None:
    moments = iter([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, *[2.0] * 100])
    asked: list[float] = []

    def now() -> float:
        asked.append(next(moments))
        return asked[-1]

    pace = Pace((Rate(2, 1),), now)
    asyncio.run(several(pace, 2))
    asyncio.run(several(pace, 1))
    assert asked[-1] == 2.0
