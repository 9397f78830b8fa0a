"""What a script has in hand: captures of the canonical feed, and how a command ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ORDER_FIELDS = [
    "order_key",
    "venue",
    "account",
    "venue_order_id",
    "client_order_id",
    "user_ref",
    "market",
    "selection",
    "side",
    "price",
    "price_format",
    "currency",
    "size",
    "matched",
    "remaining",
    "cancelled",
    "lapsed",
    "voided",
    "status",
    "cancel_pending",
    "replace_pending",
    "closed_by",
    "certain",
    "remaining_min",
    "remaining_max",
    "placed_at",
    "updated_at",
    "last_position",
]
HISTORY_FIELDS = [
    "position",
    "capture",
    "seq",
    "event",
    "occurred_at",
    "observed_at",
    "recorded_at",
    "summary",
    "size",
    "matched",
    "remaining",
    "cancelled",
    "lapsed",
    "voided",
    "status",
]
CANCEL_FIELDS = [
    "cancel_id",
    "venue",
    "account",
    "requested_by",
    "why",
    "scope",
    "requested_at",
    "answered_at",
    "latency_ms",
    "status",
    "reason",
    "raw_reason",
    "outcomes",
]
OUTCOME_FIELDS = [
    "asked",
    "order_key",
    "venue_order_id",
    "outcome",
    "reason",
    "raw_reason",
    "cancelled",
    "matched_before",
    "matched_in_flight",
    "matched_after",
]
BREAK_FIELDS = [
    "break_id",
    "code",
    "name",
    "severity",
    "kind",
    "order_key",
    "venue",
    "account",
    "opened_at",
    "closed_at",
    "age_s",
    "status",
    "ours",
    "theirs",
    "difference",
    "witness",
    "clears_when",
    "rule_version",
]


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - what a script would parse
        """Standard output, parsed."""
        return json.loads(self.out)


Run = Callable[..., Ran]


def line(seq: int, direction: str, frame: Mapping[str, str], **more: object) -> str:
    """A capture line of the canonical feed, `seq` seconds after noon."""
    record = {
        "v": 1,
        "capture": "cli",
        "seq": seq,
        "at": f"2026-02-07T12:00:{seq:02}.250000Z",
        "venue": "canonical",
        "account": "desk-7",
        "direction": direction,
        "frame": frame,
        **more,
    }
    return json.dumps(record)


def report(kind: str, exec_id: str, **more: str) -> Mapping[str, str]:
    """An ExecutionReport about order O1 / X."""
    base = {"msg": "ExecutionReport", "order_id": "O1", "cl_ord_id": "X"}
    return {**base, "exec_type": kind, "exec_id": exec_id, **more}


PLACE = {
    "msg": "NewOrderSingle",
    "cl_ord_id": "X",
    "instrument": "M1",
    "side": "BUY",
    "order_qty": "100.00",
    "price": "1.950",
}
CANCEL = {"msg": "OrderCancelRequest", "cl_ord_id": "Y", "orig_cl_ord_id": "X", "order_id": "O1"}
STORY = [
    line(1, "sent", PLACE),
    line(2, "received", report("New", "e1")),
    line(3, "received", report("Trade", "e2", last_qty="40", last_px="1.95")),
    line(4, "sent", CANCEL),
    line(5, "received", report("Trade", "e3", last_qty="10", last_px="1.95")),
    line(6, "received", report("Canceled", "e4", cl_ord_id="Y", orig_cl_ord_id="X")),
]
UNANSWERED = [
    *STORY[:3],
    line(4, "sent", CANCEL),
    line(5, "lost", CANCEL, error={"kind": "timeout", "detail": "no answer within 5 s"}),
]

Capture = Callable[[Sequence[str]], str]
