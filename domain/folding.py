"""What the facts of an order have in common when they are applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from domain import events as e
from domain.lifecycle import Closure
from domain.marks import marks
from domain.order import Attempt, Order, Try, quantities

Changes = dict[str, Any]
"""Fields of an order with their new values, for `domain.order.changed`."""

ANSWERED = frozenset({Try.DONE, Try.REJECTED})
"""The venue has decided: what comes later of the request's way there changes nothing."""

CERTAIN: frozenset[str] = frozenset()
"""Nothing is in doubt."""


def remembered(order: Order, event: e.OrderEvent) -> Changes:
    """The fact's names join those that are known."""
    names = marks(event)
    return {"seen": order.seen.union(names)} if names else {}


class Ending(Protocol):
    """A fact that takes an order off the book."""

    @property
    def claims(self) -> e.Claims | None:
        """The venue's word on the state that it leaves."""
        ...


def closed(order: Order, how: Closure, event: Ending) -> Changes:
    """Off the book: what remained goes to the closure's bucket; the first closure stands."""
    changes: Changes = {
        "closure": order.closure or how,
        "venue_cancel_pending": False,
        "suspended": False,
        "stopped": False,
        "doubts": CERTAIN,
    }
    if order.closure is None:
        changes["day_over"] = False  # a good-till order that rested for the night rests no more
    if event.claims is not None:
        changes.update(told(order, event.claims, changes))
    return changes


def told(order: Order, claims: e.Claims, changes: Changes) -> Changes:
    """The venue's word, and what we hold when it is told: with what its report changes."""
    held = quantities(order)
    told_of = (changes.get("size", held[0]), *held[1:-1], changes.get("closure", held[-1]))
    return {"told": claims, "told_of": told_of}


def doubt_of(cancel_id: UUID) -> str:
    """How the doubt about a cancel of ours is called."""
    return f"cancel:{cancel_id}"


def survived(order: Order) -> Changes:
    """The venue treats the order as live: what was in doubt did evidently not take it off.

    Nothing is in doubt of an order that is over.
    """
    if not order.doubts:
        return {}
    return {"doubts": CERTAIN, "cancels": _settled(order)}


def _settled(order: Order) -> Mapping[UUID, Attempt]:
    return {
        cancel_id: Attempt(Try.REJECTED, attempt.size)
        if attempt.state in {Try.UNKNOWN, Try.UNMENTIONED}
        else attempt
        for cancel_id, attempt in order.cancels.items()
    }
