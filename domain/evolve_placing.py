"""The fold of our sending an order, where a loss says that it failed or may have failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain import events as e
from domain.folding import remembered
from domain.lifecycle import Closure
from domain.order import Order, Try, changed

Apply = Callable[[Order, Any], Order]


def at_the_venue(apply: Apply) -> Apply:
    """The fold of a fact that only an order which arrived at the venue can have."""

    def applied(order: Order, event: Any) -> Order:  # noqa: ANN401 - any fact of the kind that `apply` takes
        return apply(order if order.arrived else arrived(order), event)

    return applied


def arrived(order: Order) -> Order:
    """The venue has it: what a loss said of our sending it counts no more.

    Until then nothing else can have ended it.
    """
    return changed(order, arrived=True, closure=None)


def place_unknown(order: Order, event: e.PlaceOutcomeUnknown) -> Order:
    """It may be live, unless the venue has spoken of it: then it arrived.

    That another sending of it failed for certain says nothing of this one.
    """
    seen = remembered(order, event)
    if order.arrived:
        return changed(order, **seen)
    return changed(order, sending=Try.UNKNOWN, closure=None, **seen)


def place_not_sent(order: Order, event: e.PlaceNotSent) -> Order:
    """Over without ever being live, unless it arrived by another sending, or may have."""
    seen = remembered(order, event)
    if order.arrived or order.sending is Try.UNKNOWN:
        return changed(order, **seen)
    return changed(order, sending=Try.NOT_SENT, closure=order.closure or Closure.NOT_SENT, **seen)
