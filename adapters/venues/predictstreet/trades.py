"""Matches: rows of fills and trade lists, `user_fill`, and what becomes of them on chain.

A match is provisional until its settlement is on chain, and is taken back when that fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from adapters.venues.exact import read
from adapters.venues.predictstreet.fields import Broken, Told, each, items, members
from adapters.venues.predictstreet.orders import names, price_of, strange_side, whereabouts
from adapters.venues.predictstreet.wire import Trade, TradePage
from domain.events import Filled, FillVoided, Source, Terms, UnknownValueSeen
from domain.messages import OrderMessage, Said
from domain.wire import Unreadable

NO_TERMS = Terms()


class Settlement(StrEnum):
    """How far a match has come on chain."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    TAKEN_BACK = "taken back"


BY_STATUS: Mapping[str, Settlement] = {
    "matched": Settlement.PROVISIONAL,
    "settlement_pending": Settlement.PROVISIONAL,
    "settled": Settlement.FINAL,
    "settlement_failed": Settlement.TAKEN_BACK,
}
"""The documented trade states."""

KNOWN_SOURCES = frozenset({"matcher"})
"""Who told of a `user_fill`: the matcher, which is not the chain (the subscriptions page says
"chain-confirmed", the events page denies it; `source` decides)."""

NO_ADJUSTMENT = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the message around a match tells, for what the match itself leaves out.

    Lists repeat by nature what the feed told, so they are read as `Source.LIST`.
    """

    order_id: str | None = None
    client_id: str | None = None
    terms: Terms = NO_TERMS
    at: datetime | None = None
    source: Source = Source.LIST


NOTHING = Around()


def trade_messages(trade: Trade, around: Around = NOTHING) -> list[OrderMessage]:
    """What one match tells of its order."""
    own = names(trade.order_id or around.order_id, trade.client_order_id or around.client_id)
    if not own:
        raise Unreadable("orderId: a match without its order")
    where, terms = whereabouts(trade), around.terms
    fill = OrderMessage(
        names=own,
        terms=replace(
            terms,
            side=where.side or terms.side,
            market=where.market or terms.market,
            selection=where.selection or terms.selection,
            currency=where.currency,
        ),
        said=(_filled(trade), *_strange_words(trade), *strange_side(trade.side)),
        source=around.source,
        occurred_at=trade.ts_ms or trade.created_at or around.at,
    )
    if _settlement(trade) is not Settlement.TAKEN_BACK:
        return [fill]
    return [fill, _taken_back(trade, fill)]


def _settlement(trade: Trade) -> Settlement:
    """A match without a state, or in one nobody knows, is not yet on chain."""
    word = "matched" if trade.status is None else trade.status.strip().casefold()
    return BY_STATUS.get(word, Settlement.PROVISIONAL)


def _filled(trade: Trade) -> Filled:
    return Filled(
        fill_id=trade.trade_id,
        size=trade.quantity,
        price=price_of(trade.price),
        fee=trade.fee,
        provisional=_settlement(trade) is not Settlement.FINAL,
    )


def _taken_back(trade: Trade, fill: OrderMessage) -> OrderMessage:
    """The leg was reverted on chain: its lock is refunded and its size does not rest again.

    The row tells when it matched, not when that failed.
    """
    failed = FillVoided(fill_id=trade.trade_id, returns=False, reason=trade.status)
    return replace(fill, said=(failed,), occurred_at=None)


def _strange_words(trade: Trade) -> tuple[Said, ...]:
    """The words of this row that are in no table."""
    strange: list[Said] = []
    if trade.status is not None and trade.status.strip().casefold() not in BY_STATUS:
        strange.append(UnknownValueSeen(field="trade.status", value=trade.status))
    if trade.source is not None and trade.source.strip().casefold() not in KNOWN_SOURCES:
        strange.append(UnknownValueSeen(field="source", value=trade.source))
    if trade.adjustment and trade.adjustment.strip().casefold() != NO_ADJUSTMENT:
        strange.append(UnknownValueSeen(field="adjustment", value=trade.adjustment))
    return tuple(strange)


def told_by_rows(rows: Iterable[object], around: Around = NOTHING) -> list[Told]:
    """What the rows of a trade list tell."""
    told: list[Told] = []
    for index, trade in enumerate(each(Trade, rows, "trades")):
        if isinstance(trade, Broken):
            told.append(trade)
            continue
        try:
            told.extend(trade_messages(trade, around))
        except Unreadable as error:
            told.append(Broken(f"trades[{index}]", str(error)))
    return told


def fills(body: object, order_id: str) -> Sequence[Told]:
    """`GET /api/orders/{id}/fills`: every match of one order, and no running total."""
    page = read(TradePage, body)
    return told_by_rows(page.trades, Around(order_id=page.order_id or order_id))


def trade_page(body: object) -> Sequence[Told]:
    """`GET /api/me/trades`: matches of this wallet's orders."""
    bare = items(body)
    return told_by_rows(read(TradePage, body if bare is None else {"trades": bare}).trades)


def partner_page(body: object, wallet: str) -> Sequence[Told]:
    """`GET /api/v1/partner/trades`: matches of all wallets of a partner.

    Those of other wallets are no facts about this account.
    """
    rows = read(TradePage, body).trades
    return told_by_rows([row for row in rows if _of_wallet(row, wallet)])


def _of_wallet(row: object, wallet: str) -> bool:
    owner = members(row).get("userWallet", members(row).get("walletAddress"))
    return not isinstance(owner, str) or owner.casefold() == wallet.casefold()
