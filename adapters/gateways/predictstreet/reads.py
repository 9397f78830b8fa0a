"""PredictStreet's reads: open orders, history, one order, its matches, the wallet's matches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.predictstreet import told
from adapters.gateways.predictstreet.asked import EXPIRY_MAX
from adapters.gateways.predictstreet.calling import Need
from adapters.gateways.predictstreet.pages import page_of
from adapters.gateways.predictstreet.refusals import NOT_FOUND, Declined
from adapters.gateways.predictstreet.rows import (
    Row,
    number_of,
    order_row,
    shown_open,
    side_of,
    status_of,
    trade_row,
)
from adapters.gateways.predictstreet.venue import Venue, answers
from adapters.paper.book import Order

OPEN_MAX, HISTORY_MAX, TRADES_MAX = 500, 200, 200
Market = Annotated[str | None, Query(alias="marketId")]
AnySide = Annotated[str | None, Query(pattern=r"^([bB][uU][yY]|[sS][eE][lL][lL])$")]
Outcome = Annotated[int | None, Query(ge=0, le=EXPIRY_MAX)]
Type = Annotated[
    str | None, Query(pattern=r"^([lL][iI][mM][iI][tT]|[mM][aA][rR][kK][eE][tT])$", alias="type")
]
Status = Literal[
    "PENDING",
    "OPEN",
    "PARTIAL",
    "FILLED",
    "CANCELLED",
    "REJECTED",
    "EXPIRED",
    "SETTLEMENT_FAILED",
    "CANCELLED_BY_RESOLVE",
]
Page = Annotated[int, Query(ge=1, description="More than the most that a page has is cut to that.")]


def add_reads(routes: APIRouter, venue: Venue) -> None:
    """Serve the order reads and `GET /api/me/trades`."""
    _add_lists(routes, venue)
    _add_one(routes, venue)
    _add_trades(routes, venue)


def _add_lists(routes: APIRouter, venue: Venue) -> None:
    reads_open = Depends(venue.caller(Need(Scope.READ, "open")))
    reads_history = Depends(venue.caller(Need(Scope.READ, "history")))

    @routes.get(
        "/api/orders/open",
        summary="List open orders",
        operation_id="ps_open",
        **answers(told.PsOrders),
    )
    async def list_open(  # noqa: PLR0913, PLR0917 - the documented query
        client: Client = reads_open,
        market: Market = None,
        side: AnySide = None,
        outcome: Outcome = None,
        kind: Type = None,
        limit: Page = OPEN_MAX,
        cursor: str | None = None,
    ) -> Response:
        """Orders that are not over, newest first; a partial match is shown as OPEN."""
        live = venue.frame.book.live(client.owner.account)
        orders = _meant(live, market, side, outcome, kind)
        answer = _page(client, orders, cursor, min(limit, OPEN_MAX))
        for row in answer["orders"]:
            row["status"] = shown_open(row["status"])
        return Exact(answer)

    @routes.get(
        "/api/orders/history",
        summary="Order history",
        operation_id="ps_history",
        **answers(told.PsOrders),
    )
    async def history(  # noqa: PLR0913, PLR0917 - the documented query
        client: Client = reads_history,
        market: Market = None,
        side: AnySide = None,
        outcome: Outcome = None,
        kind: Type = None,
        status: Annotated[Status | None, Query()] = None,
        since: Annotated[datetime | None, Query(alias="from")] = None,
        until: Annotated[datetime | None, Query(alias="to")] = None,
        limit: Annotated[Page, Query()] = 100,
        cursor: str | None = None,
    ) -> Response:
        """Every order of the wallet, newest first, as it stands."""
        found = (
            order
            for order in venue.frame.book.orders(client.owner.account)
            if (status is None or status_of(order) == status)
            and (since is None or order.placed_at >= _aware(since))
            and (until is None or order.placed_at <= _aware(until))
        )
        orders = _meant(found, market, side, outcome, kind)
        return Exact(_page(client, orders, cursor, min(limit, HISTORY_MAX)))


def _add_one(routes: APIRouter, venue: Venue) -> None:
    reads_one = Depends(venue.caller(Need(Scope.READ, "detail")))
    reads_fills = Depends(venue.caller(Need(Scope.READ, "fills")))

    @routes.get(
        "/api/orders/{order_id}",
        summary="Order detail",
        operation_id="ps_order",
        **answers(told.PsOrder, absent=True),
    )
    async def detail(order_id: str, client: Client = reads_one) -> Response:
        """One order of the wallet."""
        return Exact(order_row(_found(venue, client, order_id)))

    @routes.get(
        "/api/orders/{order_id}/fills",
        summary="Fills for a specific order",
        operation_id="ps_fills",
        **answers(told.PsFills, absent=True),
    )
    async def fills(order_id: str, client: Client = reads_fills) -> Response:
        """The matches of one order, oldest first."""
        order = _found(venue, client, order_id)
        now = venue.frame.clock()
        rows = [trade_row(order, fill, now, venue.settling) for fill in order.fills]
        return Exact({"orderId": order_id, "trades": rows})


def _add_trades(routes: APIRouter, venue: Venue) -> None:
    reads_trades = Depends(venue.caller(Need(Scope.READ, "trades")))

    @routes.get(
        "/api/me/trades",
        summary="Own trades",
        operation_id="ps_trades",
        **answers(told.PsTrades),
    )
    async def trades(
        client: Client = reads_trades,
        limit: Page = 50,
        cursor: str | None = None,
        before: datetime | None = None,
    ) -> Response:
        """The wallet's matches, newest first. `before` is the old way: ties are left out."""
        now = venue.frame.clock()
        wallet = client.owner.account
        numbered = sorted(
            (
                (fill.fill_id, (order, fill))
                for order in venue.frame.book.orders(wallet)
                for fill in order.fills
                if cursor is not None or before is None or fill.at < _aware(before)
            ),
            key=lambda found: -found[0],
        )
        page, after = page_of("trades", numbered, cursor, min(limit, TRADES_MAX))
        rows = [trade_row(order, fill, now, venue.settling) for order, fill in page]
        return Exact({"walletAddress": wallet, "trades": rows, "nextCursor": after})


def _meant(
    orders: Iterable[Order],
    market: str | None,
    side: str | None,
    outcome: int | None,
    kind: str | None,
) -> list[tuple[int, Order]]:
    """The orders that every filter leaves, newest first."""
    found = [
        (order.order_id, order)
        for order in orders
        if (market is None or order.terms.market == market)
        and (side is None or side_of(order) == side.lower())
        and (outcome is None or order.terms.selection == str(outcome))
        and (kind is None or order.terms.extra.get("type", "limit") == kind.lower())
    ]
    return found[::-1]


def _page(
    client: Client, orders: Iterable[tuple[int, Order]], cursor: str | None, limit: int
) -> Row:
    page, after = page_of("orders", orders, cursor, limit)
    return {
        "walletAddress": client.owner.account,
        "orders": [order_row(order) for order in page],
        "nextCursor": after,
    }


def _found(venue: Venue, client: Client, order_id: str) -> Order:
    order = venue.frame.book.find(client.owner.account, number_of(order_id))
    if order is None:
        raise Declined(NOT_FOUND, "not_found", "order not found")
    return order


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
