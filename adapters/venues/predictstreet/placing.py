"""Placing: what we asked for, and what the venue made of it.

`clientOrderId` is the venue's idempotency key: the same answer may come again for a repeated
request. An order placed without it is known from its answer, with the terms of the request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.venues.exact import read
from adapters.venues.losses import Loss, place_name, placing_lost, unreadable
from adapters.venues.outcomes import REQUEST_TIMEOUT, words
from adapters.venues.predictstreet.fields import Broken, Told, each, items
from adapters.venues.predictstreet.orders import names, strange_side, terms_of
from adapters.venues.predictstreet.reasons import code_of
from adapters.venues.predictstreet.states import Figures, State, state_of, told
from adapters.venues.predictstreet.trades import Around, told_by_rows
from adapters.venues.predictstreet.wire import PlaceBatch, Placed, PlaceOrder
from domain.events import Filled, OrderAccepted, OrderPlaced, OrderRejected, Terms
from domain.messages import OrderMessage
from domain.values import ZERO, Name
from domain.wire import Line, Unreadable

SUCCESS = range(200, 300)
CLIENT_ERRORS = range(400, 500)

UNDECIDED = frozenset({REQUEST_TIMEOUT, 409})
"""Client errors that do not say that nothing is live: the venue gave up waiting, or has a
conflict, which may be with an earlier order of the same `clientOrderId`."""


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


@dataclass(frozen=True, slots=True)
class Submitted:
    """An order in a place request; `name` is its place there, which an order of no name goes by."""

    order: PlaceOrder
    name: Name | None = None

    @property
    def places(self) -> tuple[Name, ...]:
        """What leads to it besides our reference."""
        return () if self.name is None or self.order.client_order_id else (self.name,)

    @property
    def names(self) -> tuple[Name, ...]:
        """What it goes by until the venue names it."""
        return names(None, self.order.client_order_id) or self.places


NOT_ASKED = Submitted(read(PlaceOrder, {}))
"""Stands for the request of an answer that belongs to none of those sent."""


def one(body: object) -> Sequence[PlaceOrder]:
    """The order in the body of `place`."""
    return (read(PlaceOrder, body),)


def many(body: object) -> Sequence[PlaceOrder]:
    """The orders in the body of `place-batch`."""
    return read(PlaceBatch, body).orders


def _submitted(line: Line, orders: Sequence[PlaceOrder]) -> list[Submitted]:
    """The orders of a request; `line` is it, its answer or its loss."""
    return [Submitted(order, place_name(line, None, index)) for index, order in enumerate(orders)]


def lost(line: Line, loss: Loss, orders: Sequence[PlaceOrder]) -> Sequence[Told]:
    """No answer that can be read came: not sent, or nobody knows which of them are live.

    A server error of a batch hides entries that were committed.
    """
    return [_lost(item, loss) for item in _submitted(line, orders)]


def _lost(item: Submitted, loss: Loss) -> OrderMessage:
    terms = terms_of(item.order)
    said = (OrderPlaced(terms=terms), *placing_lost(loss), *strange_side(item.order.side))
    return OrderMessage(names=item.names, terms=terms, said=said)


def place_answered(
    line: Line, status: int, body: object, orders: Sequence[PlaceOrder]
) -> Sequence[Told]:
    """The answer to one placed order; HTTP 200 may refuse it all the same."""
    asked = _submitted(line, orders)
    if status not in SUCCESS:
        return _refused(status, body, asked)
    return _answered(read(Placed, body), asked[0])


def batch_place_answered(
    line: Line, status: int, body: object, orders: Sequence[PlaceOrder]
) -> Sequence[Told]:
    """The answers to a batch, a bare array. An entry that cannot be read answers nothing."""
    asked = _submitted(line, orders)
    if status not in SUCCESS:
        return _refused(status, body, asked)
    entries = items(body)
    if entries is None:
        raise Unreadable("body: not a list of answers")
    told: list[Told] = []
    answered: set[Submitted] = set()
    for index, answer in enumerate(each(Placed, entries, "body")):
        if isinstance(answer, Broken):
            told.append(Broken(f"body[{index}]", answer.why))
            continue
        item = _asked(answer, index, len(entries), asked)
        try:
            told.extend(_answered(answer, item))
            answered.add(item)
        except Unreadable as error:
            told.append(Broken(f"body[{index}]", str(error)))
    broken = next((item.why for item in told if isinstance(item, Broken)), None)
    if broken is None:
        return told
    return [*told, *(_lost(item, unreadable(broken)) for item in asked if item not in answered)]


def _asked(answer: Placed, index: int, answers: int, orders: Sequence[Submitted]) -> Submitted:
    """The order that this entry answers: by its reference, else by its place in a full list."""
    if answer.client_order_id:
        for item in orders:
            if item.order.client_order_id == answer.client_order_id:
                return item
    return orders[index] if answers == len(orders) else NOT_ASKED


def _refused(status: int, body: object, orders: Sequence[Submitted]) -> Sequence[Told]:
    """An HTTP refusal of the whole request: certain only when it is the client's error."""
    if status not in CLIENT_ERRORS or status in UNDECIDED:
        return ()
    raw = _raw_reason(code_of(body), words(body)) or f"HTTP {status}"
    return tuple(_rejected(item, item.names, raw) for item in orders)


def _rejected(item: Submitted, own: tuple[Name, ...], raw: str | None) -> OrderMessage:
    """Refused: of an order without a name there is nothing to tell, unless it was in doubt."""
    return OrderMessage(
        names=own,
        terms=terms_of(item.order),
        said=(OrderRejected(raw_reason=raw),),
        known_only=own == item.places,
    )


def _raw_reason(code: str | None, message: str | None) -> str | None:
    return ": ".join(part for part in (code, message) if part) or None


def _answered(answer: Placed, asked: Submitted) -> Sequence[Told]:
    """One order's answer: taken or refused, its matches, and how it stands."""
    order = asked.order
    client_id = answer.client_order_id or order.client_order_id
    own = names(answer.order_id, client_id)
    terms = terms_of(order)
    why = _raw_reason(answer.code, words(answer.message))
    refused = answer.status is None and (answer.success is False or answer.code is not None)
    if refused or state_of(answer.status) is State.REJECTED:
        if not own:
            return (_rejected(asked, asked.places, why),) if asked.places else ()
        return (*_matches(answer, client_id, terms), _rejected(asked, own, why))
    if answer.status is None or not (answer.order_id and answer.order_id.strip()):
        raise Unreadable("status, orderId: neither a placed order nor a refusal")
    taken = OrderMessage(
        names=own,
        terms=terms,
        said=(OrderAccepted(terms=terms), *strange_side(order.side)),
        places=asked.places,
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
