"""Places, edits and cancels over REST, where an order's id is called `sessionID`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.fourcasters.asked import Invalid
from adapters.gateways.fourcasters.calling import (
    ERRORS,
    INTEGER,
    NUMBER,
    OBJECTS,
    TEXT,
    TEXTS,
    body_of_fields,
    caller,
    fields,
    text_of,
    texts_of,
)
from adapters.gateways.fourcasters.cancels import (
    GAME_NOT_FOUND,
    INVALID_ID,
    NOT_FOUND,
    Off,
    OfGame,
    Refusal,
)
from adapters.gateways.fourcasters.house import House
from adapters.gateways.fourcasters.ids import is_object_id
from adapters.gateways.fourcasters.picks import MONEYLINE, SPREAD, TOTAL
from adapters.gateways.fourcasters.places import (
    BATCH,
    ORDERS_MAX,
    batch_of,
    edit_of,
    edited,
    place_all,
)
from adapters.gateways.fourcasters.rows import LEAGUE, Row, session_row
from adapters.paper.book import Order

INVALID_SESSION = "Invalid order id"
"""REST's words for `invalid order ID format`."""


def add_places(routes: APIRouter, house: House) -> None:
    """Serve `POST /session/v3/place` and both versions of `editOrder`."""
    places = Depends(caller(house, Scope.PLACE))

    @routes.post(
        "/session/v3/place", responses=ERRORS, openapi_extra=body_of_fields(orders=OBJECTS)
    )
    async def place(request: Request, client: Client = places) -> Response:
        """Place orders; what became of each stands at its position."""
        orders = batch_of((await fields(request)).get("orders"))
        if orders is None:
            raise HTTPException(400, BATCH)
        rows = place_all(house, client.owner.account, orders, "errorType")
        return Exact({"data": {"createdSessions": rows}})

    for path, guarded in (("/session/editOrder", False), ("/session/v4/editOrder", True)):
        routes.post(path, responses=ERRORS, openapi_extra=_EDIT)(_edit(house, guarded=guarded))


_EDIT = body_of_fields(
    sessionID=TEXT,
    orderOdds=NUMBER,
    orderVolume=NUMBER,
    expiryChange=INTEGER,
    intendedOrderVolume=NUMBER,
)


def _edit(house: House, *, guarded: bool) -> Any:  # noqa: ANN401 - a handler, as FastAPI takes it
    places = Depends(caller(house, Scope.PLACE))

    async def edit_order(request: Request, client: Client = places) -> Response:
        """Take an order off and put another one, with an id of its own, in its place."""
        try:
            edit = edit_of(await fields(request), guarded=guarded)
        except Invalid as error:
            raise HTTPException(400, str(error)) from error
        found = edited(house, client.owner.account, edit)
        if isinstance(found, Refusal):
            raise _not_done(found)
        return Exact({"data": found})

    return edit_order


def add_cancels(routes: APIRouter, house: House) -> None:
    """Serve the cancels that name orders."""
    cancels = Depends(caller(house, Scope.CANCEL))

    @routes.post("/session/cancel", responses=ERRORS, openapi_extra=body_of_fields(sessionID=TEXT))
    async def cancel(request: Request, client: Client = cancels) -> Response:
        """Cancel one order; `data` is one object."""
        order_id = (await fields(request)).get("sessionID")
        found = house.cancels.one(
            client.owner.account, order_id if isinstance(order_id, str) else ""
        )
        if isinstance(found, Refusal):
            raise _not_done(found)
        return Exact({"data": session_row(house.market, found.order, found.size)})

    @routes.post(
        "/session/cancelMultiple", responses=ERRORS, openapi_extra=body_of_fields(sessionIDs=TEXTS)
    )
    async def cancel_multiple(request: Request, client: Client = cancels) -> Response:
        """Cancel several orders, answered by position; a malformed id refuses the whole call."""
        ids = texts_of(await fields(request), "sessionIDs", ORDERS_MAX)
        if not all(map(is_object_id, ids)):
            raise HTTPException(400, INVALID_SESSION)
        found = [house.cancels.one(client.owner.account, order_id) for order_id in ids]
        return Exact({"data": _rows(house, found)})

    @routes.post(
        "/session/cancelByReference",
        responses=ERRORS,
        openapi_extra=body_of_fields(gameID=TEXT, userReferences=TEXTS),
    )
    async def cancel_by_reference(request: Request, client: Client = cancels) -> Response:
        """Cancel the live orders of a game that carry one of these references."""
        body = await fields(request)
        references = frozenset(texts_of(body, "userReferences", ORDERS_MAX)) - {""}
        game = _game(house, client, text_of(body, "gameID"))

        def meant(order: Order) -> bool:
            return order.terms.market == game and order.terms.user_ref in references

        return Exact({"data": _rows(house, house.cancels.where(client.owner.account, meant))})


def add_wide_cancels(routes: APIRouter, house: House) -> None:
    """Serve the cancels of a game, of a league and of everything."""
    cancels = Depends(caller(house, Scope.CANCEL))

    @routes.post(
        "/session/cancelAllOrdersForGame",
        responses=ERRORS,
        openapi_extra=body_of_fields(gameID=TEXT, type=TEXT),
    )
    async def cancel_game(request: Request, client: Client = cancels) -> Response:
        """Cancel every live order of a game, or those of one type."""
        body = await fields(request)
        kind = body.get("type")
        if kind is not None and kind not in {MONEYLINE, SPREAD, TOTAL}:
            raise HTTPException(400, "type is moneyline, spread or total")
        game = _game(house, client, text_of(body, "gameID"))
        off = house.cancels.of_game(client.owner.account, OfGame(game, kind))
        return Exact({"data": _rows(house, off or ())})

    @routes.post(
        "/session/cancelAllForLeague", responses=ERRORS, openapi_extra=body_of_fields(league=TEXT)
    )
    async def cancel_league(request: Request, client: Client = cancels) -> Response:
        """Cancel the orders of a league; what was cancelled is told on the feed alone."""
        if text_of(await fields(request), "league") == LEAGUE:
            house.cancels.everything(client.owner.account)
        return Exact({"data": {"ordersReceived": True}})

    @routes.post("/session/cancelAllOrders", responses=ERRORS)
    async def cancel_all(client: Client = cancels) -> Response:
        """Cancel every live order of the account."""
        return Exact({"data": _rows(house, house.cancels.everything(client.owner.account))})


def _game(house: House, client: Client, game: str) -> str:
    if not house.market.knows(client.owner.account, game):
        raise HTTPException(404, GAME_NOT_FOUND)
    return game


def _not_done(refusal: Refusal) -> HTTPException:
    """400 for what is no id, 404 for what is not there, 409 for what is over."""
    if refusal.why == INVALID_ID:
        return HTTPException(400, INVALID_SESSION)
    return HTTPException(404 if refusal.why == NOT_FOUND else 409, refusal.why)


def _rows(house: House, found: Sequence[Off | Refusal]) -> list[Row]:
    return [
        _failed(one) if isinstance(one, Refusal) else session_row(house.market, one.order, one.size)
        for one in found
    ]


def _failed(refusal: Refusal) -> Row:
    """What is not there is not named: the position says which it was."""
    row: Row = {"success": False, "reason": refusal.why}
    return row if refusal.is_nameless else {**row, "sessionID": refusal.order_id}
