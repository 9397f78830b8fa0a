"""What the oracle makes of amounts: the size, what matched, what ended it, the buckets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Message = Mapping[str, Any]
"""A canonical message with `way`: sent, received, lost."""

CLOSES = {
    "Canceled": "CANCELLED",
    "Expired": "EXPIRED",
    "Lapsed": "LAPSED",
    "DoneForDay": "DONE_FOR_DAY",
    "Calculated": "CALCULATED",
    "Rejected": "REJECTED",
}


def reports(heard: Sequence[Message], *kinds: str) -> list[tuple[int, Message]]:
    """The venue's reports of these kinds, with their places."""
    return [(at, m) for at, m in enumerate(heard) if m.get("exec_type") in kinds]


def matched(heard: Sequence[Message]) -> Decimal:
    """What every execution is worth after its corrections, unless it was taken back."""
    total = Decimal(0)
    for _, trade in reports(heard, "Trade"):
        worth, name, gone = Decimal(trade["last_qty"]), trade["exec_id"], False
        while True:
            gone = gone or any(m["exec_ref_id"] == name for _, m in reports(heard, "TradeCancel"))
            corrections = [m for _, m in reports(heard, "TradeCorrect") if m["exec_ref_id"] == name]
            if not corrections:
                break
            worth, name = Decimal(corrections[-1]["last_qty"]), corrections[-1]["exec_id"]
        if not gone:
            total += worth
    return total


def size(heard: Sequence[Message]) -> Decimal:
    """The size that was ordered, or the last that the venue changed it to."""
    now = Decimal(heard[0]["order_qty"])
    for at, message in reports(heard, "Replaced", "Restated"):
        if "order_qty" in message:
            now = Decimal(message["order_qty"])
        elif message["exec_type"] == "Replaced":
            for before in heard:
                if before["msg"] == "OrderCancelReplaceRequest" and (
                    before["cl_ord_id"] == message["cl_ord_id"] and heard.index(before) < at
                ):
                    now = max(Decimal(before["order_qty"]), matched(heard[:at]))
    return now


def good_till(heard: Sequence[Message]) -> bool:
    """Whether the order outlives the day."""
    return heard[0].get("time_in_force") == "GTC"


def whole_cancel(message: Message) -> bool:
    """Whether it takes all that remains."""
    return "cancel_qty" not in message


def ended_by(heard: Sequence[Message]) -> str | None:
    """What took the order off the book first, since the venue last put it back."""
    for at, message in reports(heard, *CLOSES):
        kind = message["exec_type"]
        if kind == "Canceled" and not whole_cancel(message):
            continue
        if kind == "DoneForDay" and good_till(heard):
            continue
        how = CLOSES[kind]
        renewed = [back for back, _ in reports(heard, "Restated") if back > at]
        if how in {"DONE_FOR_DAY", "CALCULATED"} and renewed:
            return ended_by([heard[0], *heard[renewed[0] + 1 :]])
        return how
    return None


def quantities(heard: Sequence[Message]) -> dict[str, Decimal]:
    """The size in its five buckets: matches first, then what was cancelled, then what ended it."""
    ordered, worth = size(heard), matched(heard)
    left = ordered
    told: dict[str, Decimal] = {"size": ordered, "excess": max(Decimal(0), worth - ordered)}
    told["matched"] = min(worth, left)
    left -= told["matched"]
    parts = sum(
        (Decimal(m["cancel_qty"]) for _, m in reports(heard, "Canceled") if not whole_cancel(m)),
        Decimal(0),
    )
    told["cancelled"] = min(parts, left)
    left -= told["cancelled"]
    told["lapsed"] = told["voided"] = Decimal(0)
    bucket = {"CANCELLED": "cancelled", "REJECTED": "voided", None: "remaining"}
    told["remaining"] = Decimal(0)
    name = bucket.get(ended_by(heard), "lapsed")
    told[name] += left
    return told


def open_before(heard: Sequence[Message], at: int) -> bool:
    """Whether the order was on the book when the message at this place came."""
    return ended_by(heard[:at]) is None
