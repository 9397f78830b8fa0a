"""Orders as reads and the user feed show them: names, terms and standing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from adapters.venues.exact import read
from adapters.venues.predictstreet.fields import Broken, Told, each, items
from adapters.venues.predictstreet.states import LIVE, Figures, state_of, told
from adapters.venues.predictstreet.wire import Described, OrderPage, OrderRow, PlaceOrder, Trade
from domain.events import Source, Terms, UnknownValueSeen
from domain.messages import OrderMessage, Said
from domain.values import Name, NameKind, Price, PriceFormat, Side

CURRENCY = "USDC"
"""What prices, fees and balances are in. Sizes count outcome tokens, which pay 1 USDC or 0."""


def names(venue_id: str | None, client_id: str | None) -> tuple[Name, ...]:
    """The order's own names, the venue's first; an empty id is no name."""
    told_names = ((NameKind.VENUE, venue_id), (NameKind.CLIENT, client_id))
    return tuple(Name(kind, value) for kind, value in told_names if value and value.strip())


def price_of(value: Decimal | None) -> Price | None:
    """A price: USDC per token, so a probability."""
    return None if value is None else Price(value, PriceFormat.PROBABILITY)


def side_of(word: str | None) -> Side | None:
    """`buy` or `sell` in any casing; None for anything else."""
    try:
        return None if word is None else Side(word.strip().upper())
    except ValueError:
        return None


def strange_side(word: str | None) -> tuple[Said, ...]:
    """A side that is neither `buy` nor `sell` is noted with the order, and no side is guessed."""
    if word is None or side_of(word) is not None:
        return ()
    return (UnknownValueSeen(field="side", value=word),)


def whereabouts(row: Described | PlaceOrder | Trade) -> Terms:
    """What a row tells of where the order stands, without what it asks for."""
    return Terms(
        side=side_of(row.side),
        market=row.market_id or None,
        selection=row.outcome or None,
        currency=CURRENCY,
    )


def terms_of(row: Described | PlaceOrder) -> Terms:
    """What an order asks for, as far as the row tells."""
    place = whereabouts(row)
    return Terms(
        size=row.quantity,
        price=price_of(row.price),
        side=place.side,
        market=place.market,
        selection=place.selection,
        currency=place.currency,
        time_in_force=row.time_in_force.upper() if row.time_in_force else None,
        placed_at=row.created_at if isinstance(row, Described) else None,
        expires_at=row.expiry,
    )


def figures_of(row: Described, word: str, why: str | None = None) -> Figures:
    """The row's numbers beside its state."""
    return Figures(
        word=word,
        size=row.quantity,
        filled=row.filled_qty,
        rest=row.rest,
        price=price_of(row.price),
        why=why,
    )


def order_message(row: OrderRow) -> OrderMessage:
    """One row of a read. `updatedAt` moves for settlements too, so it dates no state."""
    return OrderMessage(
        names=names(row.order_id, row.client_order_id),
        terms=terms_of(row),
        said=(*told(figures_of(row, row.status)), *strange_side(row.side)),
        source=Source.LIST,
    )


def one(body: object) -> Sequence[Told]:
    """`GET /api/orders/{id}`."""
    return (order_message(read(OrderRow, body)),)


def page(body: object) -> Sequence[Told]:
    """A page of `open` or `history`, as an object or as the bare list."""
    bare = items(body)
    rows = read(OrderPage, body if bare is None else {"orders": bare}).orders
    told = list(each(OrderRow, rows, "orders"))
    broken = [row for row in told if isinstance(row, Broken)]
    whole = settled_last(row for row in told if isinstance(row, OrderRow))
    return (*broken, *(order_message(row) for row in whole))


def settled_last(rows: Iterable[OrderRow]) -> list[OrderRow]:
    """The rows with the live states of an order before its end.

    History is said to show a partly filled and then cancelled order as PARTIAL, then CANCELLED,
    newest first: told in that order, a cancelled order would come back to life.
    """
    return sorted(rows, key=lambda row: state_of(row.status) not in LIVE)
