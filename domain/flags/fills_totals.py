"""Matches against the totals that the venue claims: one told twice, a total that went down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from domain import events as e
from domain.flags.claims import CLAIMING, Word
from domain.flags.claims_possible import raw_matched
from domain.flags.claims_spans import flag_of, places, spans
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.recorded import Recorded
from domain.values import ZERO, plain

SAME_MOMENT = timedelta(seconds=1)
"""Two matches of one execution carry times this near to each other."""


def duplicate_fill_new_id(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """One match told under two ids (anomalies: FIL-02).

    Two recorded matches of equal size and price within a second of the venue's time, and with
    both of them more matched than the venue then claims. Without venue times, both seen within
    a second, and too much by exactly their size. Of several such pairs, as many as the surplus
    has room for. Cleared by a claim that equals ours, or when one of the two is taken back.
    """
    if history.agreed:
        return
    found: list[_Pair] = []
    for one, two in _twins(history):
        words = (word for word in history.words if word.after >= two.index)
        proof = next((word for word in words if _denies(history, one, two, word, found)), None)
        if proof is not None:
            pair = _Pair(one, two, proof, _confirmed(history, one, two, proof))
            found.append(pair)
            yield _twice(history, pair)


class _Pair(NamedTuple):
    """Two matches that look like one, the report that shows it, and what settled it."""

    one: At[e.Filled]
    two: At[e.Filled]
    proof: Word
    closed: Recorded | None

    def explains(self, word: Word) -> Decimal:
        """How much of the surplus over this report's total the pair accounts for."""
        since = self.two.index <= word.after
        settled = self.closed is not None and self.closed.position <= word.recorded.position
        return self.two.event.size if since and not settled else ZERO


def _denies(
    history: History, one: At[e.Filled], two: At[e.Filled], word: Word, found: Iterable[_Pair]
) -> bool:
    """Beside what the pairs found so far explain, more matched than this report claims."""
    told = word.claims.matched
    if told is None or word.stale:
        return False
    over = raw_matched(history.states[word.after]) - told
    over -= sum((pair.explains(word) for pair in found), ZERO)
    timed = one.recorded.occurred_at is not None and two.recorded.occurred_at is not None
    return over > ZERO if timed else over == two.event.size


def _twice(history: History, pair: _Pair) -> Flag:
    one, two = pair.one, pair.two
    ours = raw_matched(history.states[pair.proof.after])
    theirs = pair.proof.claims.matched or ZERO
    opened_at = max(two.recorded.observed_at, pair.proof.recorded.observed_at)
    return Flag(
        code="FIL-02",
        key=tuple(sorted((one.event.fill_id, two.event.fill_id))),
        opened_at=opened_at,
        closed_at=closing(opened_at, pair.closed),
        witness=places(one.recorded, two.recorded, pair.proof.recorded),
        note=f"Matches {one.event.fill_id} and {two.event.fill_id} of "
        f"{plain(two.event.size)} look like one: together with them {plain(ours)} matched, "
        f"and the venue claims {plain(theirs)}.",
        ours=plain(ours),
        theirs=plain(theirs),
        difference=plain(theirs - ours),
    )


def duplicate_fill_new_id_before(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """As `duplicate_fill_new_id` was in the first rule set (anomalies: FIL-02).

    Of three equal matches with a surplus of one it told two pairs.
    """
    if history.agreed:
        return
    for one, two in _twins(history):
        words = (word for word in history.words if word.after >= two.index)
        proof = next((word for word in words if _denies(history, one, two, word, ())), None)
        if proof is not None:
            yield _twice(history, _Pair(one, two, proof, _confirmed(history, one, two, proof)))


def _twins(history: History) -> Iterator[tuple[At[e.Filled], At[e.Filled]]]:
    """Neighbouring matches of equal size and price, in the order of their best times."""
    fills = [fill for fill in history.of(e.Filled) if not fill.event.inferred]
    fills.sort(key=lambda fill: (fill.recorded.at, fill.event.fill_id))
    for place, one in enumerate(fills):
        for two in fills[place + 1 :]:
            if two.recorded.at - one.recorded.at > SAME_MOMENT:
                break
            if (one.event.size, one.event.price) == (two.event.size, two.event.price):
                yield (one, two) if one.index < two.index else (two, one)
                break


def _confirmed(
    history: History, one: At[e.Filled], two: At[e.Filled], proof: Word
) -> Recorded | None:
    taken = {one.event.fill_id, two.event.fill_id}
    agreeing = {
        word.place
        for word in history.words
        if not word.stale and word.claims.matched == raw_matched(history.states[word.after])
    }
    for index in range(proof.after + 1, len(history.events)):
        if index in agreeing or taken & history.states[index].busts.keys():
            return history.events[index]
    return None


def out_of_order_fill(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue's matched total went down with no void or correction (anomalies: FIL-04).

    A report that shows itself to be older than the higher total is identified at once. Else it
    closes when a later total is as high again, or when a void or correction explains it.
    """
    if history.agreed:
        return
    tops = _tops(history)

    def below(word: Word) -> bool:
        told, top = word.claims.matched, tops.get(word.place)
        return told is not None and top is not None and told < _total(top)

    def went_down(word: Word) -> bool | None:
        return None if word.stale or word.claims.matched is None else below(word)

    def taken_back(index: int, _word: Word) -> bool:
        return isinstance(history.events[index].event, e.FillVoided | e.FillCorrected)

    old = [word for word in history.words if word.stale and below(word)]
    if old:
        yield _identified(old, tops[old[0].place])
    for span in spans(history, went_down, taken_back):
        top, told = tops[span.first.place], _total(span.last)
        note = f"The venue claimed {plain(_total(top))} matched and later {plain(told)}."
        flag = flag_of("FIL-04", span, note, ours=_total(top), theirs=told)
        yield replace(flag, witness=places(top.recorded, *span.ends))


def _total(word: Word) -> Decimal:
    return word.claims.matched or ZERO


def _tops(history: History) -> dict[int, Word]:
    """For each report, by place: the one before it with the highest matched total.

    Not across a void or correction, which allows less.
    """
    found: dict[int, Word] = {}
    top: Word | None = None
    since = 0
    for word in history.words:
        for entry in history.events[since : word.after + 1]:
            if isinstance(entry.event, e.FillVoided | e.FillCorrected):
                top = None
        since = max(since, word.after + 1)
        if top is not None:
            found[word.place] = top
        if word.claims.matched is not None and (top is None or _total(word) >= _total(top)):
            top = word
    return found


def _identified(old: list[Word], top: Word) -> Flag:
    first, theirs = old[0], _total(old[0])
    opened_at = first.recorded.observed_at
    count = "An older report" if len(old) == 1 else f"{len(old)} older reports"
    return Flag(
        code="FIL-04",
        key=("older",),
        opened_at=opened_at,
        closed_at=opened_at,
        witness=places(top.recorded, *(word.recorded for word in old)),
        note=f"{count} came after the one that claimed {plain(_total(top))} matched; "
        f"{plain(theirs)} was true before it.",
        ours=plain(_total(top)),
        theirs=plain(theirs),
        difference=plain(theirs - _total(top)),
    )


_FILLED = frozenset({e.Filled})

RULES = (
    OrderRule("FIL-02", _FILLED, duplicate_fill_new_id_before, differing=True, until=1),
    OrderRule("FIL-02", _FILLED, duplicate_fill_new_id, differing=True, since=2),
    OrderRule("FIL-04", needs=CLAIMING, find=out_of_order_fill, differing=True),
)
