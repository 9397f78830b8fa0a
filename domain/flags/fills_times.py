"""Matches at the wrong time: before the order was taken, after its market had closed."""

from __future__ import annotations

from collections.abc import Iterable

from domain import events as e
from domain.flags.cancel_evidence import proven_later
from domain.flags.claims_spans import places
from domain.flags.existence import SETTLES_PLACING
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.reasons import CancelRejectReason
from domain.recorded import Recorded
from domain.values import plain

TAKEN = SETTLES_PLACING - {e.Filled, e.OrderRejected}
"""What says, besides a match, that the venue has the order."""


def fill_before_ack(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """An order that we placed matched before the venue said that it took it (FIL-07).

    A match that overtook the acknowledgement. Cleared when the venue tells of the order.
    """
    fills = history.of(e.Filled)
    first = fills[0].index
    if e.OrderPlaced not in history.kinds:
        return
    if any(type(entry.event) in TAKEN for entry in history.events[:first]):
        return
    entry = fills[0].recorded
    taken = history.first(first, lambda _i, _o, later: type(later.event) in TAKEN)
    yield Flag(
        code="FIL-07",
        key=(),
        opened_at=entry.observed_at,
        closed_at=closing(entry.observed_at, taken),
        witness=(entry.position,),
        note=f"{plain(fills[0].event.size)} matched before the venue had said that it took the "
        "order.",
    )


def fill_after_close(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """By the venue's clock a match happened after the order could match no more (FIL-20).

    Suspended, lapsed, expired, settled, or a cancel refused because the market was closed; after
    a cancel it is CXL-04. Cleared when the match is taken back, or when it is told that the order
    was on the book again by then. CQG: a late fill after Expired.
    """
    ends: list[_Close] = history.of(e.Suspended, e.Lapsed, e.Expired, e.Settled, e.CancelRejected)
    closes = [item for item in ends if _closes(item.event)]
    reopens: list[_Reopen] = history.of(e.Resumed, e.OrderAccepted, e.OrderRestated)
    for fill in history.of(e.Filled):
        shut = None if fill.event.inferred else _shut(fill, closes, reopens)
        if shut is None:
            continue
        opened_at = max(fill.recorded.observed_at, shut.recorded.observed_at)
        since = max(fill.index, shut.index)
        yield Flag(
            code="FIL-20",
            key=(fill.event.fill_id,),
            opened_at=opened_at,
            closed_at=closing(opened_at, _corrected(history, fill, shut, reopens, since)),
            witness=places(shut.recorded, fill.recorded),
            note=f"{plain(fill.event.size)} matched at {fill.recorded.at:%H:%M:%S.%f}, after the "
            f"order had {_WORDS[type(shut.event)]} at {shut.recorded.at:%H:%M:%S.%f}.",
            ours=type(shut.event).__name__,
            theirs=plain(fill.event.size),
        )


_Close = At[e.Suspended | e.Lapsed | e.Expired | e.Settled | e.CancelRejected]
_Reopen = At[e.Resumed | e.OrderAccepted | e.OrderRestated]
_WORDS: dict[type, str] = {
    e.Suspended: "been suspended",
    e.Lapsed: "lapsed",
    e.Expired: "expired",
    e.Settled: "been settled",
    e.CancelRejected: "been told to be in a closed market",
}


def _closes(event: object) -> bool:
    if isinstance(event, e.CancelRejected):
        return event.reason is CancelRejectReason.MARKET_CLOSED
    return not isinstance(event, e.Lapsed) or event.size is None


def _shut(fill: At[e.Filled], closes: list[_Close], reopens: list[_Reopen]) -> _Close | None:
    """The last thing before the match, by the venue's clock, that ended all matching.

    What is known, when both have been told, to have put the order back on the book undoes it.
    """
    for shut in reversed(closes):
        told = max(fill.index, shut.index)
        undone = any(back.index < told and _between(shut, back.recorded, fill) for back in reopens)
        if proven_later(fill.recorded, shut.recorded) and not undone:
            return shut
    return None


def _between(shut: _Close, back: Recorded, fill: At[e.Filled]) -> bool:
    return shut.recorded.at <= back.at <= fill.recorded.at


def _corrected(
    history: History, fill: At[e.Filled], shut: _Close, reopens: list[_Reopen], since: int
) -> Recorded | None:
    known = {back.index for back in reopens if _between(shut, back.recorded, fill)}
    return history.first(
        since + 1,
        lambda index, order, _e: index in known or fill.event.fill_id in order.busts,
    )


RULES = (
    OrderRule("FIL-07", frozenset({e.Filled}), fill_before_ack, since=2),
    OrderRule("FIL-20", frozenset(_WORDS), fill_after_close, since=2),
)
"""The rules about when a match happened."""
