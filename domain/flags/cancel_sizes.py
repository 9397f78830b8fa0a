"""Cancels that took less than asked, or more than was left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from domain.buckets import buckets
from domain.events import Cancelled
from domain.flags.cancel_evidence import over, proof, quoted
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.values import ZERO, plain


def short_cancel(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-18: the venue cancelled less than asked, and the difference is still on the book.

    Cleared when matches, lapses or further cancels have taken the difference. flumine #509.
    """
    told: set[UUID] = set()
    for cancel in history.of(Cancelled):
        event = cancel.event
        if event.whole or event.size is None or event.cancel_id is None:
            continue
        request = history.requests.get(event.cancel_id)
        if request is None or event.cancel_id in told:
            continue
        told.add(event.cancel_id)
        remaining = buckets(history.before(cancel.index)).remaining
        size = request.event.size
        wanted = remaining if size is None else min(size, remaining)
        kept = remaining - wanted
        if event.size >= wanted or over(history, cancel.index):
            continue
        entry = cancel.recorded
        after = range(cancel.index + 1, len(history.events))
        taken = next((index for index in after if history.held(index).remaining <= kept), None)
        clear = None if taken is None else history.events[taken]
        yield Flag(
            code="CXL-18",
            key=(quoted(event.cancel_id),),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, clear),
            witness=proof(history, event.cancel_id, cancel.position),
            note=f"We asked to cancel {plain(wanted)} and the venue took {plain(event.size)} off "
            f"the book: {plain(wanted - event.size)} stayed.",
            ours=plain(wanted),
            theirs=plain(event.size),
            difference=plain(wanted - event.size),
        )


@dataclass(frozen=True, slots=True)
class _Span:
    """A time during which cancels told `total` and there was only `room`; `until` None: still."""

    since: datetime
    until: datetime | None
    witness: tuple[int, ...]
    room: Decimal
    total: Decimal


def over_cancel(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-19: by its own words the venue cancelled more than was left after matches and lapses.

    Cleared when a void or correction of a match, or a new size, makes room for it.
    """
    for number, span in enumerate(_over_told(history), start=1):
        yield Flag(
            code="CXL-19",
            key=() if number == 1 else (str(number),),
            opened_at=span.since,
            closed_at=span.until,
            witness=span.witness,
            note=f"The venue says that cancels took {plain(span.total)}, and only "
            f"{plain(span.room)} is left of the order after what matched, lapsed or was voided.",
            ours=plain(span.room),
            theirs=plain(span.total),
            difference=plain(span.total - span.room),
        )


def _over_told(history: History) -> Iterator[_Span]:
    told = [cancel for cancel in history.of(Cancelled) if cancel.event.size is not None]
    if not told:
        return
    current: _Span | None = None
    parts = whole = ZERO  # by the venue: what cancels took, and once what ended the order
    taken = {cancel.index: cancel.event for cancel in told}
    for index in range(told[0].index, len(history.events)):
        entry, held = history.events[index], history.held(index)
        cancel = taken.get(index)
        if cancel is not None and cancel.size is not None:
            if cancel.whole:
                whole = max(whole, cancel.size)
            else:
                parts += cancel.size
        room, total = held.remaining + held.cancelled, parts + whole
        too_much = history.states[index].size is not None and total > room
        if too_much and current is None:
            cancels = (cancel.position for cancel in told if cancel.index <= index)
            witness = tuple(sorted({*cancels, entry.position}))
            current = _Span(entry.observed_at, None, witness, room, total)
        elif current is not None and not too_much:
            yield replace(current, until=closing(current.since, entry))
            current = None
    if current is not None:
        yield current


RULES = (
    OrderRule("CXL-18", frozenset({Cancelled}), short_cancel),
    OrderRule("CXL-19", frozenset({Cancelled}), over_cancel),
)
"""The rules about how much a cancel took."""
