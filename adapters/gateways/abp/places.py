"""ABP's `POST /place-orders`: up to 100 orders, each under its own request UUID."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from adapters.gateways.abp import told
from adapters.gateways.abp.asked import PlaceOrder, PlaceOrdersRequest
from adapters.gateways.abp.calling import answers, caller
from adapters.gateways.abp.rates import Rates
from adapters.gateways.abp.rows import Row, order_row
from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.frame import Frame
from adapters.gateways.reading import body_schema, read
from adapters.paper.book import Terms
from domain.values import Price, PriceFormat, Side

EXPIRES_AFTER = timedelta(seconds=5)
EXPIRES_AT_MOST = timedelta(hours=24)
REMEMBERED = timedelta(minutes=30)


def add_places(routes: APIRouter, frame: Frame, rates: Rates) -> None:
    """Serve `POST /place-orders`."""
    places = Depends(caller(frame, rates, Scope.PLACE))
    used = _Used(frame.clock)

    @routes.post(
        "/place-orders",
        summary="Place orders",
        operation_id="place_orders",
        responses={
            **answers(
                told.PlaceOrdersResponse,
                "What became of each order that is no duplicate",
                _501="Futures are not supported",
            ),
            400: {"model": told.PlaceOrdersResponse, "description": "All orders were declined"},
            409: {"model": told.Duplicates, "description": "All orders are duplicates"},
        },
        openapi_extra=body_schema(PlaceOrdersRequest),
    )
    async def place_orders(request: Request, client: Client = places) -> Response:
        """Place 1 to 100 orders; a request UUID that was used within 30 minutes is passed over."""
        asked = await read(request, PlaceOrdersRequest)
        return _placed(frame, used, client, asked.orders)


class _Used:
    """The request UUIDs that orders were placed under, for as long as the venue remembers them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._at: dict[tuple[str, str], datetime] = {}

    def knows(self, account: str, reference: str) -> bool:
        """An order was placed under it within the window."""
        at = self._at.get((account, reference))
        return at is not None and self._clock() - at < REMEMBERED

    def note(self, account: str, reference: str) -> None:
        """An order is placed under it now; forget what is older than the window."""
        now = self._clock()
        self._at.pop((account, reference), None)
        self._at[account, reference] = now
        while now - self._at[oldest := next(iter(self._at))] >= REMEMBERED:
            del self._at[oldest]


def _placed(frame: Frame, used: _Used, client: Client, orders: Sequence[PlaceOrder]) -> Response:
    if any(order.future_id is not None for order in orders):
        raise HTTPException(501, "Futures are not supported")
    account = client.owner.account
    accepted: list[Row] = []
    declined: list[Row] = []
    duplicates: list[str] = []
    for asked in orders:
        reference = str(asked.request_uuid)
        if used.knows(account, reference):
            duplicates.append(reference)
            continue
        if asked.fixture_id is None:
            declined.append(_declined(asked, client, "Fixture not found"))
            continue
        used.note(account, reference)
        accepted.append(order_row(frame.book.place(account, _terms(frame, asked))))
    if duplicates and not accepted and not declined:
        body = {"error": "All orders are duplicates", "duplicateUuids": duplicates}
        return Exact({**body, "inProgressUuids": []}, 409)
    word = "declined" if not accepted else "partial-success" if declined else "accepted"
    answer = {"status": word, "acceptedOrders": accepted, "declinedOrders": declined}
    return Exact(answer, 200 if accepted else 400)


def _terms(frame: Frame, asked: PlaceOrder) -> Terms:
    now = frame.clock()
    expires = asked.expires_at or now + EXPIRES_AFTER
    return Terms(
        market=asked.fixture_id or "-",
        selection=str(asked.outcome_id),
        side=Side.BUY if asked.back else Side.SELL,
        price=Price(asked.order_price, PriceFormat.DECIMAL),
        size=asked.order_stake,
        client_ref=str(asked.request_uuid),
        user_ref=asked.user_ref,
        expires_at=min(max(expires, now), now + EXPIRES_AT_MOST),
        extra={
            "bookmakers": asked.bookmakers,
            "playerId": asked.player_id,
            "testOrder": asked.test_order,
            "orderCurrency": asked.order_currency,
            "acceptBetterOdds": asked.accept_better_odds,
            "acceptPartialStake": asked.accept_partial_stake,
            "meta": asked.meta,
        },
    )


def _declined(asked: PlaceOrder, client: Client, reason: str) -> Row:
    row = asked.model_dump(mode="python", by_alias=True, exclude={"bookmakers", "expires_at"})
    return {
        **row,
        "requestUuid": str(asked.request_uuid),
        "allowedBookmakers": asked.bookmakers or "*",
        "clientName": client.owner.account,
        "declineReason": reason,
        "bets": [],
    }
