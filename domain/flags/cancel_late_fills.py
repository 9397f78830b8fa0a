"""Matches told after a cancel, and matches made after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.events import Cancelled, Filled
from domain.flags.cancel_evidence import in_force, proven_later, seen_after
from domain.flags.claims import same_message
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.recorded import Recorded
from domain.values import plain


def late_fill_report(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-03: a match was told after the order had been cancelled and happened before that.

    A match without a venue time counts as told late: nothing proves that it came after. Applying
    it moves its size from cancelled to matched and keeps the order closed, which clears the flag at
    once. FIX J.1.b row 8.
    """
    wholes = _wholes(history)
    if not wholes:
        return
    first = min(wholes, key=lambda cancel: (cancel.recorded.observed_at, cancel.position))
    for fill in _records(history):
        entry = fill.recorded
        if not seen_after(entry, first.recorded) or same_message(entry, first.recorded):
            continue
        if any(proven_later(entry, cancel.recorded) for cancel in wholes):
            continue
        timed = entry.occurred_at is not None
        why = "happened before it" if timed else "has no venue time, so nothing says it came later"
        yield Flag(
            code="CXL-03",
            key=(fill.event.fill_id,),
            opened_at=entry.observed_at,
            closed_at=entry.observed_at,
            witness=tuple(sorted((first.position, fill.position))),
            note=f"A match of {plain(fill.event.size)} was told after the cancel and {why}: "
            "that much was matched, not cancelled.",
            difference=plain(fill.event.size),
        )


@dataclass(frozen=True, slots=True)
class FillAfter:
    """A match that the venue's clock puts after the cancel.

    `shown` completed the proof, and `taken_back` is the venue's void of the match.
    """

    fill: At[Filled]
    cancel: At[Cancelled]
    shown: Recorded
    taken_back: Recorded | None


def fills_after(history: History) -> Iterator[FillAfter]:
    """Every match that happened after a cancel of the whole order by the venue's own clock."""
    wholes = _wholes(history)
    if not wholes:
        return
    for fill in _records(history):
        cancel = next((c for c in wholes if proven_later(fill.recorded, c.recorded)), None)
        if cancel is None:
            continue
        index = max(fill.index, cancel.index)
        if not in_force(fill, history.states[index]):
            continue
        states = enumerate(history.states[index:], start=index)
        void = next((i for i, order in states if not in_force(fill, order)), None)
        back = None if void is None else history.events[void]
        yield FillAfter(fill, cancel, history.events[index], back)


def fill_after_cancel(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-04: by the venue's clock a match happened after the order had been cancelled.

    Whichever of the two was told first. Only a person or the venue's void of the match clears it.
    FIX J.1.b row 8; NT #4288.
    """
    for found in fills_after(history):
        size = plain(found.fill.event.size)
        yield Flag(
            code="CXL-04",
            key=(found.fill.event.fill_id,),
            opened_at=found.shown.observed_at,
            closed_at=closing(found.shown.observed_at, found.taken_back),
            witness=tuple(sorted((found.cancel.position, found.fill.position))),
            note=f"The venue matched {size} at {found.fill.recorded.at:%H:%M:%S.%f}, after it had "
            f"cancelled the order at {found.cancel.recorded.at:%H:%M:%S.%f}.",
            ours="CANCELLED",
            theirs=size,
            difference=size,
        )


def _wholes(history: History) -> list[At[Cancelled]]:
    """The cancels that took the order off the book, if anything matched at all."""
    if Filled not in history.kinds:
        return []
    return [cancel for cancel in history.of(Cancelled) if cancel.event.whole]


def _records(history: History) -> list[At[Filled]]:
    return [fill for fill in history.of(Filled) if not fill.event.inferred]


RULES = (
    OrderRule("CXL-03", frozenset({Cancelled}), late_fill_report),
    OrderRule("CXL-04", frozenset({Cancelled}), fill_after_cancel),
)
"""The rules about matches that are told or made after a cancel."""
