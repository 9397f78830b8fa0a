"""Figures of the venue that differ from ours: remaining, matched, buckets, size and price.

Each differing figure is a flag of its own; consecutive reports that differ in the same figure are
one. It closes at the first event after which ours is what was claimed, or at a report that agrees.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from domain.events import Filled
from domain.flags.claims import CLAIMING, Word
from domain.flags.claims_possible import prices, raw_matched, remainders, sizes
from domain.flags.claims_spans import flag_of, spans
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.values import ZERO, plain


def remaining_mismatch(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue says that another size remains than ours (anomalies: QTY-02).

    While the fate of a cancel is unknown, anything up to what remained is possible. Cleared by an
    event after which ours is what was claimed, or by a report that agrees.
    """
    if history.agreed:
        return

    def differs(word: Word) -> bool | None:
        order = history.states[word.after]
        told = word.claims.remaining
        if told is None or word.stale or order.size is None:
            return None
        if order.doubts and ZERO <= told <= history.held(word.after).remaining:
            return False
        return told not in remainders(history, word.after, word.claims)

    def explained(index: int, word: Word) -> bool:
        return history.held(index).remaining == word.claims.remaining

    for span in spans(history, differs, explained):
        ours = history.held(span.last.after).remaining
        theirs = span.last.claims.remaining
        note = f"The venue says that {_say(theirs)} remains; by our events it is {plain(ours)}."
        yield flag_of("QTY-02", span, note, ours=ours, theirs=theirs)


def matched_mismatch(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue says that another size matched than ours (anomalies: QTY-03).

    A report that is old news must lie between what had matched for certain before its time and
    all that is known to have matched. Cleared by an event after which ours is what was claimed,
    or by a report that agrees.
    """
    if history.agreed:
        return

    def differs(word: Word) -> bool | None:
        told = word.claims.matched
        order = history.states[word.after]
        if told is None:
            return None
        if word.stale:
            known = raw_matched(order) + order.taken
            return True if told > known or told < _matched_before(history, word) else None
        return told != raw_matched(order)

    def explained(index: int, word: Word) -> bool:
        return raw_matched(history.states[index]) == word.claims.matched

    for span in spans(history, differs, explained):
        ours = raw_matched(history.states[span.last.after])
        theirs = span.last.claims.matched
        note = f"The venue says that {_say(theirs)} matched; our matches sum to {plain(ours)}."
        yield flag_of("QTY-03", span, note, ours=ours, theirs=theirs)


def _matched_before(history: History, word: Word) -> Decimal:
    """What had certainly matched when the old report was made: matches with an earlier time."""
    at = word.recorded.occurred_at
    order = history.states[word.after]
    if at is None or order.busts or order.corrections:
        return ZERO
    earlier = (
        fill.event.size
        for fill in history.of(Filled)
        if not fill.event.inferred
        and fill.recorded.occurred_at is not None
        and fill.recorded.occurred_at < at
    )
    return sum(earlier, ZERO)


def bucket_mismatch(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """As much is off the book as ours, but under another name (anomalies: QTY-04).

    Cancelled, lapsed and voided sum to the same and are split differently. Cleared by an event
    after which the buckets are as claimed, or by a report that agrees.
    """
    if history.agreed:
        return

    def differs(word: Word) -> bool | None:
        order = history.states[word.after]
        if word.stale or order.size is None or not any(size is not None for size in _off(word)):
            return None
        return _as_much_off(history, word) and not explained(word.after, word)

    def explained(index: int, word: Word) -> bool:
        held = history.held(index)
        ours = (held.cancelled, held.lapsed, held.voided)
        return all(told is None or told == own for told, own in zip(_off(word), ours, strict=True))

    for span in spans(history, differs, explained):
        held = history.held(span.last.after)
        ours_text = _split((held.cancelled, held.lapsed, held.voided))
        theirs_text = _split(_off(span.last))
        note = f"The venue has {theirs_text} off the book; by our events it is {ours_text}."
        yield flag_of("QTY-04", span, note, ours=ours_text, theirs=theirs_text)


def _off(word: Word) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return word.claims.cancelled, word.claims.lapsed, word.claims.voided


def _as_much_off(history: History, word: Word) -> bool:
    """What is off the book sums to the same on both sides."""
    held = history.held(word.after)
    told = [size for size in _off(word) if size is not None]
    ours = held.cancelled + held.lapsed + held.voided
    if len(told) == len(_off(word)):
        return sum(told, ZERO) == ours
    claims = word.claims
    size = held.size if claims.size is None else claims.size
    matched = held.matched if claims.matched is None else claims.matched
    remaining = held.remaining if claims.remaining is None else claims.remaining
    return size - matched - remaining == ours


def _split(off: tuple[Decimal | None, Decimal | None, Decimal | None]) -> str:
    named = zip(("cancelled", "lapsed", "voided"), off, strict=True)
    return ", ".join(f"{plain(size)} {name}" for name, size in named if size is not None)


def size_mismatch(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue prints another size, and no amendment or restatement explains it (QTY-05).

    Cleared when ours becomes that size (OrderRestated, Amended), or by a report that agrees.
    """
    if history.agreed:
        return

    def differs(word: Word) -> bool | None:
        told = word.claims.size
        if told is None or word.stale or history.states[word.after].size is None:
            return None
        return told not in sizes(history, word.after)

    def explained(index: int, word: Word) -> bool:
        return history.states[index].size == word.claims.size

    for span in spans(history, differs, explained):
        ours = history.states[span.last.after].size
        theirs = span.last.claims.size
        note = f"The venue has the order at size {_say(theirs)}; ours is {_say(ours)}."
        yield flag_of("QTY-05", span, note, ours=ours, theirs=theirs)


def price_mismatch(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue prints another price in the same format, and nothing explains it (QTY-06).

    Cleared when ours becomes that price (OrderRestated, Amended), or by a report that agrees.
    """
    if history.agreed:
        return

    def differs(word: Word) -> bool | None:
        told = word.claims.price
        known = prices(history, word.after)
        if told is None or word.stale or told.format not in {price.format for price in known}:
            return None
        return told not in known

    def explained(index: int, word: Word) -> bool:
        return history.states[index].terms.price == word.claims.price

    for span in spans(history, differs, explained):
        known, told = history.states[span.last.after].terms.price, span.last.claims.price
        ours = None if known is None else known.value
        theirs = None if told is None else told.value
        note = f"The venue has the order at price {_say(theirs)}; ours is {_say(ours)}."
        yield flag_of("QTY-06", span, note, ours=ours, theirs=theirs)


def _say(value: Decimal | None) -> str:
    return "unknown" if value is None else plain(value)


RULES = (
    OrderRule("QTY-02", needs=CLAIMING, find=remaining_mismatch, differing=True),
    OrderRule("QTY-03", needs=CLAIMING, find=matched_mismatch, differing=True),
    OrderRule("QTY-04", needs=CLAIMING, find=bucket_mismatch, differing=True),
    OrderRule("QTY-05", needs=CLAIMING, find=size_mismatch, differing=True),
    OrderRule("QTY-06", needs=CLAIMING, find=price_mismatch, differing=True),
)
