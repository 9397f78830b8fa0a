"""Reports that do not add up, each as a life of one order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from examples.cancel_stories import resting
from examples.clean_lives import Story, enquired, on_the_book
from examples.mini_venue import SECOND, Life, Way


# ---------------------------------------------------------------- matches
def repeated(life: Life) -> None:
    """A match comes again, word for word, as a possible duplicate."""
    on_the_book(life)
    life.wait(1, 300)
    part, made = life.part(), life.now
    match = life.trade(part)
    life.wait(0.5, 20)
    life.report("Trade", f'{life.match(part)},"poss_dup":true', exec_id=match, at=made)
    life.wait(1, 300)
    life.trade(life.rest)


def repeated_under_another_id(life: Life) -> None:
    """The same match under two ids; the venue's own total holds it once."""
    on_the_book(life)
    life.wait(1, 300)
    part, made = life.part(20, 40), life.now
    life.trade(part)
    life.wait(0.5, 5)
    life.report("Trade", life.match(part), at=made)


def overfilled(life: Life) -> None:
    """More matched than was on the book."""
    resting(life)
    life.trade(life.rest)
    life.wait(0.1, 1)
    life.matched += 500
    life.report("Trade", life.match(500), leaves=0)


def taken_back(life: Life) -> None:
    """A match is void, and its stake rests again until the event starts."""
    resting(life)
    part = life.part()
    match = life.trade(part)
    life.wait(20, 300)
    life.matched -= part
    life.report("TradeCancel", f'{life.match(part)},"exec_ref_id":"{match}"')


def corrected(life: Life) -> None:
    """A match was smaller than told; what it holds too much rests again, and is called back."""
    on_the_book(life)
    life.wait(1, 300)
    part = life.part(40, 60)
    match = life.trade(part)
    life.wait(20, 300)
    right = part // 20 * 10
    life.matched += right - part
    life.report("TradeCorrect", f'{life.match(right)},"exec_ref_id":"{match}"')
    life.wait(1, 60)
    life.cancelled(life.ask())


def missed(life: Life) -> None:
    """The recorder lost a match; the next one's total holds it."""
    on_the_book(life)
    life.wait(1, 300)
    life.trade(life.part(20, 40), way=Way.MISSED)
    life.wait(1, 120)
    life.trade(life.part(20, 40))


def untold(life: Life) -> None:
    """The venue's total holds a match that it never told."""
    resting(life)
    life.matched += life.part(20, 40)
    life.wait(1, 60)
    life.trade(life.part(20, 40))


def went_down(life: Life) -> None:
    """An old total comes after a newer one."""
    resting(life)
    matched, rest = life.matched, life.rest
    life.trade(life.part())
    life.wait(0.1, 1)
    life.report("OrderStatus", cum=matched, leaves=rest)


def of_nobody(life: Life) -> None:
    """A match of an order that nobody here knows."""
    life.client = f"hand-{life.number}"
    life.matched = life.size
    life.report("Trade", life.match(life.size))


# ---------------------------------------------------------------- figures and words
def sums_do_not_close(life: Life) -> None:
    """Matched and remaining do not make the size."""
    resting(life)
    life.trade(life.part())
    life.wait(1, 30)
    life.report("OrderStatus", leaves=life.rest + 500)


def closed_with_rest(life: Life) -> None:
    """Filled by its word, and something left by its figures."""
    resting(life)
    life.trade(life.part())
    life.wait(1, 30)
    life.report("OrderStatus", status="Filled")


def live_without_rest(life: Life) -> None:
    """Everything matched, and still on the book by its word."""
    resting(life)
    rest = life.rest
    life.matched += rest
    life.report("Trade", life.match(rest), status="PartiallyFilled")


def other_terms(life: Life, *, size: int = 0, ticks: int = 0) -> None:
    """The venue shows another size or other odds than were agreed."""
    resting(life)
    life.size, life.odds = life.size + size, life.odds + ticks * life.market.tick
    enquired(life)


def back_to_new(life: Life) -> None:
    """Matched in part, then reported as if nothing had been."""
    on_the_book(life)
    life.wait(1, 120)
    life.trade(life.part())
    life.wait(1, 60)
    life.enquire()
    life.report("OrderStatus", status="New")


def strange_word(life: Life) -> None:
    """A status that is in no table."""
    resting(life)
    life.report("OrderStatus", status="Parked")


# ---------------------------------------------------------------- orders
def unanswered(life: Life) -> None:
    """The venue never says whether it took the order."""
    life.place()


def refused_then_live(life: Life) -> None:
    """Refused, and then on the book."""
    life.place()
    life.report("Rejected", ',"reason":"venue busy"', status="Rejected", leaves=0)
    life.wait(0.1, 1)
    life.accept()


def placed_by_hand(life: Life) -> None:
    """An order that somebody placed on the venue's site."""
    life.client = f"hand-{life.number}"
    life.accept()
    life.wait(30, 300)
    life.cancelled(reason="cancelled on the site")


def two_for_one(life: Life) -> None:
    """Two venue ids for one of ours: sent once, taken twice."""
    on_the_book(life)
    life.wait(0.1, 2)
    life.report("New", order=f"{life.order}9")


def recorder_fell_over(life: Life) -> None:
    """Half a line was written; then the recorder came back and wrote it whole."""
    on_the_book(life)
    life.now += SECOND
    life.trade(life.rest, way=Way.TORN)


STORIES: Mapping[Story, int] = {
    repeated: 10,
    repeated_under_another_id: 1,
    overfilled: 1,
    taken_back: 1,
    corrected: 2,
    missed: 1,
    untold: 1,
    went_down: 1,
    of_nobody: 2,
    sums_do_not_close: 1,
    closed_with_rest: 1,
    live_without_rest: 1,
    partial(other_terms, size=1000): 1,
    partial(other_terms, ticks=2): 1,
    back_to_new: 1,
    strange_word: 1,
    unanswered: 2,
    refused_then_live: 1,
    placed_by_hand: 2,
    two_for_one: 1,
    recorder_fell_over: 1,
}
"""How often each happens among some four thousand orders."""
