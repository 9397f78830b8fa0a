"""Orders that may not be what we think: live though their sending failed, gone though changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from domain import events as e
from domain.flags.cancel_evidence import over, says_live
from domain.flags.claims import same_message
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.order import Order, Try
from domain.recorded import Recorded
from domain.values import plain

_LOST = (e.PlaceOutcomeUnknown, e.PlaceNotSent)
_ALIVE = (e.OrderAccepted, e.Filled, e.OrderRestated, e.Suspended, e.Resumed, e.Amended)
_OUR_ACTS = (e.CancelRequested, e.AmendRequested)


def ghost_order(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """Our sending failed or may have failed, and the order is live at the venue (EXI-06).

    Cleared when the order is over, or when we act on it: then this side knows it. An order that the
    venue refused and then held live is EXI-07.
    """
    lost = history.of(*_LOST)[0]
    if history.before(lost.index).arrived:
        return
    alive = history.first(lost.index + 1, lambda _i, _o, entry: _shows_life(entry))
    if alive is None:
        return
    since = history.events.index(alive)
    known = history.first(
        since, lambda index, _o, entry: over(history, index) or isinstance(entry.event, _OUR_ACTS)
    )
    fate = "may have failed" if isinstance(lost.event, e.PlaceOutcomeUnknown) else "had failed"
    yield Flag(
        code="EXI-06",
        key=(),
        opened_at=alive.observed_at,
        closed_at=closing(alive.observed_at, known),
        witness=places(lost.recorded, alive),
        note=f"The sending of the order {fate}, and the venue has it: "
        f"{type(alive.event).__name__} shows it.",
        ours="NOT_SENT" if isinstance(lost.event, e.PlaceNotSent) else "UNKNOWN",
        theirs=type(alive.event).__name__,
    )


def _shows_life(entry: Recorded) -> bool:
    event = entry.event
    if isinstance(event, e.OrderReported):
        return says_live(event.claims)
    return isinstance(event, _ALIVE)


_FAILED = frozenset({Try.REJECTED, Try.UNKNOWN})


def replace_half_done(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """A change took the order off the book and put nothing in its place, or nobody knows (CXL-29).

    The change was refused, or its outcome is unknown, and the cancel in it was not: it was part of
    the change, or nobody had asked for it. Cleared when the change is made after all. flumine #536.
    """
    for change in history.of(e.AmendRequested):
        ref = change.event.amend_ref
        gone = _taken_off(history, change)
        if gone is None:
            continue
        failed = history.first(gone.index, _failed(ref))
        if failed is None:
            continue
        opened_at = max(gone.recorded.observed_at, failed.observed_at)
        start = history.events.index(failed)
        done = history.first(start, _made(ref))
        refused = history.states[start].amends[ref] is not Try.UNKNOWN
        rest = "the change was refused" if refused else "nobody knows what became of the change"
        yield Flag(
            code="CXL-29",
            key=(ref,),
            opened_at=opened_at,
            closed_at=closing(opened_at, done),
            witness=places(change.recorded, gone.recorded, failed),
            note=f"Our change {ref} of the order took it off the book, and {rest}.",
            ours="CANCELLED",
            theirs="REJECTED" if refused else "UNKNOWN",
        )


_Test = Callable[[int, Order, Recorded], bool]


def _failed(ref: str) -> _Test:
    """The change was refused, as a change or as the order that it would have put there."""
    return lambda _index, order, entry: (
        order.amends.get(ref) in _FAILED or isinstance(entry.event, e.OrderRejected)
    )


def _made(ref: str) -> _Test:
    return lambda _index, order, _entry: order.amends.get(ref) is Try.DONE


def _taken_off(history: History, change: At[e.AmendRequested]) -> At[e.Cancelled] | None:
    """What took the order off while the change was on its way, unless a cancel of its own did."""
    ref = change.event.amend_ref
    for cancel in history.of(e.Cancelled):
        if cancel.index < change.index or not cancel.event.whole:
            continue
        before = history.before(cancel.index)
        if before.amends.get(ref) is Try.DONE or before.closure is not None:
            continue
        if not _asked_apart(history, change, cancel, before):
            return cancel
    return None


def _asked_apart(
    history: History, change: At[e.AmendRequested], cancel: At[e.Cancelled], before: Order
) -> bool:
    """A cancel that is no part of the change had been sent for the order."""
    return any(
        request.index < cancel.index
        and before.cancels[cancel_id].state is not Try.NOT_SENT
        and not same_message(change.recorded, request.recorded)
        for cancel_id, request in history.requests.items()
    )


def replace_double_live(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue put another order in this one's place, and this one is live, too (CXL-30).

    Cleared when this one is over. NT #4288.
    """
    for seen in history.of(e.ReplacementSeen):
        if over(history, seen.index):
            continue
        entry, ref = seen.recorded, seen.event.amend_ref
        ended = history.first(seen.index, lambda index, _o, _e: over(history, index))
        remaining = plain(history.held(seen.index).remaining)
        yield Flag(
            code="CXL-30",
            key=(ref, str(seen.event.order)),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, ended),
            witness=places(entry),
            note=f"The venue has order {seen.event.order} for our change {ref}, and {remaining} of "
            "this one is live beside it.",
            ours=remaining,
            theirs=str(seen.event.order),
        )


def id_remap_unresolved(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue speaks of the order under another id, and has not said that it changed (EXI-09).

    Cleared when it tells that the change was made or refused.
    """
    for seen in history.of(e.ReplacementSeen):
        entry, ref = seen.recorded, seen.event.amend_ref
        if history.states[seen.index].amends.get(ref) in _TOLD:
            continue
        told = history.first(seen.index, _decided(ref))
        yield Flag(
            code="EXI-09",
            key=(ref, str(seen.event.order)),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, told),
            witness=places(entry),
            note=f"The venue tells of order {seen.event.order} for our change {ref}, and has not "
            "said yet that it made the change.",
            theirs=str(seen.event.order),
        )


_TOLD = frozenset({Try.DONE, Try.REJECTED})


def _decided(ref: str) -> _Test:
    return lambda _index, order, _entry: order.amends.get(ref) in _TOLD


_REPLACED = frozenset({e.ReplacementSeen})

RULES = (
    OrderRule("CXL-30", _REPLACED, replace_double_live, since=2),
    OrderRule("EXI-09", _REPLACED, id_remap_unresolved, since=2),
    OrderRule("EXI-06", frozenset(_LOST), ghost_order, since=2),
    OrderRule("CXL-29", frozenset({e.AmendRequested}), replace_half_done, since=2),
)
"""The rules about orders that are not where we think."""
