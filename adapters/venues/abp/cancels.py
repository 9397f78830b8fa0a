"""Cancels: what was asked for, and what the answer says of each order.

`POST /cancel-orders` and `POST /cancel-all-orders`, with the losses and refusals of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import cast

from adapters.venues.abp.reasons import reason_of
from adapters.venues.abp.rows import Row, matches_told, names_of, row_of, state_of
from adapters.venues.abp.wire import (
    CancelAnswer,
    CancelBody,
    Identity,
    NotCancelled,
    OrderRow,
    key,
    reference,
)
from adapters.venues.exact import read
from adapters.venues.losses import cancel_lost
from adapters.venues.outcomes import http_refusal, http_status, unreadable_reply
from domain.events import Source
from domain.lifecycle import Status
from domain.messages import (
    Asked,
    CancelReply,
    CancelResult,
    CancelSent,
    Message,
    Notice,
    OrderMessage,
)
from domain.notices import UnreadableValue
from domain.requests import Scope, ScopeKind
from domain.values import Name, NameKind
from domain.wire import Line, Unreadable


def asked_some(line: Line) -> tuple[Message, ...]:
    """`POST /cancel-orders` as sent: the filters are joined by OR.

    Without any filter (the venue answers 400) it is a cancel by ids that names none.
    """
    body = (line.http or {}).get("body")
    if isinstance(body, Mapping) and ("$text" in body or "$base64" in body):
        raise Unreadable("body: not JSON")
    told = read(CancelBody, {} if body is None else cast("object", body), "body")
    scope: list[Scope] = []
    asked: list[Asked] = []
    if told.order_ids is not None:
        scope.append(Scope(ScopeKind.ORDERS, told.order_ids))
        asked.extend(_asked(told.order_ids, key, NameKind.VENUE))
    if told.request_uuids is not None:
        scope.append(Scope(ScopeKind.REFERENCES, told.request_uuids))
        asked.extend(_asked(told.request_uuids, reference, NameKind.CLIENT))
    if told.user_ref is not None:
        scope.append(Scope(ScopeKind.USER_REF, (told.user_ref,)))
    return (CancelSent(scope=tuple(scope) or (Scope(ScopeKind.ORDERS),), asked=tuple(asked)),)


def asked_all(_line: Line) -> tuple[Message, ...]:
    """`POST /cancel-all-orders` as sent."""
    return (CancelSent(scope=(Scope(ScopeKind.ALL),)),)


def lost(line: Line) -> tuple[Message, ...]:
    """No answer came to a cancel."""
    return cancel_lost(line)


def answered(line: Line) -> tuple[Message, ...]:
    """The answer to a cancel: a result for each order in either list.

    What cannot be read as a whole leaves the outcome unknown; a row that cannot be read in full
    keeps its result, as long as it names its order, and raises a notice.
    """
    http = line.http or {}
    body = http.get("body")
    refusal = http_refusal(http_status(http), body)
    if refusal is not None:
        return (refusal,)
    try:
        answer = read(CancelAnswer, body, "body")
    except Unreadable as error:
        return (unreadable_reply(error),)
    beside: list[Message] = []
    results: list[CancelResult] = []
    for where, row, broken in _rows("cancelled", answer.cancelled):
        beside.extend(_beside(line, where, row, broken))
        if row is not None:
            results.append(_cancelled(row))
    refused = answer.not_cancelled or NotCancelled()
    for where, row, broken in _rows("notCancelled.orders", refused.orders or ()):
        beside.extend(_beside(line, where, row, broken))
        if isinstance(row, Row) and row.claims.status is Status.CANCELLED:
            beside.append(_cancelled_before(row))
        if row is not None:
            results.append(_refused(row, refused.reason))
    reply = CancelReply(results=tuple(results), count=answer.cancelled_count, complete=True)
    return (*beside, reply)


def _asked(ids: Iterable[str], as_named: Callable[[str], str], kind: NameKind) -> Iterator[Asked]:
    """Each id once, as first printed. An id of the wrong form names no order but was asked."""
    seen: set[str] = set()
    for text in ids:
        try:
            value = as_named(text)
        except ValueError:
            value = text
        if value not in seen:
            seen.add(value)
            yield Asked(text=text, name=Name(kind, value))


def _rows(
    field: str, rows: Iterable[object]
) -> Iterator[tuple[str, Row | tuple[Name, ...] | None, str | None]]:
    """Each row, read as far as it can be: in full, or its names, or not at all (with why)."""
    for index, raw in enumerate(rows):
        where = f"{field}[{index}]"
        try:
            yield where, _row(raw, where), None
        except Unreadable as error:
            yield where, _names_at_least(raw, where), str(error)


def _row(raw: object, where: str) -> Row | tuple[Name, ...]:
    if type(raw) is dict or isinstance(raw, Mapping):
        return row_of(read(OrderRow, cast("object", raw), where))
    return _bare(raw, where)


def _bare(raw: object, where: str) -> tuple[Name, ...]:
    """A row that is only an id: a number is the venue's, another text the request UUID."""
    try:
        return names_of(read(Identity, {"orderId": raw}, where))
    except Unreadable:
        return names_of(read(Identity, {"requestUuid": raw}, where))


def _names_at_least(raw: object, where: str) -> tuple[Name, ...] | None:
    try:
        return names_of(read(Identity, raw, where))
    except Unreadable:
        return None


def _beside(
    line: Line, where: str, row: Row | tuple[Name, ...] | None, broken: str | None
) -> Sequence[Message]:
    """What a row tells beside its result: what is unreadable in it, and matches with their time."""
    unread = () if broken is None else (notice(line, where, broken),)
    if isinstance(row, Row) and row.matches.timed:
        return (*unread, *matches_told(row, Source.CANCEL))
    return unread


def _cancelled_before(row: Row) -> OrderMessage:
    """An order that could not be cancelled because it was: not by this request, therefore."""
    return OrderMessage(
        names=row.names,
        terms=row.terms,
        source=Source.CANCEL,
        said=(*row.facts, state_of(row)),
        quotes=True,
    )


def notice(line: Line, where: str, why: str) -> Notice:
    """A part of a message that could not be read, while the rest could."""
    event = UnreadableValue(
        venue=line.owner.venue, account=line.owner.account, field=where, value=why
    )
    return Notice(event=event, key=(line.capture, str(line.seq), where))


def _cancelled(row: Row | tuple[Name, ...]) -> CancelResult:
    """An order in `cancelled`. A status other than CANCELLED is told as the row's claim."""
    if not isinstance(row, Row):
        return CancelResult(names=row, cancelled=True, text=row[0].value)
    return CancelResult(
        names=row.names,
        cancelled=True,
        text=row.names[0].value,
        size=row.took_off,
        matched=row.claims.matched,
        terms=row.terms,
        claims=row.claims,
        also=row.facts,
    )


def _refused(row: Row | tuple[Name, ...], raw: str | None) -> CancelResult:
    """An order in `notCancelled`: the shared reason, and the state that the row tells."""
    if not isinstance(row, Row):
        reason, mapped = reason_of(raw, holds_confirmed_bets=False)
        return CancelResult(
            names=row,
            cancelled=False,
            text=row[0].value,
            reason=reason,
            raw_reason=raw,
            mapped=mapped,
        )
    reason, mapped = reason_of(raw, holds_confirmed_bets=row.matches.confirmed and not row.over)
    return CancelResult(
        names=row.names,
        cancelled=False,
        text=row.names[0].value,
        matched=row.claims.matched,
        reason=reason,
        raw_reason=raw,
        mapped=mapped,
        terms=row.terms,
        claims=row.claims,
        also=() if row.claims.status is Status.CANCELLED else (*row.facts, state_of(row)),
    )
