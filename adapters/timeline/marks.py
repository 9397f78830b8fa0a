"""What is worth a second look: gaps, silence, late news, reordering, crossings, losses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from adapters.timeline.rows import Mark, Marked, Row
from adapters.timeline.spans import seconds
from domain import events as e
from domain.flags.flag import Thresholds

SILENCE = timedelta(seconds=60)
"""So long without a word is worth a mark."""

Gaps = Mapping[str, Sequence[tuple[int, int]]]
"""The lines that each recording jumps over: the first and the last of every stretch."""
Limits = Callable[[str], Thresholds]

ASKS = (e.OrderPlaced, e.CancelRequested, e.AmendRequested)
"""What we send about an order that its venue may act upon."""


TOLD = (
    e.OrderReported,
    e.DuplicateReported,
    e.OrderIdentified,
    e.OrderDiscovered,
    e.ReplacementSeen,
    e.FillConfirmed,
    e.TermsDisputed,
    e.UnknownValueSeen,
)
"""What says how the order stands, and not that something happened to it."""


class Sent(NamedTuple):
    """A message of ours about an order, and until when it can have been on its way."""

    row: Row
    arrived_by: datetime
    certain: bool


def mark(rows: Sequence[Row], gaps: Gaps, limits: Limits) -> None:
    """Mark the rows, which stand in the order of our clock."""
    _gaps(rows, gaps)
    _silence(rows)
    for row in rows:
        _own(row, limits)
    for about in _by_order(rows).values():
        _reordered(about)
        _crossed(about)


def _gaps(rows: Sequence[Row], gaps: Gaps) -> None:
    """A gap is told at the first row after it, when a row of its recording stands before it."""
    last: dict[str, int] = {}
    for row in rows:
        if row.capture is None or row.seq is None or not row.is_message:
            continue
        before = last.get(row.capture)
        for first, end in gaps.get(row.capture, ()) if before is not None else ():
            if before is not None and before < first and end < row.seq:
                lines = f"line {first} is" if first == end else f"lines {first} to {end} are"
                row.marks.append(Marked(Mark.GAP, f"{lines} missing of {row.capture}"))
        last[row.capture] = max(row.seq, before or 0)


def _silence(rows: Sequence[Row]) -> None:
    for before, row in pairwise(rows):
        pause = row.observed_at - before.observed_at
        if pause >= SILENCE:
            row.marks.append(Marked(Mark.SILENCE, f"nothing was heard for {seconds(pause)} s"))


def _own(row: Row, limits: Limits) -> None:
    """What the row tells by itself."""
    if row.is_message:
        if row.direction == "lost":
            row.marks.append(Marked(Mark.LOST, "nobody knows what became of it"))
        if row.wire is not None and row.wire.outcome != "read":
            waits = "it waits for its request" if row.wire.outcome == "held" else "it was set aside"
            row.marks.append(Marked(Mark.UNREAD, waits))
        return
    if _says_again(row):
        row.marks.append(Marked(Mark.REPEATED, "it changed nothing"))
    if row.occurred_at is None or row.owner is None:
        return
    given = limits(row.owner.venue)
    delay = row.observed_at - row.occurred_at
    if delay > given.late:
        row.marks.append(Marked(Mark.LATE, f"seen {seconds(delay)} s after it happened"))
    elif -delay > given.clock:
        text = f"dated {seconds(-delay)} s after it was seen"
        row.marks.append(Marked(Mark.CLOCK, text))


def _says_again(row: Row) -> bool:
    return row.recorded is not None and isinstance(row.recorded.event, e.DuplicateReported)


def _by_order(rows: Iterable[Row]) -> Mapping[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        if row.life is not None:
            found[row.life.stream].append(row)
    return found


def _reordered(rows: Sequence[Row]) -> None:
    newest: Row | None = None
    for row in rows:
        if row.occurred_at is None or row.place is None or _says_again(row):
            continue
        if newest is None or newest.occurred_at is None or row.occurred_at >= newest.occurred_at:
            newest = row
        elif row.place != newest.place:
            text = f"it happened before row {newest.number} and was seen after it"
            row.marks.append(Marked(Mark.REORDERED, text))


def _crossed(rows: Sequence[Row]) -> None:
    """A venue's news that left before our message was there, and came after ours had left."""
    sent = [found for row in rows if (found := _sent(row, rows)) is not None]
    for row in rows if sent else ():
        if row.occurred_at is None or row.recorded is None or isinstance(row.recorded.event, TOLD):
            continue
        for ours in sent:
            left_after = ours.row.observed_at < row.observed_at and row.answers is not ours.row
            if left_after and row.occurred_at < ours.arrived_by and row.place != ours.row.place:
                surely = ours.certain or row.occurred_at <= ours.row.observed_at
                may = "crossed" if surely else "may have crossed"
                text = f"{may} row {ours.row.number} on the wire"
                row.marks.append(Marked(Mark.CROSSED, text))


def _sent(row: Row, rows: Sequence[Row]) -> Sent | None:
    """The row as a message of ours; its answer tells by when it had arrived."""
    if row.recorded is None or not isinstance(row.recorded.event, ASKS):
        return None
    answers = [other for other in rows if other.answers is row]
    if not answers:
        return None
    told = min((other.occurred_at for other in answers if other.occurred_at), default=None)
    return Sent(row, told or answers[0].observed_at, told is not None)
