"""One row of a statement against our order: what differs, field by field, at the row's time.

Pure: the books come as a history up to the statement's time. What the row does not tell is not
compared, and whatever our events allow (a cancel of unknown fate, an amendment on its way) is no
difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.events import (
    Amended,
    Claims,
    FillCorrected,
    Filled,
    FillVoided,
    OrderDiscovered,
    OrderPlaced,
    OrderRestated,
)
from domain.flags.claims import OURS
from domain.flags.claims_possible import prices, raw_matched, remainders, sizes, statuses
from domain.flags.history import History, order_history
from domain.reconcile_money import profit_told
from domain.reconcile_tolerances import CENT, Tolerances, near
from domain.recorded import Recorded
from domain.runs import Aspect, Difference
from domain.standing import status_of
from domain.statement import StatementRow
from domain.values import ZERO, Price, PriceFormat, plain

Topic = tuple[Aspect, str | None]
"""What a row speaks of: an aspect, and for a match its id."""


class Compared(NamedTuple):
    """What one row told of one order, and what of it differs."""

    told: frozenset[Topic]
    differences: tuple[Difference, ...]


WITNESSES_MAX = 5
_MATCHES = (Filled, FillVoided, FillCorrected)
_TERMS = (OrderPlaced, OrderDiscovered, Amended, OrderRestated)
_FROM: Mapping[Aspect, tuple[type, ...]] = {
    Aspect.MATCHED: _MATCHES,
    Aspect.AVERAGE: _MATCHES,
    Aspect.SIZE: _TERMS,
    Aspect.PRICE: _TERMS,
}
"""Which facts a figure comes from; the others come from all of them."""


def known_by(stream: UUID, events: Iterable[Recorded], moment: datetime) -> History | None:
    """The order as its facts up to a moment make it; None when there was none yet.

    What the venue did up to then counts also when we heard of it later: the statement is the
    venue's.
    """
    known = [entry for entry in events if entry.by <= moment]
    return order_history(stream, known) if known else None


def compared(history: History, row: StatementRow, limits: Tolerances) -> Compared:
    """Hold every figure that the row tells against ours; no amounts across currencies."""
    told: set[Topic] = set()
    found: list[Difference] = []
    for topic, difference in _held(history, row, limits):
        told.add(topic)
        if difference is not None:
            witness = _witness(history, difference.aspect)
            found.append(replace(difference, order=history.stream, witness=witness))
    return Compared(frozenset(told), tuple(found))


def _witness(history: History, aspect: Aspect) -> tuple[int, ...]:
    """Our facts that the figure comes from, the newest of them; else the order's newest."""
    kinds = _FROM.get(aspect, ())
    told = [entry.position for entry in history.events if isinstance(entry.event, kinds)]
    return tuple(told[-WITNESSES_MAX:]) or (history.events[-1].position,)


def _held(
    history: History, row: StatementRow, limits: Tolerances
) -> Iterator[tuple[Topic, Difference | None]]:
    if row.unknown is not None:
        word = Difference(aspect=Aspect.WORD, figure=row.unknown.field, theirs=row.unknown.value)
        yield (Aspect.WORD, None), word
    claims = row.claims
    if claims.status is not None:
        yield (Aspect.STATUS, None), _status(history, claims)
    ours, theirs = history.order.terms.currency, row.terms.currency
    if ours is not None and theirs is not None:
        apart = not same_currency(ours, theirs)
        found = Difference(aspect=Aspect.CURRENCY, ours=ours, theirs=theirs)
        yield (Aspect.CURRENCY, None), found if apart else None
        if apart:
            return
    yield from _terms(history, row, limits)
    figures = list(_sizes(history, claims, limits))
    yield from figures
    buckets = _buckets(history, claims, limits)
    if buckets is not None:
        amounts = any(difference is not None for _, difference in figures)
        # Their split is judged where the rest agrees: else it follows from what differs there.
        yield (Aspect.BUCKETS, None), None if amounts else buckets[0]
    average = _average(history, row)
    if average is not None:
        yield (Aspect.AVERAGE, None), average[0]
    profit = profit_told(history.order, row, limits)
    if profit is not None:
        yield profit


def same_currency(ours: str, theirs: str) -> bool:
    """One currency, however its code is spelled."""
    return ours == theirs or ours.strip().upper() == theirs.strip().upper()


def _terms(
    history: History, row: StatementRow, limits: Tolerances
) -> Iterator[tuple[Topic, Difference | None]]:
    index = len(history.events) - 1
    size = row.terms.size if row.claims.size is None else row.claims.size
    if size is not None and history.order.size is not None:
        possible = sizes(history, index)
        differs = not any(near(ours, size, limits.size) for ours in possible)
        ours = history.held(index).size
        yield (Aspect.SIZE, None), _figure(Aspect.SIZE, ours, size) if differs else None
    price = row.terms.price if row.claims.price is None else row.claims.price
    if price is None:
        return
    ours_told = [known for known in prices(history, index) if known.format is price.format]
    if ours_told:
        differs = not any(near(known.value, price.value, limits.price) for known in ours_told)
        known = history.order.terms.price or ours_told[0]
        found = _figure(Aspect.PRICE, known.value, price.value) if differs else None
        yield (Aspect.PRICE, None), found


def _sizes(
    history: History, claims: Claims, limits: Tolerances
) -> Iterator[tuple[Topic, Difference | None]]:
    index = len(history.events) - 1
    order = history.order
    if claims.matched is not None:
        ours = raw_matched(order)
        same = near(ours, claims.matched, limits.matched)
        found = None if same else _figure(Aspect.MATCHED, ours, claims.matched)
        yield (Aspect.MATCHED, None), found
    if claims.remaining is not None and order.size is not None:
        ours = history.held(index).remaining
        possible = remainders(history, index, claims)
        same = any(near(rest, claims.remaining, limits.remaining) for rest in possible)
        in_doubt = bool(order.doubts) and ZERO <= claims.remaining <= ours
        found = None if same or in_doubt else _figure(Aspect.REMAINING, ours, claims.remaining)
        yield (Aspect.REMAINING, None), found


def _buckets(
    history: History, claims: Claims, limits: Tolerances
) -> tuple[Difference | None] | None:
    """Which way the size came off the book; None when the row does not say."""
    held = history.held(len(history.events) - 1)
    if history.order.doubts:
        return None
    told = (
        ("cancelled", held.cancelled, claims.cancelled),
        ("lapsed", held.lapsed, claims.lapsed),
        ("voided", held.voided, claims.voided),
    )
    if all(theirs is None for _, _, theirs in told):
        return None
    for figure, ours, theirs in told:
        if theirs is not None and not near(ours, theirs, limits.off):
            return (replace(_figure(Aspect.BUCKETS, ours, theirs), figure=figure),)
    return (None,)


def _status(history: History, claims: Claims) -> Difference | None:
    held = history.held(len(history.events) - 1)
    if claims.status in statuses(history.order, held):
        return None
    ours = status_of(history.order, held).value
    return Difference(aspect=Aspect.STATUS, ours=ours, theirs=str(claims.status))


def _average(history: History, row: StatementRow) -> tuple[Difference | None] | None:
    """The size-weighted price of what matched, to the digits that the venue prints.

    None when the row tells none or when we do not hold a price for all that matched.
    """
    theirs = row.average
    ours = None if theirs is None else average_price(history, theirs)
    if theirs is None or ours is None:
        return None
    printed = min(CENT, Decimal(1).scaleb(int(theirs.value.as_tuple().exponent)))
    if near(ours, theirs.value, printed):
        return (None,)
    return (_figure(Aspect.AVERAGE, ours.quantize(printed / 100), theirs.value),)


def average_price(history: History, like: Price) -> Decimal | None:
    """Our average price of all that matched, in the format of `like`; None when it is not known.

    American odds do not average: they jump from -100 to +100.
    """
    order = history.order
    if order.inferred or order.busts or order.corrections or not order.real:
        return None
    if like.format is PriceFormat.AMERICAN:
        return None
    total = ZERO
    for fill in order.fills.values():
        if fill.price is None or fill.price.format is not like.format:
            return None
        total += fill.size * fill.price.value
    return total / order.real


def _figure(aspect: Aspect, ours: Decimal, theirs: Decimal) -> Difference:
    return Difference(
        aspect=aspect, ours=plain(ours), theirs=plain(theirs), difference=plain(theirs - ours)
    )


def judged(
    stream: UUID,
    events: Sequence[Recorded],
    row: StatementRow,
    moment: datetime,
    limits: Tolerances,
) -> Compared:
    """A row held against our order as it was at `moment`, or told to be of a time before it.

    A row that the venue itself dates before the newest that it told us, and that agrees with what
    we held then, is old and nothing else (STR-04). One that differs while we know of something
    newer than the whole statement says so beside what differs.
    """
    history = known_by(stream, events, moment)
    if history is None:
        return Compared(frozenset(), (_earlier(stream, events),))
    result = compared(history, row, limits)
    told = result.told | {(Aspect.OLD, None)}
    if not result.differences:
        return Compared(told, ())
    newest = newest_of_venue(history.events)
    if newest is not None and row.updated_at is not None and row.updated_at < newest.by:
        earlier = known_by(stream, events, row.updated_at)
        if earlier is not None and not compared(earlier, row, limits).differences:
            return Compared(told, (_old(result, newest),))
    later = newest_of_venue(events)
    if later is not None and later.by > moment:
        return Compared(told, (*result.differences, _old(result, later)))
    return Compared(told, result.differences)


def _earlier(stream: UUID, events: Sequence[Recorded]) -> Difference:
    """The row is of a time before our first fact about the order."""
    first = min(events, key=lambda entry: (entry.by, entry.position))
    return Difference(
        aspect=Aspect.EARLIER,
        order=stream,
        ours=f"{first.by:%Y-%m-%dT%H:%M:%SZ}",
        witness=(first.position,),
    )


def _old(result: Compared, newest: Recorded) -> Difference:
    first = result.differences[0]
    return replace(
        first,
        aspect=Aspect.OLD,
        figure=first.figure or first.aspect.value,
        witness=(*first.witness, newest.position),
    )


def newest_of_venue(events: Sequence[Recorded]) -> Recorded | None:
    """The newest fact by the venue's telling; what we did ourselves proves nothing of its list."""
    told = [entry for entry in events if not isinstance(entry.event, OURS)]
    return max(told, key=lambda entry: (entry.by, entry.position), default=None)
