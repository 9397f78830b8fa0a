"""The rows of a cancel answer, on the socket and over REST, and envelope errors.

`offered` is never looked at: documents and examples disagree on what it holds after a cancel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adapters.venues.exact import read
from adapters.venues.fourcasters.fields import rows_of
from adapters.venues.fourcasters.reasons import Verdict, verdict
from adapters.venues.fourcasters.terms import backed, names, terms
from adapters.venues.fourcasters.wire import CancelEntry
from adapters.venues.outcomes import unreadable_reply
from domain.events import Terms
from domain.messages import CancelReply, CancelResult, MatchedTotal, Message, Notice
from domain.notices import UnreadableValue
from domain.values import Account
from domain.wire import Unreadable


def cancel_answer(
    owner: Account,
    data: object,
    *,
    request_ref: str | None,
    asked: Sequence[str] = (),
    complete: bool = True,
) -> list[Message]:
    """The reply that `data` makes, with one result per order that can be told.

    `asked` are the ids of an explicit request, by position: REST failures and odd answers name
    no order. A row that cannot be read is noted; an answer of which no row can be read leaves
    the outcome unknown.
    """
    try:
        rows = rows_of(data, "data")
    except Unreadable as reason:
        return [replace(unreadable_reply(reason), request_ref=request_ref)]
    results: list[CancelResult] = []
    notes: list[Notice] = []
    positional = asked if len(asked) == len(rows) else ()
    for index, row in enumerate(rows):
        where = f"data.{index}"
        try:
            entry = read(CancelEntry, row, where)
            results.append(_result(entry, positional[index] if positional else None, where))
        except Unreadable as reason:
            notes.append(_unread(owner, where, str(reason)))
    if rows and not results:
        told = replace(unreadable_reply("data: no row can be read"), request_ref=request_ref)
        return [told, *notes]
    reply = CancelReply(request_ref=request_ref, results=tuple(results), complete=complete)
    return [reply, *notes]


def refused(text: str | None, verdict_of: Verdict, asked: str) -> CancelResult:
    """The refusal of the one order that a request named."""
    return CancelResult(
        names=names(asked, None),
        cancelled=False,
        text=asked,
        reason=verdict_of.reason,
        raw_reason=text,
        mapped=verdict_of.mapped,
    )


def _unread(owner: Account, where: str, reason: str) -> Notice:
    return Notice(
        event=UnreadableValue(venue=owner.venue, account=owner.account, field=where, value=reason)
    )


def _result(entry: CancelEntry, asked: str | None, where: str) -> CancelResult:
    order_id = entry.order_id or asked
    if order_id is None:
        raise Unreadable(f"{where}: no id says which order this is")
    if not entry.success:
        text = entry.reason or entry.error or entry.description
        return refused(text, verdict(text), order_id)
    also = () if entry.filled is None else (MatchedTotal(total=entry.filled, at_least=True),)
    return CancelResult(
        names=names(order_id, None),
        cancelled=True,
        text=order_id,
        size=entry.remaining,
        terms=_told(entry),
        also=also,
    )


def _told(entry: CancelEntry) -> Terms:
    """The order's terms. The socket's rows tell no market type: then no selection is told."""
    filled, remaining = entry.filled, entry.remaining
    return terms(
        size=None if filled is None or remaining is None else filled + remaining,
        odds=entry.odds,
        game=entry.game_id,
        picked=backed(entry),
        user_ref=entry.user_reference,
    )
