"""Orders whose sending is told more than once, or that have no name until the venue answers.

A line of a loss repeats what was lost, so a sending may be known from its own line, from its loss,
or from both, in either order. And a venue whose place requests name no order is found again by the
order's place in the request, or by our reference beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from adapters.engine.working import Moment, Stream
from domain import events as e
from domain.messages import OrderMessage, Said
from domain.values import NameKind

_FATES = (e.PlaceOutcomeUnknown, e.PlaceNotSent, e.AmendOutcomeUnknown, e.AmendNotSent)
_VENUES = frozenset({NameKind.VENUE, NameKind.WAGER})


def sent_once(stream: Stream, said: tuple[Said, ...], moment: Moment) -> tuple[Said, ...]:
    """What was said, without a sending that the log knows already."""
    head = said[0] if said else None
    if isinstance(head, e.OrderPlaced):
        known = stream.order.placed
    elif isinstance(head, e.AmendRequested):
        known = head.amend_ref in stream.order.asks
    else:
        return said
    if len(said) > 1 and isinstance(said[1], e.OrderAccepted):
        told = known and any(_is_of(entry.event, head) for entry in stream.events)
        return said[1:] if told else said  # an answer that repeats what its loss had told
    if len(said) > 1 and isinstance(said[1], _FATES):
        if isinstance(said[1], e.PlaceNotSent) and _sent_since(stream, moment.observed_at):
            return said[2:]
        return said[1:] if known else said
    return said[1:] if known and _lost_by_then(stream, head, moment.observed_at) else said


def _sent_since(stream: Stream, lost_at: datetime) -> bool:
    """The order was sent again after this sending of it had failed."""
    return any(
        entry.observed_at > lost_at
        and (
            isinstance(entry.event, e.OrderPlaced)
            or (isinstance(entry.event, e.DuplicateReported) and entry.event.what == "message")
        )
        for entry in stream.events
    )


def _lost_by_then(
    stream: Stream, sent: e.OrderPlaced | e.AmendRequested, sent_at: datetime
) -> bool:
    """The log has the loss of this very sending; a later sending is another one."""
    return any(
        entry.observed_at >= sent_at and _is_of(entry.event, sent) for entry in stream.events
    )


def _is_of(fate: object, sent: e.OrderPlaced | e.AmendRequested) -> bool:
    if isinstance(sent, e.OrderPlaced):
        return isinstance(fate, e.PlaceOutcomeUnknown | e.PlaceNotSent)
    return getattr(fate, "amend_ref", None) == sent.amend_ref


def one_order(message: OrderMessage, other: Stream, found: Stream | None) -> bool:
    """Whether a name of the place request leads to the order of the message.

    The venue's message names it and it has had no name of the venue's, or the other way round: its
    sending is told of, and the venue had named it since. Two sendings are never one order.
    """
    if found is not None and found.order.placed and other.order.placed:
        return False
    if any(name.kind in _VENUES for name in message.names):
        return not any(name.kind in _VENUES for name in other.order.names)
    sent_at = _sent_at(message.said)
    return not other.order.placed and (sent_at is None or other.events[0].observed_at >= sent_at)


def _sent_at(said: Iterable[Said]) -> datetime | None:
    head = next(iter(said), None)
    return head.terms.placed_at if isinstance(head, e.OrderPlaced) else None
