"""ABP's WebSocket: rows of orders and of bets as they change; everything else tells no order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from adapters.venues.abp.bets import money_told, taken_back
from adapters.venues.abp.reads import bet_told
from adapters.venues.abp.rows import names_of, row_of, state_of, told
from adapters.venues.abp.wire import Bet, Frame, Identity, OrderRow
from adapters.venues.exact import read
from domain.events import OrderAccepted, Source, UnknownValueSeen
from domain.lifecycle import LIVE, Status
from domain.messages import Message, OrderMessage, Said
from domain.wire import Line, Unreadable

WITHOUT_ORDERS = frozenset(
    {
        "login", "login_ok", "ping", "pong", "heartbeat", "error",
        "ack", "ack_batch", "replay",
        "subscribe", "subscribed", "unsubscribe", "unsubscribed",
        "update_channels", "channels_updated",
        "subscribe_betslip", "subscribed_betslip", "unsubscribe_betslip", "unsubscribed_betslip",
    }
)  # fmt: skip
"""Documented messages of either side that say nothing of an order."""

QUIET_CHANNELS = frozenset(
    {"accounts", "balance", "betslip", "fixtures", "currencies", "status",
     "emergency"}
)  # fmt: skip
"""Channels whose rows change no order."""

SETTLED = "SETTLED"
ROW_EVENTS = frozenset({"INSERT", "UPDATE", "DELETE", "STATUS", "STATUS_CHANGE"})
_IN_BOOK = LIVE | {Status.FILLED}


def sent(frame: object) -> tuple[Message, ...]:
    """What we said on the socket: it never places and never cancels."""
    told_frame = read(Frame, frame, "frame")
    if told_frame.type.lower() not in WITHOUT_ORDERS:
        raise Unreadable(f"no documented message: ws {told_frame.type[:40]}")
    return ()


def received(line: Line) -> tuple[Message, ...]:
    """One message of the venue's."""
    ws = line.ws or {}
    frame = read(Frame, ws.get("frame"), "frame")
    kind = frame.type.lower()
    if kind in WITHOUT_ORDERS:
        return ()
    if kind != "data":
        raise Unreadable(f"no documented message: ws {frame.type[:40]}")
    name = frame.channel or ws.get("channel")
    if not isinstance(name, str):
        raise Unreadable("frame.channel: a data message without its channel")
    if name in QUIET_CHANNELS:
        return ()
    channel = CHANNELS.get(name)
    if channel is None:
        raise Unreadable(f"no documented message: channel {name[:40]}")
    return tuple(channel(frame, (frame.event or "").strip().upper()))


def _orders(frame: Frame, event: str) -> list[OrderMessage]:
    """A row of the `orders` channel.

    INSERT accepts the order; a later row repeats by its nature what an answer told already.
    DELETE says that the row is gone, not that the order is: what the row last held is told, but
    its status no longer shows that the order is live.
    """
    order = read(OrderRow, frame.payload, "frame.payload")
    row = row_of(order)
    status = row.claims.status
    if event == "DELETE" and status in LIVE:
        row = replace(row, claims=replace(row.claims, status=None, remaining=None))
    if event not in ROW_EVENTS:
        unknown = UnknownValueSeen(field="event", value=frame.event or "")
        row = replace(row, facts=(*row.facts, unknown))
    at = order.filled_at if status is Status.FILLED and order.filled_at else frame.ts
    source = Source.REPORT if event == "INSERT" else Source.LIST
    messages = told(row, source, state=state_of(row), at=at)
    if event == "INSERT" and status in _IN_BOOK:
        accepted = OrderMessage(
            names=row.names,
            terms=row.terms,
            source=source,
            said=(OrderAccepted(terms=row.terms),),
            occurred_at=order.created_at or frame.ts,
        )
        return [accepted, *messages]
    return messages


def _bets(frame: Frame, event: str) -> list[OrderMessage]:
    """A row of the `bets` channel: the order's match.

    INSERT is news; a further row of the same bet repeats the match by its nature. SETTLED is the
    bet's result, not its match. DELETE takes nothing back: only the bet's status does.
    """
    if event == SETTLED:
        return _settled(frame, event)
    bet = read(Bet, frame.payload, "frame.payload")
    if bet.order_id is None and bet.request_uuid is None:
        if event == "DELETE":
            return []  # a deleted row may come with its key alone
        raise Unreadable("frame.payload.orderId: a bet without its order")
    messages = bet_told(bet, Source.FILL if event == "INSERT" else Source.LIST, at=frame.ts)
    if event in ROW_EVENTS or not messages:
        return messages
    unknown = UnknownValueSeen(field="event", value=frame.event or "")
    return [*messages[:-1], replace(messages[-1], said=(*messages[-1].said, unknown))]


def _settled(frame: Frame, event: str) -> list[OrderMessage]:
    """A bet's result: on a channel of its own, formerly on `bets`."""
    bet = read(Bet, frame.payload, "frame.payload")
    void = taken_back(bet)
    said: list[Said] = [*([] if void is None else [void]), *money_told(bet)]
    if event != SETTLED:
        said.append(UnknownValueSeen(field="event", value=frame.event or ""))
    if not said:
        return []
    names = names_of(Identity(order_id=bet.order_id, request_uuid=bet.request_uuid))
    at = bet.settled_at or frame.ts
    return [OrderMessage(names=names, source=Source.LIST, said=tuple(said), occurred_at=at)]


CHANNELS: Mapping[str, Callable[[Frame, str], list[OrderMessage]]] = {
    "orders": _orders,
    "bets": _bets,
    "settlements": _settled,
}
