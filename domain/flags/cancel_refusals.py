"""Cancels refused because the order is over: explained by what matched, or not at all."""

from __future__ import annotations

from collections.abc import Iterable

from domain.events import (
    CancelRejected,
    Filled,
    OrderReported,
)
from domain.flags.cancel_evidence import (
    in_force,
    left,
    older,
    proof,
    proven_later,
    quoted,
    refusals,
    says_live,
)
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.reasons import SAYS_OVER, CancelRejectReason
from domain.recorded import Recorded
from domain.values import ZERO, plain


def too_late_to_cancel(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-05: refused as too late, and all of the order had matched by then.

    It explains itself and is cleared as it opens, when the last of the matches is known. FIX B.1.c.
    """
    for refusal in refusals(history, frozenset({CancelRejectReason.TOO_LATE})):
        index = _all_matched(history, refusal)
        if index is None:
            continue
        filled, size = history.events[index], plain(history.held(index).size)
        yield Flag(
            code="CXL-05",
            key=(quoted(refusal.event.cancel_id),),
            opened_at=filled.observed_at,
            closed_at=filled.observed_at,
            witness=proof(history, refusal.event.cancel_id, refusal.position, filled.position),
            note=f"The cancel came too late: all {size} had matched.",
            ours=size,
        )


def _all_matched(history: History, refusal: At[CancelRejected]) -> int | None:
    """Where, from the refusal on, it is known that everything had matched by the time of it."""
    for index in range(refusal.index, len(history.events)):
        order = history.states[index]
        if not order.size or order.real + order.inferred < order.size:
            continue
        later = sum(
            in_force(fill, order)
            for fill in history.of(Filled)
            if fill.index <= index and proven_later(fill.recorded, refusal.recorded)
        )
        if order.real + order.inferred - later >= order.size:
            return index
    return None


def too_late_unexplained(history: History, limits: Thresholds) -> Iterable[Flag]:
    """CXL-06: refused because the order is over, and by our books it is still open after a while.

    Taken, lapsed, voided and cancelled already are all possible. The venue's other words for "over"
    (already terminal, cancelled, expired, settled) leave the same question and are found here too.
    Cleared when nothing remains, or a later report shows it live with what we hold. Betfair
    BET_TAKEN_OR_LAPSED.
    """
    for refusal in refusals(history, SAYS_OVER):
        opened = refusal.recorded.observed_at + limits.explain
        clear = _explained(history, refusal)
        if clear is not None and clear.observed_at <= opened:
            continue
        remaining = plain(history.held(refusal.index).remaining)
        yield Flag(
            code="CXL-06",
            key=(quoted(refusal.event.cancel_id),),
            opened_at=opened,
            closed_at=closing(opened, clear),
            witness=proof(history, refusal.event.cancel_id, refusal.position),
            note=f"The venue refused the cancel as {refusal.event.reason}, and nothing tells what "
            f"became of the {remaining} that we hold open.",
            ours=remaining,
            theirs=refusal.event.reason.value,
        )


def _explained(history: History, refusal: At[CancelRejected]) -> Recorded | None:
    for index in range(refusal.index, len(history.events)):
        entry = history.events[index]
        held = history.held(index)
        if held.remaining == ZERO:
            return entry
        event = entry.event
        if index == refusal.index or not isinstance(event, OrderReported):
            continue
        if older(entry, refusal.recorded) or event.claims is None:
            continue
        if says_live(event.claims) and left(event.claims) in {None, held.remaining}:
            return entry
    return None


RULES = (
    OrderRule("CXL-05", frozenset({CancelRejected}), too_late_to_cancel),
    OrderRule("CXL-06", frozenset({CancelRejected}), too_late_unexplained),
)
"""The rules about cancels that came when the order was over."""
