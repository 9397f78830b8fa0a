"""The three cancels, asked and answered, in every documented generation."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.venues.exact import read
from adapters.venues.outcomes import unreadable_reply
from adapters.venues.predictstreet.fields import Broken, Told, each_id, members
from adapters.venues.predictstreet.orders import names, side_of
from adapters.venues.predictstreet.reasons import (
    BY_CODE,
    code_of,
    raw_words,
    reason_of,
    refused,
    refused_by_status,
)
from adapters.venues.predictstreet.wire import (
    BatchAnswer,
    CancelAll,
    CancelAnswer,
    CancelBatch,
    CancelOrder,
)
from domain.events import Claims
from domain.lifecycle import Status
from domain.messages import Asked, CancelReply, CancelResult, CancelSent, MatchedTotal
from domain.requests import Scope, ScopeKind
from domain.values import Name, NameKind
from domain.wire import Unreadable

GONE = frozenset({"cancelled"})
"""The words of a single cancel that worked: `cancelled` and, on the concept page, `CANCELLED`."""


def one_sent(body: object) -> Sequence[Told]:
    """`POST /api/orders/cancel`, asked."""
    return (_explicit((read(CancelOrder, body).order_id,)),)


def batch_sent(body: object) -> Sequence[Told]:
    """`POST /api/orders/cancel-batch`, asked; the venue de-duplicates, and so does `asked`."""
    return (_explicit(read(CancelBatch, body).order_ids),)


def _explicit(ids: Sequence[str]) -> CancelSent:
    return CancelSent(
        scope=(Scope(ScopeKind.ORDERS, tuple(ids)),),
        asked=tuple(
            Asked(text=text, name=Name(NameKind.VENUE, text)) for text in dict.fromkeys(ids)
        ),
    )


def all_sent(body: object) -> Sequence[Told]:
    """`POST /api/orders/cancel-all`, asked.

    The filters are joined by AND, while scopes are joined by OR: so there is one scope, and
    `side=…`, `outcome=…` among its values say how it is narrowed.
    """
    filters = read(CancelAll, {} if body is None else body)
    narrowing: list[str] = []
    if filters.side is not None:
        side = side_of(filters.side)
        narrowing.append(f"side={filters.side if side is None else side}")
    if filters.outcome is not None:
        narrowing.append(f"outcome={filters.outcome}")
    if filters.market_id is None:
        return (CancelSent(scope=(Scope(ScopeKind.ALL, tuple(narrowing)),)),)
    return (CancelSent(scope=(Scope(ScopeKind.MARKET, (filters.market_id, *narrowing)),)),)


def one_answered(status: int, body: object, sent: object) -> Sequence[Told]:
    """The answer to a single cancel. `not_found` is also said of an order that is over."""
    reply = refused_by_status(status, body)
    if reply is not None:
        return (reply,)
    try:
        return (_one(read(CancelAnswer, body), sent),)
    except Unreadable as error:
        return (unreadable_reply(error),)


def _one(answer: CancelAnswer, sent: object) -> CancelReply:
    if answer.status is None:
        if answer.code:
            return refused(answer.code, answer.message)
        raise Unreadable("status: neither an outcome nor a refusal")
    order_id = answer.order_id or read(CancelOrder, sent).order_id
    if not names(order_id, None):
        raise Unreadable("orderId: neither answered nor asked")
    if answer.status.strip().casefold() in GONE:
        return CancelReply(results=(_gone(order_id, answer, answer.status),))
    return CancelReply(results=(_refused(order_id, answer, answer.status),))


def _gone(order_id: str, answer: CancelAnswer, word: str) -> CancelResult:
    rest = answer.remaining_qty if answer.unfilled_qty is None else answer.unfilled_qty
    matched = answer.filled_qty
    return CancelResult(
        names=names(order_id, None),
        cancelled=True,
        text=order_id,
        size=rest,
        matched=matched,
        claims=Claims(status=Status.CANCELLED, raw_status=word, matched=matched),
        also=_total(answer),
    )


def _refused(order_id: str, answer: CancelAnswer, word: str) -> CancelResult:
    reason, mapped = reason_of(word)
    if not mapped and answer.code:
        word = answer.code
        reason, mapped = reason_of(word, BY_CODE)
    return CancelResult(
        names=names(order_id, None),
        cancelled=False,
        text=order_id,
        matched=answer.filled_qty,
        reason=reason,
        raw_reason=word,
        mapped=mapped,
        also=_total(answer),
    )


def _total(answer: CancelAnswer) -> tuple[MatchedTotal, ...]:
    return () if answer.filled_qty is None else (MatchedTotal(total=answer.filled_qty),)


def batch_answered(status: int, body: object, _sent: object) -> Sequence[Told]:
    """The answer to cancel-batch: every id asked for is in one of the two lists."""
    return _many(status, body)


def all_answered(status: int, body: object, _sent: object) -> Sequence[Told]:
    """The answer to cancel-all: a count until 2026-06, since then the ids.

    With ids it is complete: every order that was live in the venue's snapshot is in one of the
    two lists. An order that we hold live and that is in neither was over before, or was missed.
    """
    return _many(status, body)


def _many(status: int, body: object) -> Sequence[Told]:
    reply = refused_by_status(status, body)
    if reply is not None:
        return (reply,)
    code = code_of(body)
    if code is not None and "cancelled" not in members(body):
        return (refused(code, members(body).get("message")),)
    try:
        answer = read(BatchAnswer, body)
    except Unreadable as error:
        return (unreadable_reply(error),)
    reasons = answer.not_cancelled or {}
    kept = [
        row if isinstance(row, Broken) else _kept(row, reasons[row])
        for row in each_id(reasons, "notCancelled")
    ]
    if isinstance(answer.cancelled, int):
        return _reply(kept, count=answer.cancelled)
    gone = [
        row if isinstance(row, Broken) else _off(row)
        for row in each_id(answer.cancelled, "cancelled")
    ]
    return _reply([*gone, *kept])


def _reply(rows: Sequence[CancelResult | Broken], count: int | None = None) -> Sequence[Told]:
    """The reply with its rows; one that tells a count leaves out the ids.

    When not one row can be read, nothing says what became of any order.
    """
    results = tuple(row for row in rows if isinstance(row, CancelResult))
    broken = tuple(row for row in rows if isinstance(row, Broken))
    if broken and not results and count is None:
        return (unreadable_reply(f"{broken[0].where}: {broken[0].why}"),)
    return (*broken, CancelReply(results=results, count=count, complete=count is None))


def _off(order_id: str) -> CancelResult:
    return CancelResult(names=names(order_id, None), cancelled=True, text=order_id)


def _kept(order_id: str, told: object) -> CancelResult:
    raw = raw_words(told)
    reason, mapped = reason_of(raw)
    return CancelResult(
        names=names(order_id, None),
        cancelled=False,
        text=order_id,
        reason=reason,
        raw_reason=raw,
        mapped=mapped,
    )
