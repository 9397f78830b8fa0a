"""What an order is, in our words: market, selection, price, side, names.

Every order is a BUY: it backs the side that it names, and "no" on an outcome is a selection of
its own. The market is the game; the selection is `type:side[:number]`, and for the three-way
money line `type:side:market`.
"""

from __future__ import annotations

from decimal import Decimal

from adapters.venues.fourcasters.wire import Bet, Match
from domain.events import Terms
from domain.values import Name, NameKind, Price, PriceFormat, Side, plain

CURRENCY = "USD"
THREE_WAY = "moneyline1x2"

TIME_IN_FORCE = {"fillandkill": "IOC", "fillorkill": "FOK"}
"""The order types that never rest, as FIX calls them; the others rest until the game starts."""


def american(odds: Decimal | None) -> Price | None:
    """American odds; at most one decimal place, kept as written."""
    return None if odds is None else Price(odds, PriceFormat.AMERICAN)


def selection(
    kind: str | None, side: str | None, number: Decimal | None = None, market: str | None = None
) -> str | None:
    """The one spelling of a selection; None when the message does not tell enough."""
    if kind is None or side is None:
        return None
    parts = [kind, side]
    if kind == THREE_WAY:
        if market is None:
            return None
        parts.append(market)
    elif number is not None:
        parts.append(plain(number))
    return ":".join(parts)


def backed(line: Bet) -> str | None:
    """The selection that this part names."""
    return selection(line.type, line.side, line.number, line.market)


def terms(
    *,
    size: Decimal | None = None,
    odds: Decimal | None = None,
    game: str | None = None,
    picked: str | None = None,
    user_ref: str | None = None,
) -> Terms:
    """The terms that every message of this venue tells in the same way."""
    return Terms(
        size=size,
        price=american(odds),
        side=Side.BUY,
        market=game,
        selection=picked,
        currency=CURRENCY,
        user_ref=user_ref,
    )


def referred(user_ref: str | None, game: str | None) -> tuple[Name, ...]:
    """What leads from an order whose place had no answer to the order that the venue tells of.

    The venue's advice for such a place is to send a unique `userReference` and to look it up.
    """
    if user_ref is None or game is None:
        return ()
    return (Name(NameKind.PLACE, f"userReference:{game}:{user_ref}"),)


def names(order_id: str | None, wager_request_id: str | None) -> tuple[Name, ...]:
    """The order's own names, the venue's id first. Our `userReference` is not unique: no name."""
    named = ((NameKind.VENUE, order_id), (NameKind.WAGER, wager_request_id))
    return tuple(Name(kind, value) for kind, value in named if value is not None)


def hit(taken: Match) -> tuple[tuple[str, Name], ...]:
    """The resting order that a taker's match names: the other side's, which may be ours, too."""
    if taken.order_id is None:
        return ()
    return ((taken.tx_id, Name(NameKind.VENUE, taken.order_id)),)
