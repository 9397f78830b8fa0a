"""The fold of settlements: money, which moves no size unless the bet is void."""

from __future__ import annotations

from domain import events as e
from domain.evolve_fills import resummed
from domain.folding import Changes
from domain.order import Bust, Order, changed


def settled(order: Order, event: e.Settled | e.SettlementRevised) -> Order:
    """The last settlement of a match counts.

    Void, it takes the match back; void no longer, it lets it stand again.
    """
    fill_id, settlement = event.fill_id, event.settlement
    changes: Changes = {"settled": {**order.settled, fill_id: settlement}}
    if fill_id is None:
        return changed(order, **changes)
    void = settlement.result is e.Result.VOID
    if void and fill_id not in order.busts:
        busts = {**order.busts, fill_id: Bust(None, returns=False)}
        changes["voided_by_settlement"] = order.voided_by_settlement | {fill_id}
        changes.update(resummed(order, busts=busts))
    elif not void and fill_id in order.voided_by_settlement:
        busts = {key: bust for key, bust in order.busts.items() if key != fill_id}
        changes["voided_by_settlement"] = order.voided_by_settlement - {fill_id}
        changes.update(resummed(order, busts=busts))
    return changed(order, **changes)
