"""Cancels: what was declared, what the answer says of each order, what no answer leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapters.paperapi.orders import claims_of, facts_of, names_of, terms_of
from adapters.paperapi.wire import CancelAnswer, CancelBody, OrderRow, RefusedRow
from adapters.venues.exact import read
from adapters.venues.outcomes import http_refusal, http_status, unreadable_reply
from domain.messages import Asked, CancelReply, CancelResult, CancelSent, Message
from domain.reasons import CancelRejectReason
from domain.requests import Scope, ScopeKind
from domain.values import Name, NameKind
from domain.wire import Line, Unreadable

REASONS: Mapping[str, CancelRejectReason] = {
    "over": CancelRejectReason.ALREADY_TERMINAL,
    "not_found": CancelRejectReason.UNKNOWN_ORDER,
}
"""Every documented word; what is not here is `OTHER`, flagged, with the word beside it."""


def sent(line: Line) -> tuple[Message, ...]:
    """`POST /cancels`, asked: the scope that was *declared*."""
    body = read(CancelBody, (line.http or {}).get("body"))
    if body.orders is not None:
        scope, kind = Scope(ScopeKind.ORDERS, body.orders), NameKind.VENUE
    elif body.references is not None:
        scope, kind = Scope(ScopeKind.REFERENCES, body.references), NameKind.CLIENT
    elif body.user_ref is not None:
        return (CancelSent(scope=(Scope(ScopeKind.USER_REF, (body.user_ref,)),)),)
    elif body.market is not None:
        return (CancelSent(scope=(Scope(ScopeKind.MARKET, (body.market,)),)),)
    elif body.everything:
        return (CancelSent(scope=(Scope(ScopeKind.ALL),)),)
    else:
        raise Unreadable("body: a cancel of nothing")
    asked = (Asked(text=text, name=Name(kind, text)) for text in dict.fromkeys(scope.values))
    return (CancelSent(scope=(scope,), asked=tuple(asked)),)


def answered(line: Line) -> tuple[Message, ...]:
    """`POST /cancels`, answered: refused as a whole, unknown, or a result for each order."""
    http = line.http or {}
    refusal = http_refusal(http_status(http), http.get("body"))
    if refusal is not None:
        return (refusal,)
    try:
        return (CancelReply(results=tuple(_results(read(CancelAnswer, http.get("body"))))),)
    except Unreadable as error:
        return (unreadable_reply(error),)


def _results(answer: CancelAnswer) -> Iterator[CancelResult]:
    for index, told in enumerate(answer.cancelled):
        row = read(OrderRow, told, f"cancelled[{index}]")
        yield CancelResult(
            names=names_of(row),
            cancelled=True,
            text=row.order_id,
            size=row.cancelled,
            matched=row.matched,
            terms=terms_of(row),
            claims=claims_of(row),
            also=facts_of(row),
        )
    for index, told in enumerate(answer.refused):
        refused = read(RefusedRow, told, f"refused[{index}]")
        reason = REASONS.get(refused.reason)
        yield CancelResult(
            names=(Name(NameKind.VENUE, refused.order_id),),
            cancelled=False,
            text=refused.order_id,
            reason=reason or CancelRejectReason.OTHER,
            raw_reason=refused.reason,
            mapped=reason is not None,
        )
