"""What an answer tells of one order, as the request keeps it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from adapters.engine.working import Stream
from domain import events as e
from domain import requests as r
from domain.buckets import buckets
from domain.ids import derived
from domain.messages import CancelResult, OrderMessage
from domain.values import Account, Name, NameKind


def stray_id(owner: Account, ref: str) -> UUID:
    """The key of the request that an answer quotes and nobody here is known to have sent."""
    return derived("stray", owner.venue, owner.account, ref)


def venue_id(names: Sequence[Name]) -> str | None:
    """The venue's own id among the names."""
    for name in names:
        if name.kind is NameKind.VENUE:
            return name.value
    return None


def row_said(result: CancelResult, cancel_id: UUID, *, requested: bool) -> e.OrderEvent:
    """What one row of an answer says of its order."""
    if result.cancelled:
        return e.Cancelled(
            cancel_id=cancel_id,
            size=result.size,
            matched=result.matched,
            requested=requested,
            raw_reason=result.raw_reason,
            claims=result.claims,
        )
    reason = result.reason
    assert reason is not None, "a refused cancel has a reason"
    return e.CancelRejected(
        reason=reason,
        cancel_id=cancel_id,
        raw_reason=result.raw_reason,
        mapped=result.mapped,
        claims=result.claims,
    )


def report_told(message: OrderMessage, order: Stream | None, left: Decimal | None) -> r.Outcome:
    """The outcome that a report which settles a request tells for its one order."""
    refused = next((item for item in message.said if isinstance(item, e.CancelRejected)), None)
    named = venue_id(message.names) or venue_id(message.found_by)
    key = None if order is None else order.key
    if refused is not None:
        return r.Outcome(
            outcome=r.OutcomeKind.REJECTED,
            order=key,
            venue_order_id=named,
            reason=refused.reason,
            raw_reason=refused.raw_reason,
            mapped=refused.mapped,
        )
    taken = next((item.size for item in message.said if isinstance(item, e.Cancelled)), None)
    if taken is None and order is not None and left is not None:
        taken = left - buckets(order.order).remaining
    return r.Outcome(
        outcome=r.OutcomeKind.CANCELLED,
        order=key,
        venue_order_id=named,
        cancelled=taken,
        took_off=True,
    )


def same_again(found: Sequence[tuple[r.Outcome, bool]], before: Sequence[r.Outcome]) -> bool:
    """Whether an answer tells what an earlier one told.

    What a cancel took is compared where the answer itself tells it: what we work out is nothing
    the second time.
    """
    if len(found) != len(before):
        return False
    return all(
        one == other or (not sized and replace(one, cancelled=other.cancelled) == other)
        for (one, sized), other in zip(found, before, strict=True)
    )


def refusals(asked: Iterable[r.AskedFor], refused: r.CancelRefused) -> tuple[r.Outcome, ...]:
    """A refusal of the whole request, told of every order in it."""
    return tuple(
        r.Outcome(
            outcome=r.OutcomeKind.REJECTED,
            asked=item.text,
            order=item.order,
            reason=refused.reason,
            raw_reason=refused.raw_reason,
            mapped=refused.mapped,
        )
        for item in asked
    )
