"""What may be beside what is certain: the bounds of an order, why, and what ends each doubt.

Bounds follow from facts alone and never from time: what is in doubt stays so until the venue says
something that only one of the possible worlds allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from domain.buckets import Buckets
from domain.folding import doubt_of
from domain.order import Order, Try
from domain.reasons import CancelRejectReason
from domain.values import ZERO, Choice


class Doubt(Choice):
    """Why an order is not certain: one closed set of words."""

    PLACE_UNKNOWN = "place_unknown"
    AMEND_UNKNOWN = "amend_unknown"
    CANCEL_UNKNOWN = "cancel_unknown"
    CANCEL_NOT_MENTIONED = "cancel_not_mentioned"
    SAID_COMPLETE = "said_complete"
    SAID_OVER = "said_over"
    SAID_CANCELLED = "said_cancelled"
    NOT_FOUND = "not_found"
    BALANCE_LOCK = "balance_lock"
    UNMAPPED_REFUSAL = "unmapped_refusal"
    TOTAL_FELL = "total_fell"


CLEARS: Mapping[Doubt, str] = {
    Doubt.PLACE_UNKNOWN: "an answer, a report, a match or a row of the venue's list that names it",
    Doubt.AMEND_UNKNOWN: "the change's answer, or a report that tells the order's size or price",
    Doubt.CANCEL_UNKNOWN: "the cancel's answer, the order's end, or a report of it as live",
    Doubt.CANCEL_NOT_MENTIONED: "the cancel's answer, the order's end, or a report of it as live",
    Doubt.SAID_COMPLETE: "the matches that make it complete, its end, or a report of it as live",
    Doubt.SAID_OVER: "the order's end with its matched total, or a report of it as live",
    Doubt.SAID_CANCELLED: "the report of its cancel or expiry, or a report of it as live",
    Doubt.NOT_FOUND: "a read of the order, its end, or a report of it as live",
    Doubt.BALANCE_LOCK: "a read of the order, its end, or a report of it as live",
    Doubt.UNMAPPED_REFUSAL: "a read of the order, its end, or a report of it as live",
    Doubt.TOTAL_FELL: "a match that is taken back, or a total that counts all we hold",
}
"""What ends each doubt; absence never does."""

OF_REASON: Mapping[CancelRejectReason, Doubt] = {
    CancelRejectReason.TOO_LATE: Doubt.SAID_COMPLETE,
    CancelRejectReason.TAKEN_OR_LAPSED: Doubt.SAID_OVER,
    CancelRejectReason.ALREADY_TERMINAL: Doubt.SAID_OVER,
    CancelRejectReason.SETTLED: Doubt.SAID_OVER,
    CancelRejectReason.ALREADY_CANCELLED: Doubt.SAID_CANCELLED,
    CancelRejectReason.EXPIRED: Doubt.SAID_CANCELLED,
    CancelRejectReason.UNKNOWN_ORDER: Doubt.NOT_FOUND,
    CancelRejectReason.BALANCE_LOCK: Doubt.BALANCE_LOCK,
    CancelRejectReason.OTHER: Doubt.UNMAPPED_REFUSAL,
}
"""What each refusal that leaves an order in doubt says of it."""

MAY_HAVE_MATCHED = frozenset(
    {
        Doubt.PLACE_UNKNOWN,
        Doubt.SAID_COMPLETE,
        Doubt.SAID_OVER,
        Doubt.NOT_FOUND,
        Doubt.UNMAPPED_REFUSAL,
    }
)
"""In these worlds what remains may have matched without our being told. A cancel of unknown fate,
or one that came too late for another cancel, matches nothing by itself."""

_REJECTED = "rejected:"


class Bounds(NamedTuple):
    """What of an order is certain to be live and matched, what may be at most, and why."""

    remaining_min: Decimal
    remaining_max: Decimal
    matched_min: Decimal
    matched_max: Decimal
    why: tuple[Doubt, ...] = ()


def bounds(order: Order, held: Buckets) -> Bounds:
    """The least and the most that remains and has matched, in every world that the facts allow."""
    remaining, matched = held.remaining, held.matched
    if order.fell is None and not _may_differ(order):
        return Bounds(remaining, remaining, matched, matched)  # as nearly all orders stand
    least = most = remaining
    why: list[Doubt] = []
    if order.closure is None:
        for rest in _amended(order, held, why):
            least, most = min(least, rest), max(most, rest)
        if not most:
            why.clear()  # whichever terms it has, nothing of it is live
        if remaining:
            least = _least(order, least, why)
    fewest = matched
    if order.fell is not None and order.fell < matched:
        why.append(Doubt.TOTAL_FELL)
        fewest = max(ZERO, order.fell)
    unseen = most if MAY_HAVE_MATCHED.intersection(why) else ZERO
    return Bounds(least, most, fewest, matched + unseen, tuple(dict.fromkeys(why)))


def _may_differ(order: Order) -> bool:
    """Something that we sent may have ended otherwise than we hold."""
    in_doubt = order.doubts or order.amends or order.sending is Try.UNKNOWN
    return order.closure is None and bool(in_doubt)


def _amended(order: Order, held: Buckets, why: list[Doubt]) -> list[Decimal]:
    """What remains if the venue took a change whose answer was lost; adds to `why`."""
    rests: list[Decimal] = []
    for ref, state in order.amends.items():
        if state is not Try.UNKNOWN:
            continue
        why.append(Doubt.AMEND_UNKNOWN)
        ask = order.asks.get(ref)
        if ask is not None and ask.size is not None:
            rests.append(max(ZERO, held.remaining + ask.size - held.size))
        elif ask is not None and ask.rest is not None:
            rests.extend((ZERO, ask.rest))  # taken off first: nothing may have been put back
    return rests


def _least(order: Order, least: Decimal, why: list[Doubt]) -> Decimal:
    """What is live for certain of `least`; adds to `why`."""
    if order.sending is Try.UNKNOWN and not order.arrived:
        why.append(Doubt.PLACE_UNKNOWN)
        least = ZERO
    in_doubt = ZERO
    known = order.doubts
    for cancel_id, attempt in order.cancels.items() if known else ():
        doubt = doubt_of(cancel_id)
        if doubt in known:
            unmentioned = attempt.state is Try.UNMENTIONED
            why.append(Doubt.CANCEL_NOT_MENTIONED if unmentioned else Doubt.CANCEL_UNKNOWN)
            known -= {doubt}
            in_doubt += least if attempt.size is None else attempt.size
    for doubt in sorted(known):
        why.append(OF_REASON[CancelRejectReason(doubt.removeprefix(_REJECTED))])
        in_doubt = least
    return max(ZERO, least - in_doubt)
