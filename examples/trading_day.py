"""A trading day at a canonical venue, the same byte for byte from the same seed.

`python -m examples.trading_day --seed 7 --messages 20000 > day.ndjson`

Some four thousand orders of three accounts. Most live as they should (`clean_lives`); one in
thirty-eight does not (`cancel_stories`, `refused_cancels`, `report_stories`). The lines stream:
memory holds the orders of the moment, however many messages are asked for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import islice
from random import Random

from examples import cancel_stories, clean_lives, refused_cancels, report_stories
from examples.clean_lives import CLOSE, Story
from examples.mini_venue import DAY, SECOND, Life, Market, Way, moment

HOUR = 3600 * SECOND
LAST_ORDER = CLOSE - 35 * 60 * SECOND
EVERY = 38
"""One order in so many lives a story."""

DESKS: Sequence[str] = ("alder", "alder", "alder", "birch", "birch", "cedar")
"""The accounts, as often as each of them trades."""

CLEAN: Mapping[Story, int] = {
    clean_lives.taken_at_once: 9,
    clean_lives.taken_later: 12,
    clean_lives.taken_in_parts: 17,
    clean_lives.called_back: 14,
    clean_lives.called_back_slowly: 6,
    clean_lives.called_back_in_part: 11,
    clean_lives.matched_on_the_way: 3,
    clean_lives.too_late: 2,
    clean_lives.improved: 6,
    clean_lives.improved_slowly: 4,
    clean_lives.reduced: 3,
    clean_lives.considered: 2,
    clean_lives.refused: 3,
    clean_lives.run_out: 3,
    clean_lives.killed: 2,
    clean_lives.asked_about: 3,
}
"""How often each life is lived, in a hundred."""

RARE: Mapping[Story, int] = {clean_lives.left_open: 3, clean_lives.done_for_the_day: 2}
"""Lives that are told among the stories, and instead of them on a clean day."""

GAMES: Sequence[tuple[str, float]] = (
    ("EPL:LEE-NFO", 12.5), ("EPL:ARS-SUN", 15), ("EPL:BOU-AVL", 15), ("EPL:WOL-CHE", 15),
    ("BUN:DOR-KOL", 14.5), ("SER:JUV-LAZ", 19.75), ("LIG:NAN-LYO", 18), ("EPL:NEW-BRE", 17.5),
    ("EPL:LIV-MCI", 0), ("SER:ATA-CRE", 0), ("LIG:PSG-MAR", 0),
)  # fmt: skip
"""Games and the hour of their start; 0 is another day."""

OUTCOMES = (("HOME", 186, 1), ("DRAW", 345, 5), ("AWAY", 420, 10))
"""Odds in hundredths and their step, as on the exchanges' ladder."""

MARKETS = tuple(
    Market(f"{game}:{outcome}", int(hour * HOUR) or None, odds, tick)
    for game, hour in GAMES
    for outcome, odds, tick in OUTCOMES
)
TOMORROW = tuple(market for market in MARKETS if market.starts is None)
AHEAD = 40 * 60 * SECOND
"""Nobody here opens an order closer to the start than this."""

_BUSY = (8, 9, 10, 11, 11.6, 12, 12.4, 13, 13.4, 13.7, 14, 14.2, 14.5, 15, 15.6, 16.2, 16.7, 17,
         17.4, 17.8, 18.4, 18.9, 19.2)  # fmt: skip
"""The hours at which equal parts of the day's orders have been placed: kick-offs are busy."""


def lines(seed: int, messages: int, *, clean: bool = False) -> Iterator[str]:
    """The day's recording, line by line: at least `messages` of them, and at most a life more."""
    dice = Random(seed)  # noqa: S311 - a story is told, nothing is kept secret
    writer = Recorder()
    waiting: list[tuple[int, int, Way, str, str]] = []
    commonly = _table(CLEAN)
    deck: list[Story] = []
    planned = steps = lives = 0
    while planned < messages:
        at = _opening(planned / messages)
        while waiting and waiting[0][0] < at:
            yield from writer.write(*heappop(waiting))
        lives += 1
        story = commonly[int(dice.random() * len(commonly))]
        tomorrow = False
        if not lives % EVERY:
            if not deck:
                deck = _shuffled(dice, RARE if clean else _STORIES)
            story = deck.pop()
            tomorrow = True  # what such a story leaves open is not ended by a start of today
        desk = DESKS[int(dice.random() * len(DESKS))]
        life = Life(dice, at, desk, 100_000 + lives, _market(dice, at, tomorrow=tomorrow))
        story(life)
        for when, way, frame in life.steps:
            steps += 1
            heappush(waiting, (when, steps, way, desk, frame))
            if way is not Way.MISSED:
                planned += 1
    while waiting:
        yield from writer.write(*heappop(waiting))


_STORIES: Mapping[Story, int] = {
    **cancel_stories.STORIES,
    **refused_cancels.STORIES,
    **report_stories.STORIES,
    **RARE,
}


class Recorder:
    """The three recordings, interleaved in one file as they came: one `capture` per account."""

    def __init__(self) -> None:
        self._seq: dict[str, int] = dict.fromkeys(DESKS, 0)

    def write(self, at: int, _n: int, way: Way, desk: str, rest: str) -> Iterator[str]:
        """The line of one step, or what the recorder made of it."""
        seq = self._seq[desk] + 1
        self._seq[desk] = seq
        if way is Way.MISSED:
            return
        direction = Way.RECEIVED if way is Way.TORN else way
        line = (
            f'{{"v":1,"capture":"canonical-{desk}-{DAY}","seq":{seq},"at":"{moment(at)}",'
            f'"venue":"canonical","account":"{desk}","direction":"{direction}",{rest}}}\n'
        )
        if way is Way.TORN:
            yield f"{line[: len(line) // 2]}\n"
        yield line


def _opening(share: float) -> int:
    """When the order that stands at this share of the day is placed."""
    place = share * (len(_BUSY) - 1)
    index = int(place)
    hour = _BUSY[index] + (_BUSY[index + 1] - _BUSY[index]) * (place - index)
    return min(int(hour * HOUR), LAST_ORDER)


def _market(dice: Random, at: int, *, tomorrow: bool) -> Market:
    """A market that is not about to start."""
    markets = TOMORROW if tomorrow else MARKETS
    market = markets[int(dice.random() * len(markets))]
    if market.starts is not None and market.starts < at + AHEAD:
        market = TOMORROW[int(dice.random() * len(TOMORROW))]
    return market


def _table(weights: Mapping[Story, int]) -> list[Story]:
    return [story for story, weight in weights.items() for _ in range(weight)]


def _shuffled(dice: Random, weights: Mapping[Story, int]) -> list[Story]:
    """The stories in some order; `random.shuffle` may change with Python, this may not."""
    deck = _table(weights)
    for last in range(len(deck) - 1, 0, -1):
        other = int(dice.random() * (last + 1))
        deck[last], deck[other] = deck[other], deck[last]
    return deck


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the day to standard output."""
    parser = argparse.ArgumentParser(prog="python -m examples.trading_day", description=__doc__)
    parser.add_argument("--seed", type=int, default=7, help="another seed, another day")
    parser.add_argument("--messages", type=int, default=20_000, help="how many, at least")
    parser.add_argument("--clean", action="store_true", help="only lives that add up")
    asked = parser.parse_args(arguments)
    told = lines(asked.seed, asked.messages, clean=asked.clean)
    while chunk := "".join(islice(told, 1000)):
        sys.stdout.buffer.write(chunk.encode("ascii"))


if __name__ == "__main__":
    main()
