"""The fold of matches: recorded, implied by totals, confirmed, taken back and corrected."""

from __future__ import annotations

from domain import events as e
from domain.folding import Changes, remembered
from domain.matching import sums
from domain.order import Bust, Correction, Fill, Order, changed
from domain.values import ZERO


def filled(order: Order, event: e.Filled) -> Order:
    """Matched size counts once, in whatever state the order is.

    A match that only a total told of makes room for the record that comes later.
    """
    if event.inferred:
        return changed(order, inferred=order.inferred + event.size)
    provisional = event.provisional and event.fill_id not in order.confirmed
    fills = {**order.fills, event.fill_id: Fill(event.size, event.price, provisional)}
    changes: Changes
    if order.busts or order.corrections or event.fill_id in order.fills:
        changes = resummed(order, fills=fills)
    else:
        changes = {"fills": fills, "real": order.real + event.size}
    if order.inferred:
        changes["inferred"] = max(ZERO, order.inferred - event.size)
    if order.day_over and order.closure is None:
        changes["day_over"] = False  # good-till: it matches again, so another day has begun
    return changed(order, **changes)


def total_told(order: Order, event: e.TotalTold) -> Order:
    """The venue counts less than we do, or no longer does; nothing is taken back for it."""
    lower = event.total < order.real + order.inferred
    return changed(order, fell=event.total if lower else None)


def fill_confirmed(order: Order, event: e.FillConfirmed) -> Order:
    """A match is final, also one that is told of only later."""
    changes: Changes = {"confirmed": order.confirmed | {event.fill_id}}
    fill = order.fills.get(event.fill_id)
    if fill is not None:
        changes["fills"] = {**order.fills, event.fill_id: Fill(fill.size, fill.price)}
    return changed(order, **changes)


def fill_voided(order: Order, event: e.FillVoided) -> Order:
    """Parts that are taken back add up, until all of the match is."""
    before = order.busts.get(event.fill_id)
    size, returns = event.size, event.returns
    by_settlement = order.voided_by_settlement
    if event.fill_id in by_settlement:
        before, by_settlement = None, by_settlement - {event.fill_id}
    if before is not None:
        size = None if size is None or before.size is None else before.size + size
        returns = returns and before.returns
    busts = {**order.busts, event.fill_id: Bust(size, returns)}
    return changed(
        order,
        voided_by_settlement=by_settlement,
        **resummed(order, busts=busts),
        **remembered(order, event),
    )


def fill_corrected(order: Order, event: e.FillCorrected) -> Order:
    """The last correction of a match counts."""
    correction = Correction(event.correction_id, event.size, event.price)
    corrections = {**order.corrections, event.fill_id: correction}
    return changed(order, **resummed(order, corrections=corrections), **remembered(order, event))


def resummed(order: Order, **changes: object) -> Changes:
    """The changes to what is known of the matches, with what the matches sum to after them."""
    after = changed(order, **changes)
    real, out, taken = sums(after.fills, after.busts, after.corrections)
    return {**changes, "real": real, "out": out, "taken": taken}
