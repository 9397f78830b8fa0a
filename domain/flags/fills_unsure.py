"""Matches that we do not hold for good: estimated from a total, or still revocable."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from domain import events as e
from domain.flags.claims_possible import raw_matched
from domain.flags.claims_spans import places
from domain.flags.fills_missing import FROM_CANCEL, KEEPS_RECORDS
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.order import Bust, Order
from domain.recorded import Recorded
from domain.values import ZERO, plain


def inferred_fill_open(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """Matched size of which only a running total tells (anomalies: FIL-06).

    Where the venue keeps match records, or a report came with its own. Cleared when records
    replace the estimate. What a cancel's answer implies is CXL-02.
    """
    estimates = [fill for fill in history.of(e.Filled) if _estimated(fill.event)]
    if not estimates or not _keeps_records(history):
        return
    stretch: list[At[e.Filled]] = []
    reach = ZERO
    number = 0
    for fill in estimates:
        before = _recorded(history.before(fill.index))
        if stretch and before < reach:
            stretch.append(fill)
            reach += fill.event.size
            continue
        if stretch:
            number += 1
            yield _estimate(history, number, stretch, reach)
        stretch, reach = [fill], before + fill.event.size
    yield _estimate(history, number + 1, stretch, reach)


def _estimated(event: e.Filled) -> bool:
    return event.inferred and not event.fill_id.startswith(FROM_CANCEL)


def _keeps_records(history: History) -> bool:
    return history.owner.venue in KEEPS_RECORDS or any(
        word.claims.records for word in history.words
    )


def _recorded(order: Order) -> Decimal:
    """All matches that were ever recorded, those taken back included."""
    return order.real + order.taken


def _estimate(history: History, number: int, stretch: list[At[e.Filled]], reach: Decimal) -> Flag:
    first, last = stretch[0], stretch[-1]
    size = reach - _recorded(history.before(last.index))
    replaced = history.first(last.index, lambda _i, order, _e: _recorded(order) >= reach)
    return Flag(
        code="FIL-06",
        key=(str(number),),
        opened_at=first.recorded.observed_at,
        closed_at=closing(first.recorded.observed_at, replaced),
        witness=places(first.recorded, last.recorded),
        note=f"{plain(size)} is held as matched on the word of a running total alone: no record "
        "of a match stands behind it.",
        ours=plain(size),
    )


def provisional_fill_stale(history: History, limits: Thresholds) -> Iterable[Flag]:
    """A match that the venue may still take back, for too long (anomalies: FIL-16).

    Cleared when it is confirmed, taken back or settled. Polymarket MATCHED/MINED/CONFIRMED.
    """
    for fill in history.of(e.Filled):
        known = history.states[fill.index].fills.get(fill.event.fill_id)
        if known is None or not known.provisional:
            continue
        opened_at = fill.recorded.observed_at + limits.confirm
        decided = _decided(history, fill)
        if decided is not None and decided.observed_at <= opened_at:
            continue
        yield Flag(
            code="FIL-16",
            key=(fill.event.fill_id,),
            opened_at=opened_at,
            closed_at=closing(opened_at, decided),
            witness=(fill.position,),
            note=f"Match {fill.event.fill_id} of {plain(fill.event.size)} was provisional "
            f"{limits.confirm.total_seconds():g} s after it was told: neither confirmed nor "
            "taken back.",
            ours=plain(fill.event.size),
        )


def _decided(history: History, fill: At[e.Filled]) -> Recorded | None:
    ends: list[At[e.FillConfirmed | e.FillVoided | e.Settled]]
    ends = history.of(e.FillConfirmed, e.FillVoided, e.Settled)
    for item in ends:
        if item.index > fill.index and item.event.fill_id in {fill.event.fill_id, None}:
            return item.recorded
    return None


def provisional_fill_failed(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """A match that was never confirmed fell through for good (anomalies: FIL-17).

    Not for a stake that returns to the book. Cleared when all of the match is taken back and the
    venue's own total agrees with what is left. NT #4692.
    """
    told: set[str] = set()
    for void in history.of(e.FillVoided):
        fill_id = void.event.fill_id
        known = history.before(void.index).fills.get(fill_id)
        if known is None or not known.provisional or void.event.returns or fill_id in told:
            continue
        told.add(fill_id)
        opened_at = void.recorded.observed_at
        match = next(fill for fill in history.of(e.Filled) if fill.event.fill_id == fill_id)
        reason = f" ({void.event.reason})" if void.event.reason else ""
        yield Flag(
            code="FIL-17",
            key=(fill_id,),
            opened_at=opened_at,
            closed_at=closing(opened_at, _restated(history, void, known.size)),
            witness=places(match.recorded, void.recorded),
            note=f"Match {fill_id} of {plain(known.size)} fell through before it was "
            f"confirmed{reason}.",
            ours=plain(known.size),
            theirs="0",
        )


def _restated(history: History, void: At[e.FillVoided], size: Decimal) -> Recorded | None:
    """The first report, from the void on, whose matched total is ours without the match."""
    for word in history.words:
        order = history.states[word.after]
        bust = order.busts.get(void.event.fill_id)
        fully = bust is not None and _whole(bust, size)
        if word.place >= void.index and fully and word.claims.matched == raw_matched(order):
            return word.recorded
    return None


def _whole(bust: Bust, size: Decimal) -> bool:
    return bust.size is None or bust.size >= size


RULES = (
    OrderRule("FIL-06", frozenset({e.Filled}), inferred_fill_open, since=2),
    OrderRule("FIL-16", frozenset({e.Filled}), provisional_fill_stale, since=2),
    OrderRule("FIL-17", frozenset({e.FillVoided}), provisional_fill_failed, since=2),
)
"""The rules about matches that may not be what they seem."""
