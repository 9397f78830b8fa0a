"""A timeline out of recorded events and wire lines: rows, their order, and what leads to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from adapters.timeline.lives import Life
from adapters.timeline.marks import Gaps, Limits, mark
from adapters.timeline.rows import Row, Timeline, Wire
from adapters.timeline.wording import who, words
from domain import events as e
from domain import requests as r
from domain.recorded import Recorded
from domain.saying import say

Exchange = tuple[str, str]
"""A recording, and what ties an answer in it to its request."""


class Window(NamedTuple):
    """From when until when by our clock, both included; None is open."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """The moment is in it."""
        after = self.since is None or moment >= self.since
        return after and (self.until is None or moment <= self.until)


EVER = Window()
"""No bounds."""


class Facts(NamedTuple):
    """What a timeline is built from.

    `others` are the streams beside the orders: cancel requests, notices. `wire` holds the lines
    that events came from and those of their exchanges.
    """

    lives: Mapping[UUID, Life]
    others: Iterable[Sequence[Recorded]]
    wire: Sequence[Wire]
    gaps: Gaps
    limits: Limits


def timeline(title: str, facts: Facts, window: Window = EVER) -> Timeline:
    """The rows within the window. What an order held is told from its whole life all the same."""
    rows = [*_messages(facts.wire)]
    for life in facts.lives.values():
        rows.extend(_of_life(life))
    for stream in facts.others:
        rows.extend(_event(recorded) for recorded in stream)
    rows = [row for row in rows if window.holds(row.observed_at)]
    rows.sort(key=_place)
    for number, row in enumerate(rows, start=1):
        row.number = number
    _link(rows)
    mark(rows, facts.gaps, facts.limits)
    return Timeline(title, rows, facts.lives)


def _place(row: Row) -> tuple[Any, ...]:
    """By our clock, the message before its events; what is left is settled by the log's order."""
    position = 0 if row.recorded is None else row.recorded.position
    return (row.observed_at, row.capture or "", row.seq or 0, position)


def _messages(wire: Sequence[Wire]) -> Iterable[Row]:
    requests = {
        (entry.capture, entry.line.exchange): entry.line
        for entry in wire
        if entry.line is not None and entry.line.direction == "sent" and entry.line.exchange
    }
    for entry in wire:
        line = entry.line
        row = Row(observed_at=entry.observed_at, capture=entry.capture, seq=entry.seq, wire=entry)
        if line is None:
            row.what = "a line that cannot be read"
        else:
            request = requests.get((entry.capture, line.exchange or ""))
            row.owner, row.direction, row.exchange = line.owner, line.direction, line.exchange
            row.what, row.by = words(line, None if request is line else request), who(line)
        yield row


def _of_life(life: Life) -> Iterable[Row]:
    for recorded, after in zip(life.events, life.after, strict=True):
        row = _event(recorded)
        row.life, row.after = life, after
        yield row


def _event(recorded: Recorded) -> Row:
    return Row(
        observed_at=recorded.observed_at,
        occurred_at=recorded.occurred_at,
        recorded_at=recorded.recorded_at,
        capture=recorded.capture,
        seq=recorded.seq,
        owner=recorded.owner,
        what=say(recorded.event),
        recorded=recorded,
    )


def _link(rows: Sequence[Row]) -> None:
    """What caused what, and what answers what; a message takes its events' clocks."""
    messages = {row.place: row for row in rows if row.is_message}
    asked: dict[object, Row] = {}
    sent: dict[Exchange, Row] = {}
    for row in rows:
        if row.is_message:
            _exchange(row, sent)
            continue
        cause = messages.get(row.place)
        if cause is not None:
            row.caused_by = cause
            _told(cause, row)
        _answer(row, asked)
        if cause is not None and cause.answers is None and row.answers is not None:
            to = row.answers.caused_by
            cause.answers = None if to is cause else to


def _exchange(row: Row, sent: dict[Exchange, Row]) -> None:
    if row.exchange is None or row.capture is None:
        return
    key = (row.capture, row.exchange)
    if row.direction == "sent":
        sent.setdefault(key, row)
    else:
        row.answers = sent.get(key)


def _told(cause: Row, event: Row) -> None:
    """A message left no earlier than the last thing that it tells had happened."""
    cause.recorded_at = cause.recorded_at or event.recorded_at
    told = event.occurred_at
    if told is not None and (cause.occurred_at is None or told > cause.occurred_at):
        cause.occurred_at = told


_ASKED: Mapping[type, Callable[[Any], object]] = {
    e.CancelRequested: lambda event: event.cancel_id,
    e.AmendRequested: lambda event: event.amend_ref,
    e.OrderPlaced: lambda _event: "placed",
}
_ANSWERED: Mapping[type, Callable[[Any], object]] = {
    **dict.fromkeys(
        (
            e.Cancelled,
            e.CancelRejected,
            e.CancelPending,
            e.CancelOutcomeUnknown,
            e.CancelNotSent,
            e.DuplicateReported,
        ),
        lambda event: event.cancel_id,
    ),
    **dict.fromkeys(
        (e.Amended, e.AmendRejected, e.AmendPending, e.AmendOutcomeUnknown, e.AmendNotSent),
        lambda event: event.amend_ref,
    ),
    **dict.fromkeys(
        (e.OrderAccepted, e.OrderRejected, e.OrderPending, e.PlaceOutcomeUnknown, e.PlaceNotSent),
        lambda _event: "placed",
    ),
}
_REPLIES = (
    r.CancelAnswered,
    r.CancelRefused,
    r.CancelUnanswered,
    r.CancelUnsent,
    r.CancelAnswerRepeated,
)


_LATEST = "latest"
"""The newest cancel of an order: what is told again of a cancel without naming one is about it."""


def _answer(row: Row, asked: dict[object, Row]) -> None:
    """An event that answers one of ours; requests and orders are kept apart by their streams."""
    recorded = row.recorded
    if recorded is None:
        return
    event = recorded.event
    kind = type(event)
    if kind in _ASKED:
        asked.setdefault((recorded.stream, _ASKED[kind](event)), row)
        if isinstance(event, e.CancelRequested):
            asked[recorded.stream, _LATEST] = row
    elif kind in _ANSWERED:
        row.answers = asked.get((recorded.stream, _ANSWERED[kind](event)))
        if isinstance(event, e.DuplicateReported) and event.what == "cancel":
            row.answers = row.answers or asked.get((recorded.stream, _LATEST))
    elif isinstance(event, r.CancelOpened):
        asked.setdefault(recorded.stream, row)
    elif isinstance(event, _REPLIES):
        row.answers = asked.get(recorded.stream)
