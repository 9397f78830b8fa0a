"""Builders for tests of claims: a fact with the venue's word beside it, and the rules' answers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from domain.events import (
    Amended,
    AmendPending,
    AmendRequested,
    Cancelled,
    CancelPending,
    CancelRejected,
    DuplicateReported,
    Expired,
    Filled,
    FillVoided,
    Lapsed,
    OrderAccepted,
    OrderPending,
    OrderReported,
    OrderRestated,
    Voided,
)
from domain.flags.history import History, order_history
from domain.flags.rules import examine_order
from domain.lifecycle import Status
from domain.values import Account, Price, PriceFormat
from tests.building import STREAM, Told, accepted, filled, placed, recorded
from tests.cancelling import LIMITS, claims
from tests.flagging import sound

NEW = Status.NEW
PARTLY = Status.PARTIALLY_FILLED
FULL = Status.FILLED
CANCELLED = Status.CANCELLED

OPEN = (placed(), accepted())
"""An order of 100 on the book."""

Claiming = TypeVar(
    "Claiming",
    AmendPending,
    Amended,
    Cancelled,
    CancelPending,
    CancelRejected,
    DuplicateReported,
    Expired,
    Filled,
    FillVoided,
    Lapsed,
    OrderAccepted,
    OrderPending,
    OrderReported,
    OrderRestated,
    Voided,
)


def saying(event: Claiming, status: Status | None = None, **sizes: str) -> Claiming:
    """The fact with the venue's word on status and sizes beside it."""
    return replace(event, claims=claims(status, **sizes))


def price(value: str, format_: PriceFormat = PriceFormat.PLAIN) -> Price:
    """A price of the text."""
    return Price(Decimal(value), format_)


def priced(value: str, format_: PriceFormat = PriceFormat.PLAIN, **sizes: str) -> OrderReported:
    """The venue told the order's price, and these sizes."""
    return OrderReported(claims=replace(claims(None, **sizes), price=price(value, format_)))


def amending(size: str | None = None, price: str | None = None, ref: str = "R1") -> AmendRequested:
    """We asked for other terms."""
    return AmendRequested(
        amend_ref=ref,
        size=None if size is None else Decimal(size),
        price=None if price is None else Price(Decimal(price)),
    )


def amended(size: str | None = None, price: str | None = None, ref: str = "R1") -> Amended:
    """The venue took the other terms."""
    return Amended(
        amend_ref=ref,
        size=None if size is None else Decimal(size),
        price=None if price is None else Price(Decimal(price)),
    )


def total(size: str) -> Filled:
    """A match that only a running total tells of."""
    return Filled(fill_id=f"total:{size}", size=Decimal(size), inferred=True)


def match(size: str, fill_id: str, matched: str, remaining: str) -> Filled:
    """A match with the totals after it, as a canonical venue reports it."""
    status = FULL if remaining == "0" else PARTLY
    return saying(filled(size, fill_id), status, matched=matched, remaining=remaining)


def at_venue(venue: str, *told: Told) -> History:
    """An order's history at this venue."""
    return order_history(STREAM, recorded(told, owner=Account(venue, "desk-7")))


def raised(history: History, *prefixes: str) -> list[str]:
    """The codes of every flag that all rules find, open and closed."""
    flags = sound(examine_order(history, LIMITS))
    return sorted(flag.code for flag in flags if flag.code.startswith(prefixes))


def still_open(history: History, *prefixes: str) -> list[str]:
    """The codes of the flags that are open at the end."""
    flags = sound(examine_order(history, LIMITS))
    return sorted(
        flag.code for flag in flags if flag.code.startswith(prefixes) and flag.closed_at is None
    )
