"""ABP's lists of orders and of bets: descending keyset pages, always asked for by a filter.

There is no "list everything": an answer has the orders of a `userRef` or those named by id, so
only whoever asked knows whether that is all of the account (docs/venues/abp.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.listing import Cursor, Listing
from domain.statement import Lists
from domain.values import NameKind

_WHOSE = ("clientName",)
"""Every read has the orders of one client alone."""
_NO_MATCH = frozenset({404})
"""`GET /orders` refuses with 404 when no order fits the filter."""


def _pages(ask: str, key: str) -> Cursor:
    return Cursor(
        asks=(ask,), gives=("nextCursor",), more=("hasMore",), count=("count",), falling=key
    )


LISTINGS: Sequence[Listing] = (
    Listing(
        name="bets",
        path=r"(?:.*/)?bets",
        ask="/bets",
        lists=Lists.FILLS,
        rows=("bets",),
        marks=frozenset({"betId"}),
        key=(("betId",),),
        whole=None,
        whose=_WHOSE,
        bare=True,
        cursor=_pages("afterBetId", "betId"),
        asks_for=(("orderIds", NameKind.VENUE),),
        narrows=frozenset({"betIds"}),
        empty_on=_NO_MATCH,
    ),
    Listing(
        name="orders",
        path=r"(?:.*/)?orders",
        ask="/orders",
        lists=Lists.ORDERS,
        rows=("orders",),
        marks=frozenset({"orderId"}),
        key=(("orderId",),),
        whole=None,
        whose=_WHOSE,
        bare=True,
        cursor=_pages("afterOrderId", "orderId"),
        asks_for=(("orderIds", NameKind.VENUE), ("requestUuids", NameKind.CLIENT)),
        empty_on=_NO_MATCH,
        changed="updatedAt",
    ),
)
"""`GET /bets` and `GET /orders`; a row of bets names its order as well, so bets come first."""
