"""An order's life, event by event, with its quantities and status after each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from domain.events import OrderEvent
from domain.flags.history import order_history
from domain.order import Order
from domain.recorded import Recorded
from domain.saying import say
from domain.sentences import sentence
from domain.standing import standing


def life(stream: UUID, events: Sequence[Recorded]) -> list[dict[str, Any]]:
    """One record per event, in log order.

    What happened, when by each clock, which line caused it, and how the order stood after it.
    """
    history = order_history(stream, events)
    return [
        {
            "position": recorded.position,
            "capture": recorded.capture,
            "seq": recorded.seq,
            "event": type(recorded.event).__name__,
            "occurred_at": recorded.occurred_at,
            "observed_at": recorded.observed_at,
            "recorded_at": recorded.recorded_at,
            "summary": sentence(cast("OrderEvent", recorded.event)),
            **_after(state),
        }
        for recorded, state in zip(history.events, history.states, strict=True)
    ]


def witness(recorded: Recorded) -> dict[str, Any]:
    """One event as proof: where it stands, which line caused it, and what it says."""
    event = recorded.event
    kind = type(event)
    return {
        "position": recorded.position,
        "capture": recorded.capture,
        "seq": recorded.seq,
        "event": kind.__name__,
        "occurred_at": recorded.occurred_at,
        "observed_at": recorded.observed_at,
        "summary": say(event),
    }


def _after(state: Order) -> dict[str, Any]:
    stands = standing(state)
    held = stands.buckets
    return {
        "size": held.size,
        "matched": held.matched,
        "remaining": held.remaining,
        "cancelled": held.cancelled,
        "lapsed": held.lapsed,
        "voided": held.voided,
        "status": stands.status.value,
    }
