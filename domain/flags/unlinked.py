"""Facts that quote something which the log does not hold: a match, or a change of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from domain import events as e
from domain.flags.claims import same_message
from domain.flags.claims_spans import places
from domain.flags.fills_missing import KEEPS_RECORDS
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.order import Order
from domain.recorded import Recorded


class _Quote(NamedTuple):
    """The fact at this place quotes a match or a change by this name."""

    place: int
    what: str
    name: str


def unlinked_event(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue quotes a match or a change of ours that is not in the log (INT-07).

    A match that is taken back is FIL-15, the answer to a cancel CXL-16. Cleared when what was
    quoted arrives, as when a capture is read later.
    """
    told: set[tuple[str, str]] = set()
    for quote in sorted((*_matches(history), *_changes(history))):
        key = quote.what, quote.name
        if key in told:
            continue
        told.add(key)
        entry = history.events[quote.place]
        known = history.first(quote.place + 1, _arrived(*key))
        yield Flag(
            code="INT-07",
            key=key,
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, known),
            witness=places(entry),
            note=f"{type(entry.event).__name__} quotes {quote.what} {quote.name}, which is not in "
            "the log.",
            theirs=quote.name,
        )


def _matches(history: History) -> Iterator[_Quote]:
    """Confirmations and corrections of matches that nobody here has."""
    if history.owner.venue not in KEEPS_RECORDS:
        return
    told: list[At[e.FillConfirmed | e.FillCorrected]]
    told = history.of(e.FillConfirmed, e.FillCorrected)
    for item in told:
        name = item.event.fill_id
        if not _held(history.before(item.index), "match", name):
            yield _Quote(item.index, "match", name)


def _changes(history: History) -> Iterator[_Quote]:
    """Answers to changes of an order of ours that we are not known to have asked for.

    One that quotes no request, but a name that the order had before, is the venue's own doing.
    """
    told: list[At[e.AmendPending | e.Amended | e.AmendRejected]]
    told = history.of(e.AmendPending, e.Amended, e.AmendRejected)
    for item in told:
        before = history.before(_start(history, item.index))
        ref = item.event.amend_ref
        own = any(name.value == ref for name in before.names)
        if before.placed and not own and not _held(before, "change", ref):
            yield _Quote(item.index, "change", ref)


def _start(history: History, index: int) -> int:
    """The first event of the message that told the event at `index`."""
    one = history.events[index]
    while index and same_message(one, history.events[index - 1]):
        index -= 1
    return index


def _arrived(what: str, name: str) -> Callable[[int, Order, Recorded], bool]:
    return lambda _index, order, _entry: _held(order, what, name)


def _held(order: Order, what: str, name: str) -> bool:
    if what == "change":
        return name in order.asks
    corrected = {fix.correction_id for fix in order.corrections.values()}
    return name in order.fills or name in corrected


RULES = (
    OrderRule(
        "INT-07",
        frozenset({e.FillConfirmed, e.FillCorrected, e.AmendPending, e.Amended, e.AmendRejected}),
        unlinked_event,
        since=2,
    ),
)
"""The rule about facts without the one that they quote."""
