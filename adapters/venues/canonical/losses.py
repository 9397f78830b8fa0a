"""What the loss of an answer tells in the canonical feed; the line repeats what was sent.

An order or a change is told with its loss: when its sending was read, too, that is known by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adapters.venues.canonical.requests import new_order, replace_request
from adapters.venues.canonical.wire import (
    OrderCancelReplaceRequest,
    OrderCancelRequest,
    needed,
    read,
)
from adapters.venues.losses import amending_lost, cancel_lost, loss_of, placing_lost
from domain.messages import Message
from domain.wire import Line


def lost_order(line: Line, frame: Mapping[str, object]) -> tuple[Message, ...]:
    """No answer came to an order: it was not sent, or nobody knows whether it is live."""
    (sent,) = new_order(line, frame)
    placed, *beside = sent.said
    return (replace(sent, said=(placed, *placing_lost(loss_of(line)), *beside)),)


def lost_replace(line: Line, frame: Mapping[str, object]) -> tuple[Message, ...]:
    """No answer came to a change: it was not sent, or nobody knows which terms hold."""
    (sent,) = replace_request(line, frame)
    ref = needed("cl_ord_id", read(OrderCancelReplaceRequest, frame).cl_ord_id)
    return (replace(sent, said=(*sent.said, *amending_lost(loss_of(line), ref))),)


def lost_cancel(line: Line, frame: Mapping[str, object]) -> tuple[Message, ...]:
    """No answer came to a cancel: it was not sent, or its outcome is unknown."""
    asked = read(OrderCancelRequest, frame)
    return cancel_lost(line, needed("cl_ord_id", asked.cl_ord_id))
