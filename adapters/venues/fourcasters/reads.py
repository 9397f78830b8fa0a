"""Orders in REST reads: rows that say what an order's state is, and that nothing happened.

Their figures are those of the resting order. `remaining` of a row is documented as a *win* amount
in one place and as risk in another: what remains is `offered - filled`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from adapters.venues.exact import read
from adapters.venues.fourcasters.fields import fields_of, items_of
from adapters.venues.fourcasters.terms import names, referred, selection, terms
from adapters.venues.fourcasters.wire import LookedUp, OpenRow
from domain.events import Cancelled, Claims, Initiator, OrderReported, Source
from domain.lifecycle import Status
from domain.messages import MatchedTotal, Message, Notice, OrderMessage, Said
from domain.notices import UnreadableValue
from domain.values import ZERO, Account
from domain.wire import Unreadable

OPPOSITE = {"over": "under", "under": "over"}
TOTAL = "total"


def open_orders(owner: Account, body: object) -> list[Message]:
    """The open orders of `data.unmatched[]`; matched and graded rows name no order of ours."""
    data = fields_of(fields_of(body, "body").get("data"), "body.data")
    rows = items_of(data.get("unmatched", ()), "body.data.unmatched")
    told: list[Message] = []
    for index, row in enumerate(cast("Sequence[Any]", rows)):
        where = f"body.data.unmatched.{index}"
        try:
            told.append(_row(read(OpenRow, row, where)))
        except Unreadable as reason:
            note = UnreadableValue(
                venue=owner.venue, account=owner.account, field=where, value=str(reason)
            )
            told.append(Notice(event=note))
    return told


def looked_up(_owner: Account, body: object) -> list[Message]:
    """The state of the one order of `lookupOrder`; its size, while nothing of it was taken off."""
    data = fields_of(fields_of(body, "body").get("data"), "body.data")
    order = read(LookedUp, data.get("order"), "body.data.order")
    line = order.total if order.type == TOTAL else order.spread
    own = OPPOSITE.get(order.over_under or "") if order.type == TOTAL else order.participant
    size = None if order.cancelled else order.matched_risk + order.unmatched_risk
    picked = selection(order.type, own, line)
    known = terms(size=size or None, odds=order.odds, game=order.game.id, picked=picked)
    return [
        OrderMessage(
            names=names(order.id, None),
            terms=known,
            said=_state(order),
            source=Source.LIST,
        )
    ]


def _row(row: OpenRow) -> OrderMessage:
    remaining = row.offered - row.filled
    known = replace(
        terms(
            size=row.offered,
            odds=row.odds,
            game=row.game.id,
            picked=_picked(row),
            user_ref=row.user_reference,
        ),
        placed_at=row.created_at,
        expires_at=row.expiry,
    )
    return OrderMessage(
        names=names(row.id, row.wager_request_id),
        places=referred(row.user_reference, row.game.id),
        terms=known,
        said=(
            MatchedTotal(total=row.filled, at_least=True),
            OrderReported(terms=known, claims=_claims(row.filled, remaining)),
        ),
        source=Source.LIST,
    )


def _claims(matched: Decimal, remaining: Decimal) -> Claims:
    if remaining == ZERO:
        return Claims(status=Status.FILLED, remaining=remaining)
    status = Status.NEW if matched == ZERO else Status.PARTIALLY_FILLED
    return Claims(status=status, remaining=remaining)


def _picked(row: OpenRow) -> str | None:
    side = row.side or (row.over_under if row.type == TOTAL else row.participant)
    line = row.total if row.type == TOTAL else row.spread
    return selection(row.type, side, line, row.market)


def _state(order: LookedUp) -> tuple[Said, ...]:
    """`matchedRisk` is a running total; a cancelled order is off the book, by whomever."""
    total = MatchedTotal(total=order.matched_risk, at_least=True)
    if order.cancelled:
        claims = Claims(status=Status.CANCELLED, raw_status="cancelled")
        return (total, Cancelled(initiator=Initiator.VENUE, claims=claims))
    return (total, OrderReported(claims=_claims(order.matched_risk, order.unmatched_risk)))
