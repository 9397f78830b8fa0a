"""PredictStreet's lists: open orders, history, and trades, each in pages by an opaque cursor."""

from __future__ import annotations

from collections.abc import Sequence

from domain.listing import Cursor, Listing
from domain.statement import Lists

_PAGES = Cursor(asks=("cursor",), gives=("nextCursor",))
_TRADES = Cursor(asks=("cursor", "before"), gives=("nextCursor",))
_PLACE = frozenset({"marketId", "side", "outcome", "type"})
_LIVE = frozenset({"OPEN", "PENDING", "PARTIAL"})
_ID = ("orderId", "id")
_TRADE = (("tradeId", "id"),)
_ORDER_MARKS = frozenset({"status", "quantity"})
_TRADE_MARKS = frozenset({"orderId", "quantity"})

_WHOSE = ("userWallet", "walletAddress")

LISTINGS: Sequence[Listing] = (
    Listing(
        name="fills of an order",
        whose=_WHOSE,
        path=r"(?:.*/)?orders/(?P<order>[^/]+)/fills",
        ask="/api/orders/-/fills",
        lists=Lists.FILLS,
        rows=("trades",),
        marks=_TRADE_MARKS,
        key=_TRADE,
        whole=False,
        needs=frozenset({"orderId"}),
    ),
    Listing(
        name="trades",
        whose=_WHOSE,
        path=r"(?:.*/)?me/(?:trades|fills)|(?:.*/)?partner/trades",
        ask="/api/me/trades",
        lists=Lists.FILLS,
        rows=("trades",),
        marks=_TRADE_MARKS,
        key=_TRADE,
        whole=True,
        bare=True,
        cursor=_TRADES,
        narrows=_PLACE | {"from", "to"},
        since="modifiedSince",
    ),
    Listing(
        name="open orders",
        whose=_WHOSE,
        path=r"(?:.*/)?orders/open",
        ask="/api/orders/open",
        lists=Lists.OPEN,
        rows=("orders",),
        marks=_ORDER_MARKS,
        key=(_ID,),
        whole=True,
        bare=True,
        states=_LIVE,
        cursor=_PAGES,
        narrows=_PLACE,
        changed="updatedAt",
    ),
    Listing(
        name="order history",
        whose=_WHOSE,
        path=r"(?:.*/)?orders/history",
        ask="/api/orders/history",
        lists=Lists.ORDERS,
        rows=("orders",),
        marks=_ORDER_MARKS,
        key=(_ID,),
        whole=True,
        bare=True,
        cursor=_PAGES,
        narrows=_PLACE | {"status", "from", "to"},
        again="older",
        live=_LIVE,
        changed="updatedAt",
    ),
    Listing(
        name="an order",
        whose=_WHOSE,
        path=r"(?:.*/)?orders/(?P<order>[^/]+)",
        ask="/api/orders/-",
        lists=Lists.ORDERS,
        rows=(),
        marks=_ORDER_MARKS | {"filledQty"},
        key=(_ID,),
        whole=False,
        changed="updatedAt",
    ),
)
"""Open orders and history have one shape; only history has orders that are over. A match names its
order as well, so matches come first."""
