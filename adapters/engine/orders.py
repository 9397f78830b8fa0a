"""What a message about one order adds to the log: found by its names, or made known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from adapters.engine.places import one_order, sent_once
from adapters.engine.working import Moment, Stream, WorkingSet
from domain import events as e
from domain.decisions import hear, waiting_cancel
from domain.disputes import dispute
from domain.ids import order_stream
from domain.messages import MatchedTotal, OrderMessage, Said
from domain.order import Order
from domain.values import Account, Name, NameKind

_LINKED = (e.Cancelled, e.CancelRejected, e.CancelPending)
_OUR_WORD = (e.OrderPlaced, e.AmendRequested)


class Orders:
    """Applies what was said of orders to their streams."""

    def __init__(self, work: WorkingSet) -> None:
        self._work = work

    def hear(
        self,
        owner: Account,
        message: OrderMessage,
        moment: Moment,
        *,
        cancel_id: UUID | None = None,
    ) -> tuple[Stream | None, Sequence[e.OrderEvent]]:
        """Add what the message tells; return the order (None: nobody knows it) and the news.

        `cancel_id` is the request that the message answers, when one is known.
        """
        stream = self.locate(owner, message, moment)
        if stream is None:
            if message.known_only:
                return None, ()
            stream = self._open(owner, message)
        if message.said_in and stream.order.terms.currency == message.said_in_currency:
            message = replace(message, said=(*message.said_in, *message.said))
        once = sent_once(stream, message.said, moment)
        if once is not message.said:
            message = replace(message, said=once)
        said = self._introduced(owner, stream, message)
        said = [_linked(stream, item, message, cancel_id) for item in said]
        if message.met:
            said = [self._opposed(owner, stream, item, message) for item in said]
        said.extend(_disputed(owner, stream, message))
        return stream, self.add(stream, said, message, moment)

    def add(
        self, stream: Stream, said: Sequence[Said], message: OrderMessage, moment: Moment
    ) -> Sequence[e.OrderEvent]:
        """Add to an order what a message says of it, once the order has learned who it is."""
        stream.order, news = hear(stream.order, said, source=message.source)
        for event in news:
            self._work.record(stream, event, moment, occurred_at=message.occurred_at)
        return news

    def locate(self, owner: Account, message: OrderMessage, moment: Moment) -> Stream | None:
        """The order that the message's names lead to; two that prove to be one are merged."""
        venue: list[Name] = []
        own: list[Name] = []
        for name in message.names:
            (venue if name.kind is NameKind.VENUE else own).append(name)
        found = self._first(owner, venue)
        for name in own:
            key = self._work.find(owner, name)
            if key is None or (found is not None and key == found.key):
                continue
            other = self._work.get(owner, key)
            found = self._joined(owner, found, other, name, venue, moment)
        if found is None:
            found = self._first(owner, message.found_by)
        else:
            for name in message.found_by:
                key = self._work.find(owner, name)
                if key is not None and key != found.key:
                    other = self._work.get(owner, key)
                    if not _has_venue_name(other):
                        found = self._merge(owner, found, other, moment)
        return self._of_place(owner, found, message, moment) if message.places else found

    def _of_place(
        self, owner: Account, found: Stream | None, message: OrderMessage, moment: Moment
    ) -> Stream | None:
        """The order, if only the place request that made it names it so far."""
        for name in message.places:
            key = self._work.find(owner, name)
            if key is None or (found is not None and key == found.key):
                continue
            other = self._work.get(owner, key)
            if one_order(message, other, found):
                found = other if found is None else self._merge(owner, found, other, moment)
        return found

    def _first(self, owner: Account, names: Sequence[Name]) -> Stream | None:
        for name in names:
            key = self._work.find(owner, name)
            if key is not None:
                return self._work.get(owner, key)
        return None

    def _joined(  # noqa: PLR0913, PLR0917 - two orders, a name, and the venue ids that decide
        self,
        owner: Account,
        found: Stream | None,
        other: Stream,
        name: Name,
        venue: Sequence[Name],
        moment: Moment,
    ) -> Stream | None:
        """One message names `found` by the venue's id and `other` by our reference."""
        if not _has_venue_name(other) or not venue:
            return other if found is None else self._merge(owner, found, other, moment)
        if found is None:
            found = Stream(order_stream(owner, venue[0]), owner)
            found = self._work.get(owner, found.key)
        if name.value in other.order.asks:  # our change's id: the venue put this in its place
            replaced = e.ReplacementSeen(amend_ref=name.value, order=found.key)
            if all(entry.event != replaced for entry in other.events):
                self._work.tell(other, replaced, moment)
            return found
        reused = e.ClientRefReused(name=name, other=other.key)
        if all(entry.event != reused for entry in found.events):
            self._work.tell(found, reused, moment)
        return found

    def _merge(self, owner: Account, one: Stream, two: Stream, moment: Moment) -> Stream:
        """Two streams proved to be one order: the facts of the later one are told again."""
        stays, goes = (two, one) if two.order.placed and not one.order.placed else (one, two)
        facts = [
            entry
            for entry in goes.events
            if not isinstance(entry.event, e.OrderDiscovered | e.OrderIdentified | e.OrderMerged)
        ]
        fresh = tuple(name for name in goes.order.names if name not in stays.order.names)
        if fresh:
            self._work.tell(stays, e.OrderIdentified(names=fresh), moment)
        for entry in facts:
            fact: Said = entry.event  # type: ignore[assignment]  # an order's stream holds facts of orders
            stays.order, news = hear(stays.order, [fact], source=e.Source.LIST)
            for event in news:
                self._work.record(
                    stays,
                    event,
                    moment,
                    occurred_at=entry.occurred_at,
                    observed_at=entry.observed_at,
                )
        self._work.tell(goes, e.OrderMerged(into=stays.key), moment)
        return self._work.get(owner, stays.key)

    def _open(self, owner: Account, message: OrderMessage) -> Stream:
        """A new order: none of its names is known.

        An order learns the first of them with its first event, so the log has no event of it.
        """
        first = (*message.names, *message.found_by)[0]
        return self._work.begin(owner, order_stream(owner, first))

    def _introduced(self, owner: Account, stream: Stream, message: OrderMessage) -> list[Said]:
        """What was said, led by what makes the order or its further names known."""
        fresh = self._fresh_names(owner, stream, message)
        said = list(message.said)
        head = said[0] if said else None
        order = stream.order
        if isinstance(head, e.OrderPlaced) and not order.placed:
            return [replace(head, names=fresh), *said[1:]]
        known = order.placed or order.discovered is not None
        if not known:
            discovered = e.OrderDiscovered(source=message.source, terms=message.terms, names=fresh)
            return [discovered, *_from_mid_life(said)]
        if isinstance(head, e.OrderAccepted) and not order.accepted:
            return [replace(head, names=fresh), *_sized(order, message), *said[1:]]
        if fresh:
            return [e.OrderIdentified(names=fresh), *_sized(order, message), *said]
        return [*_sized(order, message), *said]

    def _opposed(self, owner: Account, stream: Stream, item: Said, message: OrderMessage) -> Said:
        """A match with the order of ours that it met, if it met one."""
        if isinstance(item, e.Filled) and item.against is None:
            for fill_id, name in message.met:
                other = self._work.find(owner, name) if fill_id == item.fill_id else None
                if other is not None and other != stream.key:
                    return replace(item, against=other)
        return item

    def _fresh_names(
        self, owner: Account, stream: Stream, message: OrderMessage
    ) -> tuple[Name, ...]:
        places = () if stream.order.placed else message.places
        told = (*message.names, *message.chain, *places)
        if not stream.events:  # what led to it are names that it had before we saw it
            told = (*message.names, *message.found_by, *message.chain, *message.places)
        fresh: list[Name] = []
        for name in told:
            if name in stream.order.names or name in fresh:
                continue
            if self._work.find(owner, name) is None:
                self._work.learn(owner, name, stream.key)
                fresh.append(name)
        return tuple(fresh)


def _disputed(owner: Account, stream: Stream, message: OrderMessage) -> tuple[Said, ...]:
    """What the message tells otherwise than we hold it, unless it is our own word."""
    head = message.said[0] if message.said else None
    if isinstance(head, _OUR_WORD) or not stream.events:
        return ()
    other = None if message.account == owner.account else message.account
    found = dispute(stream.order, message.terms, owner.venue, account=other)
    if found is None:
        return ()
    fills = (item.fill_id for item in message.said if isinstance(item, e.Filled))
    return (replace(found, fill_id=next(fills, None)),)


def _sized(order: Order, message: OrderMessage) -> list[Said]:
    """The terms of an order that a bare match had made known, told by the first row with a size."""
    if order.size is not None or message.terms.size is None:
        return []
    return [e.OrderReported(terms=message.terms, claims=order.told)]


def _from_mid_life(said: Sequence[Said]) -> list[Said]:
    """What was said, with what had matched before the first report that we see of the order.

    Claims change nothing for an order whose life we hold; of one that is first seen in the midst
    of its life they are all that tells what came before. The total counts after the matches of
    the same message and before anything that takes the rest off the book.
    """
    told: Iterator[e.Claims | None] = (getattr(item, "claims", None) for item in said)
    claims = next(filter(None, told), None)
    if claims is None or claims.matched is None:
        return list(said)
    matches = [item for item in said if isinstance(item, e.Filled)]
    rest = [item for item in said if not isinstance(item, e.Filled)]
    return [*matches, MatchedTotal(total=claims.matched), *rest]


def _has_venue_name(stream: Stream) -> bool:
    return any(name.kind is NameKind.VENUE for name in stream.order.names)


def _linked(stream: Stream, item: Said, message: OrderMessage, cancel_id: UUID | None) -> Said:
    """The item with the request of ours that it answers, when there is one."""
    if not isinstance(item, _LINKED) or item.cancel_id is not None:
        return item
    if isinstance(item, e.Cancelled) and not item.requested:
        return item
    if cancel_id is None and not message.quotes:
        cancel_id = waiting_cancel(stream.order)
    if cancel_id is None:
        return item
    if isinstance(item, e.Cancelled):
        return replace(item, cancel_id=cancel_id, initiator=e.Initiator.US)
    return replace(item, cancel_id=cancel_id)
