"""What was read from ABP: lists of orders and of bets. A read that found nothing tells nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from adapters.venues.abp.bets import filled, money, money_told, taken_back, unknown_word
from adapters.venues.abp.cancels import notice
from adapters.venues.abp.rows import names_of, row_of, state_of, told
from adapters.venues.abp.wire import Bet, Identity, OrderRow
from adapters.venues.exact import read
from adapters.venues.outcomes import http_status, succeeded
from domain.events import Source, Terms
from domain.messages import Message, OrderMessage, Said
from domain.wire import Line, Unreadable


def orders(line: Line) -> tuple[Message, ...]:
    """The answer to `GET /orders`: an envelope, or (generation 1) the bare array."""
    return _each(line, "orders", _order)


def bets(line: Line) -> tuple[Message, ...]:
    """The answer to `GET /bets`."""
    return _each(line, "bets", _bet)


def one_bet(line: Line) -> tuple[Message, ...]:
    """The answer to `GET /bets/{bet_id}`."""
    body = _found(line)
    return () if body is None else tuple(_bet(body, "body"))


def bet_told(bet: Bet, source: Source, *, at: datetime | None = None) -> list[OrderMessage]:
    """A bet outside its order's row, where the order's currency is not told.

    Its stake is told under its own currency and counts only for an order known to be in it.
    A match happened when it was placed, and is taken back `at` the time of the message.
    """
    names = names_of(Identity(order_id=bet.order_id, request_uuid=bet.request_uuid))
    terms = Terms(user_ref=bet.user_ref)
    messages: list[OrderMessage] = []
    match = filled(bet)
    placed = money(bet.placed_currency)
    order_currency = money(bet.order_currency)
    if match is not None and (order_currency is None or placed in {None, order_currency}):
        apart = placed is not None and order_currency is None
        messages.append(
            OrderMessage(
                names=names,
                terms=terms,
                source=source,
                occurred_at=bet.placed_at or at,
                said=() if apart else (match,),
                said_in=(match,) if apart else (),
                said_in_currency=placed if apart else None,
            )
        )
    facts = (fact for fact in (taken_back(bet), unknown_word(bet)) if fact is not None)
    said: tuple[Said, ...] = (*facts, *money_told(bet))
    if said:
        messages.append(
            OrderMessage(names=names, terms=terms, source=source, occurred_at=at, said=said)
        )
    return messages


def _order(raw: object, where: str) -> list[OrderMessage]:
    order = read(OrderRow, raw, where)
    row = row_of(order)
    return told(row, Source.LIST, state=state_of(row))


def _bet(raw: object, where: str) -> list[OrderMessage]:
    return bet_told(read(Bet, raw, where), Source.LIST)


def _found(line: Line) -> object:
    """The body of a read that found something; None for a refusal (404: nothing matches)."""
    http = line.http or {}
    return http.get("body") if succeeded(http_status(http)) else None


def _each(
    line: Line, field: str, read_row: Callable[[object, str], list[OrderMessage]]
) -> tuple[Message, ...]:
    """Read every row that can be read; only when none can is the message unreadable."""
    http = line.http or {}
    if not succeeded(http_status(http)):
        return ()
    body = http.get("body")
    rows = cast("Mapping[str, Any]", body).get(field) if isinstance(body, Mapping) else body
    if not isinstance(rows, Sequence) or isinstance(rows, str | bytes | bytearray):
        raise Unreadable(f"body.{field}: not a list")
    messages: list[Message] = []
    broken: list[tuple[str, str]] = []
    for index, raw in enumerate(cast("Sequence[object]", rows)):
        where = f"{field}[{index}]"
        try:
            messages.extend(read_row(raw, where))
        except Unreadable as error:
            broken.append((where, str(error)))
    if broken and len(broken) == len(cast("Sequence[object]", rows)):
        raise Unreadable(broken[0][1])
    return (*messages, *(notice(line, where, why) for where, why in broken))
