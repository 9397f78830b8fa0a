"""PredictStreet's three cancels: one order, up to a hundred, and all that some filters leave."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Depends, Request, Response

from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.predictstreet import told
from adapters.gateways.predictstreet.asked import CancelAll, CancelBatch, CancelOrder
from adapters.gateways.predictstreet.calling import Need
from adapters.gateways.predictstreet.rows import Row, number_of, order_id_of, side_of
from adapters.gateways.predictstreet.venue import Venue, answers
from adapters.gateways.reading import read
from adapters.paper.book import Order, Refused, Why
from domain.values import plain

_REASONS = {
    Why.NOT_FOUND: "not_found",
    Why.OVER: "already_terminal",
    Why.TOO_MUCH: "unknown",  # a cancel of all that remains is never too much
}


def add_cancels(routes: APIRouter, venue: Venue) -> None:
    """Serve `POST /api/orders/cancel`, `cancel-batch` and `cancel-all`."""
    one = Depends(venue.caller(Need(Scope.CANCEL, "cancel")))
    many = Depends(venue.caller(Need(Scope.CANCEL, "cancel-batch")))
    everything = Depends(venue.caller(Need(Scope.CANCEL, "cancel-all")))

    @routes.post(
        "/api/orders/cancel",
        summary="Cancel a single order",
        operation_id="ps_cancel",
        **answers(told.PsCancelled, CancelOrder),
    )
    async def cancel(request: Request, client: Client = one) -> Response:
        """Cancel an order; one that is over is `not_found`, too."""
        asked = await read(request, CancelOrder)
        return Exact(_one(venue, client.owner.account, asked.order_id))

    @routes.post(
        "/api/orders/cancel-batch",
        summary="Cancel a batch of orders by id (max 100)",
        operation_id="ps_cancel_batch",
        **answers(told.PsCancelledMany, CancelBatch),
    )
    async def cancel_batch(request: Request, client: Client = many) -> Response:
        """Cancel up to 100 orders by id; every id is in one of the two lists."""
        asked = await read(request, CancelBatch)
        return Exact(_many(venue, client.owner.account, dict.fromkeys(asked.order_ids)))

    @routes.post(
        "/api/orders/cancel-all",
        summary="Cancel all open orders",
        operation_id="ps_cancel_all",
        **answers(told.PsCancelledAll, CancelAll, bodiless=True),
    )
    async def cancel_all(request: Request, client: Client = everything) -> Response:
        """Cancel every open order that the filters leave; without a body, the wallet's all."""
        body = (await request.body()).strip()
        asked = await read(request, CancelAll) if body else CancelAll()
        wallet = client.owner.account
        live = [
            order_id_of(order) for order in venue.frame.book.live(wallet) if _meant(order, asked)
        ]
        answer = _many(venue, wallet, live)
        if asked.market_id is not None:
            answer["marketId"] = asked.market_id
        return Exact(answer)


def _one(venue: Venue, wallet: str, order_id: str) -> Row:
    try:
        taken = plain(venue.frame.book.cancel(wallet, number_of(order_id)))
    except Refused:
        return {"orderId": order_id, "status": "not_found"}
    return {
        "orderId": order_id,
        "status": "cancelled",
        "unfilledQty": taken,
        "remainingQty": taken,
    }


def _many(venue: Venue, wallet: str, order_ids: Iterable[str]) -> Row:
    done: list[str] = []
    not_done: dict[str, str] = {}
    for order_id in order_ids:
        number = number_of(order_id)
        order = venue.frame.book.find(wallet, number)
        trip = venue.trips(order_id) if order is not None and order.is_live else None
        if trip is not None:
            not_done[order_id] = trip
            continue
        try:
            venue.frame.book.cancel(wallet, number)
        except Refused as refusal:
            not_done[order_id] = _REASONS[refusal.why]
        else:
            done.append(order_id)
    return {"cancelled": done, "notCancelled": not_done}


def _meant(order: Order, asked: CancelAll) -> bool:
    return (
        (asked.market_id is None or order.terms.market == asked.market_id)
        and (asked.side is None or side_of(order) == asked.side.lower())
        and (asked.outcome is None or order.terms.selection == str(asked.outcome))
    )
