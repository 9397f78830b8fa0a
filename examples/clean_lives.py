"""Lives of orders with which nothing is wrong, and how often each is lived."""

from __future__ import annotations

from collections.abc import Callable

from examples.mini_venue import SECOND, Life, plain

CLOSE = 20 * 3600 * SECOND
"""The end of the recording."""
Story = Callable[[Life], None]


def on_the_book(life: Life, tif: str = "DAY") -> None:
    """Placed and accepted."""
    life.place(tif)
    life.accept()


def taken_at_once(life: Life) -> None:
    """Somebody was waiting."""
    on_the_book(life)
    life.trade(life.rest)


def taken_later(life: Life) -> None:
    """It rests, and is matched whole."""
    on_the_book(life)
    life.wait(2, 900)
    life.trade(life.rest)


def taken_in_parts(life: Life) -> None:
    """Matched in two to five pieces."""
    on_the_book(life)
    for _ in range(1 + int(life.dice.random() * 4)):
        life.wait(0.2, 240)
        life.trade(life.part(20, 60))
    life.wait(0.2, 240)
    life.trade(life.rest)


def called_back(life: Life) -> None:
    """Cancelled before anybody took any of it."""
    on_the_book(life)
    life.wait(1, 900)
    life.cancelled(life.ask())


def called_back_slowly(life: Life) -> None:
    """The venue says first that it works on the cancel."""
    on_the_book(life)
    life.wait(1, 900)
    request = life.ask()
    pending(life, request)
    life.wait(0.05, 0.8)
    life.cancelled(request)


def pending(life: Life, request: str) -> None:
    """The venue works on a cancel."""
    life.waiting = "PendingCancel"
    life.report("PendingCancel", request=request)


def called_back_in_part(life: Life) -> None:
    """Partly matched, then cancelled."""
    on_the_book(life)
    for _ in range(1 + int(life.dice.random() * 2)):
        life.wait(0.5, 300)
        life.trade(life.part())
    life.wait(0.5, 300)
    life.cancelled(life.ask())


def matched_on_the_way(life: Life) -> None:
    """A part is matched while the cancel is on its way."""
    on_the_book(life)
    life.wait(1, 600)
    request = life.ask()
    life.trade(life.part())
    life.wait(0.001, 0.02)
    life.cancelled(request)


def too_late(life: Life) -> None:
    """All of it is matched while the cancel is on its way."""
    on_the_book(life)
    life.wait(1, 600)
    request = life.ask()
    life.trade(life.rest)
    life.wait(0.001, 0.02)
    life.refuse(request, "TOO_LATE", "order is complete")


def improved(life: Life) -> None:
    """Other odds and another size, then matched."""
    on_the_book(life)
    life.wait(1, 400)
    replaced(life)
    life.wait(1, 400)
    life.trade(life.rest)


def improved_slowly(life: Life) -> None:
    """Partly matched, a replace that is pending for a while, then cancelled."""
    on_the_book(life)
    life.wait(1, 300)
    life.trade(life.part())
    life.wait(1, 300)
    replaced(life, slowly=True)
    life.wait(1, 300)
    life.cancelled(life.ask())


def replaced(life: Life, *, slowly: bool = False) -> None:
    """Other terms, accepted."""
    step = 1 if life.dice.random() < 0.5 else -1  # noqa: PLR2004 - as often up as down
    size, odds = life.size + 500 * int(life.dice.random() * 3), life.odds + step * life.market.tick
    request = life.ask_for(size, odds)
    if slowly:
        life.waiting = "PendingReplace"
        life.report("PendingReplace", request=request)
        life.wait(0.05, 0.6)
        life.waiting = ""
    life.size, life.odds = size, odds
    life.report("Replaced", request=request)
    life.client = request


def reduced(life: Life) -> None:
    """A part is called back, the rest is matched."""
    on_the_book(life)
    life.wait(1, 300)
    part = life.part(20, 60)
    request = life.ask(part)
    life.off += part
    life.report("Canceled", f',"cancel_qty":"{plain(part)}"', request=request)
    life.wait(1, 300)
    life.trade(life.rest)


def considered(life: Life) -> None:
    """The venue thinks before it accepts."""
    life.place()
    life.waiting = "PendingNew"
    life.report("PendingNew")
    life.wait(0.1, 4)
    life.waiting = ""
    life.accept()
    life.wait(1, 600)
    life.cancelled(life.ask())


def refused(life: Life) -> None:
    """Not accepted."""
    life.place()
    life.closed = "Rejected"
    why = REFUSALS[int(life.dice.random() * len(REFUSALS))]
    life.report("Rejected", f',"reason":"{why}"')


REFUSALS = ("insufficient funds", "odds are not on the ladder", "stake below the minimum")


def run_out(life: Life) -> None:
    """It rests until the event starts."""
    on_the_book(life)
    if life.dice.random() < 0.5:  # noqa: PLR2004 - every other one is partly matched
        life.wait(1, 900)
        life.trade(life.part())
    life.now = max(life.now, life.market.starts or CLOSE - SECOND)
    life.expired()


def killed(life: Life) -> None:
    """Immediate or cancel: what nobody takes at once is gone."""
    on_the_book(life, "IOC")
    life.trade(life.part())
    life.expired()


def asked_about(life: Life) -> None:
    """Matched in part, asked about, then cancelled."""
    on_the_book(life)
    life.wait(1, 300)
    life.trade(life.part())
    life.wait(5, 300)
    enquired(life)
    life.wait(5, 300)
    life.cancelled(life.ask())


def enquired(life: Life) -> None:
    """Asked how it stands, and told."""
    life.enquire()
    life.report("OrderStatus")


def left_open(life: Life) -> None:
    """Good till cancelled, on a game of another day: open when the recording ends."""
    on_the_book(life, "GTC")
    if life.dice.random() < 0.4:  # noqa: PLR2004 - two of five are partly matched
        life.wait(1, 900)
        life.trade(life.part())


def done_for_the_day(life: Life) -> None:
    """A day order that nobody took: at the close the venue is done with it."""
    on_the_book(life)
    life.now = max(life.now, CLOSE - 2 * SECOND)
    life.closed = "DoneForDay"
    life.report("DoneForDay")
