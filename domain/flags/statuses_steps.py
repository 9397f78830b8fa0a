"""Steps that no order can take: a fact that cannot follow from any state we may be in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from domain import events as e
from domain.buckets import buckets
from domain.flags.claims import old_news
from domain.flags.claims_possible import raw_matched
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.lifecycle import Closure
from domain.order import Order
from domain.values import ZERO

DEAD = frozenset(
    {Closure.CANCELLED, Closure.EXPIRED, Closure.LAPSED, Closure.REJECTED, Closure.VOIDED}
)
"""Off the book for good. A day that is done can be followed by another, and by a cancel."""

_Impossible = Callable[[Order, Any], bool]


def _off_the_book(order: Order, _event: object) -> bool:
    return order.closure in DEAD


def _acknowledged(order: Order, _event: object) -> bool:
    return order.accepted or order.closure in DEAD


def _refused_too_late(order: Order, _event: object) -> bool:
    """FIX lets a venue refuse an order that it had acknowledged, but not one that it matched."""
    return raw_matched(order) > ZERO or (order.closure in DEAD and not _rejected(order))


def _rejected(order: Order) -> bool:
    return order.closure is Closure.REJECTED


def _cancelled_in_vain(order: Order, event: e.Cancelled) -> bool:
    """A cancel takes nothing off an order that was over some other way."""
    return event.whole and order.closure in DEAD - {Closure.CANCELLED}


def _ended_in_vain(order: Order, event: e.Expired | e.Lapsed) -> bool:
    """Nothing is left to expire once all has matched, or after another end."""
    if isinstance(event, e.Lapsed) and event.size is not None:
        return event.size > ZERO and order.closure in _OTHER_END
    complete = order.size is not None and order.closure is None and not buckets(order).remaining
    return order.closure in _OTHER_END or (complete and raw_matched(order) > ZERO)


_OTHER_END = DEAD - {Closure.EXPIRED, Closure.LAPSED}

IMPOSSIBLE: Mapping[type, tuple[_Impossible, str]] = {
    e.OrderPending: (_acknowledged, "is being considered"),
    e.OrderAccepted: (_off_the_book, "was accepted"),
    e.OrderRejected: (_refused_too_late, "was rejected"),
    e.CancelPending: (_off_the_book, "waits for a cancel"),
    e.Cancelled: (_cancelled_in_vain, "was cancelled"),
    e.Expired: (_ended_in_vain, "expired"),
    e.Lapsed: (_ended_in_vain, "lapsed"),
    e.AmendPending: (_off_the_book, "waits for an amendment"),
    e.Amended: (_off_the_book, "was amended"),
    e.Suspended: (_off_the_book, "was suspended"),
    e.Resumed: (_off_the_book, "can match again"),
    e.Stopped: (_off_the_book, "was promised a match"),
}
"""Which step cannot be taken from where. Not here: matches after the end, which are late reports
or CXL-04; an increase of a filled order, which is legal (FIX C.1.c, J.1.a); a refused cancel or
amendment and the end of the day, which say nothing of what was before."""


def illegal_transition(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """A fact that cannot follow from any state the order may be in (anomalies: QTY-09).

    A message that its times show to be older than the state is out of order, not impossible. One
    flag for each kind of step. Nothing clears it but a human who reclassifies the event.
    """
    if history.order.closure is None and e.OrderPending not in history.kinds:
        return  # every other impossible step needs an end, or makes one
    flagged: set[type] = set()
    for index, recorded in enumerate(history.events):
        kind = type(recorded.event)
        row = IMPOSSIBLE.get(kind)
        if row is None or kind in flagged or not row[0](history.before(index), recorded.event):
            continue
        if not old_news(history.events, index):
            flagged.add(kind)
            yield _flag(history, index, row)


def _flag(history: History, index: int, row: tuple[_Impossible, str]) -> Flag:
    step, was = history.events[index], _was(history.before(index))
    impossible, what = row
    since = index - 1
    while since and impossible(history.states[since - 1], step.event):
        since -= 1
    return Flag(
        code="QTY-09",
        key=(type(step.event).__name__,),
        opened_at=step.observed_at,
        witness=places(history.events[since], step),
        note=f"The venue says that the order {what}; it was {was} already.",
        ours=was,
        theirs=type(step.event).__name__,
    )


def _was(order: Order) -> str:
    if order.closure is not None:
        return order.closure.value.replace("_", " ").lower()
    return "matched" if raw_matched(order) else "accepted"


RULES = (OrderRule("QTY-09", needs=frozenset(IMPOSSIBLE), find=illegal_transition),)
