"""Matches that a venue corrects, and matches taken back that nobody here has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from domain import events as e
from domain.flags.claims_spans import places
from domain.flags.fills_missing import KEEPS_RECORDS
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.order import Order
from domain.recorded import Recorded
from domain.values import plain


def fill_corrected(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue replaced a match that we hold by another (anomalies: FIL-14).

    When the correction came before its match it counts from the match. Finance acknowledges it;
    no event clears it.
    """
    for fix in history.of(e.FillCorrected):
        match = _match(history, fix.event.fill_id)
        if match is None:
            continue
        entry, before = match
        last = max(entry, fix.recorded, key=_position)
        price = fix.event.price
        to = plain(fix.event.size) + ("" if price is None else f" at {plain(price.value)}")
        yield Flag(
            code="FIL-14",
            key=(fix.event.correction_id,),
            opened_at=last.observed_at,
            witness=places(entry, fix.recorded),
            note=f"The venue corrected match {fix.event.fill_id} of {plain(before)} to {to}.",
            ours=plain(before),
            theirs=plain(fix.event.size),
            difference=plain(fix.event.size - before),
        )


def _match(history: History, fill_id: str) -> tuple[Recorded, Decimal] | None:
    """What told the match that goes by this id, and its size by then."""
    told: Sequence[At[e.Filled | e.FillCorrected]] = history.of(e.Filled, e.FillCorrected)
    for item in told:
        event = item.event
        own = event.fill_id if isinstance(event, e.Filled) else event.correction_id
        if own == fill_id and not (isinstance(event, e.Filled) and event.inferred):
            return item.recorded, event.size
    return None


def _position(recorded: Recorded) -> int:
    return recorded.position


def void_unknown_fill(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """A match was taken back that nobody here has, or more of it than it was (FIL-15).

    Only where the venue reports every match. Cleared when the match arrives, or when it is
    corrected to a size that what was taken back fits.
    """
    told: set[str] = set()
    for void in history.of(e.FillVoided):
        fill_id = void.event.fill_id
        wrong = _wrong(history, history.states[void.index], fill_id)
        if wrong is None or fill_id in told:
            continue
        told.add(fill_id)
        opened_at = void.recorded.observed_at
        match = _match(history, fill_id)
        clear = history.first(void.index + 1, _right(history, fill_id))
        yield Flag(
            code="FIL-15",
            key=(fill_id,),
            opened_at=opened_at,
            closed_at=closing(opened_at, clear),
            witness=places(None if match is None else match[0], void.recorded),
            note=wrong,
            theirs=None if void.event.size is None else plain(void.event.size),
        )


def _right(history: History, fill_id: str) -> Callable[[int, Order, Recorded], bool]:
    return lambda _index, order, _entry: _wrong(history, order, fill_id) is None


def _wrong(history: History, order: Order, fill_id: str) -> str | None:
    """What is wrong with what was taken back of this match, as the order stands."""
    corrected = {fix.correction_id: fix.size for fix in order.corrections.values()}
    fill = order.fills.get(fill_id)
    size = corrected.get(fill_id) if fill is None else fill.size
    if fill_id in order.corrections:
        size = order.corrections[fill_id].size
    if size is None:
        unknown = history.owner.venue in KEEPS_RECORDS
        return f"The venue took back match {fill_id}, which nobody here has." if unknown else None
    taken = order.busts[fill_id].size
    if taken is None or taken <= size:
        return None
    return f"The venue took back {plain(taken)} of match {fill_id}, which was {plain(size)}."


RULES = (
    OrderRule("FIL-14", frozenset({e.FillCorrected}), fill_corrected, since=2),
    OrderRule("FIL-15", frozenset({e.FillVoided}), void_unknown_fill, since=2),
)
"""The rules about matches that a venue changes."""
