"""Cancels that do not go as they should, each as a life of one order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from examples.clean_lives import Story, enquired, on_the_book
from examples.mini_venue import Life, plain


def resting(life: Life) -> None:
    """On the book, and every other time matched in part."""
    on_the_book(life)
    life.wait(1, 300)
    if life.dice.random() < 0.5:  # noqa: PLR2004 - every other one
        life.trade(life.part())
        life.wait(1, 300)


# ---------------------------------------------------------------- matches around a cancel
def told_late(life: Life, *, least: float = 0.2, most: float = 2) -> None:
    """A part was matched before the cancel; the venue tells that after it."""
    resting(life)
    request = life.ask()
    part, made = life.part(), life.now
    life.matched += part
    life.wait(0.002, 0.02)
    life.cancelled(request)
    life.wait(least, most)
    life.report("Trade", life.match(part), at=made)


def never_told(life: Life) -> None:
    """The cancel took off less than was left and nothing is left: the difference was matched."""
    resting(life)
    request = life.ask()
    life.matched += life.part()
    size = plain(life.rest)
    life.wait(0.002, 0.02)
    life.waiting, life.closed = "", "Canceled"
    life.report("Canceled", f',"cancel_qty":"{size}"', request=request)


def only_in_the_total(life: Life) -> None:
    """The cancel's total of matches holds more than the matches that were told."""
    resting(life)
    request = life.ask()
    life.matched += life.part()
    life.wait(0.002, 0.02)
    life.cancelled(request)


def matched_after(life: Life, *, taken_back: bool = False) -> None:
    """By the venue's own clock it matched what it had cancelled; sometimes it takes that back."""
    resting(life)
    part = life.part()
    life.cancelled(life.ask())
    life.wait(0.1, 1.5)
    match = life.trade(part)
    if taken_back:
        life.wait(60, 600)
        life.matched -= part
        life.report("TradeCancel", f'{life.match(part)},"exec_ref_id":"{match}"')


# ---------------------------------------------------------------- no answer, or none in time
def unheard(life: Life) -> None:
    """The venue never answers the cancel."""
    resting(life)
    life.ask()


def answered_late(life: Life) -> None:
    """The answer takes a quarter of a minute and more."""
    resting(life)
    request = life.ask()
    life.wait(15, 40)
    life.cancelled(request)


def lost(life: Life, *, took: bool, asked: bool = True) -> None:
    """The answer is lost; the venue had cancelled (or not), as it says when asked."""
    resting(life)
    life.ask(lost="timeout")
    if took:
        life.closed = "Canceled"
    if not asked:
        return
    life.wait(1, 60)
    enquired(life)
    if not took:
        life.wait(1, 5)
        life.cancelled(life.ask())


def not_sent(life: Life) -> None:
    """The cancel does not even leave the house; the next one does."""
    resting(life)
    life.ask(lost="not_sent")
    life.wait(1, 5)
    life.cancelled(life.ask())


# ---------------------------------------------------------------- answers that do not fit
def unasked(life: Life) -> None:
    """The venue cancels of its own accord."""
    resting(life)
    life.cancelled(reason="cancelled by the operator")


def told_twice(life: Life) -> None:
    """One cancel, confirmed under two report ids."""
    resting(life)
    request = life.ask()
    life.cancelled(request)
    life.wait(0.05, 1)
    life.report("Canceled", request=request)


def both_answers(life: Life) -> None:
    """Cancelled and refused, for one request."""
    resting(life)
    request = life.ask()
    life.cancelled(request)
    life.refuse(request, "VENUE_ERROR", "internal timeout")


def stray(life: Life) -> None:
    """A refusal of a cancel that nobody here sent."""
    resting(life)
    life.refuse(f"{life.client}-hand", "RATE_LIMITED")


def short(life: Life) -> None:
    """All was asked for and only a part was taken off; the venue keeps the rest."""
    resting(life)
    request = life.ask()
    part = life.part()
    life.off += part
    life.report("Canceled", f',"cancel_qty":"{plain(part)}"', request=request)


def over(life: Life) -> None:
    """More taken off than there was."""
    resting(life)
    request = life.ask()
    size = plain(life.rest + 500)
    life.closed = "Canceled"
    life.report("Canceled", f',"cancel_qty":"{size}"', request=request)


def phantom(life: Life) -> None:
    """Cancelled, and yet on the book when asked about."""
    resting(life)
    life.cancelled(life.ask())
    life.closed = ""
    life.wait(30, 120)
    enquired(life)


STORIES: Mapping[Story, int] = {
    told_late: 8,
    partial(told_late, least=90, most=240): 2,
    never_told: 1,
    only_in_the_total: 2,
    matched_after: 2,
    partial(matched_after, taken_back=True): 1,
    unheard: 2,
    answered_late: 3,
    partial(lost, took=True): 4,
    partial(lost, took=False): 2,
    partial(lost, took=True, asked=False): 2,
    not_sent: 3,
    unasked: 6,
    told_twice: 2,
    both_answers: 1,
    stray: 1,
    short: 1,
    over: 1,
    phantom: 1,
}
"""How often each happens among some four thousand orders."""
