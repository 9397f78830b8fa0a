"""The venue as a server: its documented API over the paper books, for tests and simulations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from fastapi import APIRouter, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from adapters.gateways.clients import Client
from adapters.gateways.exact import Exact, encoded
from adapters.gateways.feed import Feed, Listener
from adapters.gateways.frame import Frame
from adapters.gateways.reading import read
from adapters.gateways.route import recorded_by
from adapters.paper.book import Kind, Order, Refused, Terms, Why
from adapters.paperapi.orders import SIDES
from adapters.paperapi.wire import CancelBody, NewOrder, PlaceBody
from adapters.recording.lines import SocketFrame
from domain.values import Price, PriceFormat, plain

POLICY, TOO_SLOW = 1008, 1013
LIMIT = 500
ENDED = {Kind.CANCELLED: "CANCELLED", Kind.LAPSED: "LAPSED", Kind.EXPIRED: "EXPIRED"}
WORDS = {Why.OVER: "over", Why.NOT_FOUND: "not_found", Why.TOO_MUCH: "too_much"}


def routes(frame: Frame, feed: Feed) -> Sequence[APIRouter]:
    """The routes and the socket, over the books of `frame`."""
    api = APIRouter(route_class=recorded_by(frame, _refused))

    @api.post("/orders")
    async def place(request: Request) -> Response:
        """Every order rests, or matches what rests on the other side."""
        client = _caller(frame, request)
        asked = await read(request, PlaceBody)
        placed = [frame.book.place(client.owner.account, _terms(order)) for order in asked.orders]
        return Exact({"orders": [row(order) for order in placed]})

    @api.get("/orders")
    async def orders(request: Request) -> Response:
        """By ids, references or user reference, or what is open; oldest first, a page at a time."""
        client, query = _caller(frame, request), request.query_params
        found = list(_found(frame, client.owner.account, query))
        after, limit = int(query.get("after", 0)), min(int(query.get("limit", LIMIT)), LIMIT)
        page = [order for order in found if order.order_id > after][:limit]
        more = bool(page) and page[-1] is not found[-1]
        following = str(page[-1].order_id) if more else None
        return Exact({"orders": [row(order) for order in page], "next": following})

    @api.post("/cancels")
    async def cancel(request: Request) -> Response:
        """One scope; what is asked for is in one of the two lists."""
        client = _caller(frame, request)
        asked = await read(request, CancelBody)
        return Exact(_cancelled(frame, client.owner.account, asked))

    @api.websocket("/feed")
    async def listen(connection: WebSocket) -> None:
        """What becomes of the account's orders, as it happens."""
        client = frame.clients.of(frame.venue, connection.headers.get("x-api-key", ""))
        if client is None:
            await connection.close(POLICY, "no such key")
            return
        listener, leave = feed.join(client.owner.account)
        try:
            await connection.accept()
            await _both_ways(frame, client, connection, listener)
        finally:
            leave()

    return (api,)


def order_id(number: int) -> str:
    """How the venue's messages call the order that the books number so."""
    return str(number)


def row(order: Order) -> dict[str, object]:
    """An order as the venue tells of it, decimals as text."""
    terms = order.terms
    return {
        "orderId": str(order.order_id),
        "reference": terms.client_ref,
        "userRef": terms.user_ref,
        "market": terms.market,
        "selection": terms.selection,
        "side": terms.side.value,
        "price": plain(order.price.value),
        "size": plain(order.size),
        **{part: plain(getattr(order, part)) for part in ("matched", "remaining", "cancelled")},
        "lapsed": plain(order.lapsed),
        "voided": plain(order.voided),
        "state": _state(order),
        "placedAt": order.placed_at.isoformat(),
        "updatedAt": order.updated_at.isoformat(),
        "fills": [
            {
                "fillId": str(fill.fill_id),
                "size": plain(fill.size),
                "price": plain(fill.price.value),
            }
            for fill in order.fills
            if not fill.voided
        ],
    }


def _state(order: Order) -> str:
    if order.closed is not None:
        return ENDED.get(order.closed, "VOIDED")
    return "RESTING" if order.is_live else "FILLED"


def _terms(asked: NewOrder) -> Terms:
    side = SIDES.get(asked.side)
    if side is None:
        raise HTTPException(400, "side: BUY or SELL")
    return Terms(
        market=asked.market,
        selection=asked.selection,
        side=side,
        price=Price(asked.price, PriceFormat.DECIMAL),
        size=asked.size,
        client_ref=asked.reference,
        user_ref=asked.user_ref,
    )


def _caller(frame: Frame, request: Request) -> Client:
    client = frame.clients.of(frame.venue, request.headers.get("x-api-key", ""))
    if client is None:
        raise HTTPException(401, "no such key")
    request.state.client = client
    return client


def _refused(error: HTTPException | RequestValidationError) -> Response:
    if isinstance(error, HTTPException):
        return Exact({"detail": error.detail}, error.status_code)
    return Exact({"detail": "the request does not fit"}, 400)


def _found(frame: Frame, account: str, told: Mapping[str, str]) -> Iterable[Order]:
    if "ids" in told:
        ids = set(told["ids"].split(","))
        return (order for order in frame.book.orders(account) if str(order.order_id) in ids)
    if "references" in told:
        names = set(told["references"].split(","))
        return (order for order in frame.book.orders(account) if order.terms.client_ref in names)
    if "userRef" in told:
        tag = told["userRef"]
        return (order for order in frame.book.orders(account) if order.terms.user_ref == tag)
    if told.get("state") == "open":
        return frame.book.live(account)
    raise HTTPException(400, "one of ids, references, userRef, state=open")


def _cancelled(frame: Frame, account: str, asked: CancelBody) -> dict[str, object]:
    named: dict[str, Order | None]
    live = list(frame.book.live(account))
    if asked.orders is not None:
        known = {str(order.order_id): order for order in frame.book.orders(account)}
        named = {name: known.get(name) for name in asked.orders}
    elif asked.references is not None:
        named = {}
        for name in asked.references:
            orders = list(frame.book.called(account, name))
            named |= {str(order.order_id): order for order in orders}
            named |= {} if orders else {name: None}
    elif asked.user_ref is not None:
        named = {str(o.order_id): o for o in live if o.terms.user_ref == asked.user_ref}
    elif asked.market is not None:
        named = {str(o.order_id): o for o in live if o.terms.market == asked.market}
    elif asked.everything:
        named = {str(o.order_id): o for o in live}
    else:
        raise HTTPException(400, "one of orders, references, userRef, market, everything")
    done: list[object] = []
    refused: list[object] = []
    for name, order in named.items():
        why = Why.NOT_FOUND if order is None else _taken_off(frame, order)
        if order is None or why is not None:
            refused.append({"orderId": name, "reason": WORDS[why or Why.NOT_FOUND]})
        else:
            done.append(row(order))
    return {"cancelled": done, "refused": refused}


def _taken_off(frame: Frame, order: Order) -> Why | None:
    """Cancel the order; why not, when it cannot be."""
    try:
        frame.book.cancel(order.account, order.order_id)
    except Refused as refused:
        return refused.why
    return None


async def _both_ways(
    frame: Frame, client: Client, connection: WebSocket, listener: Listener
) -> None:
    """Until either side ends; what a client says here means nothing."""
    tasks: list[asyncio.Task[object]] = [
        asyncio.create_task(_tell(frame, client, connection, listener)),
        asyncio.create_task(_hear(connection)),
        asyncio.create_task(listener.fell_behind.wait()),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if listener.fell_behind.is_set():
        await connection.close(TOO_SLOW, "too slow")


async def _tell(frame: Frame, client: Client, connection: WebSocket, listener: Listener) -> None:
    for n in count(1):
        change = await listener.waiting.get()
        raw = encoded({"n": n, "order": row(change.order)})
        await frame.pushed(client.owner, SocketFrame("feed", raw))
        await connection.send_text(raw.decode())


async def _hear(connection: WebSocket) -> None:
    try:
        while (await connection.receive())["type"] != "websocket.disconnect":
            pass
    except WebSocketDisconnect:
        pass
