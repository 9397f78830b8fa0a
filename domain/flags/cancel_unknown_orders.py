"""Cancels refused because the venue does not know the order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from domain.events import (
    CancelRejected,
    CancelRequested,
    Filled,
    OrderAccepted,
    OrderDiscovered,
    OrderReported,
)
from domain.flags.cancel_evidence import decides, older, over, proof, quoted, refusals, says_live
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.reasons import CancelRejectReason
from domain.recorded import Recorded
from domain.values import ZERO, plain


@dataclass(frozen=True, slots=True)
class _Unknown:
    """A cancel refused because the venue does not know the order.

    `accepted` is what had shown before that the venue knew it; `shown` completed the proof, after
    which `remaining` was open by our books.
    """

    refusal: At[CancelRejected]
    accepted: Recorded | None
    shown: Recorded
    remaining: Decimal


def _unknown(history: History) -> Iterator[_Unknown]:
    for refusal in refusals(history, frozenset({CancelRejectReason.UNKNOWN_ORDER})):
        accepted = _accepted_before(history, refusal)
        index = refusal.index if accepted is None else max(accepted, refusal.index)
        if over(history, refusal.index) or over(history, index):
            continue
        known = None if accepted is None else history.events[accepted]
        remaining = history.held(index).remaining
        yield _Unknown(refusal, known, history.events[index], remaining)


def _accepted_before(history: History, refusal: At[CancelRejected]) -> int | None:
    """Where the log holds that the venue had the order on its book before the refusal.

    The venue's times decide where both are told, else the order of the log.
    """
    for index, entry in enumerate(history.events):
        event = entry.event
        if not isinstance(event, OrderAccepted | OrderDiscovered | Filled) and not (
            isinstance(event, OrderReported) and says_live(event.claims)
        ):
            continue
        at, then = entry.occurred_at, refusal.recorded.occurred_at
        if at is not None and then is not None and at != then:
            if at < then:
                return index
        elif index < refusal.index:
            return index
    return None


def cancel_unknown_order(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-07: the venue does not know an order that it had accepted and that we hold open.

    Cleared when the order is over, or when a later report says that it is over or live. FIX B.1.f.
    """
    for found in _unknown(history):
        if found.accepted is None:
            continue
        refusal = found.refusal
        clear = _told_since(history, refusal)
        remaining = plain(found.remaining)
        yield Flag(
            code="CXL-07",
            key=(quoted(refusal.event.cancel_id),),
            opened_at=found.shown.observed_at,
            closed_at=closing(found.shown.observed_at, clear),
            witness=proof(
                history, refusal.event.cancel_id, found.accepted.position, refusal.position
            ),
            note="The venue answered the cancel as if it did not know the order, which it had "
            f"accepted and of which we hold {remaining} open.",
            ours=remaining,
            theirs=refusal.event.reason.value,
        )


def _told_since(history: History, refusal: At[CancelRejected]) -> Recorded | None:
    """The first event after the refusal that shows whether the order is live or over."""
    for index in range(refusal.index + 1, len(history.events)):
        entry = history.events[index]
        if over(history, index):
            return entry
        if decides(entry.event) and not older(entry, refusal.recorded):
            return entry
    return None


def cancel_unknown_unacked(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-08: the venue did not know the order, because it had not accepted it yet.

    Cleared when we ask again after the order was accepted, or when it is over. FIX B.1.d and e.
    """
    for found in _unknown(history):
        if found.accepted is not None:
            continue
        refusal = found.refusal
        clear = _asked_again(history, refusal)
        yield Flag(
            code="CXL-08",
            key=(quoted(refusal.event.cancel_id),),
            opened_at=found.shown.observed_at,
            closed_at=closing(found.shown.observed_at, clear),
            witness=proof(history, refusal.event.cancel_id, refusal.position),
            note="The cancel was refused because the venue did not know the order: it had not "
            "accepted it yet. The order may have come onto the book since.",
            theirs=refusal.event.reason.value,
        )


def _asked_again(history: History, refusal: At[CancelRejected]) -> Recorded | None:
    """The end of the order, or our new request for it once the venue had it on its book."""
    for index in range(refusal.index + 1, len(history.events)):
        entry, order = history.events[index], history.states[index]
        if over(history, index):
            return entry
        known = order.accepted or order.discovered is not None or order.real > ZERO
        again = isinstance(entry.event, CancelRequested)
        if known and again and entry.observed_at >= refusal.recorded.observed_at:
            return entry
    return None


RULES = (
    OrderRule("CXL-07", frozenset({CancelRejected}), cancel_unknown_order),
    OrderRule("CXL-08", frozenset({CancelRejected}), cancel_unknown_unacked),
)
"""The rules about orders that a venue says it does not know."""
