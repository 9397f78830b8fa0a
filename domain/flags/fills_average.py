"""The average price that a venue tells of an order, against that of the matches we hold."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from domain import events as e
from domain.flags.claims import Word
from domain.flags.claims_spans import flag_of, spans
from domain.flags.fills_worth import price_after
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.matching import in_force
from domain.order import Order
from domain.values import ZERO, Price, PriceFormat, plain

SHOWN = Decimal("0.000001")
"""Averages rarely end; this much of one is shown."""


def avg_price_mismatch(history: History, limits: Thresholds) -> Iterable[Flag]:
    """The venue's average price is not that of the matches we hold (anomalies: FIL-11).

    By size, without what was taken back; not while a match has no price, or a total alone tells
    of one. Cleared by a match, a correction or a report after which the two agree.
    """
    if history.agreed:
        return

    def differs(word: Word) -> bool | None:
        told = word.claims.average
        ours = None if told is None else average(history.states[word.after], told.format)
        if told is None or ours is None or word.stale:
            return None
        return abs(told.value - ours) > abs(ours) * limits.average_max

    def explained(index: int, word: Word) -> bool:
        told = word.claims.average or _NONE
        ours = average(history.states[index], told.format)
        return ours is not None and abs(told.value - ours) <= abs(ours) * limits.average_max

    for span in spans(history, differs, explained):
        told = (span.last.claims.average or _NONE).value
        held = average(history.states[span.last.after], (span.last.claims.average or _NONE).format)
        ours = (held or ZERO).quantize(SHOWN)
        note = f"The venue's average price is {plain(told)}; that of our matches is {plain(ours)}."
        yield flag_of("FIL-11", span, note, ours=ours, theirs=told)


_NONE = Price(ZERO)


def average(order: Order, of: PriceFormat) -> Decimal | None:
    """The average price of the matches in force, by size, all in this format.

    American odds have no average: between -100 and 100 there are none.
    """
    if order.inferred or not order.real or of is PriceFormat.AMERICAN:
        return None
    total = ZERO
    for fill_id, fill in order.fills.items():
        size, bust = in_force(fill_id, fill, order.busts, order.corrections)
        if bust is not None:
            size = ZERO if bust.size is None else max(ZERO, size - bust.size)
        if not size:
            continue
        price = price_after(order, fill_id, fill.price)
        if price is None or price.format is not of:
            return None
        total += price.value * size
    return total / order.real


RULES = (OrderRule("FIL-11", frozenset({e.Filled}), avg_price_mismatch, differing=True, since=2),)
"""The rule about average prices."""
