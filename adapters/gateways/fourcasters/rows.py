"""Orders and matches as 4casters prints them on the socket, on the feed and in a place's answer.

`offered` and `filled` are of the order as it rests: what it took when it came is in neither.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from adapters.gateways.fourcasters.asked import POST_ARB
from adapters.gateways.fourcasters.ids import order_id, wager_id
from adapters.gateways.fourcasters.market import Market, came_here, offered
from adapters.gateways.fourcasters.picks import pick_of, win
from adapters.paper.book import Change, Fill, Kind, Order
from domain.values import ZERO

Row = dict[str, Any]
LEAGUE, SPORT = "PAPER", "paper"
ENDED = frozenset({Kind.CANCELLED, Kind.EXPIRED, Kind.LAPSED, Kind.VOIDED})


def time(moment: datetime) -> str:
    """ISO 8601, UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def placed_entry(market: Market, order: Order) -> Row:
    """One order in the answer to a place: what it matched at once, and what rests."""
    taken = [fill for fill in order.fills if market.hit(fill) is not None]
    return {
        "matched": [_taken(market, order, fill) for fill in taken],
        "unmatched": _rest(order) if order.is_live else {},
    }


def _taken(market: Market, order: Order, fill: Fill) -> Row:
    """A match of one that came: `orderID` is the counterparty's. There is no commission here."""
    gross = win(fill.size, fill.price)
    return {
        "txID": market.tx(fill),
        "orderID": _hit_or_own(market, order, fill),
        "wagerRequestID": wager_id(order.order_id),
        "amount": fill.size,
        "risk": fill.size,
        "win": gross,
        "winWithoutCommission": gross,
        "odds": fill.price.value,
        **_pick(order),
        "userReference": order.terms.user_ref,
    }


def _rest(order: Order) -> Row:
    return {
        "orderID": order_id(order.order_id),
        "wagerRequestID": wager_id(order.order_id),
        "offered": offered(order),
        "odds": order.price.value,
        **_pick(order),
        "userReference": order.terms.user_ref,
    }


def _pick(order: Order) -> Row:
    """`number` is null where there is none; `market` is told of a three-way money line only."""
    pick = pick_of(order)
    row: Row = {"type": pick.type, "number": pick.number, "side": pick.side}
    return row if pick.market is None else {**row, "market": pick.market}


def cancel_row(market: Market, order: Order, taken: Decimal) -> Row:
    """An order that was taken off, as the socket and an edit print it."""
    pick = pick_of(order)
    return {
        "success": True,
        "orderID": order_id(order.order_id),
        "odds": order.price.value,
        "filled": market.filled(order),
        "offered": ZERO,
        "remaining": taken,
        "side": pick.side,
        "number": pick.number,
        "gameID": order.terms.market,
        "userReference": order.terms.user_ref or "",
        "description": pick.description,
    }


def session_row(market: Market, order: Order, taken: Decimal) -> Row:
    """The same over REST, where an order is a session."""
    row = cancel_row(market, order, taken)
    names = "success", "description", "odds", "filled", "offered", "remaining", "gameID"
    session = {"sessionID": row["orderID"], "userReference": row["userReference"]}
    return {**{name: row[name] for name in names}, **session}


def feed_message(market: Market, change: Change, message_id: str) -> Row | None:
    """What the user feed tells of a change; None for what is documented nowhere."""
    order, fill = change.order, change.fill
    if not came_here(order):
        return None
    matched: Row | None = None
    unmatched: Row | None = None
    if change.kind is Kind.MATCHED and fill is not None:
        matched = _feed_match(market, order, fill)
        if market.hit(fill) is None:
            unmatched = _feed_rest(order, fill.size, offered(order), order.remaining)
    elif offered(order) == ZERO:
        return None  # it never rests: it has no id, and nothing of it is placed or cancelled
    elif change.kind is Kind.PLACED:
        unmatched = _feed_rest(order, ZERO, offered(order), offered(order))
    elif change.kind in ENDED:
        unmatched = _feed_rest(order, market.filled(order), ZERO, ZERO)
    else:
        return None
    return {
        "matched": matched,
        "unmatched": unmatched,
        "origin": "wager" if unmatched is None else "offer",
        **game_fields(market, order),
        "platform": "api",
        "createdAt": time(order.updated_at),
        "messageID": message_id,
    }


def game_fields(market: Market, order: Order) -> Row:
    """What is told of the game; there are no fixtures on paper."""
    game = order.terms.market
    return {
        "gameID": game,
        "parentGameID": None,
        "eventName": f"PAPER-{game}",
        "league": LEAGUE,
        "sport": SPORT,
        "live": False,
        "start": time(market.start(order.account, game)),
        "awayRotationNumber": "0",
    }


def _feed_match(market: Market, order: Order, fill: Fill) -> Row:
    return {
        "txID": market.tx(fill),
        "orderID": _hit_or_own(market, order, fill),
        "wagerRequestID": wager_id(order.order_id),
        "amount": fill.size,
        "risk": fill.size,
        "win": win(fill.size, fill.price),
        "odds": fill.price.value,
        **_feed_pick(order),
        "userReference": order.terms.user_ref,
    }


def _feed_rest(order: Order, filled: Decimal, whole: Decimal, remaining: Decimal) -> Row:
    return {
        "orderID": order_id(order.order_id),
        "wagerRequestID": wager_id(order.order_id),
        "filled": filled,
        "offered": whole,
        "remaining": remaining,
        "odds": order.price.value,
        **_feed_pick(order),
        **({} if order.terms.user_ref is None else {"userReference": order.terms.user_ref}),
    }


def _feed_pick(order: Order) -> Row:
    """On the feed what is not there is left out."""
    row = {name: value for name, value in _pick(order).items() if value is not None}
    return {**row, "isPostArb": True} if order.terms.extra["orderType"] == POST_ARB else row


def _hit_or_own(market: Market, order: Order, fill: Fill) -> str:
    hit = market.hit(fill)
    return order_id(order.order_id if hit is None else hit.order)
