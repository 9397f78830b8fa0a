"""Reports that contradict themselves: sums that do not close, words that the figures deny."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from domain.events import CancelRejected
from domain.flags.claims import CLAIMING, Word
from domain.flags.claims_possible import off_in_parts, raw_matched
from domain.flags.claims_spans import Span, flag_of, outlasts, shown, spans
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.lifecycle import LIVE, TERMINAL, Status
from domain.standing import WAITING
from domain.values import ZERO, plain

MAY_END_WITH_LESS = frozenset({Status.DONE_FOR_DAY, Status.CALCULATED})
"""Nothing remains after these, or all that did, as the order's time in force has it."""


def identity_broken(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """One report whose own figures do not add up to its size (anomalies: QTY-01).

    Size = matched + remaining + cancelled + lapsed + voided, with ours where the report tells
    none; a venue may print the size less what was cancelled. Of an order of which nothing remains
    by the report, when it is over: no more matched than its size. Cleared by the next report whose
    figures close.
    """
    if history.agreed:
        return

    def broken(word: Word, figures: _Figures) -> bool:
        size, matched, remaining = figures
        if _over(history, word) and remaining == ZERO:
            return matched > size
        return not any(matched + remaining + off == size for off in _offs(history, word))

    for span, (size, matched, remaining) in _breaking(history, broken):
        _with_ours, off = _offs(history, span.last)
        if remaining == ZERO and _over(history, span.last):
            off = ZERO  # what is off the book is all the rest, whatever the report prints
        gone = f", {plain(off)} off the book" if off else ""
        note = (
            f"The venue's own figures do not close: {plain(matched)} matched and "
            f"{plain(remaining)} remaining{gone} of {plain(size)}."
        )
        yield flag_of("QTY-01", span, note, ours=size, theirs=matched + remaining + off)


def identity_broken_before(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """As `identity_broken` was in the first rule set (anomalies: QTY-01).

    It broke every report that called an order over and said that something remained, also one
    whose sums close (QTY-11 says what is wrong with that), and left what is off the book out of
    the difference.
    """
    if history.agreed:
        return

    def broken(word: Word, figures: _Figures) -> bool:
        size, matched, remaining = figures
        if _over(history, word) and remaining == ZERO:
            return matched > size
        if _status(history, word) in TERMINAL:
            return True
        return not any(matched + remaining + off == size for off in _offs(history, word))

    for span, (size, matched, remaining) in _breaking(history, broken):
        note = (
            f"The venue's own figures do not close: {plain(matched)} matched and "
            f"{plain(remaining)} remaining of {plain(size)}."
        )
        yield flag_of("QTY-01", span, note, ours=size, theirs=matched + remaining)


_Figures = tuple[Decimal, Decimal, Decimal]
"""Size, matched and remaining of one report."""


def _breaking(
    history: History, broken: Callable[[Word, _Figures], bool]
) -> Iterator[tuple[Span, _Figures]]:
    """The stretches of reports whose figures are broken, with those of the newest."""
    told: dict[int, _Figures] = {}

    def verdict(word: Word) -> bool | None:
        figures = _figures(history, word)
        if figures is None:
            return None
        told[word.place] = figures
        return broken(word, figures)

    for span in spans(history, verdict):
        yield span, told[span.last.place]


def _over(history: History, word: Word) -> bool:
    status = _status(history, word)
    return status in MAY_END_WITH_LESS or status in TERMINAL


def _figures(history: History, word: Word) -> tuple[Decimal, Decimal, Decimal] | None:
    claims = word.claims
    size = history.states[word.after].size if claims.size is None else claims.size
    if size is None or claims.matched is None or claims.remaining is None:
        return None
    return size, claims.matched, claims.remaining


def _status(history: History, word: Word) -> Status:
    """What the report says the order is; ours when it does not say."""
    order = history.states[word.after]
    told = word.claims.status
    if told is not None:
        return told
    return Status.CANCELLED if order.closure is not None else Status.NEW


def _offs(history: History, word: Word) -> tuple[Decimal, Decimal]:
    """What may be off the book: as told, with ours for what was not told, or with nothing."""
    order, claims = history.states[word.after], word.claims
    parts = (
        (claims.cancelled, order.cancelled_part),
        (claims.lapsed, order.lapsed_part),
        (claims.voided, order.voided_part + order.out),
    )
    told = sum((size for size, _ours in parts if size is not None), ZERO)
    rest = sum((ours for size, ours in parts if size is None), ZERO)
    return told + rest, told


def filled_with_partial(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue calls the order filled and less than its size matched (anomalies: QTY-10).

    Cleared when our matches reach the size, or by a report of another status or figures that fit.
    """
    if history.agreed:
        return

    def short(word: Word) -> bool | None:
        if word.claims.status is None:
            return None
        if word.claims.status is not Status.FILLED:
            return None if word.stale else False
        if word.claims.matched is None and (word.stale or _refusal(word)):
            return None
        size, matched = _filled_of(history, word)
        return None if size is None else matched < size

    def explained(index: int, _word: Word) -> bool:
        order = history.states[index]
        return order.size is not None and raw_matched(order) >= order.size - off_in_parts(order)

    for span in spans(history, short, explained):
        size, matched = _filled_of(history, span.last)
        note = f"The venue calls the order filled with {plain(matched)} of {shown(size)} matched."
        yield flag_of("QTY-10", span, note, ours=size, theirs=matched)


def _refusal(word: Word) -> bool:
    """A refused cancel that calls the order filled leaves a doubt, which is CXL-06."""
    return isinstance(word.recorded.event, CancelRejected)


def _filled_of(history: History, word: Word) -> tuple[Decimal | None, Decimal]:
    """The size that must have matched, and what did."""
    order, claims = history.states[word.after], word.claims
    size = order.size if claims.size is None else claims.size
    matched = raw_matched(order) if claims.matched is None else claims.matched
    if size is None or size != order.size:
        return size, matched
    return size - off_in_parts(order), matched


def terminal_with_remaining(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue calls the order over and says that something remains (anomalies: QTY-11).

    Done for the day is not over: a good-till order keeps what remains. Cleared by a report that
    tells what remains and fits its status.
    """
    if history.agreed:
        return

    def left_over(word: Word) -> bool | None:
        told, status = word.claims.remaining, word.claims.status
        if told is None or status is None:
            return None
        if status in TERMINAL and told > ZERO:
            return True
        return None if word.stale else False

    for span in spans(history, left_over):
        told, status = span.last.claims.remaining, span.last.claims.status
        note = f"The venue calls the order {status} and says that {shown(told)} remains."
        yield flag_of("QTY-11", span, note, ours=ZERO, theirs=told)


def live_with_nothing(history: History, limits: Thresholds) -> Iterable[Flag]:
    """The venue calls the order live and nothing remains for too long (anomalies: QTY-12).

    An amendment on its way may still add to it. Cleared by a report that the order is over, or
    by anything remaining again.
    """
    if history.agreed:
        return

    def idle(word: Word) -> bool | None:
        status = word.claims.status
        if status is None or word.stale:
            return None
        if status not in LIVE:
            return False
        left = _left(history, word)
        return None if left is None else left == ZERO

    def settled(index: int, word: Word) -> bool:
        now, then = history.states[index], history.states[word.after]
        if now.closure is not then.closure:
            return True
        remains = history.held(index).remaining > ZERO
        return now.size is not None and remains is (history.held(word.after).remaining == ZERO)

    for span in spans(history, idle, settled):
        if not outlasts(span, limits.idle):
            continue
        status = span.last.claims.status
        note = (
            f"The venue has called the order {status} with nothing remaining for more than "
            f"{limits.idle.total_seconds():g} s."
        )
        yield flag_of("QTY-12", span, note, theirs=str(status), after=limits.idle)


def _left(history: History, word: Word) -> Decimal | None:
    """What remains by the report, else by our events; None while an amendment may add to it."""
    order = history.states[word.after]
    if word.claims.status is Status.PENDING_REPLACE and any(
        state in WAITING for state in order.amends.values()
    ):
        return None
    if word.claims.remaining is None and order.size is not None:
        return history.held(word.after).remaining
    return word.claims.remaining


RULES = (
    OrderRule("QTY-01", CLAIMING, identity_broken_before, differing=True, until=1),
    OrderRule("QTY-01", CLAIMING, identity_broken, differing=True, since=2),
    OrderRule("QTY-10", needs=CLAIMING, find=filled_with_partial, differing=True),
    OrderRule("QTY-11", needs=CLAIMING, find=terminal_with_remaining, differing=True),
    OrderRule("QTY-12", needs=CLAIMING, find=live_with_nothing, differing=True),
)
