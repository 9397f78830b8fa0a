"""ABP's two cancels: by filters, and of everything without placed bets."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from adapters.gateways.abp import told
from adapters.gateways.abp.asked import CancelOrdersRequest
from adapters.gateways.abp.calling import ONE_OF, answers, caller, matching
from adapters.gateways.abp.rates import Rates
from adapters.gateways.abp.rows import Row, order_row
from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.frame import Frame
from adapters.gateways.reading import body_schema, read
from adapters.paper.book import Order, Refused

NOT_CANCELLABLE = "Order not cancellable"
NONE_FOUND = "No matching orders found"
RESULT = "Cancellation result with enriched order details"


def add_cancels(routes: APIRouter, frame: Frame, rates: Rates) -> None:
    """Serve `POST /cancel-orders` and `POST /cancel-all-orders`."""
    cancels = Depends(caller(frame, rates, Scope.CANCEL))

    @routes.post(
        "/cancel-orders",
        summary="Cancel specific orders",
        operation_id="cancel_orders",
        responses=answers(
            told.CancelOrdersResponse,
            RESULT,
            _400=f"Missing required filter parameter ({ONE_OF})",
            _404=NONE_FOUND,
        ),
        openapi_extra=body_schema(CancelOrdersRequest),
    )
    async def cancel_orders(request: Request, client: Client = cancels) -> Response:
        """Cancel one or more orders by filter. At least one filter must be provided.

        Filters are combined with OR logic. Only orders in PENDING or PARTIALLY_FILLED status can
        be cancelled; bets that were placed stay.
        """
        asked = await read(request, CancelOrdersRequest)
        if asked.is_empty:
            raise HTTPException(400, f"Missing required filter parameter ({ONE_OF})")
        found = matching(
            frame, client, asked.order_ids or (), asked.request_uuids or (), asked.user_ref
        )
        if not found:
            raise HTTPException(404, NONE_FOUND)
        return Exact(_cancelled(frame, client, found))

    @routes.post(
        "/cancel-all-orders",
        summary="Cancel all orders",
        operation_id="cancel_all_orders",
        responses=answers(told.CancelOrdersResponse, RESULT),
    )
    async def cancel_all_orders(client: Client = cancels) -> Response:
        """Cancel every order without placed bets; those with bets are not cancelled."""
        live = list(frame.book.live(client.owner.account))
        free = [order for order in live if not order.matched]
        return Exact(_cancelled(frame, client, free, [o for o in live if o.matched]))


def _cancelled(
    frame: Frame, client: Client, orders: Sequence[Order], left: Sequence[Order] = ()
) -> Row:
    done: list[Row] = []
    not_done: list[Row] = [order_row(order) for order in left]
    for order in orders:
        try:
            frame.book.cancel(client.owner.account, order.order_id)
        except Refused:
            not_done.append(order_row(order))
        else:
            done.append(order_row(order))
    return {
        "status": "cancelled",
        "cancelledCount": len(done),
        "cancelled": done,
        "notCancelled": {"reason": NOT_CANCELLABLE, "orders": not_done},
    }
