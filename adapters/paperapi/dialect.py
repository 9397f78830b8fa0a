"""How the venue's messages are read: each documented one, by method and path, or on the feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adapters.paperapi import cancels
from adapters.paperapi.orders import names_of, terms_of, told
from adapters.paperapi.wire import News, OrderList, OrderRow, PlaceBody
from adapters.venues.exact import read
from adapters.venues.losses import (
    Loss,
    cancel_lost,
    loss_by_status,
    loss_of,
    placing_lost,
    unreadable,
)
from adapters.venues.outcomes import http_status, succeeded
from domain.events import OrderAccepted, OrderPlaced, Source
from domain.messages import Message, OrderMessage
from domain.wire import Line, Unreadable

CANCELS = ("POST", "/cancels")
PLACES = ("POST", "/orders")
READS = ("GET", "/orders")


class PaperDialect:
    """Translates every documented message; a pure function of the line and its request."""

    def translate(self, line: Line, request: Line | None) -> Sequence[Message]:
        """What `line` tells; `Unreadable` when it fits no documented message."""
        if line.ws is not None:
            return _feed(line)
        asked = line if line.direction == "sent" else request
        route = _route(asked)
        if line.direction == "sent":
            return _sent(route, line)
        if line.direction == "lost":
            return _lost(route, line, asked or line)
        return _answered(route, line, asked or line)


def _route(request: Line | None) -> tuple[str, str]:
    http = {} if request is None else request.http or {}
    route = (http.get("method"), http.get("path"))
    if route not in {CANCELS, PLACES, READS}:
        raise Unreadable(f"no documented message: {str(route)[:80]}")
    return str(route[0]), str(route[1])


def _sent(route: tuple[str, str], line: Line) -> tuple[Message, ...]:
    if route == CANCELS:
        return cancels.sent(line)
    return _placed(line) if route == PLACES else ()


def _lost(route: tuple[str, str], line: Line, request: Line) -> tuple[Message, ...]:
    if route == CANCELS:
        return cancel_lost(line)
    return _in_doubt(request, loss_of(line)) if route == PLACES else ()


def _answered(route: tuple[str, str], line: Line, request: Line) -> tuple[Message, ...]:
    if route == CANCELS:
        return cancels.answered(line)
    return _accepted(line, request) if route == PLACES else _read(line)


def _placed(line: Line) -> tuple[OrderMessage, ...]:
    """`POST /orders`, asked: each order under our own reference."""
    orders = read(PlaceBody, (line.http or {}).get("body")).orders
    return tuple(
        OrderMessage(
            names=names_of(order),
            terms=terms_of(order),
            said=(OrderPlaced(terms=terms_of(order)),),
        )
        for order in orders
    )


def _in_doubt(request: Line, loss: Loss) -> tuple[Message, ...]:
    """No answer came: nobody knows which of the orders are live."""
    return tuple(
        replace(message, said=(*message.said, *placing_lost(loss))) for message in _placed(request)
    )


def _accepted(line: Line, request: Line) -> tuple[Message, ...]:
    """`POST /orders`, answered: each order as it rests, or as it matched at once."""
    http = line.http or {}
    loss = loss_by_status(http_status(http), http.get("body"))
    if loss is not None:
        return _in_doubt(request, loss)
    try:
        rows = _rows(line)
    except Unreadable as error:
        return _in_doubt(request, unreadable(error))
    accepted = (
        OrderMessage(
            names=names_of(row), terms=terms_of(row), said=(OrderAccepted(terms=terms_of(row)),)
        )
        for row in rows
    )
    return (*accepted, *map(told, rows))


def _read(line: Line) -> tuple[Message, ...]:
    """`GET /orders`, answered; a refused read tells nothing."""
    return tuple(map(told, _rows(line)))


def _rows(line: Line) -> tuple[OrderRow, ...]:
    http = line.http or {}
    if not succeeded(http_status(http)):
        return ()
    answer = read(OrderList, http.get("body"))
    return tuple(read(OrderRow, row, f"orders[{index}]") for index, row in enumerate(answer.orders))


def _feed(line: Line) -> tuple[Message, ...]:
    """A message of the feed: the order as it stands now."""
    if line.direction != "received":
        return ()
    news = read(News, (line.ws or {}).get("frame"), "frame")
    return (told(news.order, Source.REPORT),)
