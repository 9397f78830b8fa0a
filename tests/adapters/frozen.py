"""A fact stored and read by a program whose clock stood still before it imported anything."""

from __future__ import annotations

from adapters.clock import utc_now
from adapters.codec import decode, encode
from domain.events import OrderPlaced, Terms
from domain.ids import derived
from domain.recorded import Pending
from domain.values import Account


def round_trip() -> None:
    """What is stored comes back."""
    now = utc_now()
    event = OrderPlaced(terms=Terms(placed_at=now))
    stream = derived("order", "frozen")
    pending = Pending(stream, 1, Account("v", "a"), stream, now, now, "c", 1, event)
    topic, state = encode(pending)
    read = decode(1, stream, 1, topic, state, 0, "c", 1)
    if (read.event, read.observed_at) != (event, now):
        raise AssertionError(read)
