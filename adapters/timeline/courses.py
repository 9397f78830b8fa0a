"""What several orders held together, from moment to moment: sums within one unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from adapters.timeline.lives import Course, Held, Life
from domain.values import ZERO


class Sums(NamedTuple):
    """The five buckets of some orders.

    Beside them how much of what may be live is not certain to be, what can be lost of it, and how
    many orders nobody can rate.
    """

    matched: Decimal = ZERO
    remaining: Decimal = ZERO
    cancelled: Decimal = ZERO
    lapsed: Decimal = ZERO
    voided: Decimal = ZERO
    in_doubt: Decimal = ZERO
    at_risk: Decimal = ZERO
    unrated: int = 0

    @property
    def size(self) -> Decimal:
        """All of it: the five buckets together."""
        return self.matched + self.remaining + self.cancelled + self.lapsed + self.voided


class Point(NamedTuple):
    """What was held from a moment on."""

    at: datetime
    held: Sums


Which = Callable[[Life], Course]


def believed(life: Life) -> Course:
    """As a client believed, by what it had seen."""
    return life.believed


def known_now(life: Life) -> Course:
    """As it was, by what is known now."""
    return life.known_now


def units(lives: Iterable[Life]) -> Mapping[str, Sequence[Life]]:
    """The orders by what their sizes are counted in: only these add up."""
    found: dict[str, list[Life]] = defaultdict(list)
    for life in lives:
        found[life.unit].append(life)
    return dict(sorted(found.items()))


def together(lives: Sequence[Life], which: Which) -> list[Point]:
    """What the orders held together, at each moment at which one of them changed."""
    changes = sorted(
        (
            (moment, index, held)
            for index, life in enumerate(lives)
            for moment, held in zip(which(life).times, which(life).held, strict=True)
        ),
        key=itemgetter(0, 1),
    )
    now: dict[int, Sums] = {}
    total = Sums()
    points: list[Point] = []
    for moment, at_once in groupby(changes, key=itemgetter(0)):
        for _moment, index, held in at_once:
            before, after = now.get(index, Sums()), _sums(held)
            now[index] = after
            total = _exchanged(total, before, after)
        if not points or points[-1].held != total:
            points.append(Point(moment, total))
    return points


def _exchanged(total: Sums, before: Sums, after: Sums) -> Sums:
    """The total, when one order stands otherwise than before."""
    amounts = [
        whole - old + new
        for whole, old, new in zip(total[:-1], before[:-1], after[:-1], strict=True)
    ]
    return Sums._make((*amounts, total.unrated - before.unrated + after.unrated))


def _sums(held: Held) -> Sums:
    risk = held.at_risk
    return Sums(
        held.matched,
        held.remaining,
        held.cancelled,
        held.lapsed,
        held.voided,
        held.remaining_max - held.remaining_min,
        ZERO if risk is None else risk,
        int(risk is None),
    )
