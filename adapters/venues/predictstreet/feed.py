"""The WebSocket gateways: orders and fills of the user feed; everything else tells no order.

Delivery is at least once and out of step with HTTP, so what a message says of the state at the
time of placing is not held against the order later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.venues.exact import read
from adapters.venues.predictstreet.fields import members
from adapters.venues.predictstreet.orders import figures_of, names, strange_side, terms_of
from adapters.venues.predictstreet.states import State, state_of, told
from adapters.venues.predictstreet.trades import Around, trade_messages
from adapters.venues.predictstreet.wire import Envelope, OrderNews, Trade
from domain.events import OrderAccepted, Source, UnknownValueSeen
from domain.messages import MatchedTotal, OrderMessage, Said
from domain.wire import Unreadable

COMMANDS = frozenset(
    {
        "subscribe",
        "update_subscription",
        "unsubscribe",
        "list_subscriptions",
        "get_book_snapshot",
        "ping",
    }
)
"""What a client may say; none of it is about an order."""

SILENT_TYPES = frozenset({"connected", "subscribed", "unsubscribed", "pong", "error"})
"""Greetings, acknowledgements, pongs and refusals of commands."""

SILENT_CHANNELS = frozenset(
    {
        "token_trade_matches",
        "token_trade_settlements",
        "token_trades",
        "token_book",
        "token_ohlc",
        "condition_lifecycle",
        "condition_status",
        "system",
        "vault_positions",
        "vault_activity",
    }
)
"""Channels about markets and balances."""

CLOSING = frozenset({State.CANCELLED, State.CANCELLED_BY_RESOLVE, State.EXPIRED})
"""States that `order_cancelled` may name; with any other, the frame's own word stands."""


def sent(frame: Mapping[str, Any]) -> Sequence[OrderMessage]:
    """A command of ours: none tells of an order."""
    command = frame.get("cmd")
    if not isinstance(command, str):
        raise Unreadable("cmd: not a word")
    if command not in COMMANDS:
        raise Unreadable(f"no documented command: {command[:60]!r}")
    return ()


def received(frame: Mapping[str, Any]) -> Sequence[OrderMessage]:
    """A frame of the venue."""
    envelope = read(Envelope, frame)
    tell = TELLS.get(envelope.type)
    if tell is not None:
        return tell(envelope.data, envelope.server_ts)
    answers_command = "id" in frame and envelope.channel is None
    if answers_command or envelope.type in SILENT_TYPES:
        return ()
    if {envelope.type, envelope.channel} & SILENT_CHANNELS:
        return ()
    raise Unreadable(f"no documented frame: {envelope.type[:60]!r}")


def _fill(data: object, sent_at: datetime | None) -> Sequence[OrderMessage]:
    """`user_fill`: a match by the matcher.

    `conditionId` and `tokenId` are the chain's names of market and outcome and do not stand in
    for `marketId`: an order has one market key, whichever message made it known.
    """
    return trade_messages(read(Trade, data), Around(at=sent_at, source=Source.FILL))


def _placed(data: object, sent_at: datetime | None) -> Sequence[OrderMessage]:
    """`order_placed`: on the book now; a repeat of it does not bring a later end back to life."""
    news = _news(data)
    total = () if news.filled_qty is None else (MatchedTotal(total=news.filled_qty),)
    taken = OrderAccepted(terms=terms_of(news))
    return (_message(news, sent_at, (taken, *total, *_strange_status(news))),)


def _cancelled(data: object, sent_at: datetime | None) -> Sequence[OrderMessage]:
    """`order_cancelled`: off the book, by us or not; the engine knows whether we had asked."""
    news = _news(data)
    word = news.status if news.status and state_of(news.status) in CLOSING else State.CANCELLED
    said = told(figures_of(news, word, news.reason))
    return (_message(news, sent_at, (*said, *_strange_status(news))),)


def _strange_status(news: OrderNews) -> tuple[Said, ...]:
    if news.status is None or state_of(news.status) is not None:
        return ()
    return (UnknownValueSeen(field="status", value=news.status),)


def _news(data: object) -> OrderNews:
    """The payload, flat or under `order`: the documents show neither."""
    inner = members(data).get("order")
    return read(OrderNews, members(inner) or data)


def _message(news: OrderNews, sent_at: datetime | None, said: tuple[Said, ...]) -> OrderMessage:
    return OrderMessage(
        names=names(news.order_id, news.client_order_id),
        terms=terms_of(news),
        said=(*said, *strange_side(news.side)),
        source=Source.REPORT,
        occurred_at=news.ts_ms or sent_at,
    )


TELLS: Mapping[str, Callable[[object, datetime | None], Sequence[OrderMessage]]] = {
    "user_fill": _fill,
    "order_placed": _placed,
    "order_cancelled": _cancelled,
}
"""The frames that tell of orders, whatever their channel is called (`user_orders`,
`user_fills`, formerly `user_activity`)."""
