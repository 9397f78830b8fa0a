"""ABP's `GET /orders`: by filters, newest first, a page at a time."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from starlette.exceptions import HTTPException

from adapters.gateways.abp import told
from adapters.gateways.abp.calling import ONE_OF, answers, caller, matching
from adapters.gateways.abp.paging import Cut, Limit, ids, page
from adapters.gateways.abp.rates import Rates
from adapters.gateways.abp.rows import order_row
from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.frame import Frame

NONE_FOUND = "No orders found matching the filters"
OrderIds = Annotated[
    str | None,
    Query(alias="orderIds", description="Comma-separated order IDs (e.g., '123,456,789')"),
]
RequestUuids = Annotated[
    str | None, Query(alias="requestUuids", description="Comma-separated request UUIDs")
]
UserRef = Annotated[str | None, Query(alias="userRef", description="User reference to filter by")]
After = Annotated[
    int | None,
    Query(
        alias="afterOrderId",
        description="Cursor for pagination: fetch orders with orderId less than this value",
    ),
]


def add_reads(routes: APIRouter, frame: Frame, rates: Rates) -> None:
    """Serve `GET /orders`."""
    reads = Depends(caller(frame, rates, Scope.READ))

    @routes.get(
        "/orders",
        summary="Get orders",
        operation_id="get_orders",
        responses=answers(
            told.GetOrdersResponse,
            "Successfully retrieved matching orders with enriched metadata",
            _400=f"Missing required query parameter ({ONE_OF})",
            _404=NONE_FOUND,
        ),
    )
    async def get_orders(  # noqa: PLR0913, PLR0917 - the documented query
        client: Client = reads,
        order_ids: OrderIds = None,
        request_uuids: RequestUuids = None,
        user_ref: UserRef = None,
        after: After = None,
        limit: Limit = 50,
    ) -> Response:
        """Retrieve orders with keyset pagination. At least one filter must be provided.

        Filters are combined with OR logic. Results are ordered by orderId descending.
        """
        wanted, uuids = ids(order_ids, "orderIds"), _uuids(request_uuids)
        if not (wanted or uuids or user_ref):
            raise HTTPException(400, f"Missing required query parameter ({ONE_OF})")
        found = matching(frame, client, wanted, uuids, user_ref)
        if not found:
            raise HTTPException(404, NONE_FOUND)
        return Exact(
            page("orders", found, lambda order: order.order_id, order_row, Cut(after, limit))
        )


def _uuids(text: str | None) -> list[UUID]:
    try:
        return [UUID(part.strip()) for part in (text or "").split(",") if part.strip()]
    except ValueError as error:
        raise HTTPException(400, "requestUuids must be comma-separated UUIDs") from error
