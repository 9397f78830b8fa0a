"""ABP's reads: orders and bets by filters, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from starlette.exceptions import HTTPException

from adapters.gateways.abp import told
from adapters.gateways.abp.asked import INT_MAX
from adapters.gateways.abp.calling import ERRORS, caller, matching
from adapters.gateways.abp.rows import Row, bet_row, order_row
from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.frame import Frame


def add_reads(routes: APIRouter, frame: Frame) -> None:
    """Serve `GET /orders` and `GET /bets`."""
    reads = Depends(caller(frame, Scope.READ))

    @routes.get(
        "/orders",
        summary="Get orders",
        operation_id="get_orders",
        responses={200: {"model": told.GetOrdersResponse}, **ERRORS},
    )
    async def get_orders(  # noqa: PLR0913, PLR0917 - the documented query
        client: Client = reads,
        order_ids: Annotated[str | None, Query(alias="orderIds")] = None,
        request_uuids: Annotated[str | None, Query(alias="requestUuids")] = None,
        user_ref: Annotated[str | None, Query(alias="userRef")] = None,
        after: Annotated[int | None, Query(alias="afterOrderId", le=INT_MAX)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    ) -> Response:
        """Retrieve orders with keyset pagination; at least one filter must be provided."""
        ids, uuids = _ids(order_ids, "orderIds"), _uuids(request_uuids)
        if not (ids or uuids or user_ref):
            raise HTTPException(400, "At least one of orderIds, requestUuids, userRef is required")
        found = matching(frame, client, ids, uuids, user_ref)
        if not found:
            raise HTTPException(404, "No orders found matching the filters")
        rows = [(order.order_id, order_row(order)) for order in found]
        return Exact(_page("orders", rows, after, limit))

    @routes.get(
        "/bets",
        summary="Get bets",
        operation_id="get_bets",
        tags=["Bets"],
        responses={200: {"model": told.GetBetsResponse}, **ERRORS},
    )
    async def get_bets(  # noqa: PLR0913, PLR0917 - the documented query
        client: Client = reads,
        bet_ids: Annotated[str | None, Query(alias="betIds")] = None,
        order_ids: Annotated[str | None, Query(alias="orderIds")] = None,
        user_ref: Annotated[str | None, Query(alias="userRef")] = None,
        after: Annotated[int | None, Query(alias="afterBetId", le=INT_MAX)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    ) -> Response:
        """Retrieve bets with keyset pagination; at least one filter must be provided."""
        bets, orders = set(_ids(bet_ids, "betIds")), set(_ids(order_ids, "orderIds"))
        if not (bets or orders or user_ref):
            raise HTTPException(400, "At least one of betIds, orderIds, userRef is required")
        rows = [
            (fill.fill_id, bet_row(order, fill))
            for order in frame.book.orders(client.owner.account)
            for fill in order.fills
            if fill.fill_id in bets
            or order.order_id in orders
            or (user_ref and order.terms.user_ref == user_ref)
        ]
        return Exact(
            {"status": "success", **_page("bets", sorted(rows, reverse=True), after, limit)}
        )


def _page(name: str, rows: Sequence[tuple[int, Row]], after: int | None, limit: int) -> Row:
    rest = [(key, row) for key, row in rows if after is None or key < after]
    page, more = rest[:limit], len(rest) > limit
    return {
        name: [row for _, row in page],
        "count": len(page),
        "hasMore": more,
        "nextCursor": page[-1][0] if more else None,
    }


def _ids(text: str | None, name: str) -> list[int]:
    try:
        return [int(part) for part in (text or "").split(",") if part.strip()]
    except ValueError as error:
        raise HTTPException(400, f"{name} must be comma-separated integers") from error


def _uuids(text: str | None) -> list[UUID]:
    try:
        return [UUID(part.strip()) for part in (text or "").split(",") if part.strip()]
    except ValueError as error:
        raise HTTPException(400, "requestUuids must be comma-separated UUIDs") from error
