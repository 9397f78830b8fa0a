"""PredictStreet's two ways to place: one order, or up to ten, each for itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from fastapi import APIRouter, Depends, Request, Response

from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.predictstreet import told
from adapters.gateways.predictstreet.asked import PlaceBatch, PlaceOrder
from adapters.gateways.predictstreet.calling import Need
from adapters.gateways.predictstreet.refusals import BAD_REQUEST, Declined
from adapters.gateways.predictstreet.rows import (
    Row,
    matched_row,
    order_id_of,
    rest_of,
    shown_open,
    status_of,
)
from adapters.gateways.predictstreet.venue import Venue, answers
from adapters.gateways.reading import read
from adapters.paper.book import Order, Terms
from domain.values import Price, PriceFormat, Side, plain

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,18})?", re.ASCII)
_SIGNATURE = re.compile(r"0x(?:[0-9a-fA-F]{2})+", re.ASCII)
_OUTCOME = re.compile(r"[0-9]{1,4}", re.ASCII)
_UINT256 = 2**256
BINARY = "-BIN-"
"""Symbols of markets with two outcomes hold this."""
TICKS = 100
QUANTA = 1_000_000
_MARKET_TIF = "ioc"


def add_places(routes: APIRouter, venue: Venue) -> None:
    """Serve `POST /api/orders/place` and `place-batch`."""
    one = Depends(venue.caller(Need(Scope.PLACE, "place")))
    many = Depends(venue.caller(Need(Scope.PLACE, "place-batch")))

    @routes.post(
        "/api/orders/place",
        summary="Place a signed order",
        operation_id="ps_place",
        **answers(told.PsPlaced, PlaceOrder),
    )
    async def place(request: Request, client: Client = one) -> Response:
        """Place an order. HTTP 200 may refuse it all the same: look at `status`."""
        asked = await read(request, PlaceOrder)
        _check(asked, venue.frame.clock())
        return Exact(_placed(venue, client.owner.account, asked))

    @routes.post(
        "/api/orders/place-batch",
        summary="Place a batch of signed orders (max 10)",
        operation_id="ps_place_batch",
        **answers(told.PsPlacedMany, PlaceBatch),
    )
    async def place_batch(request: Request, client: Client = many) -> Response:
        """Place up to 10 orders, one after the other and independently of each other."""
        asked = await read(request, PlaceBatch)
        return Exact([_entry(venue, client.owner.account, order) for order in asked.orders])


def _entry(venue: Venue, wallet: str, asked: PlaceOrder) -> Row:
    try:
        _check(asked, venue.frame.clock())
        row = _placed(venue, wallet, asked)
    except Declined as refusal:
        row = _rejected(refusal.code, str(refusal.detail))
    entry: Row = {"success": row["status"] != "REJECTED", **row}
    if asked.client_order_id is not None:
        entry["clientOrderId"] = asked.client_order_id
    return entry


def _check(asked: PlaceOrder, now: datetime) -> None:
    """Raise `Declined` with the documented code for an order that the venue does not take."""
    price, quantity = _decimal("price", asked.price), _decimal("quantity", asked.quantity)
    if not 0 < price < 1:
        raise _bad("invalid_amounts", "price must lie strictly between 0 and 1")
    if price * TICKS % 1:
        raise _bad("invalid_amounts", "price tick size is 0.01")
    if quantity <= 0 or quantity * QUANTA % 1:
        raise _bad("invalid_amounts", "quantity must be more than 0, with at most 6 decimals")
    if asked.type == "market" and asked.time_in_force == "gtc":
        raise _bad("invalid_tif", "a market order is ioc or fok")
    if asked.post_only and _tif(asked) != "gtc":
        raise _bad("invalid_tif", "a post-only order is gtc")
    if _OUTCOME.fullmatch(asked.outcome) is None or (
        BINARY in asked.market_id and int(asked.outcome) > 1
    ):
        raise _bad("invalid_outcome", "outcome is no index of the market's outcomes")
    if _SIGNATURE.fullmatch(asked.signature) is None or int(asked.nonce) >= _UINT256:
        raise _bad("bad_signature", "signature or nonce has not the shape of a signed order")
    if asked.expiry and asked.expiry <= now.timestamp():
        raise _bad("expired", "expiry is in the past")


def _bad(code: str, message: str) -> Declined:
    return Declined(BAD_REQUEST, code, message)


def _decimal(name: str, text: str) -> Decimal:
    if _NUMBER.fullmatch(text) is None:
        raise _bad("invalid_amounts", f"{name} is not a decimal number")
    return Decimal(text)


def _tif(asked: PlaceOrder) -> str:
    return asked.time_in_force or (_MARKET_TIF if asked.type == "market" else "gtc")


def _placed(venue: Venue, wallet: str, asked: PlaceOrder) -> Row:
    """Place it, or tell of the order that this `clientOrderId` placed before."""
    book = venue.frame.book
    before = venue.placed_as(wallet, asked.client_order_id)
    if before is not None:
        return _row(before)
    terms = _terms(asked)
    if asked.post_only and book.on_offer(wallet, terms):
        return _rejected("post_only_would_cross", "the order would match at once")
    tif = _tif(asked)
    if tif == "gtc":
        order = book.place(wallet, terms)
    else:
        order = book.place_now(wallet, terms, whole=tif == "fok")
    venue.remember(wallet, asked.client_order_id, order)
    return _row(order)


def _terms(asked: PlaceOrder) -> Terms:
    extra: Mapping[str, object] = {
        "maker": asked.maker.lower(),
        "expiry": asked.expiry,
        "type": asked.type,
        "timeInForce": _tif(asked),
    }
    return Terms(
        market=asked.market_id,
        selection=str(int(asked.outcome)),
        side=Side(asked.side.upper()),
        price=Price(Decimal(asked.price), PriceFormat.PROBABILITY),
        size=Decimal(asked.quantity),
        client_ref=asked.client_order_id,
        expires_at=datetime.fromtimestamp(asked.expiry, UTC) if asked.expiry else None,
        extra=extra,
    )


def _row(order: Order) -> Row:
    return {
        "orderId": order_id_of(order),
        "status": shown_open(status_of(order)),
        "filledQty": plain(order.matched),
        "remainingQty": plain(rest_of(order)),
        "trades": [matched_row(order, fill) for fill in order.fills],
    }


def _rejected(code: str, message: str) -> Row:
    return {
        "orderId": "",
        "status": "REJECTED",
        "filledQty": "0",
        "remainingQty": "0",
        "trades": [],
        "code": code,
        "message": message,
    }
