"""A second opinion on how an order stands, made slowly and in another way than the fold.

The fold applies one fact after another to a state. The oracle keeps no state: it has the whole list
of messages and answers each question by itself with loops over that list. It knows the canonical
messages of one order, our requests among them, and nothing of `domain/` but its plain words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tests.oracle.amounts import (
    Message,
    ended_by,
    good_till,
    open_before,
    quantities,
    reports,
    whole_cancel,
)

SHOWN = {
    "CANCELLED": "CANCELLED",
    "EXPIRED": "EXPIRED",
    "LAPSED": "EXPIRED",
    "DONE_FOR_DAY": "DONE_FOR_DAY",
    "CALCULATED": "DONE_FOR_DAY",
    "REJECTED": "REJECTED",
}
TREATS_AS_LIVE = {"Restated", "Replaced", "Suspended", "TriggeredOrActivatedBySystem"}
PROVES_IT_CAME = {"0", "2", "3"}
"""Refusals that only an order at the venue can have: too late, its own option, already pending."""
DOUBTFUL_REFUSALS = {"0", "1", "99"}
RANK = [
    "PENDING_CANCEL",
    "PENDING_REPLACE",
    "DONE_FOR_DAY",
    "FILLED",
    "STOPPED",
    "SUSPENDED",
    "CANCELLED",
    "EXPIRED",
    "PARTIALLY_FILLED",
    "NEW",
    "REJECTED",
    "PENDING_NEW",
]


def opinion(told: Sequence[Message]) -> dict[str, Any]:
    """How the order stands after these messages."""
    heard = once(told)
    whole = quantities(heard)
    least, most = live_between(heard, whole)
    return {
        **whole,
        "status": status(heard, whole),
        "cancel_pending": cancel_pending(heard, whole),
        "replace_pending": replace_pending(heard),
        "certain": least == most and not (most and changes_in_doubt(heard)),
        "remaining_min": least,
        "remaining_max": most,
    }


def once(told: Sequence[Message]) -> list[Message]:
    """The messages without those that were told before: reports, and refusals of one request."""
    kept: list[Message] = []
    for message in told:
        if message["msg"] == "OrderCancelReject" and any(
            other["msg"] == "OrderCancelReject"
            and other["cl_ord_id"] == message["cl_ord_id"]
            and other["cxl_rej_reason"] == message["cxl_rej_reason"]
            for other in kept
        ):
            continue
        if message["way"] == "received" and any(
            other.get("exec_id") == message["exec_id"]
            and other.get("exec_type") == message.get("exec_type")
            for other in kept
            if "exec_id" in other
        ):
            continue
        kept.append(message)
    return kept


def last(heard: Sequence[Message], *kinds: str) -> int:
    """The place of the last report of these kinds; -1: there is none."""
    return max((at for at, _ in reports(heard, *kinds)), default=-1)


def suspended(heard: Sequence[Message]) -> bool:
    """Suspended while open, and neither taken up again nor ended since."""
    starts = [at for at, _ in reports(heard, "Suspended") if open_before(heard, at)]
    if not starts or not ever_open_since(heard, starts[-1]):
        return False
    return last(heard, "New", "TriggeredOrActivatedBySystem") < starts[-1]


def stopped(heard: Sequence[Message]) -> bool:
    """A match was guaranteed while the order was open, and it has not ended since."""
    starts = [at for at, _ in reports(heard, "Stopped") if open_before(heard, at)]
    return bool(starts) and ever_open_since(heard, starts[-1])


def ever_open_since(heard: Sequence[Message], at: int) -> bool:
    """Whether nothing has ended the order since this place."""
    return all(open_before(heard, end) for end in range(at, len(heard) + 1))


def day_over(heard: Sequence[Message]) -> bool:
    """A day order whose day ended; a good-till order that rests until the next one."""
    for at, _ in reversed(reports(heard, "DoneForDay")):
        since = heard[at + 1 :]
        if reports(since, "Restated", "TriggeredOrActivatedBySystem"):
            return False
        if good_till(heard):
            if not open_before(heard, at):
                continue
            woken = reports(since, "Trade", "New")
            return not woken and ended_by(heard) is None
        return True
    return False


def known_to_the_venue(heard: Sequence[Message]) -> bool:
    """Whether the venue has treated it as an order of its own."""
    kinds = ("New", "Trade", "Replaced", "Restated", "TriggeredOrActivatedBySystem")
    if reports(heard, *kinds):
        return True
    parts = [m for _, m in reports(heard, "Canceled") if not whole_cancel(m)]
    return bool(parts) or any(open_before(heard, at) for at, _ in reports(heard, "Suspended"))


def decided(heard: Sequence[Message], ref: str) -> str | None:
    """What the venue decided of a request: done, else rejected; None: not yet."""
    answers = [m for m in heard if m["way"] == "received" and m.get("cl_ord_id") == ref]
    if any(m.get("exec_type") in {"Canceled", "Replaced"} for m in answers):
        return "done"
    return "rejected" if any(m["msg"] == "OrderCancelReject" for m in answers) else None


def requests(heard: Sequence[Message], name: str) -> list[Message]:
    """Our requests of a kind."""
    return [m for m in heard if m["way"] == "sent" and m["msg"] == name]


def venue_has_cancel(heard: Sequence[Message]) -> bool:
    """The venue said of some cancel that it is pending, and neither decided it nor ended it."""
    for at, message in reports(heard, "PendingCancel"):
        if (
            open_before(heard, at)
            and ever_open_since(heard, at)
            and decided(heard, message["cl_ord_id"]) is None
        ):
            return True
    return False


def fate(heard: Sequence[Message], request: Message) -> str:
    """How far a request has come: sent, pending, unknown, not_sent, done, rejected."""
    ref = request["cl_ord_id"]
    answer = decided(heard, ref)
    if answer is not None:
        return answer
    now = "sent"
    for at, message in enumerate(heard):
        if message["way"] == "lost" and message["cl_ord_id"] == ref and now != "rejected":
            now = "not_sent" if message["error"]["kind"] == "not_sent" else "unknown"
        elif message.get("exec_type") in {"PendingCancel", "PendingReplace"} and (
            message["cl_ord_id"] == ref and now != "rejected"
        ):
            now = "pending"
        elif now == "unknown" and seen_live(heard, at) and _is_cancel(request):
            now = "rejected"
    return now


def _is_cancel(request: Message) -> bool:
    return bool(request["msg"] == "OrderCancelRequest")


def changes_in_doubt(heard: Sequence[Message]) -> list[Message]:
    """The changes of an open order of which nobody knows whether they were made."""
    if ended_by(heard) is not None:
        return []
    asked = requests(heard, "OrderCancelReplaceRequest")
    return [m for m in asked if fate(heard, m) == "unknown"]


def place_in_doubt(heard: Sequence[Message]) -> bool:
    """Nobody knows whether the order came to the venue: no word of the venue's proves it."""
    if not any(m["way"] == "lost" and m["msg"] == "NewOrderSingle" for m in heard):
        return False
    return not any(
        m["msg"] == "ExecutionReport"
        or (m["msg"] == "OrderCancelReject" and m["cxl_rej_reason"] in PROVES_IT_CAME)
        for m in heard
    )


def seen_live(heard: Sequence[Message], at: int) -> bool:
    """Whether the message at this place treats an open order as live."""
    message = heard[at]
    if not open_before(heard, at) and not (
        message.get("exec_type") == "Restated" and open_before(heard, at + 1)
    ):
        return False
    if message.get("exec_type") == "OrderStatus":
        return message.get("ord_status") == "New" and message.get("leaves_qty") != "0"
    return message.get("exec_type") in TREATS_AS_LIVE


def cancel_pending(heard: Sequence[Message], whole: Mapping[str, Decimal]) -> bool:
    """Whether an answer to a cancel of ours may still come."""
    over = ended_by(heard) is not None or not whole["remaining"]
    waiting = {"sent", "pending"} if over else {"sent", "pending", "unknown"}
    return any(fate(heard, m) in waiting for m in requests(heard, "OrderCancelRequest"))


def replace_pending(heard: Sequence[Message]) -> bool:
    """Whether a change of ours may still be decided."""
    asked = requests(heard, "OrderCancelReplaceRequest")
    waiting = {"sent", "pending", "unknown"}
    return ended_by(heard) is None and any(fate(heard, m) in waiting for m in asked)


def status(heard: Sequence[Message], whole: Mapping[str, Decimal]) -> str:
    """Of all the states that the order is in, the one that ranks highest."""
    ended = ended_by(heard)
    if ended == "REJECTED" and not whole["matched"]:
        return "REJECTED"
    states = ["NEW" if known_to_the_venue(heard) else "PENDING_NEW"]
    if whole["matched"]:
        states.append("PARTIALLY_FILLED")
    if ended is not None:
        states.append(SHOWN[ended])
        if ended == "CALCULATED" and whole["matched"] == whole["size"]:
            states.remove("DONE_FOR_DAY")  # its books are closed, and it is full
    elif not whole["remaining"] and whole["matched"] != whole["size"]:
        states.append("CANCELLED")
    if whole["matched"] and whole["matched"] == whole["size"]:
        states.append("FILLED")
    checks = {
        "SUSPENDED": suspended(heard),
        "STOPPED": stopped(heard),
        "DONE_FOR_DAY": day_over(heard),
        "PENDING_CANCEL": venue_has_cancel(heard),
        "PENDING_REPLACE": ended is None
        and any(fate(heard, m) == "pending" for m in requests(heard, "OrderCancelReplaceRequest")),
    }
    states.extend(name for name, holds in checks.items() if holds)
    return min(states, key=RANK.index)


def live_between(heard: Sequence[Message], whole: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
    """The least and the most that may still be live."""
    rests = [whole["remaining"]]
    for change in changes_in_doubt(heard):
        other = whole["remaining"] + Decimal(change["order_qty"]) - whole["size"]
        rests.append(max(Decimal(0), other))
    least, most = min(rests), max(rests)
    if not whole["remaining"]:
        return least, most
    if place_in_doubt(heard):
        return Decimal(0), most
    gone = Decimal(0)
    for at, message in enumerate(heard):
        later = range(at + 1, len(heard))
        settled = any(seen_live(heard, place) for place in later) or not ever_open_since(heard, at)
        lost = message["way"] == "lost" and message["error"]["kind"] != "not_sent"
        if lost and _is_cancel(message):
            answered = decided(heard, message["cl_ord_id"]) is not None
            if not settled and not answered and open_before(heard, at):
                (asked,) = (
                    m
                    for m in requests(heard, "OrderCancelRequest")
                    if m["cl_ord_id"] == message["cl_ord_id"]
                )
                gone += Decimal(asked["cancel_qty"]) if "cancel_qty" in asked else least
        if message["msg"] == "OrderCancelReject" and (
            message["cxl_rej_response_to"] == "cancel"
            and message["cxl_rej_reason"] in DOUBTFUL_REFUSALS
            and not settled
            and open_before(heard, at)
            and decided(heard[:at], message["cl_ord_id"]) != "done"
        ):
            gone = least
    return max(Decimal(0), least - gone), most
