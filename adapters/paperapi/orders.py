"""An order's row in the domain's words: its names, its terms, what happened and how it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.paperapi.wire import NewOrder, OrderRow
from domain.events import (
    Cancelled,
    Claims,
    Expired,
    Filled,
    Initiator,
    Lapsed,
    OrderReported,
    Source,
    Terms,
    UnknownValueSeen,
    Voided,
)
from domain.lifecycle import Status
from domain.messages import MatchedTotal, OrderMessage, Said
from domain.values import Name, NameKind, Price, PriceFormat, Side

State = Callable[[OrderRow, Claims], Said]


def _resting(row: OrderRow, claims: Claims) -> Said:
    return OrderReported(terms=terms_of(row), claims=claims)


def _cancelled(row: OrderRow, claims: Claims) -> Said:
    return Cancelled(
        initiator=Initiator.VENUE, size=row.cancelled, matched=row.matched, claims=claims
    )


def _lapsed(row: OrderRow, claims: Claims) -> Said:
    return Lapsed(size=row.lapsed, claims=claims)


def _expired(row: OrderRow, claims: Claims) -> Said:
    del row
    return Expired(claims=claims)


def _voided(row: OrderRow, claims: Claims) -> Said:
    return Voided(size=row.voided, claims=claims)


STATES: Mapping[str, tuple[Status, State]] = {
    "RESTING": (Status.NEW, _resting),
    "FILLED": (Status.FILLED, _resting),
    "CANCELLED": (Status.CANCELLED, _cancelled),
    "LAPSED": (Status.EXPIRED, _lapsed),
    "EXPIRED": (Status.EXPIRED, _expired),
    "VOIDED": (Status.EXPIRED, _voided),
}
"""Every word for how an order stands, what it is in ours, and the fact that it tells."""


SIDES: Mapping[str, Side] = {side.value: side for side in Side}


def names_of(row: OrderRow | NewOrder) -> tuple[Name, ...]:
    """The venue's id first, then our reference."""
    told: list[Name] = []
    if isinstance(row, OrderRow):
        told.append(Name(NameKind.VENUE, row.order_id))
    if row.reference is not None:
        told.append(Name(NameKind.CLIENT, row.reference))
    return tuple(told)


def terms_of(row: OrderRow | NewOrder) -> Terms:
    """What the order asks for. A side that is no word of ours is not guessed."""
    return Terms(
        size=row.size,
        price=None if row.price is None else Price(row.price, PriceFormat.DECIMAL),
        side=SIDES.get(row.side or ""),
        market=row.market,
        selection=row.selection,
        user_ref=row.user_ref,
        placed_at=row.placed_at if isinstance(row, OrderRow) else None,
    )


def facts_of(row: OrderRow) -> tuple[Said, ...]:
    """The matches, each by its own id, and their sum."""
    fills = tuple(
        Filled(fill_id=fill.fill_id, size=fill.size, price=Price(fill.price, PriceFormat.DECIMAL))
        for fill in row.fills
    )
    return (*fills, MatchedTotal(total=row.matched))


def claims_of(row: OrderRow) -> Claims:
    """What the venue says of its own books: held against ours, never applied."""
    status = STATES[row.state][0] if row.state in STATES else None
    if status is Status.NEW and row.matched:
        status = Status.PARTIALLY_FILLED
    return Claims(
        status=status,
        raw_status=row.state,
        size=row.size,
        matched=row.matched,
        remaining=row.remaining,
        cancelled=row.cancelled,
        lapsed=row.lapsed,
        voided=row.voided,
        records=True,
    )


def told(row: OrderRow, source: Source = Source.LIST) -> OrderMessage:
    """All that a row tells. An unknown word costs that word, and is flagged."""
    known = STATES.get(row.state)
    state: Said = UnknownValueSeen(field="state", value=row.state)
    if known is not None:
        state = known[1](row, claims_of(row))
    return OrderMessage(
        names=names_of(row), terms=terms_of(row), source=source, said=(*facts_of(row), state)
    )
