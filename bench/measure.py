"""Times of pieces of work, taken in one run, and what they are to each other."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Took:
    """What one piece of work took: time on the wall, and processor time of all its processes."""

    wall_s: float
    cpu_s: float


def took(work: Callable[[], object]) -> Took:
    """Do the work once."""
    gc.collect()
    wall, cpu = time.perf_counter(), _processor_s()
    work()
    return Took(time.perf_counter() - wall, _processor_s() - cpu)


def _processor_s() -> float:
    """Of this process and of those that it began and that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def best(rounds: int, works: Mapping[str, Callable[[], Took]]) -> dict[str, Took]:
    """The best of several rounds of each.

    They take turns, so that a busy machine is as unkind to one as to the other.
    """
    found: dict[str, Took] = {}
    for _ in range(rounds):
        for name, work in works.items():
            this = work()
            known = found.get(name, this)
            found[name] = Took(min(known.wall_s, this.wall_s), min(known.cpu_s, this.cpu_s))
    return found


def show(title: str, rows: Sequence[Sequence[object]]) -> None:
    """Print a table; the first row names the columns."""
    text = [[str(value) for value in row] for row in rows]
    widths = [max(len(row[place]) for row in text) for place in range(len(text[0]))]
    print(f"\n{title}")
    for row in text:
        first, *rest = (value.ljust(width) for value, width in zip(row, widths, strict=True))
        print(
            "  "
            + "  ".join(
                [
                    first,
                    *(value.strip().rjust(w) for value, w in zip(rest, widths[1:], strict=True)),
                ]
            )
        )


def times(value: float) -> str:
    """A ratio as it is printed."""
    return f"{value:.2f} ×"


def verdict(value: float, goal: float, *, least: bool = False) -> str:
    """A ratio beside the goal that it must not exceed, or with `least` must reach."""
    met = value >= goal if least else value <= goal
    sign = "≥" if least else "≤"
    return f"goal {sign} {goal:g} ×: {'met' if met else 'MISSED'}"
