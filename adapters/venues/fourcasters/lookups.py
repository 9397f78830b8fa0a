"""The reads that tell of orders, by path: open orders, one order, graded bets, all three."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.venues.fourcasters.graded import graded
from adapters.venues.fourcasters.reads import looked_up, open_orders
from domain.messages import Message
from domain.values import Account

Reading = Callable[[Account, object], list[Message]]


def _buckets(owner: Account, body: object) -> list[Message]:
    """Open orders and graded bets side by side; matched bets name no order that is not there."""
    return [*open_orders(owner, body), *graded(owner, body)]


READS: Mapping[str, Reading] = {
    "/user/getUnmatched": open_orders,
    "/user/getOrdersForGame": _buckets,
    "/user/getBetByUserReference": _buckets,
    "/user/getBetByWagerRequestID": _buckets,
    "/user/getGradedWagers": graded,
    "/user/v2/getGraded": graded,
    "/user/v2/getGradedSince": graded,
    "/session/lookupOrder": looked_up,
}
"""The reads that tell the state of orders, by path."""
