"""The fold of what a market or a venue's day does to an order."""

from __future__ import annotations

from domain import events as e
from domain.folding import Changes, closed, remembered, survived, told
from domain.lifecycle import Closure
from domain.order import Order, changed

DAY = frozenset({None, "DAY", "0"})
"""Times in force that end with the trading day; FIX: absent means day (tag 59)."""


def lapsed(order: Order, event: e.Lapsed) -> Order:
    """A market event took a part, or all that remained."""
    seen = remembered(order, event)
    if event.size is None:
        return changed(order, **closed(order, Closure.LAPSED, event), **seen)
    return changed(order, lapsed_part=order.lapsed_part + event.size, **seen)


def voided(order: Order, event: e.Voided) -> Order:
    """The venue voided a part, or all that remained.

    Matches stay until they are voided one by one: which of them fell, only their records say.
    """
    seen = remembered(order, event)
    if event.size is None:
        return changed(order, **closed(order, Closure.VOIDED, event), **seen)
    return changed(order, voided_part=order.voided_part + event.size, **seen)


def expired(order: Order, event: e.Expired) -> Order:
    """What remained lapsed."""
    return changed(order, **closed(order, Closure.EXPIRED, event), **remembered(order, event))


def done_for_day(order: Order, event: e.DoneForDay) -> Order:
    """A day order is over; a good-till order rests until it is renewed or matches again."""
    seen = remembered(order, event)
    if order.terms.time_in_force in DAY:
        ended = closed(order, Closure.DONE_FOR_DAY, event)
        return changed(order, **{**ended, "day_over": True}, **seen)
    changes: Changes = {"accepted": True, "day_over": order.closure is None, **seen}
    if event.claims is not None:
        changes.update(told(order, event.claims, changes))
    return changed(order, **changes)


def calculated(order: Order, event: e.Calculated) -> Order:
    """The books of the day are closed."""
    return changed(order, **closed(order, Closure.CALCULATED, event), **remembered(order, event))


def stopped(order: Order, event: e.Stopped) -> Order:
    """A guarantee moves no size, and means nothing once the order is over."""
    return changed(order, stopped=order.closure is None, **remembered(order, event))


def suspended(order: Order, event: e.Suspended) -> Order:
    """It rests and cannot match, unless it is over."""
    seen = remembered(order, event)
    if order.closure is not None:
        return changed(order, **seen)
    return changed(order, accepted=True, suspended=True, **survived(order), **seen)


def resumed(order: Order, event: e.Resumed) -> Order:
    """It can match, unless it is over."""
    return changed(
        order,
        accepted=True,
        suspended=False,
        day_over=False,
        **survived(order),
        **remembered(order, event),
    )
