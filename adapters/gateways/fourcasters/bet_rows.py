"""Orders and bets as 4casters' lists print them over REST: money there is text with two digits."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from adapters.gateways.fourcasters.gradings import Graded
from adapters.gateways.fourcasters.ids import order_id, wager_id
from adapters.gateways.fourcasters.market import Market, offered
from adapters.gateways.fourcasters.picks import (
    CENT,
    MONEYLINE,
    OPPOSITE,
    SPREAD,
    TOTAL,
    pick_of,
    win,
)
from adapters.gateways.fourcasters.rows import LEAGUE, SPORT, Row, time
from adapters.paper.book import Fill, Order
from domain.values import ZERO


def money(amount: Decimal) -> str:
    """Two decimal places, as text."""
    return str(amount.quantize(CENT, ROUND_HALF_EVEN))


def open_row(market: Market, order: Order) -> Row:
    """An open order. `remaining` is what is still to be *won*: this page alone says so."""
    filled = market.filled(order)
    expires_at = order.terms.expires_at
    return {
        "id": order_id(order.order_id),
        "txID": None,
        **_terms(market, order),
        "bet": order.size,
        "odds": order.price.value,
        "filled": filled,
        "offered": offered(order),
        "remaining": win(order.remaining, order.price),
        "takenRatio": _ratio(filled, offered(order)),
        "expiry": None if expires_at is None else time(expires_at),
        "createdAt": time(order.placed_at),
        "origin": "offer",
        "graded": False,
        "closed": False,
        "adminRefund": False,
    }


def matched_row(market: Market, order: Order, fill: Fill) -> Row:
    """A bet that was matched. `id` is the order that rested, which for a taker is the other's."""
    hit = market.hit(fill)
    return {
        "id": order_id(order.order_id if hit is None else hit.order),
        "txID": market.tx(fill),
        "origin": "offer" if hit is None else "wager",
        **_terms(market, order),
        "bet": fill.size,
        "odds": fill.price.value,
        "risk": money(fill.size),
        "win": money(win(fill.size, fill.price)),
        "matchedTime": time(fill.at),
        "platform": "api",
        "graded": False,
        "adminRefund": fill.voided,
    }


def graded_row(market: Market, graded: Graded) -> Row:
    """A bet that was graded. There is no commission on paper, so the fee is nothing."""
    result = graded.result
    return {
        **matched_row(market, graded.order, graded.fill),
        "graded": True,
        "closed": False,
        "fee": money(ZERO),
        "outcome": graded.outcome,
        "settledAt": time(graded.at),
        "ticketNumber": str(graded.fill.fill_id),
        **({} if result is None else {"result": money(result)}),
    }


def looked_up_row(market: Market, order: Order) -> Row:
    """One order as `lookupOrder` shows it: `OU` is the opposite of the order's own side."""
    pick = pick_of(order)
    on_total = pick.type == TOTAL
    return {
        "id": order_id(order.order_id),
        "cancelled": order.closed is not None,
        "isTheBestOffer": False,
        "odds": order.price.value,
        "type": pick.type,
        "OU": OPPOSITE.get(pick.side) if on_total else None,
        "participant": None if on_total else pick.side,
        "participantLongName": None if on_total else pick.side,
        "spread": pick.number if pick.type == SPREAD else None,
        "total": pick.number if on_total else None,
        "matchedRisk": money(market.filled(order)),
        "unmatchedRisk": money(order.remaining),
        "game": _game(market, order),
    }


def _terms(market: Market, order: Order) -> Row:
    pick = pick_of(order)
    on_participants = pick.type in {MONEYLINE, SPREAD}
    row: Row = {
        "wagerRequestID": wager_id(order.order_id),
        "type": pick.type,
        "side": pick.side,
        "participantID": pick.side if on_participants else None,
        "otherParticipantID": None,
        "spread": pick.number if pick.type == SPREAD else None,
        "total": pick.number if pick.type == TOTAL else None,
        "userReference": order.terms.user_ref,
        "game": _game(market, order),
    }
    if pick.type == TOTAL:
        row["OU"] = pick.side
    return row if pick.market is None else {**row, "market": pick.market}


def _game(market: Market, order: Order) -> Mapping[str, Any]:
    game = order.terms.market
    start = time(market.start(order.account, game))
    return {"id": game, "league": LEAGUE, "sport": SPORT, "start": start}


def _ratio(part: Decimal, whole: Decimal) -> Decimal:
    return (part / whole).quantize(Decimal("0.0001"), ROUND_HALF_EVEN) if whole else ZERO
