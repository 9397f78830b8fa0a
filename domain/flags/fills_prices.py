"""Matches at another price than asked for: worse ones are breaks, better ones notes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from domain import events as e
from domain.flags.cancel_evidence import in_force
from domain.flags.claims_possible import prices
from domain.flags.claims_spans import places
from domain.flags.fills_worth import better_by, price_after
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.order import Order
from domain.recorded import Recorded
from domain.values import ZERO, Price, plain


def limit_price_violation(history: History, limits: Thresholds) -> Iterable[Flag]:
    """A match at a worse price than the order asked for (anomalies: FIL-09).

    Backed at lower odds, laid at higher ones; bought dearer, sold cheaper. Cleared when the match
    is taken back or corrected, or when the order is restated to a price that allows it.
    """
    for fill, price in _priced(history):
        asked = _asked(history, fill)
        if not asked or not all(_better(history, price, limit, limits) == -1 for limit in asked):
            continue
        entry = fill.recorded
        allowed = _allowed(history, fill, limits)
        best = history.states[fill.index].terms.price or asked[0]
        yield Flag(
            code="FIL-09",
            key=(fill.event.fill_id,),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, allowed),
            witness=places(_told_at(history, fill.index), entry),
            note=f"{plain(fill.event.size)} matched at {plain(price.value)}, worse than the "
            f"{plain(best.value)} that the order asks for.",
            ours=plain(best.value),
            theirs=plain(price.value),
            difference=plain(price.value - best.value),
        )


def price_improvement(history: History, limits: Thresholds) -> Iterable[Flag]:
    """Matches at a better price than the order asked for (anomalies: FIL-10).

    A note, one for each order.
    """
    found = [
        (fill, price)
        for fill, price in _priced(history)
        if (asked := _asked(history, fill))
        and all(_better(history, price, limit, limits) == 1 for limit in asked)
    ]
    if not found:
        return
    first, price = found[0]
    size = sum((fill.event.size for fill, _price in found), ZERO)
    limit = _asked(history, first)[0]
    yield Flag(
        code="FIL-10",
        key=(),
        opened_at=first.recorded.observed_at,
        witness=places(first.recorded, found[-1][0].recorded),
        note=f"{plain(size)} matched at better prices than asked, the first at "
        f"{plain(price.value)} instead of {plain(limit.value)}.",
        ours=plain(limit.value),
        theirs=plain(price.value),
        difference=plain(price.value - limit.value),
    )


def _priced(history: History) -> Iterable[tuple[At[e.Filled], Price]]:
    """The recorded matches at another price than the order's."""
    for fill in history.of(e.Filled):
        price, limit = fill.event.price, history.states[fill.index].terms.price
        if price is not None and price != limit and not fill.event.inferred:
            yield fill, price


def _better(history: History, price: Price, limit: Price, limits: Thresholds) -> int | None:
    side = history.order.terms.side
    return better_by(side, price, limit, venue=history.owner.venue, plain_odds=limits.plain_odds)


def _asked(history: History, fill: At[e.Filled]) -> list[Price]:
    """Every price that the order may have had when it matched.

    Its own by then, those of changes on their way, and those that a change told before the match
    replaced only after it.
    """
    found = set(prices(history, fill.index))
    for change in history.of(e.OrderRestated, e.Amended):
        if change.index < fill.index and change.recorded.at >= fill.recorded.at:
            before = history.before(change.index).terms.price
            found |= set() if before is None else {before}
    return sorted(found, key=_value)


def _value(price: Price) -> tuple[str, Decimal]:
    return price.format.value, price.value


def _told_at(history: History, index: int) -> Recorded | None:
    """What told the price that the order had at this event."""
    price = history.states[index].terms.price
    return history.first(0, lambda _i, order, _e: order.terms.price == price)


def _allowed(history: History, fill: At[e.Filled], limits: Thresholds) -> Recorded | None:
    """What made the match right: taken back, corrected, or within another price of the order."""

    def right(_index: int, order: Order, _entry: Recorded) -> bool:
        price, limit = price_after(order, fill.event.fill_id, fill.event.price), order.terms.price
        better = None if price is None or limit is None else _better(history, price, limit, limits)
        return better in {0, 1} or not in_force(fill, order)

    return history.first(fill.index + 1, right)


RULES = (
    OrderRule("FIL-09", frozenset({e.Filled}), limit_price_violation, since=2),
    OrderRule("FIL-10", frozenset({e.Filled}), price_improvement, since=2),
)
"""The rules about the prices of matches."""
