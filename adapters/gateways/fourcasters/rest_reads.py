"""The reads of orders and of bets that are not graded, over REST."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from starlette.exceptions import HTTPException

from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.fourcasters.bet_rows import graded_row, looked_up_row, matched_row, open_row
from adapters.gateways.fourcasters.calling import ERRORS, caller
from adapters.gateways.fourcasters.cancels import GAME_NOT_FOUND, NOT_FOUND, is_open
from adapters.gateways.fourcasters.house import House
from adapters.gateways.fourcasters.ids import wager_number
from adapters.gateways.fourcasters.market import came_here
from adapters.gateways.fourcasters.rows import Row
from adapters.paper.book import Order

BET_NOT_FOUND = "bet not found"
Meant = Callable[[Order], bool]


def add_reads(routes: APIRouter, house: House) -> None:
    """Serve `lookupOrder`, `getUnmatched`, `getMatchedBets`, `getBetByID`."""
    reads = Depends(caller(house, Scope.READ))

    @routes.get("/session/lookupOrder", responses=ERRORS)
    async def lookup_order(
        order_id: Annotated[str | None, Query(alias="orderID")] = None, client: Client = reads
    ) -> Response:
        """One order of the account by its id."""
        order = house.market.find(client.owner.account, order_id or "")
        if order is None:
            raise HTTPException(404, NOT_FOUND)
        return Exact({"data": {"order": looked_up_row(house.market, order)}})

    @routes.get("/user/getUnmatched", responses=ERRORS)
    async def get_unmatched(client: Client = reads) -> Response:
        """Every open order."""
        return Exact({"data": {"unmatched": _open(house, client.owner.account, _any)}})

    @routes.get("/user/getMatchedBets", responses=ERRORS)
    async def get_matched_bets(client: Client = reads) -> Response:
        """Every match that is not graded."""
        return Exact({"data": {"matchedBets": _matched(house, client.owner.account, _any)}})

    @routes.get("/user/getBetByID", responses=ERRORS)
    async def get_bet_by_id(
        bet_id: Annotated[str | None, Query(alias="id")] = None,
        tx: Annotated[str | None, Query(alias="txID")] = None,
        client: Client = reads,
    ) -> Response:
        """One open order by its id, or one match by its `txID`: exactly one of the two."""
        if (bet_id is None) == (tx is None):
            raise HTTPException(400, "exactly one of id and txID is required")
        account = client.owner.account
        rows = [
            *_open(house, account, _any),
            *_matched(house, account, _any),
            *_graded(house, account, _any),
        ]
        name, wanted = ("id", bet_id) if tx is None else ("txID", tx)
        found = next((row for row in rows if row[name] == wanted), None)
        if found is None:
            raise HTTPException(404, BET_NOT_FOUND)
        return Exact({"bet": found})


def add_reads_by(routes: APIRouter, house: House) -> None:
    """Serve the reads by game, by reference and by wager, each with its buckets."""
    reads = Depends(caller(house, Scope.READ))

    @routes.get("/user/getOrdersForGame", responses=ERRORS)
    async def get_orders_for_game(
        game: Annotated[str | None, Query(alias="gameID")] = None, client: Client = reads
    ) -> Response:
        """The open orders and the matches of a game."""
        if game is None or not house.market.knows(client.owner.account, game):
            raise HTTPException(404, GAME_NOT_FOUND)
        return Exact({"data": _buckets(house, client, lambda order: order.terms.market == game)})

    @routes.get("/user/getBetByUserReference", responses=ERRORS)
    async def get_bet_by_user_reference(
        reference: Annotated[str | None, Query(alias="userReference")] = None,
        game: Annotated[str | None, Query(alias="gameID")] = None,
        client: Client = reads,
    ) -> Response:
        """What became of the orders of a game that carry a reference."""
        if not reference or not game:
            raise HTTPException(408, "userReference and gameID are required")

        def meant(order: Order) -> bool:
            return order.terms.market == game and order.terms.user_ref == reference

        account = client.owner.account
        graded = {"graded": _graded(house, account, meant)}
        return Exact({"data": {**_buckets(house, client, meant), **graded}})

    @routes.get("/user/getBetByWagerRequestID", responses=ERRORS)
    async def get_bet_by_wager(
        wager: Annotated[str | None, Query(alias="wagerRequestID")] = None, client: Client = reads
    ) -> Response:
        """The matches of one submitted order; `unmatched` is always empty here."""
        if not wager:
            raise HTTPException(408, "wagerRequestID is required")
        number = wager_number(wager)

        def meant(order: Order) -> bool:
            return order.order_id == number

        account = client.owner.account
        buckets = {"matched": _matched(house, account, meant), "unmatched": []}
        return Exact({"data": {**buckets, "graded": _graded(house, account, meant)}})


def _any(_order: Order) -> bool:
    return True


def _buckets(house: House, client: Client, meant: Meant) -> Row:
    account = client.owner.account
    return {"unmatched": _open(house, account, meant), "matched": _matched(house, account, meant)}


def _open(house: House, account: str, meant: Meant) -> list[Row]:
    """By the start of the game, then by age."""
    market = house.market
    live = [order for order in house.frame.book.live(account) if is_open(order) and meant(order)]
    live.sort(key=lambda order: market.start(account, order.terms.market))
    return [open_row(market, order) for order in live]


def _matched(house: House, account: str, meant: Meant) -> list[Row]:
    return [
        matched_row(house.market, order, fill)
        for order in _mine(house, account, meant)
        for fill in order.fills
        if not house.gradings.is_graded(order, fill)
    ]


def _graded(house: House, account: str, meant: Meant) -> list[Row]:
    return [
        graded_row(house.market, graded)
        for graded in house.gradings.latest(account)
        if meant(graded.order)
    ]


def _mine(house: House, account: str, meant: Meant) -> Iterable[Order]:
    return (
        order for order in house.frame.book.orders(account) if came_here(order) and meant(order)
    )
