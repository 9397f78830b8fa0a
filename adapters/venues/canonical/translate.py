"""The canonical dialect: each documented message and the function that reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.venues.canonical.losses import lost_cancel, lost_order, lost_replace
from adapters.venues.canonical.reports import execution_report
from adapters.venues.canonical.requests import (
    cancel_reject,
    cancel_request,
    new_order,
    replace_request,
    status_request,
)
from adapters.venues.losses import sent_at
from domain.messages import Message
from domain.wire import Line, Unreadable

Translate = Callable[[Line, Mapping[str, Any]], Sequence[Message]]


def _nothing(_line: Line, _frame: Mapping[str, Any]) -> tuple[Message, ...]:
    """A loss of a question: it tells of no order."""
    return ()


MESSAGES: Mapping[tuple[str, str], Translate] = {
    ("received", "ExecutionReport"): execution_report,
    ("received", "OrderCancelReject"): cancel_reject,
    ("sent", "NewOrderSingle"): new_order,
    ("sent", "OrderCancelRequest"): cancel_request,
    ("sent", "OrderCancelReplaceRequest"): replace_request,
    ("sent", "OrderStatusRequest"): status_request,
    ("lost", "NewOrderSingle"): lost_order,
    ("lost", "OrderCancelRequest"): lost_cancel,
    ("lost", "OrderCancelReplaceRequest"): lost_replace,
    ("lost", "OrderStatusRequest"): _nothing,
}
"""Every documented message, by direction and name."""


class CanonicalDialect:
    """Translates the venue-neutral feed; each line stands for itself."""

    def translate(self, line: Line, request: Line | None) -> Sequence[Message]:
        """What `line` tells; raise `Unreadable` when it is no documented message."""
        frame = line.frame
        if line.direction == "lost" and request is not None:
            frame = request.frame if frame is None else frame
            line = sent_at(line, request)
        if frame is None:
            raise Unreadable("frame: missing: no canonical message")
        name = frame.get("msg")
        translate = MESSAGES.get((line.direction, name)) if isinstance(name, str) else None
        if translate is None:
            raise Unreadable(f"no documented message: {line.direction} {str(name)[:60]}")
        return translate(line, frame)
