"""Cancels that the venue refuses, with every reason there is, each as a life of one order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from examples.cancel_stories import resting
from examples.clean_lives import Story, pending
from examples.mini_venue import Life


def turned_down(life: Life, reason: str, *, again: bool = True, known: bool = True) -> None:
    """Refused for this reason; asked again later, it works."""
    resting(life)
    life.refuse(life.ask(), reason, known=known)
    if again:
        life.wait(2, 120)
        life.cancelled(life.ask())


def unexplained(life: Life, reason: str) -> None:
    """The venue says that it is over and nobody says how."""
    resting(life)
    request = life.ask()
    life.matched += life.rest
    life.refuse(request, reason)


def lapsed_before(life: Life, reason: str) -> None:
    """Over before the cancel came, as the report of it says a moment later."""
    resting(life)
    request = life.ask()
    life.closed = "Expired"
    life.refuse(request, reason)
    life.wait(0.05, 1)
    life.report("Lapsed", ',"reason":"market withdrawn"')


def cancelled_before(life: Life) -> None:
    """The venue's own cancel and ours cross."""
    resting(life)
    request = life.ask()
    life.cancelled(reason="cancelled by the operator")
    life.refuse(request, "ALREADY_CANCELLED")


def settled_before(life: Life) -> None:
    """Long matched and paid out: a cancel by mistake."""
    resting(life)
    life.trade(life.rest)
    life.wait(600, 1500)
    life.refuse(life.ask(), "SETTLED")


def overtaken(life: Life, *, again: bool) -> None:
    """The cancel overtakes the order, which the venue does not know yet."""
    life.place()
    life.refuse(life.ask(), "UNKNOWN_ORDER", known=False)
    life.wait(0.01, 0.2)
    life.accept()
    if again:
        life.wait(1, 20)
        life.cancelled(life.ask())


def asked_twice(life: Life) -> None:
    """Impatience: a second cancel while the first is pending."""
    resting(life)
    request = life.ask()
    pending(life, request)
    life.wait(0.5, 3)
    life.refuse(life.ask(), "ALREADY_PENDING")
    life.wait(0.1, 2)
    life.cancelled(request)


def halted(life: Life) -> None:
    """The market is suspended, and with it cancels."""
    resting(life)
    life.suspended = True
    life.report("Suspended")
    life.wait(1, 30)
    life.refuse(life.ask(), "MARKET_SUSPENDED")
    life.wait(10, 90)
    life.suspended = False
    life.report("TriggeredOrActivatedBySystem")
    life.wait(1, 30)
    life.cancelled(life.ask())


def stays(life: Life, reason: str) -> None:
    """Refused, and matched later."""
    resting(life)
    life.refuse(life.ask(), reason)
    life.wait(5, 300)
    life.trade(life.rest)


RETRIED = (
    "NOT_OWNED", "INVALID_ID", "MARKET_CLOSED", "DUPLICATE_REQUEST", "RATE_LIMITED", "PERMISSION",
    "VENUE_ERROR",
)  # fmt: skip
"""Refusals after which the order is cancelled all the same, later."""

STORIES: Mapping[Story, int] = {
    partial(unexplained, reason="TOO_LATE"): 1,
    partial(unexplained, reason="TAKEN_OR_LAPSED"): 1,
    partial(lapsed_before, reason="TAKEN_OR_LAPSED"): 1,
    partial(lapsed_before, reason="ALREADY_TERMINAL"): 1,
    partial(lapsed_before, reason="EXPIRED"): 1,
    cancelled_before: 2,
    settled_before: 1,
    partial(turned_down, reason="UNKNOWN_ORDER", again=False, known=False): 1,
    partial(overtaken, again=True): 1,
    partial(overtaken, again=False): 1,
    asked_twice: 2,
    halted: 2,
    partial(stays, reason="NOT_CANCELLABLE"): 2,
    partial(stays, reason="CONFIRMED_BETS"): 1,
    partial(turned_down, reason="BALANCE_LOCK", again=False): 1,
    **{partial(turned_down, reason=reason): 1 for reason in RETRIED},
    partial(turned_down, reason="HOUSE_RULE_17", again=False): 2,
    partial(turned_down, reason="99"): 1,
}
"""How often each happens among some four thousand orders."""
