"""The projection `cancels`: each request with its fate, and what each order says of it.

What the answer said stands in `cancels`; what each order's own history says (matched before, in
flight, after) stands in `cancel_links`. Reading joins the two (`projections.cancel_listing`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import cast
from uuid import UUID

from sqlalchemy import Connection, Table

from domain import requests as r
from domain.flags.history import History, Link
from domain.links import links_of
from domain.recorded import Recorded
from domain.values import plain
from projections import bulk
from projections.batch import REQUEST, Batch
from projections.columns import Row
from projections.tables import cancel_links, cancels

NAME = "cancels"
VERSION = 1
TABLES: tuple[Table, ...] = (cancels, cancel_links)
_MICROSECOND = timedelta(microseconds=1)


def request_row(stream: UUID, events: Sequence[Recorded]) -> Row:
    """The row of one request, from its own events."""
    first = events[0]
    # not always the first event: an answer may be read before its request
    asked = next((entry for entry in events if isinstance(entry.event, r.CancelOpened)), None)
    opened = None if asked is None else cast("r.CancelOpened", asked.event)
    requested_at = None if asked is None else asked.observed_at
    ended = [entry for entry in events if isinstance(entry.event, _ENDS)]
    answers = [entry for entry in ended if isinstance(entry.event, _ANSWERS)]
    final = next(reversed(answers or ended), None)
    answered_at = answers[0].observed_at if answers else None
    latency = None
    if requested_at is not None and answered_at is not None:
        latency = round(Decimal((answered_at - requested_at) // _MICROSECOND) / 1000)
    last_word = None if final is None else final.event
    refusal = last_word if isinstance(last_word, r.CancelRefused) else None
    scope = [] if opened is None else [_scope(item) for item in opened.scope]
    return (
        str(stream),
        first.owner.venue,
        first.owner.account,
        None if opened is None else opened.requested_by,
        None if opened is None else opened.why,
        json.dumps(scope[0] if len(scope) == 1 else scope),
        requested_at,
        answered_at,
        latency,
        _status(final),
        None if refusal is None else refusal.reason.value,
        None if refusal is None else refusal.raw_reason,
        json.dumps(
            _outcomes(opened, [entry.event for entry in answers], lost=_status(final) == "unknown")
        ),
        needs_links(events),
        events[-1].position,
    )


_ANSWERS = r.CancelAnswered | r.CancelRefused | r.CancelAnswerStray
_ENDS = _ANSWERS | r.CancelUnanswered | r.CancelUnsent


def needs_links(events: Sequence[Recorded]) -> bool:
    """Whether only the orders can tell how many were cancelled: the answer gave a bare count."""
    return any(
        isinstance(entry.event, r.CancelAnswered)
        and entry.event.count is not None
        and not entry.event.outcomes
        for entry in events
    )


def _status(final: Recorded | None) -> str:
    match None if final is None else final.event:
        case None:
            return "open"
        case r.CancelRefused():
            return "refused"
        case r.CancelUnanswered():
            return "unknown"
        case r.CancelUnsent():
            return "not_sent"
        case _:
            return "answered"


def _scope(scope: r.Scope) -> dict[str, object]:
    return {"kind": scope.kind.value, "values": list(scope.values)}


def _outcomes(
    opened: r.CancelOpened | None, answers: Sequence[object], *, lost: bool
) -> list[dict[str, object]]:
    """What was asked, then what the answers said; a later answer outranks an earlier one."""
    by_key: dict[object, dict[str, object]] = {}
    for asked in opened.asked if opened is not None else ():
        entry = _outcome(r.Outcome(outcome=r.OutcomeKind.UNKNOWN), asked.text, asked.order)
        if not lost:
            entry["outcome"] = None
        by_key[asked.order or asked.text] = entry
    for answer in answers:
        if not isinstance(answer, _ANSWERS):
            continue
        for index, outcome in enumerate(answer.outcomes):
            key = outcome.order or outcome.asked or outcome.venue_order_id or index
            if key != outcome.asked and outcome.asked in by_key:
                del by_key[outcome.asked]  # asked for by a name that the answer made known
            by_key[key] = _outcome(outcome, outcome.asked, outcome.order)
    return list(by_key.values())


def _outcome(outcome: r.Outcome, asked: str | None, order: UUID | None) -> dict[str, object]:
    return {
        "asked": asked,
        "order_key": None if order is None else str(order),
        "venue_order_id": outcome.venue_order_id,
        "outcome": outcome.outcome.value,
        "reason": None if outcome.reason is None else outcome.reason.value,
        "raw_reason": outcome.raw_reason,
        "cancelled": None if outcome.cancelled is None else plain(outcome.cancelled),
    }


def link_row(link: Link) -> Row:
    """The row of what one order says of one request."""
    return (
        str(link.cancel_id),
        str(link.order),
        link.venue_order_id,
        link.asked,
        link.requested,
        link.outcome,
        link.reason,
        link.raw_reason,
        link.cancelled,
        link.matched_before,
        link.matched_in_flight,
        link.matched_after,
        link.took_off_at,
        link.position,
    )


def link_rows(history: History) -> list[Row]:
    """The rows of what one order says of every request that touched it."""
    return [link_row(link) for link in links_of(history)]


def made_of(batch: Batch, history: History) -> list[Row]:
    """The rows of what one order says, made once for a step."""
    return batch.made(NAME, history.stream, partial(link_rows, history))


def apply(connection: Connection, batch: Batch, histories: Sequence[History]) -> None:
    """Write the rows of the touched requests, and of the touched orders' words on theirs."""
    bulk.upsert(
        connection, cancels, [request_row(stream, events) for stream, events in batch.of(REQUEST)]
    )
    rows: list[Row] = []
    gone: list[str] = []
    for history in histories:
        if history.order.merged_into is not None:
            gone.append(str(history.stream))
        else:
            rows.extend(made_of(batch, history))
    bulk.upsert(connection, cancel_links, rows)
    if gone:
        bulk.delete(connection, cancel_links, "order_key", gone)
