"""A scenario of the published tables: its steps, and every way in which it can be played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import permutations
from typing import Any

from domain.lifecycle import Status
from domain.values import Choice

CLAIMS = ("ord_status", "cum_qty", "leaves_qty")
"""What a venue says of its own state beside what happened; every scenario must do without it."""

PERMUTED_MAX = 3
"""Of more messages than this that cross, only the reverse order is played beside the printed."""


class Direction(Choice):
    """Who speaks in a step; `lost`: we spoke and no answer came; `aside`: it was not a message."""

    SENT = "sent"
    RECEIVED = "received"
    LOST = "lost"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a step prints of an order, or what we hold of it; None: not printed.

    `more` are further fields of an order by the names that `breakwater orders` prints.
    """

    status: Status | None = None
    size: Decimal | None = None
    matched: Decimal | None = None
    remaining: Decimal | None = None
    more: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a matrix.

    `message` are the fields of a canonical message; `wire` is a line of another venue in their
    place, and `orders` what must hold of several orders then.
    """

    t: str
    direction: Direction
    message: Mapping[str, Any]
    printed: Figures
    taken: bool = True
    concurrent: bool = False
    wire: Mapping[str, Any] | None = None
    orders: Mapping[str, Figures] = field(default_factory=dict[str, Figures])

    @property
    def name(self) -> str:
        """What the row is about, for whoever reads a difference."""
        what = self.message.get("exec_type") or self.message.get("msg") or "line"
        return f"row {self.t} ({what})"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One matrix: its rows in order, the branches that were not taken among them.

    `breaks` are the codes that must be open once it has been played. `claims_needed`: it is about
    what a venue says of its state, so there is nothing to play without that.
    """

    source: str
    name: str
    title: str
    steps: Sequence[Step]
    breaks: frozenset[str] = frozenset()
    claims_needed: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to play a scenario. `checked` are the places of the steps whose figures must hold.

    Where messages cross, what holds once all have arrived is checked, whichever came last: it
    must be what the printed order comes to. `whole` says that the scenario was played to its end.
    """

    scenario: Scenario
    name: str
    steps: Sequence[Step]
    checked: Mapping[int, Step]
    whole: bool
    claims: bool = True


def variants(scenario: Scenario) -> Iterator[Variant]:
    """Every way to play a scenario, each with the venue's claims and, if it has any, without."""
    for variant in _paths(scenario):
        yield variant
        told = any(name in step.message for step in variant.steps for name in CLAIMS)
        if told and not scenario.claims_needed:
            yield replace(variant, claims=False)


def _paths(scenario: Scenario) -> Iterator[Variant]:
    main = [step for step in scenario.steps if step.taken]
    yield Variant(scenario, "main", main, _speaking(main), whole=True)
    times: dict[str, int] = {}
    for at, step in enumerate(scenario.steps):
        if not step.taken:
            times[step.t] = times.get(step.t, 0) + 1
            again = f" ({times[step.t]})" if times[step.t] > 1 else ""
            path = [*_until(scenario.steps, at), step]
            yield Variant(
                scenario, f"row {step.t} instead{again}", path, _speaking(path), whole=False
            )
    for group in _crossings(main):
        yield from _crossed(scenario, main, group)


def _speaking(steps: Sequence[Step]) -> dict[int, Step]:
    heard = (Direction.RECEIVED, Direction.LOST)
    return {at: step for at, step in enumerate(steps) if step.direction in heard}


def _until(steps: Sequence[Step], at: int) -> list[Step]:
    """The rows taken before the branch at `at`; the branch stands in for the answer of its time."""
    branch = steps[at]
    return [
        step
        for step in steps[:at]
        if step.taken
        and not (
            step.t == branch.t and step.direction is Direction.RECEIVED and not step.concurrent
        )
    ]


def _crossings(main: Sequence[Step]) -> Iterator[range]:
    """Runs of messages that cross: neighbours of one time, or of one run that nothing divides."""
    at = 0
    while at < len(main):
        end = at
        while end < len(main) and main[end].concurrent:
            end += 1
        if end - at > 1:
            yield from _of_one_time(main, range(at, end))
        at = end + 1


def _of_one_time(main: Sequence[Step], run: range) -> Iterator[range]:
    times = [main[at].t for at in run]
    if any(times.count(t) == 1 for t in times):
        yield run
        return
    start = run.start
    for at in run:
        if at + 1 == run.stop or main[at + 1].t != main[at].t:
            yield range(start, at + 1)
            start = at + 1


def _crossed(scenario: Scenario, main: Sequence[Step], group: range) -> Iterator[Variant]:
    steps = [main[at] for at in group]
    orders = list(permutations(steps))[1:]
    if len(steps) > PERMUTED_MAX:
        orders = [tuple(reversed(steps))]
    last = next((step for step in reversed(steps) if step.direction is Direction.RECEIVED), None)
    for number, order in enumerate(orders, 1):
        path = [*main[: group.start], *order, *main[group.stop :]]
        checked = _speaking(path)
        for at in group:
            checked.pop(at, None)
        if last is not None:
            checked[group.stop - 1] = last
        which = f" ({number})" if len(orders) > 1 else ""
        name = f"row {steps[0].t} crossed{which}"
        yield Variant(scenario, name, path, dict(sorted(checked.items())), whole=True)
