"""Cancel at a venue: what it would touch, the intent stored, the calls sent, the books asked.

A scope that the venue has words for is sent as it was declared; any other is spelled out, order by
order, from our own books. Nothing is ever sent that is wider than what was declared.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from adapters.bootstrap import App
from adapters.clients.client import NoSocket, Told
from adapters.clients.port import Ask, CannotSay, Capabilities, Codec
from adapters.live import new_capture, recorder_of
from adapters.recording.lines import Intent
from adapters.speaking import Line
from domain.ids import cancel_stream
from domain.requests import ScopeKind
from domain.risk import at_risk
from domain.values import ZERO, Account, Price, PriceFormat, Side
from projections import queries
from projections.queries import Only

__all__ = ["CAPTURES", "Ask", "CannotSay", "Intent", "NoSocket", "Plan", "ScopeKind", "Told"]

CAPTURES = "client"
"""How the captures of what we say to venues begin."""
Record = Mapping[str, Any]
PLAN_FIELDS = (
    "order_key",
    "venue_order_id",
    "client_order_id",
    "user_ref",
    "market",
    "side",
    "price",
    "size",
    "matched",
    "remaining",
    "remaining_max",
    "at_risk",
    "currency",
    "status",
)


class Ambiguous(ValueError):
    """A name leads to several orders: which is meant is for whoever asked to say."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a cancel would say and touch.

    `unknown` are names that no order of ours has: they are sent as they are, or not at all where
    the venue has no words for them (`unsaid`, with the orders that it knows by no name).
    """

    owner: Account
    asks: tuple[Ask, ...]
    orders: tuple[Record, ...]
    unknown: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()


def plan_of(app: App, owner: Account, codec: Codec, wanted: Ask) -> Plan:
    """What cancelling `wanted` would touch, by our books, and how it is said to the venue."""
    kind, values = wanted.kind, tuple(dict.fromkeys(wanted.values))
    native = kind in codec.capabilities.scopes
    if kind is ScopeKind.ORDERS:
        return _named(app, owner, codec.capabilities, values)
    orders = _in_scope(app, owner, kind, values)
    held = {order[_COLUMN[kind]] for order in orders} if kind in _COLUMN else set(values)
    unknown = tuple(value for value in values if value not in held)
    if native:
        return Plan(owner, (Ask(kind, values),), orders, unknown)
    asks, unsaid = _spelled_out(orders, codec.capabilities)
    return Plan(owner, asks, orders, unknown, (*unsaid, *unknown))


_COLUMN: Mapping[ScopeKind, str] = {
    ScopeKind.REFERENCES: "client_order_id",
    ScopeKind.USER_REF: "user_ref",
    ScopeKind.MARKET: "market",
}


def _named(app: App, owner: Account, can: Capabilities, values: Sequence[str]) -> Plan:
    found: dict[str, Record] = {}
    unknown: list[str] = []
    for value in values:
        order = _order_named(app, owner, value)
        if order is None:
            unknown.append(value)
        else:
            found[order["order_key"]] = _told(order)
    asks, unsaid = _spelled_out(found.values(), can)
    if unknown:  # the venue may know what we do not
        asks = _joined(asks, Ask(ScopeKind.ORDERS, tuple(unknown)))
    return Plan(owner, asks, tuple(found.values()), tuple(unknown), tuple(unsaid))


def _joined(asks: Sequence[Ask], more: Ask) -> tuple[Ask, ...]:
    """One list of ids, so that they share their calls."""
    same = [ask for ask in asks if ask.kind is more.kind]
    values = tuple(value for ask in (*same, more) for value in ask.values)
    return (*(ask for ask in asks if ask.kind is not more.kind), Ask(more.kind, values))


def _order_named(app: App, owner: Account, name: str) -> Record | None:
    only = Only(owner.venue, owner.account)
    with app.reading() as connection:
        found = queries.find_orders(connection, name, only)
        if not found:
            keys = dict.fromkeys(str(stream) for stream in app.streams_called(name))
            found = [row for key in keys for row in queries.find_orders(connection, key, only)]
    if len(found) > 1:
        all_of_them = ", ".join(str(order["order_key"]) for order in found)
        raise Ambiguous(
            f"{len(found)} orders are called {name!r}: {all_of_them}; name one by its key"
        )
    return found[0] if found else None


def _in_scope(
    app: App, owner: Account, kind: ScopeKind, values: Sequence[str]
) -> tuple[Record, ...]:
    """The orders of ours that may be live and are in the scope."""
    with app.reading() as connection:
        held = queries.order_list(connection, Only(owner.venue, owner.account), open_only=True)
        return tuple(
            _told(order)
            for order in held
            if kind is ScopeKind.ALL or order[_COLUMN[kind]] in values
        )


def _spelled_out(orders: Iterable[Record], can: Capabilities) -> tuple[tuple[Ask, ...], list[str]]:
    """These orders one by one, by the names that the venue takes; and those it has none for."""
    ids: list[str] = []
    references: list[str] = []
    unsaid: list[str] = []
    for order in orders:
        if order["venue_order_id"] is not None:
            ids.append(order["venue_order_id"])
        elif order["client_order_id"] is not None and ScopeKind.REFERENCES in can.scopes:
            references.append(order["client_order_id"])
        else:
            unsaid.append(str(order["order_key"]))
    kinds = ((ScopeKind.ORDERS, ids), (ScopeKind.REFERENCES, references))
    return tuple(Ask(kind, tuple(names)) for kind, names in kinds if names), unsaid


def _told(order: Record) -> Record:
    price = order["price"]
    worth = None if price is None else Price(price, PriceFormat(order["price_format"]))
    side = None if order["side"] is None else Side(order["side"])
    risk = at_risk(order["remaining_max"], side, worth)
    return {name: risk if name == "at_risk" else order[name] for name in PLAN_FIELDS}


def money(orders: Iterable[Record]) -> dict[str, Decimal]:
    """What may be lost with these orders, per currency."""
    sums: dict[str, Decimal] = {}
    for order in orders:
        if order["at_risk"] is not None:
            currency = order["currency"] or "no currency told"
            sums[currency] = sums.get(currency, ZERO) + order["at_risk"]
    return sums


def carried_out(
    app: App, line: Line, plan: Plan, intent: Intent, heard: Callable[[Told], None]
) -> tuple[Sequence[Told], Sequence[str]]:
    """Send the plan; how each call ended, and the ids of the cancel requests that it made."""
    for ask in plan.asks:
        line.codec.cancels(ask)  # what cannot be said is found out before anything is
    with recorder_of(app) as recorder:
        session = recorder.session(plan.owner, new_capture(plan.owner, CAPTURES))

        async def sent() -> Sequence[Told]:
            async with line.client(session) as client:
                return await client.cancel(plan.asks, intent, heard)

        told = asyncio.run(sent())
    lines = range(1, session.seq + 1)
    ids = [str(cancel_stream(plan.owner, session.capture, seq)) for seq in lines]
    return told, ids
