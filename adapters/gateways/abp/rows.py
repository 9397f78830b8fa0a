"""An order of the books as ABP prints it: enriched on REST, the raw row on the socket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from adapters.gateways.exact import Plain, plain_number, plain_numbers
from adapters.paper.book import Fill, Kind, Order
from domain.values import Side

Row = dict[str, Any]
_ENDED: Mapping[Kind, str] = {
    Kind.CANCELLED: "CANCELLED",
    Kind.EXPIRED: "EXPIRED",
    Kind.LAPSED: "EXPIRED",
    Kind.VOIDED: "CANCELLED",
}
BOOKMAKER = "paper"
PER_USD: Mapping[str, int | Decimal] = {
    "USD": 1,
    "EUR": Decimal("0.848"),
    "GBP": Decimal("0.73"),
}
"""The rates of the venue's own examples; of other currencies nothing is told."""


def status_of(order: Order) -> str:
    """The venue's word for how the order stands."""
    if order.closed is not None:
        return _ENDED[order.closed]
    if not order.is_live:
        return "FILLED"
    return "PARTIALLY_FILLED" if order.matched else "PENDING"


def time(moment: datetime) -> str:
    """ISO 8601 with its offset, as the venue prints times."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}+00:00"


_told_again = lru_cache(maxsize=8192)(time)
"""The times that do not change are told at every turn of an order's life."""


def terms_row(order: Order) -> Row:
    """What both printings share."""
    terms = order.terms
    extra = terms.extra
    return {
        "orderId": order.order_id,
        "requestUuid": terms.client_ref,
        "allowedBookmakers": extra.get("bookmakers") or "*",
        "fixtureId": terms.market,
        "outcomeId": int(terms.selection),
        "playerId": extra.get("playerId", 0),
        "orderPrice": plain_number(order.price.value),
        "orderStake": plain_number(order.size),
        "filledStake": plain_number(order.matched),
        "userRef": terms.user_ref,
        "testOrder": extra.get("testOrder", False),
        "orderCurrency": extra.get("orderCurrency", "USD"),
        "back": terms.side is Side.BUY,
        "expiresAt": None if terms.expires_at is None else _told_again(terms.expires_at),
        "acceptBetterOdds": extra.get("acceptBetterOdds", True),
        "acceptPartialStake": extra.get("acceptPartialStake", True),
        "clientName": order.account,
        "orderStatus": status_of(order),
        "createdAt": _told_again(order.placed_at),
        "updatedAt": time(order.updated_at),
        "meta": plain_numbers(extra.get("meta")),
    }


def order_row(order: Order) -> Row:
    """The enriched order of the REST answers."""
    row = terms_row(order)
    currency = row["orderCurrency"]
    row |= {
        "bets": [plain_numbers(bet_row(order, fill)) for fill in order.fills],
        "fixtureInfo": {
            "fixtureId": order.terms.market,
            "status": {"live": False, "statusId": 0, "statusName": "Pre-Game"},
        },
        "outcomeInfo": {"outcomeId": row["outcomeId"]},
        "playerInfo": None,
        "currencyInfo": {
            "currency": currency,
            "currencyValue": PER_USD.get(currency),
            "updatedAt": row["createdAt"],
        },
    }
    return Plain(row)


def feed_row(order: Order) -> Row:
    """The raw row of the `orders` channel: what remains, and no bets."""
    return {
        **terms_row(order),
        "client": order.account,
        "remainingStake": order.remaining,
        "statusReason": None,
        "oddsInfo": None,
        "filledAt": time(order.fills[-1].at) if order.fills and not order.is_live else None,
        "meta": order.terms.extra.get("meta") or {},
    }


def bet_row(order: Order, fill: Fill) -> Row:
    """One match as a bet at a bookmaker."""
    return {
        "betId": fill.fill_id,
        "orderId": order.order_id,
        "bookmaker": BOOKMAKER,
        "bookmakerBetId": str(fill.match_id),
        "placedPrice": fill.price.value,
        "placedStake": fill.size,
        "placedCurrency": order.terms.extra.get("orderCurrency", "USD"),
        "placedAt": time(fill.at),
        "betStatus": "VOID" if fill.voided else "CONFIRMED",
        "settlementStatus": order.result or "UNSETTLED",
        "clientName": order.account,
        "testBet": order.terms.extra.get("testOrder", False),
        "userRef": order.terms.user_ref,
        "requestUuid": order.terms.client_ref,
        "declineReason": None,
    }
