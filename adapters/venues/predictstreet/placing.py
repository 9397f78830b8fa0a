"""Placing: what we asked for, and what the venue made of it.

`clientOrderId` is the venue's idempotency key: the same answer may come again for a repeated
request. An order placed without it is known from its answer, with the terms of the request.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.venues.exact import read
from adapters.venues.outcomes import REQUEST_TIMEOUT, words
from adapters.venues.predictstreet.fields import Broken, Told, each, items
from adapters.venues.predictstreet.orders import names, strange_side, terms_of
from adapters.venues.predictstreet.reasons import code_of
from adapters.venues.predictstreet.states import Figures, State, state_of, told
from adapters.venues.predictstreet.trades import Around, told_by_rows
from adapters.venues.predictstreet.wire import PlaceBatch, Placed, PlaceOrder
from domain.events import Filled, OrderAccepted, OrderPlaced, OrderRejected, Terms
from domain.messages import OrderMessage
from domain.values import ZERO
from domain.wire import Unreadable

SUCCESS = range(200, 300)
CLIENT_ERRORS = range(400, 500)

UNDECIDED = frozenset({REQUEST_TIMEOUT, 409})
"""Client errors that do not say that nothing is live: the venue gave up waiting, or has a
conflict, which may be with an earlier order of the same `clientOrderId`."""

NOT_ASKED = read(PlaceOrder, {})
"""Stands for the request of an answer that belongs to none of those sent."""


def placed(body: object) -> Sequence[Told]:
    """`POST /api/orders/place`, asked."""
    return _sent(read(PlaceOrder, body))


def batch_placed(body: object) -> Sequence[Told]:
    """`POST /api/orders/place-batch`, asked."""
    return tuple(message for order in read(PlaceBatch, body).orders for message in _sent(order))


def _sent(order: PlaceOrder) -> Sequence[Told]:
    own = names(None, order.client_order_id)
    if not own:
        return ()
    asked = OrderPlaced(terms=terms_of(order))
    return (OrderMessage(names=own, said=(asked, *strange_side(order.side))),)


def place_answered(status: int, body: object, sent: object) -> Sequence[Told]:
    """The answer to one placed order; HTTP 200 may refuse it all the same."""
    order = read(PlaceOrder, sent)
    if status not in SUCCESS:
        return _refused(status, body, (order,))
    return _answered(read(Placed, body), order)


def batch_place_answered(status: int, body: object, sent: object) -> Sequence[Told]:
    """The answers to a batch, a bare array.

    A server error hides entries that were committed, so it tells of none of them.
    """
    orders = read(PlaceBatch, sent).orders
    if status not in SUCCESS:
        return _refused(status, body, orders)
    entries = items(body)
    if entries is None:
        raise Unreadable("body: not a list of answers")
    told: list[Told] = []
    for index, answer in enumerate(each(Placed, entries, "body")):
        if isinstance(answer, Broken):
            told.append(answer)
            continue
        try:
            told.extend(_answered(answer, _asked(answer, index, len(entries), orders)))
        except Unreadable as error:
            told.append(Broken(f"body[{index}]", str(error)))
    return told


def _asked(answer: Placed, index: int, answers: int, orders: Sequence[PlaceOrder]) -> PlaceOrder:
    """The order that this entry answers: by its reference, else by its place in a full list."""
    if answer.client_order_id:
        for order in orders:
            if order.client_order_id == answer.client_order_id:
                return order
    return orders[index] if answers == len(orders) else NOT_ASKED


def _refused(status: int, body: object, orders: Sequence[PlaceOrder]) -> Sequence[Told]:
    """An HTTP refusal of the whole request: certain only when it is the client's error."""
    if status not in CLIENT_ERRORS or status in UNDECIDED:
        return ()
    raw = _raw_reason(code_of(body), words(body)) or f"HTTP {status}"
    return tuple(
        OrderMessage(names=own, said=(OrderRejected(raw_reason=raw),))
        for order in orders
        if (own := names(None, order.client_order_id))
    )


def _raw_reason(code: str | None, message: str | None) -> str | None:
    return ": ".join(part for part in (code, message) if part) or None


def _answered(answer: Placed, order: PlaceOrder) -> Sequence[Told]:
    """One order's answer: taken or refused, its matches, and how it stands."""
    client_id = answer.client_order_id or order.client_order_id
    own = names(answer.order_id, client_id)
    terms = terms_of(order)
    why = _raw_reason(answer.code, words(answer.message))
    refused = answer.status is None and (answer.success is False or answer.code is not None)
    if refused or state_of(answer.status) is State.REJECTED:
        rejected = OrderMessage(names=own, terms=terms, said=(OrderRejected(raw_reason=why),))
        return (*_matches(answer, client_id, terms), rejected) if own else ()
    if answer.status is None or not (answer.order_id and answer.order_id.strip()):
        raise Unreadable("status, orderId: neither a placed order nor a refusal")
    taken = OrderMessage(
        names=own, terms=terms, said=(OrderAccepted(terms=terms), *strange_side(order.side))
    )
    matches = _matches(answer, client_id, terms)
    return (taken, *matches, _standing(answer, order, matches, why))


def _matches(answer: Placed, client_id: str | None, terms: Terms) -> list[Told]:
    around = Around(order_id=answer.order_id, client_id=client_id, terms=terms)
    return told_by_rows(answer.trades or (), around)


def _standing(
    answer: Placed, order: PlaceOrder, matches: Sequence[Told], why: str | None
) -> OrderMessage:
    """How the order stands after its matches, with the complete list of them when they add up."""
    fills = (
        item.size
        for match in matches
        if isinstance(match, OrderMessage)
        for item in match.said
        if isinstance(item, Filled)
    )
    figures = Figures(
        word=answer.status or "",
        size=order.quantity,
        filled=answer.filled_qty,
        rest=answer.remaining_qty,
        why=why,
        records=answer.trades is not None and sum(fills, ZERO) == answer.filled_qty,
    )
    own = names(answer.order_id, answer.client_order_id or order.client_order_id)
    return OrderMessage(names=own, terms=terms_of(order), said=told(figures))
