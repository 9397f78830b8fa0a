"""What the user feed tells of a change of the books, and which channels there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from adapters.gateways.predictstreet.rows import (
    Row,
    digest,
    epoch_ms,
    order_id_of,
    order_row,
    side_of,
    trade_id_of,
)
from adapters.paper.book import Change, Fill, Kind, Order
from domain.values import plain

WALLETS_OWN = frozenset({"user_orders", "user_fills"})
"""Channels of the wallet: they take no ids."""
VAULTS = "vault_positions"
OF_THE_MARKET = frozenset(
    {
        "token_trade_matches",
        "token_trade_settlements",
        "token_book",
        "token_ohlc",
        "condition_lifecycle",
        "system",
    }
)
"""Channels of the other gateway."""


def news(change: Change) -> Iterator[tuple[str, str, Row]]:
    """Channel, type and data of each message.

    There is none for an order that was matched to its end, expired or was taken off by a resolved
    market: the documents have none, and clients read the lists for these.
    """
    order = change.order
    match change.kind:
        case Kind.PLACED:
            yield "user_orders", "order_placed", _order(order)
        case Kind.CANCELLED:
            yield "user_orders", "order_cancelled", _order(order)
        case Kind.MATCHED if change.fill is not None:
            yield "user_fills", "user_fill", _fill(order, change.fill)
        case _:
            pass


def _order(order: Order) -> Row:
    """The "exchange payload", of which only the ids are documented: the order as it stands."""
    row = order_row(order)
    told = {
        "orderId": row.pop("id"),
        "walletAddress": row.pop("userWallet"),
        **row,
        "tsMs": epoch_ms(order.updated_at),
    }
    return _known(told)


def _fill(order: Order, fill: Fill) -> Row:
    market, outcome = order.terms.market, order.terms.selection
    return _known(
        {
            "walletAddress": order.account,
            "side": side_of(order),
            "tradeId": trade_id_of(fill),
            "orderId": order_id_of(order),
            "clientOrderId": order.terms.client_ref,
            "tokenId": str(int(digest("token", market, outcome), 16)),
            "conditionId": digest("condition", market),
            "outcomeIndex": int(outcome),
            "price": plain(fill.price.value),
            "quantity": plain(fill.size),
            "source": "matcher",
            "tsMs": epoch_ms(fill.at),
        }
    )


def _known(told: Row) -> Row:
    """Without the client's id where it gave none."""
    return {
        name: value
        for name, value in told.items()
        if not (name == "clientOrderId" and value is None)
    }


def enveloped(kind: str, sid: int, channel: str, data: Row, now: datetime) -> Row:
    """A message of a subscription."""
    return {"type": kind, "sid": sid, "channel": channel, "serverTs": epoch_ms(now), "data": data}
