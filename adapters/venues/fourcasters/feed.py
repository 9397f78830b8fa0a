"""The user feed: own orders placed, cancelled, matched; live and replayed alike.

The action is told by which of `matched` and `unmatched` are filled. The figures of `unmatched`
are those of the resting order: what the same order took on arrival is not in them. So a running
total is a lower bound of what matched, and only `remaining` is claimed of the order as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from adapters.venues.exact import read
from adapters.venues.fourcasters.terms import american, backed, hit, names, referred, terms
from adapters.venues.fourcasters.wire import FeedMessage, Match, Rest
from domain.events import (
    Cancelled,
    Claims,
    Filled,
    Initiator,
    OrderAccepted,
    OrderReported,
    Source,
    Terms,
    UnknownValueSeen,
)
from domain.lifecycle import Status
from domain.messages import MatchedTotal, Message, OrderMessage, Said
from domain.values import ZERO
from domain.wire import Unreadable

OFFER = "offer"
ORIGINS = frozenset({OFFER, "wager"})
CHANNEL = "user-feed"


def feed_message(value: object, where: str) -> list[Message]:
    """What one message of the feed tells of one order."""
    told = read(FeedMessage, value, where)
    fill, rest = told.matched, told.unmatched
    if fill is not None:
        message = _maker(told, fill, rest) if rest is not None else _taker(told, fill)
    elif rest is None:
        raise Unreadable(f"{where}: neither matched nor unmatched")
    elif rest.offered == ZERO:
        message = _cancelled(told, rest)
    elif rest.filled in {None, ZERO}:
        message = _placed(told, rest)
    else:
        message = _reported(told, rest)
    if not message.names:
        raise Unreadable(f"{where}: neither orderID nor wagerRequestID names the order")
    return [_with_unknown_words(told, message)]


def cursor(message_id: str | None) -> tuple[int, int] | None:
    """`<ms>-<seq>` as numbers: as text, `…-10` would come before `…-9`."""
    ms, dash, seq = (message_id or "").partition("-")
    if not dash or not _digits(ms) or not _digits(seq):
        return None
    return int(ms), int(seq)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 30  # noqa: PLR2004 - far beyond any clock


def _maker(told: FeedMessage, fill: Match, rest: Rest) -> OrderMessage:
    """Somebody hit our resting order. `unmatched.filled` is this event only, never a total."""
    said: list[Said] = [_filled(told, fill, _after(rest))]
    if rest.remaining is not None and rest.offered > rest.remaining:
        said.append(MatchedTotal(total=rest.offered - rest.remaining, at_least=True))
    return _message(told, rest, _terms(told, rest, rest.offered or None), said, Source.FILL)


def _after(rest: Rest) -> Claims | None:
    if rest.remaining is None:
        return None
    over = rest.remaining == ZERO
    status = Status.FILLED if over else Status.PARTIALLY_FILLED
    return Claims(status=None if rest.offered == ZERO else status, remaining=rest.remaining)


def _taker(told: FeedMessage, fill: Match) -> OrderMessage:
    """We took somebody's order: `matched.orderID` is theirs and names nothing of ours."""
    own = fill.order_id if told.origin == OFFER else None
    wager = fill.wager_request_id
    known = terms(game=told.game_id, picked=backed(fill), user_ref=fill.user_reference)
    return OrderMessage(
        names=names(own, wager),
        places=referred(fill.user_reference, told.game_id),
        terms=known,
        said=(_filled(told, fill, None),),
        source=Source.FILL,
        occurred_at=told.created_at,
        met=() if told.origin == OFFER else hit(fill),
    )


def _filled(told: FeedMessage, fill: Match, claims: Claims | None) -> Filled:
    """`amount` is the stake without commission; `risk` and `win` have it baked in."""
    return Filled(
        fill_id=fill.tx_id,
        size=fill.amount,
        price=american(fill.odds),
        claims=claims,
        report_id=told.message_id,
    )


def _placed(told: FeedMessage, rest: Rest) -> OrderMessage:
    known = replace(_terms(told, rest, rest.offered), placed_at=told.created_at)
    said = [OrderAccepted(terms=known, report_id=told.message_id)]
    return _message(told, rest, known, said)


def _cancelled(told: FeedMessage, rest: Rest) -> OrderMessage:
    """Off the book, by us or by the venue.

    `filled` is cumulative here, and `remaining` is 0 and not what was taken off.
    """
    said: list[Said] = []
    if rest.filled is not None:
        said.append(MatchedTotal(total=rest.filled, at_least=True))
    off = Cancelled(
        initiator=Initiator.VENUE,
        claims=Claims(status=Status.CANCELLED),
        report_id=told.message_id,
    )
    return _message(told, rest, _terms(told, rest, None), [*said, off])


def _reported(told: FeedMessage, rest: Rest) -> OrderMessage:
    """No documented action: the state of a resting order, and nothing happened."""
    report = OrderReported(claims=_after(rest), report_id=told.message_id)
    return _message(told, rest, _terms(told, rest, rest.offered), [report])


def _terms(told: FeedMessage, rest: Rest, size: Decimal | None) -> Terms:
    return terms(
        size=size,
        odds=rest.odds,
        game=told.game_id,
        picked=backed(rest),
        user_ref=rest.user_reference,
    )


def _message(
    told: FeedMessage,
    rest: Rest,
    known: Terms,
    said: Sequence[Said],
    source: Source = Source.REPORT,
) -> OrderMessage:
    return OrderMessage(
        names=names(rest.order_id, rest.wager_request_id),
        places=referred(rest.user_reference, told.game_id),
        terms=known,
        said=tuple(said),
        source=source,
        occurred_at=told.created_at,
    )


def _with_unknown_words(told: FeedMessage, message: OrderMessage) -> OrderMessage:
    if told.origin is None or told.origin in ORIGINS:
        return message
    return replace(
        message, said=(*message.said, UnknownValueSeen(field="origin", value=told.origin))
    )
