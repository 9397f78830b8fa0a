"""ABP's `GET /bets` and `GET /bets/{bet_id}`: each match of an order as a bet at a bookmaker."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.exceptions import HTTPException

from adapters.gateways.abp import told
from adapters.gateways.abp.calling import answers, caller
from adapters.gateways.abp.paging import Cut, Limit, ids, page
from adapters.gateways.abp.rates import Rates
from adapters.gateways.abp.rows import bet_row
from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.frame import Frame

ONE_OF = "At least one of betIds, orderIds, or userRef required"


def add_bets(routes: APIRouter, frame: Frame, rates: Rates) -> None:
    """Serve both."""
    reads = Depends(caller(frame, rates, Scope.READ))

    @routes.get(
        "/bets",
        summary="Get bets",
        operation_id="get_bets",
        tags=["Bets"],
        responses=answers(told.GetBetsResponse, "Matching bets", _400=ONE_OF),
    )
    async def get_bets(  # noqa: PLR0913, PLR0917 - the documented query
        client: Client = reads,
        bet_ids: Annotated[str | None, Query(alias="betIds")] = None,
        order_ids: Annotated[str | None, Query(alias="orderIds")] = None,
        user_ref: Annotated[str | None, Query(alias="userRef")] = None,
        after: Annotated[int | None, Query(alias="afterBetId")] = None,
        limit: Limit = 50,
    ) -> Response:
        """Retrieve bets with keyset pagination; filters are combined with OR logic."""
        bets, orders = set(ids(bet_ids, "betIds")), set(ids(order_ids, "orderIds"))
        if not (bets or orders or user_ref):
            raise HTTPException(400, ONE_OF)
        found = [
            (order, fill)
            for order in frame.book.orders(client.owner.account)
            for fill in order.fills
            if fill.fill_id in bets
            or order.order_id in orders
            or (user_ref and order.terms.user_ref == user_ref)
        ]
        found.sort(key=lambda pair: pair[1].fill_id, reverse=True)
        cut = Cut(after, limit)
        some = page("bets", found, lambda pair: pair[1].fill_id, lambda pair: bet_row(*pair), cut)
        return Exact({"status": "success", **some})

    @routes.get(
        "/bets/{bet_id}",
        summary="Get a single bet",
        operation_id="get_bet",
        tags=["Bets"],
        responses=answers(told.BetResponse, "The bet", _404="Bet not found"),
    )
    async def get_bet(bet_id: Annotated[int, Path()], client: Client = reads) -> Response:
        """Retrieve one bet."""
        for order in frame.book.orders(client.owner.account):
            for fill in order.fills:
                if fill.fill_id == bet_id:
                    return Exact(bet_row(order, fill))
        raise HTTPException(404, "Bet not found")
