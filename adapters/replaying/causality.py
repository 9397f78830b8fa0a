"""Which messages crossed on the wire, and what may have happened in which order.

A message of the venue crossed a request of ours when it is not an answer to it, came after we had
sent it, and may have left before the venue had it: it came before the answer, or shortly after, or
happened before the answer came, by the venue's own clock. Nothing tells which of the two was first.
Everything else is ordered: what we sent, by our clock; what we had seen before we sent something,
before it; an answer after its request; what the venue dates, by its clock; the rest, as it came.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations, islice

LATE_MAX = timedelta(seconds=5)
"""A message without a time of the venue that comes this long after the answer may have crossed."""
TRIES_EACH_MAX = 20
"""How often another world is drawn when it is one that was drawn before."""
_LEFT_OUT = 0.3


@dataclass(frozen=True, slots=True)
class Said:
    """A message about an order; they are numbered by the order in which they were seen.

    `ours`: we sent it, or told ourselves that no answer came. `asks`: it asks the venue to take
    the order off or change it. `answers` is the number of the message that it answers.
    """

    at: datetime
    occurred_at: datetime | None
    ours: bool
    asks: bool
    answers: int | None = None


def crossings(told: Sequence[Said]) -> list[tuple[int, int]]:
    """Each request of ours with each message of the venue that crossed it."""
    found: list[tuple[int, int]] = []
    for number, asked in enumerate(told):
        if asked.asks:
            ends = [one.at for one in told if one.answers == number]
            end = max(ends, default=None)
            for other in range(number + 1, len(told)):
                one = told[other]
                if not one.ours and one.answers != number and _may_have_left_before(one, end):
                    found.append((number, other))
    return found


def races(told: Sequence[Said]) -> list[range]:
    """Each stretch of messages in which requests were open and other messages crossed them."""
    crossed = crossings(told)
    found: list[range] = []
    for asked in sorted({first for first, _ in crossed}):
        others = [other for first, other in crossed if first == asked]
        answers = [number for number, one in enumerate(told) if one.answers == asked]
        stretch = range(asked, max([*others, *answers]) + 1)
        if found and stretch.start < found[-1].stop:
            stretch = range(found[-1].start, max(found[-1].stop, stretch.stop))
            found.pop()
        found.append(stretch)
    return found


def within(told: Sequence[Said], stretch: range) -> list[Said]:
    """The messages of a stretch, numbered from 0; what they answer may stand before it."""
    start = stretch.start
    return [
        replace(one, answers=None)
        if one.answers is None or one.answers < start
        else replace(one, answers=one.answers - start)
        for one in told[start : stretch.stop]
    ]


def _may_have_left_before(one: Said, answered_at: datetime | None) -> bool:
    if answered_at is None or one.at <= answered_at:
        return True
    if one.occurred_at is not None:
        return one.occurred_at <= answered_at
    return one.at <= answered_at + LATE_MAX


class Causes:
    """What must have happened before what; the rest is open."""

    def __init__(self, count: int) -> None:
        self.before = [0] * count
        self._after = [0] * count

    def add(self, first: int, then: int) -> bool:
        """`first` happened before `then`; False, and nothing added, when it is known otherwise."""
        if self._after[then] >> first & 1:
            return False
        if self._after[first] >> then & 1:
            return True
        earlier, later = self.before[first] | 1 << first, self._after[then] | 1 << then
        for one in _members(earlier):
            self._after[one] |= later
        for one in _members(later):
            self.before[one] |= earlier
        return True


def causes(told: Sequence[Said], crossed: Sequence[tuple[int, int]]) -> Causes:
    """What is known of the order, the strongest evidence first; what contradicts it is left out."""
    pairs = [(first, then) for then in range(len(told)) for first in range(then)]
    open_pairs = {*crossed, *_answers_to(told, crossed)}
    known = Causes(len(told))
    for first, then in pairs:
        if told[then].ours or told[then].answers == first:
            known.add(first, then)
    for first, then in pairs:
        for earlier, later in _by_the_venue(told, first, then):
            known.add(earlier, later)
    for first, then in pairs:
        if (first, then) not in open_pairs:
            known.add(first, then)
    return known


def _answers_to(
    told: Sequence[Said], crossed: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """What crossed a request is open against the answers to it, too."""
    for asked, other in crossed:
        for answer, one in enumerate(told):
            if one.answers == asked and not one.ours:
                yield min(answer, other), max(answer, other)


def _by_the_venue(told: Sequence[Said], a: int, b: int) -> Iterator[tuple[int, int]]:
    first, then = told[a], told[b]
    if first.ours or then.ours or first.occurred_at is None or then.occurred_at is None:
        return
    if first.occurred_at != then.occurred_at:
        yield (a, b) if first.occurred_at < then.occurred_at else (b, a)


def worlds(told: Sequence[Said], most: int, seed: str) -> tuple[list[tuple[int, ...]], bool]:
    """What may have happened, each as the numbers of the messages in order; whether that is all.

    A message that crossed a request, or answers it, may be there or not: whoever sent the request
    could not know. Everything else is there. What was seen, as it was seen, comes first; then what
    was seen without the last of those, without the last two, and so on. When there are more than
    `most` worlds, the others are drawn; the same seed draws the same.
    """
    crossed = crossings(told)
    known = causes(told, crossed)
    asked = {first for first, _ in crossed}
    others = {other for _, other in crossed}
    others |= {number for number, one in enumerate(told) if one.answers in asked and not one.ours}
    maybe = sorted(number for number in others if not _acted_upon(told, number))
    first = dict.fromkeys(_as_seen(told, maybe))
    for world in _every_world(known, maybe):
        first[world] = None
        if len(first) > most:
            break
    else:
        return list(first), True
    drawn = dict.fromkeys(islice(_as_seen(told, maybe), most))
    chance = random.Random(seed)  # noqa: S311 - a sample that anyone can draw again, no secret
    for _ in range(TRIES_EACH_MAX * most):
        if len(drawn) == most:
            break
        out = {one for one in maybe if chance.random() < _LEFT_OUT}
        drawn[_drawn(known, out, chance)] = None
    return list(drawn), False


def _acted_upon(told: Sequence[Said], other: int) -> bool:
    """We sent something after we had seen it: it happened."""
    return any(one.ours and number > other for number, one in enumerate(told))


def _as_seen(told: Sequence[Said], maybe: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All as it was seen; and without what crossed from each message of it on."""
    yield tuple(range(len(told)))
    for count in range(len(maybe) - 1, -1, -1):
        out = {*maybe[count:]}
        yield tuple(number for number in range(len(told)) if number not in out)


def _every_world(known: Causes, maybe: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The fewest left out first."""
    for count in range(len(maybe) + 1):
        for out in combinations(reversed(maybe), count):
            yield from _every_order(known, {*out})


def _every_order(known: Causes, out: AbstractSet[int]) -> Iterator[tuple[int, ...]]:
    """Every order that fits, those that begin as things were seen first."""
    count = len(known.before)
    gone = sum(1 << one for one in out)
    path: list[int] = []
    placed = gone
    start = 0
    while True:
        if len(path) + len(out) == count:
            yield tuple(path)
            following = None
        else:
            following = next(
                (
                    one
                    for one in range(start, count)
                    if not placed >> one & 1 and known.before[one] & ~placed == 0
                ),
                None,
            )
        if following is not None:
            path.append(following)
            placed |= 1 << following
            start = 0
        elif path:
            last = path.pop()
            placed &= ~(1 << last)
            start = last + 1
        else:
            return


def _drawn(known: Causes, out: AbstractSet[int], chance: random.Random) -> tuple[int, ...]:
    rest = [one for one in range(len(known.before)) if one not in out]
    placed = sum(1 << one for one in out)
    path: list[int] = []
    while rest:
        free = [one for one in rest if known.before[one] & ~placed == 0]
        one = chance.choice(free)
        rest.remove(one)
        placed |= 1 << one
        path.append(one)
    return tuple(path)


def _members(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
