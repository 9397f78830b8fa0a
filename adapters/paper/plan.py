"""What comes to one request, decided when it comes: nothing is drawn later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.paper.chance import Trigger
from adapters.paper.operations import Operation
from adapters.paper.script import Latency
from adapters.paper.venue import SimulatedVenue

Whose = Callable[[Sequence[str]], str | None]
"""The account that one of these texts is a key of."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault that comes to this request; `seconds` were drawn when it came."""

    trigger: Trigger
    seconds: float = 0


def plan_of(
    venue: SimulatedVenue, operation: Operation, account: str | None
) -> tuple[Planned, ...]:
    """What comes to a request, with every draw that it needs."""
    return tuple(
        Planned(
            trigger,
            float(trigger.between(trigger.fault.seconds))
            if isinstance(trigger.fault, Latency)
            else 0,
        )
        for trigger in venue.faults.of_request(operation, account)
    )
