"""Messages as arrows: when each left one side and reached the other, as far as it is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from adapters.timeline.lives import stood
from adapters.timeline.rows import Mark, Row
from domain.events import OrderPlaced

NOT_SENT = "not_sent"
NAME_MAX = 12
ON_THE_WIRE = frozenset({Mark.GAP, Mark.UNREAD, Mark.LOST})
"""What is said of a message itself; the rest is said of the events that it caused."""
NOTES_MAX = 8
"""How many events are told beside one message."""


@dataclass(frozen=True, slots=True)
class Note:
    """What an event says, where the size was after it, and what to look at."""

    text: str
    stood: str = ""
    looks: Sequence[str] = ()


@dataclass(slots=True)
class Arrow:
    """A message between the gateway and the venue, or a note that no message caused.

    `at` is the gateway's clock. `venue_at` is the venue's end: its own clock when `told`, else the
    latest that it can have been; None when nothing tells. `fate` is the kind of a loss.
    """

    number: int
    direction: str | None
    label: str
    at: datetime
    venue_at: datetime | None = None
    told: bool = False
    fate: str | None = None
    crossed: bool = False
    notes: list[Note] = field(default_factory=list[Note])


def arrows(rows: Sequence[Row], *, named: bool) -> list[Arrow]:
    """The rows as arrows with notes; `named` says of each note which order it is about."""
    found: list[Arrow] = []
    by_row: dict[int, Arrow] = {}
    last: dict[UUID, str] = {}
    for row in rows:
        if row.is_message:
            found.append(_message(row))
            by_row[row.number] = found[-1]
            continue
        note = _note(row, last, named=named)
        if row.caused_by is None:
            found.append(Arrow(row.number, None, "", row.observed_at, notes=[note]))
        else:
            arrow = by_row[row.caused_by.number]
            arrow.notes.append(note)
            arrow.crossed |= any(item.mark is Mark.CROSSED for item in row.marks)
    _landed(rows, by_row)
    for arrow in found:
        more = len(arrow.notes) - NOTES_MAX
        if more > 1:
            arrow.notes[NOTES_MAX:] = [Note(f"… and {more} more")]
    return found


def _message(row: Row) -> Arrow:
    arrow = Arrow(row.number, row.direction, _label(row), row.observed_at)
    if row.direction == "received":
        arrow.venue_at, arrow.told = row.occurred_at, row.occurred_at is not None
    arrow.notes += [Note("", looks=(item.text,)) for item in row.marks if item.mark in ON_THE_WIRE]
    return arrow


def _landed(rows: Sequence[Row], by_row: Mapping[int, Arrow]) -> None:
    """When what we sent had arrived: by the clock of what answers it, else before the answer came.

    An answer may tell other news besides, which can be older than the arrival. So an answer whose
    own time is not told leaves when that which it answers can have arrived at the latest.
    """
    for row in rows:
        sent = _answered(row, by_row)
        if sent is not None:
            _arrived(sent, row)
    for sent, moment in _placed(rows, by_row):
        if sent.venue_at is None or moment < sent.venue_at:
            sent.venue_at, sent.told = moment, True
    for row in rows:
        sent = _answered(row, by_row) if row.is_message else None
        if sent is None or sent.venue_at is None:
            continue
        answer = by_row[row.number]
        if answer.venue_at is not None and answer.venue_at < sent.venue_at:
            answer.venue_at, answer.told = None, False


def _arrived(sent: Arrow, answer: Row) -> None:
    if answer.direction == "lost":
        sent.fate = _fate(answer)
    elif answer.is_message and sent.venue_at is None:
        sent.venue_at = answer.observed_at
    elif not answer.is_message and answer.occurred_at is not None:
        known = sent.venue_at if sent.told and sent.venue_at is not None else answer.occurred_at
        sent.venue_at, sent.told = min(known, answer.occurred_at), True


def _placed(rows: Sequence[Row], by_row: Mapping[int, Arrow]) -> Iterator[tuple[Arrow, datetime]]:
    """What placed an order had arrived when the first thing happened to the order at the venue."""
    first: dict[UUID, datetime] = {}
    for row in rows:
        if row.life is not None and row.occurred_at is not None:
            key = row.life.stream
            first[key] = min(row.occurred_at, first.get(key, row.occurred_at))
    for row in rows:
        if row.recorded is None or not isinstance(row.recorded.event, OrderPlaced):
            continue
        moment, cause = first.get(row.recorded.stream), row.caused_by
        sent = None if cause is None else _answered(cause, by_row) or by_row[cause.number]
        if sent is not None and sent.direction == "sent" and moment is not None:
            yield sent, moment


def _answered(row: Row, by_row: Mapping[int, Arrow]) -> Arrow | None:
    """The message of ours that the row answers, be it a message or an event."""
    asked = row.answers
    if asked is not None and not asked.is_message:
        asked = asked.caused_by
    found = None if asked is None else by_row.get(asked.number)
    return found if found is not None and found.direction == "sent" else None


def _fate(row: Row) -> str:
    line = None if row.wire is None else row.wire.line
    error = None if line is None else line.error
    return str((error or {}).get("kind", "unknown"))


def _label(row: Row) -> str:
    return f"{row.what} ({row.by})" if row.by else row.what


def _note(row: Row, last: dict[UUID, str], *, named: bool) -> Note:
    """What an event says. How the order stood after it is said when it stood otherwise before."""
    looks = tuple(found.text for found in row.marks if found.mark is not Mark.SILENCE)
    life = row.life
    if life is None or row.after is None:
        return Note(row.what, looks=looks)
    after = stood(row.after)
    news = last.get(life.stream) != after
    last[life.stream] = after
    name = f"{_short(life.name)}: " if named else ""
    return Note(name + row.what, after if news else "", looks)


def _short(name: str) -> str:
    """Names differ at their ends."""
    return name if len(name) <= NAME_MAX else f"…{name[-8:]}"
