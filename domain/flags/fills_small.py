"""Small money: fees that no documented rate explains, and remainders too small to matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from domain import events as e
from domain.flags.cancel_evidence import says_over
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.order import Order
from domain.recorded import Recorded
from domain.values import ZERO, Price, PriceFormat, Side, plain

ATOM = Decimal("0.000001")
"""One unit of what PredictStreet counts in: its books and the chain's may differ by it."""

RATE_MAX = Decimal("0.1")
"""PredictStreet's fee rate is capped (`feeRateBps` 1000)."""


def _predictstreet(side: Side | None, price: Price, size: Decimal) -> Decimal | None:
    """`fee = k·P·(1-P)·quantity`, k capped; of a buyer it may be taken in tokens, at 1/P."""
    if price.format is not PriceFormat.PROBABILITY or not ZERO < price.value < 1:
        return None
    fee = RATE_MAX * price.value * (1 - price.value) * size
    return (fee if side is Side.SELL else fee / price.value) + ATOM


FEE_MAX: Mapping[str, Callable[[Side | None, Price, Decimal], Decimal | None]] = {
    "predictstreet": _predictstreet,
}
"""The most that each venue may charge for a match, by its own documents. The rate of an account
is told by no message, so that a fee within it cannot be held against anything."""


def fee_mismatch(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """A fee that the venue's own rule does not allow (anomalies: FIL-18).

    Above its documented cap, or below nothing. Cleared when the match is taken back.
    """
    most = FEE_MAX.get(history.owner.venue)
    if most is None:
        return
    for fill in history.of(e.Filled):
        fee, price = fill.event.fee, fill.event.price
        if fee is None or price is None:
            continue
        cap = most(history.order.terms.side, price, fill.event.size)
        if cap is None or ZERO <= fee <= cap:
            continue
        entry, fill_id = fill.recorded, fill.event.fill_id
        clear = history.first(fill.index, taken_back(fill_id))
        expected = f"between 0 and {plain(cap.quantize(ATOM))}"
        yield Flag(
            code="FIL-18",
            key=(fill_id,),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, clear),
            witness=places(entry),
            note=f"The fee of match {fill_id} is {plain(fee)}; by the venue's rule it is "
            f"{expected}.",
            ours=expected,
            theirs=plain(fee),
        )


def taken_back(fill_id: str) -> Callable[[int, Order, Recorded], bool]:
    """Whether, after an event, anything of this match was taken back."""
    return lambda _index, order, _entry: fill_id in order.busts


def dust_remainder(history: History, limits: Thresholds) -> Iterable[Flag]:
    """A match left so little of the order that it is rounding (anomalies: FIL-19).

    Cleared when the remainder is gone or more than dust again, or accepted: the venue says that
    nothing remains. NT DUST_SNAP_THRESHOLD.
    """
    number = 0
    since = -1
    for fill in history.of(e.Filled):
        if fill.index < since or not _dust(history, fill.index, limits):
            continue
        number += 1
        end = _swept(history, fill.index, limits)
        since = len(history.events) if end is None else end
        opened_at = fill.recorded.observed_at
        left = history.held(fill.index).remaining
        yield Flag(
            code="FIL-19",
            key=(str(number),),
            opened_at=opened_at,
            closed_at=closing(opened_at, None if end is None else history.events[end]),
            witness=(fill.position,),
            note=f"{plain(left)} is left of the order: no more than rounding leaves.",
            ours=plain(left),
        )


def _dust(history: History, index: int, limits: Thresholds) -> bool:
    """What remains after this event is more than nothing and no more than dust."""
    order = history.states[index]
    if order.size is None or order.closure is not None:
        return False
    if order.size - order.real - order.inferred > limits.dust_max + _off(order):
        return False  # nearly always, and at the price of two sums
    return ZERO < history.held(index).remaining <= limits.dust_max


def _off(order: Order) -> Decimal:
    return order.cancelled_part + order.lapsed_part + order.voided_part + order.out


def _swept(history: History, index: int, limits: Thresholds) -> int | None:
    """The event after which there is no dust, or with which the venue says that nothing remains."""
    over = {word.after for word in history.words if says_over(word.claims)}
    for later in range(index, len(history.events)):
        if later in over or not _dust(history, later, limits):
            return later
    return None


RULES = (
    OrderRule("FIL-18", frozenset({e.Filled}), fee_mismatch, since=2),
    OrderRule("FIL-19", frozenset({e.Filled}), dust_remainder, since=2),
)
"""The rules about small money."""
