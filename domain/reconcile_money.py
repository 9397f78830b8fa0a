"""What the venue settled with against what our settlements come to."""

from __future__ import annotations

from decimal import Decimal

from domain.order import Order
from domain.reconcile_tolerances import Tolerances, near
from domain.runs import Aspect, Difference
from domain.statement import StatementRow
from domain.values import ZERO, plain

Found = tuple[tuple[Aspect, str | None], Difference | None]


def profit_told(order: Order, row: StatementRow, limits: Tolerances) -> Found | None:
    """The profit that a row tells, of the order or of the one match in it, against ours.

    None when the row tells none, or when nobody has told us what came of it: then there is
    nothing to compare.
    """
    if row.profit is None:
        return None
    ref = row.fills[0].fill_id if row.fills is not None and len(row.fills) == 1 else None
    ours = _ours(order, ref)
    if ours is None:
        return None
    if near(ours, row.profit, limits.money):
        return (Aspect.PROFIT, ref), None
    return (Aspect.PROFIT, ref), Difference(
        aspect=Aspect.PROFIT,
        ref=ref,
        ours=plain(ours),
        theirs=plain(row.profit),
        difference=plain(row.profit - ours),
    )


def _ours(order: Order, ref: str | None) -> Decimal | None:
    """What was settled of a match; of the order, as a whole or as the sum of all its matches."""
    settled = order.settled.get(ref)
    if settled is not None:
        return settled.profit
    if ref is not None or order.settled.keys() != order.fills.keys():
        return None
    parts = [part.profit for part in order.settled.values()]
    told = [part for part in parts if part is not None]
    return sum(told, ZERO) if told and len(told) == len(parts) else None
