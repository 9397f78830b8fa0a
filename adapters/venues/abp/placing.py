"""Placing: what we sent, and what became of each order.

Answers are matched by request UUID: neither list is positional, a duplicate is in neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from adapters.venues.abp.cancels import notice
from adapters.venues.abp.rows import names_of, row_of, state_of, terms_of, told
from adapters.venues.abp.wire import OrderRow, PlaceAnswer, PlaceBody
from adapters.venues.exact import read
from adapters.venues.losses import Loss, loss_by_status, loss_of, placing_lost, unreadable
from adapters.venues.outcomes import http_status, succeeded
from domain.events import OrderAccepted, OrderPlaced, OrderRejected, Source, Terms
from domain.lifecycle import Status
from domain.messages import Message, OrderMessage
from domain.values import Side
from domain.wire import Line, Unreadable

DEFAULT_CURRENCY = "USD"
"""What the venue takes for `orderCurrency` when it is not sent."""

DECLINED = 400
"""All orders declined comes with this status and the ordinary body: a business answer."""


def sent(line: Line) -> tuple[Message, ...]:
    """`POST /place-orders` as sent: each order under its request UUID."""
    body = read(PlaceBody, (line.http or {}).get("body"), "body")
    messages: list[Message] = []
    broken: list[tuple[str, str]] = []
    for index, raw in enumerate(body.orders):
        where = f"orders[{index}]"
        try:
            messages.append(_placed(raw, where))
        except Unreadable as error:
            broken.append((where, str(error)))
    if broken and not messages:
        raise Unreadable(broken[0][1])
    return (*messages, *(notice(line, where, why) for where, why in broken))


def lost(line: Line, request: Line) -> tuple[Message, ...]:
    """No answer came: each order was not sent, or nobody knows whether it is live."""
    return _lost(request, loss_of(line))


def _lost(request: Line, loss: Loss) -> tuple[Message, ...]:
    """The loss told of every order in the request; its line may be all that tells of them."""
    messages: list[Message] = []
    for message in sent(request):
        if isinstance(message, OrderMessage):
            said = (*message.said, *placing_lost(loss))
            messages.append(replace(message, said=said))
    return tuple(messages)


def answered(line: Line, request: Line) -> tuple[Message, ...]:
    """What became of the orders.

    A refusal of the whole request (401, 409 all duplicates, 429 …) tells nothing of any order: the
    same UUID may have been placed by an earlier try. Such an order stays without an
    acknowledgement, which has a flag of its own. After a server error, or an answer that cannot be
    read, nobody knows what became of them.
    """
    http = line.http or {}
    status = http_status(http)
    loss = loss_by_status(status, http.get("body"))
    if loss is not None:
        return _lost(request, loss)
    if not succeeded(status) and status != DECLINED:
        return ()
    try:
        answer = _lists(http.get("body"))
    except Unreadable as error:
        if status == DECLINED:
            return ()  # a malformed request, told in an error envelope
        return (*_lost(request, unreadable(error)), notice(line, "body", str(error)))
    return (
        *_each(line, "acceptedOrders", answer.accepted_orders or (), accepted=True),
        *_each(line, "declinedOrders", answer.declined_orders or (), accepted=False),
    )


def _lists(body: object) -> PlaceAnswer:
    answer = read(PlaceAnswer, body, "body")
    if answer.accepted_orders is None and answer.declined_orders is None:
        raise Unreadable("body.acceptedOrders: neither list of orders is there")
    return answer


def _placed(raw: object, where: str) -> OrderMessage:
    order = read(OrderRow, raw, where)
    if order.request_uuid is None:
        raise Unreadable(f"{where}.requestUuid: missing")
    terms = terms_of(order)
    placed = Terms(
        size=terms.size,
        price=terms.price,
        side=terms.side or Side.BUY,  # `back` is true unless told
        market=terms.market,
        selection=terms.selection,
        currency=terms.currency or DEFAULT_CURRENCY,
        user_ref=terms.user_ref,
        expires_at=terms.expires_at,
    )
    return OrderMessage(names=names_of(order), terms=placed, said=(OrderPlaced(terms=placed),))


def _each(line: Line, field: str, rows: Iterable[object], *, accepted: bool) -> list[Message]:
    messages: list[Message] = []
    for index, raw in enumerate(rows):
        where = f"{field}[{index}]"
        try:
            order = read(OrderRow, raw, where)
            messages.extend(_accepted(order) if accepted else _declined(order))
        except Unreadable as error:
            messages.append(notice(line, where, str(error)))
    return messages


def _accepted(order: OrderRow) -> list[OrderMessage]:
    """Accepted, and what was placed of it at once: the order may be filled already."""
    row = row_of(order)
    rest = told(row, Source.LIST, state=state_of(row))  # the feed tells the same bets
    if row.claims.status is Status.REJECTED:
        return rest
    accepted = OrderMessage(
        names=row.names,
        terms=row.terms,
        said=(OrderAccepted(terms=row.terms),),
        occurred_at=order.created_at,
    )
    return [accepted, *rest]


def _declined(order: OrderRow) -> list[OrderMessage]:
    """Declined for a reason of its own. A duplicate is not: its first placing stands."""
    if "duplicate" in (order.decline_reason or "").lower():
        return []
    row = row_of(order)
    state = OrderRejected(raw_reason=row.raw_reason, claims=row.claims)
    return told(row, Source.REPORT, state=state)
