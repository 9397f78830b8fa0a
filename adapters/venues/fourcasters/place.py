"""The answer to a place: the one message that gives a submitted order its names.

The sent `placeV3` carries no id of its own per order, so an order is known from its answer on,
with what we asked for at the same position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import cast

from adapters.venues.exact import read
from adapters.venues.fourcasters.terms import (
    TIME_IN_FORCE,
    american,
    backed,
    hit,
    names,
    referred,
    terms,
)
from adapters.venues.fourcasters.wire import Match, PlacedOrder, PlaceEntry, Rest
from adapters.venues.losses import Loss, place_name, placing_lost, unreadable
from domain.events import (
    Cancelled,
    Claims,
    Filled,
    Initiator,
    OrderAccepted,
    OrderPlaced,
    OrderRejected,
    Terms,
)
from domain.messages import Message, Notice, OrderMessage, Said
from domain.notices import UnreadableValue
from domain.values import ZERO, Account, Name
from domain.wire import Line, Unreadable

ERROR_TYPES = frozenset(
    {"validation_error", "rejected_liability", "rejected_order_type_rules", "system_error"}
)

_WRAPPED = frozenset({"matched", "unmatched", "error"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What we submitted at one position: the order and the terms that it gives."""

    order: PlacedOrder
    terms: Terms


def place_answer(
    line: Line, ref: str | None, entries: Sequence[object], submitted: Sequence[object] | None
) -> list[Message]:
    """What became of each submitted order, in the order of submission.

    An entry that cannot be read is noted and does not take the others with it; nobody knows what
    became of its order.
    """
    told: list[Message] = []
    for index, item in enumerate(entries):
        where = f"data.{index}"
        place = place_name(line, ref, index)
        try:
            entry = read(PlaceEntry, _wrapped(item), where)
            asked = _asked(entry, submitted, index, len(entries))
            told.extend(_order(line.owner, entry, asked, (where, place)))
        except Unreadable as reason:
            told.append(unread(line.owner, where, str(reason)))
            if submitted is not None and len(submitted) == len(entries):
                told.extend(_lost(place, submitted[index], unreadable(reason)))
    return told


def place_lost(
    line: Line,
    ref: str | None,
    submitted: Sequence[object],
    loss: Loss,
    sent: Line | None,
) -> list[Message]:
    """No answer came: each order was not sent, or nobody knows whether it is live.

    `sent` is the line of the request, if it was read.
    """
    sent_at = None if sent is None else sent.at
    return [
        message
        for index, item in enumerate(submitted)
        for message in _lost(place_name(line, ref, index), item, loss, sent_at)
    ]


def _lost(
    place: Name, submitted: object, loss: Loss, sent_at: datetime | None = None
) -> list[Message]:
    """An order without a name of its own goes by its place in the request until it has one."""
    try:
        order = read(PlacedOrder, submitted, "orders")
    except Unreadable:
        return []  # what the venue could not have read either
    known = replace(_as_submitted(order), placed_at=sent_at)
    return [
        OrderMessage(
            names=(place,),
            places=referred(order.user_reference, order.game_id),
            terms=known,
            said=(OrderPlaced(terms=known), *placing_lost(loss)),
        )
    ]


def place_refused(
    line: Line, ref: str | None, submitted: Sequence[object], why: str | None
) -> list[Message]:
    """The request was refused: nothing of it is live, should an order in it have been in doubt."""
    return [_refused(place_name(line, ref, index), why) for index in range(len(submitted))]


def _refused(place: Name, why: str | None) -> OrderMessage:
    return OrderMessage(names=(place,), said=(OrderRejected(raw_reason=why),), known_only=True)


def _wrapped(item: object) -> object:
    """One documented example shows a resting order bare, without matched/unmatched around it."""
    if not isinstance(item, Mapping):
        return item
    fields = cast("Mapping[str, object]", item)
    return fields if not _WRAPPED.isdisjoint(fields) else {"unmatched": fields}


def unread(owner: Account, field: str, value: str) -> Notice:
    """A part of an answer that cannot be read; the message is kept."""
    return Notice(
        event=UnreadableValue(venue=owner.venue, account=owner.account, field=field, value=value)
    )


def _asked(
    entry: PlaceEntry, submitted: Sequence[object] | None, index: int, answers: int
) -> Asked | None:
    """What we submitted at this position, unless the two cannot belong together.

    The answer is positional; a documented example shows an answer to another request, which the
    user references give away.
    """
    if submitted is None or len(submitted) != answers:
        return None
    try:
        order = read(PlacedOrder, submitted[index], f"orders.{index}")
    except Unreadable:
        return None
    echoed = {part.user_reference for part in _parts(entry)} - {None}
    if order.user_reference is not None and echoed - {order.user_reference}:
        return None
    return Asked(order, _as_submitted(order))


def _parts(entry: PlaceEntry) -> list[Match | Rest]:
    return [*entry.matched, *(() if entry.unmatched is None else (entry.unmatched,))]


def _as_submitted(order: PlacedOrder) -> Terms:
    known = terms(
        size=order.bet,
        odds=order.odds,
        game=order.game_id,
        picked=backed(order),
        user_ref=order.user_reference,
    )
    word = (order.order_type or "").casefold()
    return replace(known, time_in_force=TIME_IN_FORCE.get(word))


def _order(
    owner: Account, entry: PlaceEntry, asked: Asked | None, at: tuple[str, Name]
) -> list[Message]:
    where, place = at
    rest = entry.unmatched
    if entry.error is not None or (rest is None and not entry.matched):
        return [_refused(place, entry.error), *_nothing_placed(owner, entry, where)]
    wagers = [part.wager_request_id for part in _parts(entry)]
    wager = next((wager for wager in wagers if wager is not None), None)
    called = names(None if rest is None else rest.order_id, wager)
    if not called:
        raise Unreadable(f"{where}: neither orderID nor wagerRequestID names the order")
    known = _terms(entry, asked)
    said = tuple(_said(entry, asked, known))
    met = tuple(other for fill in entry.matched for other in hit(fill))
    return [OrderMessage(names=called, places=(place,), terms=known, said=said, met=met)]


def _nothing_placed(owner: Account, entry: PlaceEntry, where: str) -> list[Message]:
    """A refused order never got a name and nothing of it is live: there is no more to tell of."""
    unknown = entry.error_type is not None and entry.error_type not in ERROR_TYPES
    return [unread(owner, f"{where}.error_type", entry.error_type or "")] if unknown else []


def _terms(entry: PlaceEntry, asked: Asked | None) -> Terms:
    """What we asked for; without the request, what the answer shows of it.

    A fill's odds are the match's, not the order's limit, so they are no term of the order.
    """
    if asked is not None:
        return asked.terms
    rest = entry.unmatched
    shown = entry.matched[0] if rest is None else rest
    return terms(
        size=_matched(entry) + (ZERO if rest is None else rest.offered),
        odds=None if rest is None else rest.odds,
        picked=backed(shown),
        user_ref=shown.user_reference,
    )


def _matched(entry: PlaceEntry) -> Decimal:
    return sum((fill.amount for fill in entry.matched), ZERO)


def _said(entry: PlaceEntry, asked: Asked | None, known: Terms) -> list[Said]:
    matched = _matched(entry)
    rest = entry.unmatched
    claims = None if rest is None else Claims(size=matched + rest.offered)
    said: list[Said] = [OrderPlaced(terms=known), OrderAccepted(terms=known, claims=claims)]
    said += [
        Filled(fill_id=fill.tx_id, size=fill.amount, price=american(fill.odds))
        for fill in entry.matched
    ]
    if rest is None and asked is not None and asked.order.bet > matched:
        # `unmatched: {}` says that nothing rests: fillAndKill killed it, or (fillOrKill, limit)
        # it was too small to rest.
        said.append(
            Cancelled(
                initiator=Initiator.VENUE,
                size=asked.order.bet - matched,
                raw_reason=asked.order.order_type,
            )
        )
    return said
