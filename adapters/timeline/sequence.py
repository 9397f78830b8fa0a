"""A sequence diagram: us, our gateway and the venue, with what crossed drawn crossing.

Down the page go the moments at which something left or arrived, in their order and not to scale:
each has a height of its own, so that no word stands on another. A message goes from the sender's
clock to the receiver's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import hypot
from typing import NamedTuple

from adapters.timeline.arrows import NOT_SENT, Arrow, Note, arrows
from adapters.timeline.rows import Timeline
from adapters.timeline.spans import span
from adapters.timeline.style import COLOURS, PICTURES
from adapters.timeline.svg import Value, element, line, picture, polygon, said, text, wrapped

MESSAGES_MAX = 400
"""So many messages are drawn; the table has them all."""
PAUSE = timedelta(seconds=10)
"""Silence that is drawn as a break of the lines."""

WIDTH = 1300
US, GATEWAY, VENUE = 560, 900, 1150
"""Where the three stand."""
NOTES, CLOCK = 120, 14
"""Where what we made of it begins, and our clock."""
TOP = 118
PLATE = 840
"""As high as a sheet of A4 on its side, when it is as wide."""
LINE = 15
NOTE_CHARACTERS, LABEL_CHARACTERS = 56, 40


class Words(NamedTuple):
    """A line of text beside a message, and its class."""

    text: str
    kind: str


@dataclass(slots=True)
class Drawn:
    """An arrow with the places of its two ends."""

    arrow: Arrow
    words: list[Words]
    label: list[str]
    gateway_y: float = 0
    venue_y: float = 0


@dataclass(slots=True)
class Sheet:
    """What is on the page so far."""

    parts: list[str] = field(default_factory=list[str])
    cuts: list[float] = field(default_factory=list[float])
    y: float = TOP


class Drawing(NamedTuple):
    """All that is drawn, how high it is, and where it can be cut without cutting a word."""

    inside: str
    height: float
    cuts: Sequence[float]
    title: str
    about: str


def sequence(told: Timeline, name: str = "sequence") -> str:
    """The diagram as an SVG that stands by itself, with its style."""
    drawing = _drawing(told)
    style = element("style", {}, COLOURS + PICTURES)
    ground = element("rect", {"width": WIDTH, "height": drawing.height, "class": "ground"})
    return picture(
        (0, WIDTH, drawing.height),
        name,
        drawing.title,
        drawing.about,
        style,
        ground,
        drawing.inside,
    )


def plates(told: Timeline, name: str = "sequence") -> list[str]:
    """The diagram for a page, in parts that fit on paper: one below the other they are the whole.

    The first holds everything that is drawn; the others show more of it.
    """
    drawing = _drawing(told)
    whole = f"{name}-whole"
    inside = element("g", {"id": whole, "class": "picture"}, drawing.inside)
    made: list[str] = []
    top = 0.0
    while top < drawing.height:
        fitting = [cut for cut in drawing.cuts if top < cut <= top + PLATE]
        end = drawing.height if drawing.height <= top + PLATE else max(fitting, default=top + PLATE)
        part = f"{name}-{len(made)}" if made else name
        title = f"{drawing.title}, part {len(made) + 1}" if made else drawing.title
        shape = (top, WIDTH, end - top)
        made.append(picture(shape, part, title, drawing.about, inside))
        inside = element("use", {"href": f"#{whole}"})
        top = end
    return made


def _drawing(told: Timeline) -> Drawing:
    every = arrows(told.rows, named=len(told.lives) > 1)
    messages = [arrow for arrow in every if arrow.direction is not None]
    shown = every if len(messages) <= MESSAGES_MAX else _first(every, MESSAGES_MAX)
    sheet = Sheet()
    drawn = [_drawn(arrow) for arrow in shown]
    _place(drawn, sheet)
    sheet.parts += map(_message, drawn)
    if len(shown) < len(every):
        sheet.y += 2 * LINE
        cut = (
            f"The first {MESSAGES_MAX} of {len(messages)} messages are drawn. "
            "Narrow it with --from and --to; the table has them all."
        )
        sheet.parts.append(text(NOTES, sheet.y, cut, "warn"))
    about = (
        f"A sequence diagram of {len(messages)} messages between us, our gateway and the venue. "
        "The rows of the timeline tell the same in words."
    )
    lives = [line(x, TOP - 8, x, sheet.y + 20, "life") for x in (US, GATEWAY, VENUE)]
    title = f"What was said about {told.title}"
    inside = "".join((*_heads(title), *lives, *sheet.parts))
    return Drawing(inside, sheet.y + 50, sheet.cuts, title, about)


def _first(every: Sequence[Arrow], count: int) -> list[Arrow]:
    """The arrows up to a number of messages."""
    kept: list[Arrow] = []
    for arrow in every:
        count -= arrow.direction is not None
        if count < 0:
            break
        kept.append(arrow)
    return kept


def _heads(title: str) -> Iterator[str]:
    yield text(CLOCK, 26, wrapped(title, 110, 1)[0], "name")
    legend = (
        "Not to scale: each moment has its own line. A solid tip stands where the other clock "
        "says, a hollow one at the latest that it can have been."
    )
    yield text(CLOCK, 46, legend, "small")
    yield text(CLOCK, 62, "Orange: it crossed another message, or nobody knows its fate.", "small")
    for x, who in ((US, "us: the books"), (GATEWAY, "our gateway"), (VENUE, "the venue")):
        box: dict[str, Value] = {
            "x": x - 62,
            "y": TOP - 36,
            "width": 124,
            "height": 26,
            "rx": 4,
            "class": "ground",
        }
        yield element("rect", box)
        yield element("rect", {**box, "class": "edge"})
        yield text(x, TOP - 18, who, "head", anchor="middle")
    yield text(CLOCK, TOP - 18, "our clock", "small")
    yield text(NOTES, TOP - 18, "what we made of it", "small")
    yield text(VENUE + 68, TOP - 18, "venue's clock", "small")


def _drawn(arrow: Arrow) -> Drawn:
    words = [item for note in arrow.notes for item in _words(note)]
    label = wrapped(arrow.label, LABEL_CHARACTERS, 2) if arrow.label else []
    return Drawn(arrow, words, label)


def _words(note: Note) -> Iterator[Words]:
    for part in wrapped(note.text, NOTE_CHARACTERS, 3):
        yield Words(part, "note")
    if note.stood:
        yield Words(f"→ {note.stood}", "after")
    for look in note.looks:
        for part in wrapped(f"! {look}", NOTE_CHARACTERS, 2):
            yield Words(part, "warn")


def _place(drawn: Sequence[Drawn], sheet: Sheet) -> None:
    """Give every end of every arrow its height, moment after moment."""
    ends: list[tuple[datetime, int, int, bool, Drawn]] = []
    for index, item in enumerate(drawn):
        arrow = item.arrow
        ends.append((arrow.at, 1, index, True, item))
        if arrow.venue_at is not None:
            # Where no clock tells, right before the answer that it must have come before.
            ends.append((arrow.venue_at, 0, index, False, item))
    ends.sort(key=lambda end: end[:3])
    before: datetime | None = None
    for moment, _rank, _index, ours, item in ends:
        _pause(before, moment, sheet)
        before = moment
        if not ours:
            sheet.y += LINE
            item.venue_y = sheet.y
            continue
        sheet.y += LINE + (LINE if len(item.label) > 1 else 8)
        item.gateway_y = sheet.y
        if item.arrow.venue_at is None:
            item.venue_y = sheet.y
        sheet.y += max(0, len(item.words) - 1) * LINE
        sheet.cuts.append(sheet.y + 7)


def _pause(before: datetime | None, moment: datetime, sheet: Sheet) -> None:
    if before is not None and before.date() == moment.date() and moment - before < PAUSE:
        return
    if before is None or before.date() != moment.date():
        sheet.y += LINE + 6
        sheet.parts.append(text(CLOCK, sheet.y, f"{moment:%Y-%m-%d}", "head"))
    if before is None or moment - before < PAUSE:
        return
    top = sheet.y + 6
    sheet.y += 2 * LINE + 6
    gap = {"x": US - 4, "y": top, "width": VENUE - US + 8, "height": sheet.y - top}
    sheet.parts.append(element("rect", {**gap, "class": "ground"}))
    sheet.parts += [line(x, top, x, sheet.y, "pause") for x in (US, GATEWAY, VENUE)]
    silence = f"{span(moment - before)} without a word"
    middle = (US + GATEWAY) / 2
    sheet.parts.append(text(middle, sheet.y - LINE + 4, silence, "small", anchor="middle"))


def _message(item: Drawn) -> str:
    """One message with all that is said beside it; pointing at it tells its words in full."""
    arrow, y = item.arrow, item.gateway_y
    parts = [text(CLOCK, y + 4, f"{arrow.at:%H:%M:%S.%f}", "clock")]
    parts += [
        text(NOTES, y + 4 + place * LINE, words.text, words.kind)
        for place, words in enumerate(item.words)
    ]
    if arrow.direction is None:
        return element("g", {}, *parts)
    parts.append(text(US + 34, y - 6, str(arrow.number), "small", anchor="end"))
    parts += [
        text(US + 40, y - 6 - place * (LINE - 2), words, "label")
        for place, words in enumerate(reversed(item.label))
    ]
    if arrow.venue_at is not None and arrow.told:
        parts.append(text(VENUE + 10, item.venue_y + 4, f"{arrow.venue_at:%H:%M:%S.%f}", "clock"))
    return element("g", {}, element("title", {}, said(arrow.label)), *parts, *_shafts(item))


def _shafts(item: Drawn) -> Iterator[str]:
    arrow, y = item.arrow, item.gateway_y
    kind = "crossed" if arrow.crossed else "sent" if arrow.direction == "sent" else "got"
    if arrow.direction == "lost":
        yield from _cross(GATEWAY, y)
    elif arrow.direction == "sent":
        yield from _shaft((US, y), (GATEWAY, y), kind, solid=True)
        yield from _out(item, kind)
    else:
        yield from _shaft((VENUE, item.venue_y), (GATEWAY, y), kind, solid=arrow.told)
        yield from _shaft((GATEWAY, y), (US, y), kind, solid=True)


def _out(item: Drawn, kind: str) -> Iterator[str]:
    """What left our gateway: it arrived, or its fate is not known, or it never left."""
    arrow, y = item.arrow, item.gateway_y
    if arrow.fate == NOT_SENT:
        yield from _cross(GATEWAY + 16, y)
    elif arrow.fate is not None:
        middle = GATEWAY + (VENUE - GATEWAY) * 0.55
        yield line(GATEWAY, y, middle, y, "crossed")
        yield line(middle, y, VENUE - 6, y, "unsure")
        yield from _cross(middle, y)
    else:
        yield from _shaft((GATEWAY, y), (VENUE, item.venue_y), kind, solid=arrow.told)


def _shaft(
    start: tuple[float, float], end: tuple[float, float], kind: str, *, solid: bool
) -> Iterator[str]:
    yield line(*start, *end, kind)
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    dx, dy = dx / length, dy / length
    back = (end[0] - 9 * dx, end[1] - 9 * dy)
    tip = [end, (back[0] - 4 * dy, back[1] + 4 * dx), (back[0] + 4 * dy, back[1] - 4 * dx)]
    yield polygon(tip, f"tip-{kind}" if solid else f"tip-{kind} hollow")


def _cross(x: float, y: float) -> Iterator[str]:
    yield line(x - 6, y - 6, x + 6, y + 6, "cross")
    yield line(x - 6, y + 6, x + 6, y - 6, "cross")
