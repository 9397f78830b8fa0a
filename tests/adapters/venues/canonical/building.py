"""Builders of canonical lines, and what the dialect makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from adapters.venues.canonical.translate import CanonicalDialect
from domain.messages import (
    Message,
    OrderMessage,
    Said,
)
from domain.values import Account, Name, NameKind
from domain.wire import Line

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)
D = Decimal


def line(direction: str, frame: Mapping[str, Any] | None, **told: Any) -> Line:  # noqa: ANN401 - fields of a frame
    return Line("day-1", 7, NOON, Account("canonical", "desk"), direction, frame=frame, **told)


def translate(direction: str, request: Line | None = None, /, **frame: Any) -> Sequence[Message]:  # noqa: ANN401 - fields of a frame
    return CanonicalDialect().translate(line(direction, frame), request)


def venue(value: str) -> Name:
    return Name(NameKind.VENUE, value)


def client(value: str) -> Name:
    return Name(NameKind.CLIENT, value)


def order_message(direction: str, **frame: Any) -> OrderMessage:  # noqa: ANN401 - fields of a frame
    (message,) = translate(direction, **frame)
    assert isinstance(message, OrderMessage)
    return message


def report(exec_type: Any, **told: Any) -> OrderMessage:  # noqa: ANN401 - fields of a frame
    frame = {"order_id": "V", "cl_ord_id": "X", "exec_id": "E1", "exec_type": exec_type, **told}
    return order_message("received", msg="ExecutionReport", **frame)


def first(message: OrderMessage) -> Said:
    return message.said[0]


TOLD: Mapping[str, str] = {
    "ord_status": "PartiallyFilled",
    "order_qty": "100",
    "cum_qty": "40",
    "leaves_qty": "60",
    "price": "2",
    "last_qty": "10",
    "last_px": "1.9",
    "exec_ref_id": "E0",
    "reason": "why",
    "instrument": "M",
}
"""Every field that a report may have beside its names."""
