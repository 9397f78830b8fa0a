"""The states of an order and which of them is shown: the FIX OrdStatus precedence as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.values import Choice


class Status(Choice):
    """What an order's state is called. Derived from its quantities and marks, never stored."""

    PENDING_NEW = "PENDING_NEW"
    NEW = "NEW"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"
    REPLACED = "REPLACED"
    PENDING_CANCEL = "PENDING_CANCEL"
    PENDING_REPLACE = "PENDING_REPLACE"
    DONE_FOR_DAY = "DONE_FOR_DAY"
    STOPPED = "STOPPED"
    SUSPENDED = "SUSPENDED"
    CALCULATED = "CALCULATED"


class Closure(Choice):
    """How an order left the book; the bucket that takes what remained follows from it."""

    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    LAPSED = "LAPSED"
    DONE_FOR_DAY = "DONE_FOR_DAY"
    CALCULATED = "CALCULATED"
    REJECTED = "REJECTED"
    VOIDED = "VOIDED"
    NOT_SENT = "NOT_SENT"


PRECEDENCE: Mapping[Status, int] = {
    Status.PENDING_CANCEL: 12,
    Status.PENDING_REPLACE: 11,
    Status.DONE_FOR_DAY: 10,
    Status.CALCULATED: 9,
    Status.FILLED: 8,
    Status.STOPPED: 7,
    Status.SUSPENDED: 6,
    Status.CANCELLED: 5,
    Status.EXPIRED: 5,
    Status.PARTIALLY_FILLED: 4,
    Status.REPLACED: 3,
    Status.NEW: 2,
    Status.REJECTED: 2,
    Status.PENDING_NEW: 2,
}
"""FIX OrdStatus precedence: of several states at once the highest is shown
(`conformance/fix_order_state_matrices.json`, table OrdStatus_39)."""

SHOWN_AFTER_CLOSURE: Mapping[Closure, Status] = {
    Closure.CANCELLED: Status.CANCELLED,
    Closure.EXPIRED: Status.EXPIRED,
    Closure.LAPSED: Status.EXPIRED,
    Closure.DONE_FOR_DAY: Status.DONE_FOR_DAY,
    Closure.CALCULATED: Status.DONE_FOR_DAY,  # FIX: completed for the day; no word of its own here
    Closure.REJECTED: Status.REJECTED,
    Closure.VOIDED: Status.CANCELLED,
    Closure.NOT_SENT: Status.REJECTED,  # refused on this side: never live (ADR 0035)
}

NEVER_LIVE = frozenset({Closure.REJECTED, Closure.NOT_SENT})
"""Ends of an order that was on no book."""

LIVE = frozenset(
    {
        Status.PENDING_NEW,
        Status.NEW,
        Status.PARTIALLY_FILLED,
        Status.REPLACED,
        Status.PENDING_CANCEL,
        Status.PENDING_REPLACE,
        Status.STOPPED,
        Status.SUSPENDED,
    }
)
"""A venue that reports one of these says that the order can still match."""

TERMINAL = frozenset({Status.FILLED, Status.CANCELLED, Status.EXPIRED, Status.REJECTED})
"""A venue that reports one of these says that the order is over."""


def shown(states: Iterable[Status]) -> Status:
    """The state with the highest precedence; the first of equals wins."""
    return max(states, key=PRECEDENCE.__getitem__)
