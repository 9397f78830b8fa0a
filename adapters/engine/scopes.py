"""Which live orders a wide cancel touches: its market or reference, and what narrows it further."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from domain.ports import LiveOrder, OpenOrders
from domain.requests import Scope, ScopeKind
from domain.values import Account, Side

_SIDES = frozenset(Side)


def _side(order: LiveOrder, value: str) -> bool:
    """`side` is BUY or SELL at one venue and the side of the bet at another."""
    if value.upper() in _SIDES:
        return order.side == value.upper()
    return value in (order.selection or "").split(":")


_NARROWED: Mapping[str, Callable[[LiveOrder, str], bool]] = {
    "side": _side,
    "outcome": lambda order, value: order.selection == value,
    "type": lambda order, value: (order.selection or "").split(":")[0] == value,
    "gameID": lambda order, value: order.market == value,
}
"""What a narrowing says of an order. One that is not listed does not narrow here: the request is
then taken to touch more orders than the venue will, and each stays open until its own evidence."""


def in_scope(open_orders: OpenOrders, owner: Account, scope: Scope) -> Sequence[UUID]:
    """The live orders of `owner` that `scope` touches. A scope without its value touches none."""
    values = list(scope.values)
    key = None if scope.kind is ScopeKind.ALL else (values.pop(0) if values else None)
    if scope.kind is not ScopeKind.ALL and (key is None or "=" in key):
        return ()
    market = key if scope.kind is ScopeKind.MARKET else None
    user_ref = key if scope.kind is ScopeKind.USER_REF else None
    found = open_orders.live(owner, market=market, user_ref=user_ref)
    narrowings = [value.partition("=")[::2] for value in values]
    return [
        order.stream
        for order in found
        if all(_NARROWED[name](order, value) for name, value in narrowings if name in _NARROWED)
    ]
