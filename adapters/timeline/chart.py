"""A chart of the five buckets over time: as it was believed, as it is known now, and the risk.

Time is not to scale: silence is shortened, so that what happened within a second can be seen
beside what took an hour. All panels of one unit share the same moments.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from math import log10
from typing import NamedTuple

from adapters.timeline.courses import Point, Sums, believed, known_now, together, units
from adapters.timeline.lives import BUCKETS, Life
from adapters.timeline.rows import Timeline
from adapters.timeline.style import COLOURS, PICTURES
from adapters.timeline.svg import element, line, picture, polygon, text, wrapped
from domain.values import ZERO, plain

WIDTH = 1300
LEFT, RIGHT = 110, 1110
PANEL, RISK, BETWEEN = 150, 90, 48
TOP = 70
UNITS_MAX = 6
TICK = 90
"""Times along the bottom stand at least so far apart."""
Spot = tuple[float, Sums]
SPOT = 0.5
STEPS_MAX = 4
"""Lines across a panel."""


class Scale:
    """Where moments stand: in their order, a silence no wider than the logarithm of its length."""

    def __init__(self, moments: Sequence[datetime]) -> None:
        self.moments = sorted(set(moments))
        places = [0.0]
        for before, after in pairwise(self.moments):
            milliseconds = (after - before).total_seconds() * 1000
            places.append(places[-1] + 1 + log10(1 + milliseconds))
        last = places[-1] + 3  # what holds at the end is seen to hold
        self._places = [LEFT + place / last * (RIGHT - LEFT) for place in places]

    def x(self, moment: datetime) -> float:
        """The place of a moment, between those that have one."""
        place = bisect_right(self.moments, moment)
        return self._places[place - 1] if place else LEFT

    def ticks(self) -> Iterator[tuple[float, str, str]]:
        """Times to print, far enough from each other, and the day where it begins."""
        before: tuple[float, datetime] | None = None
        for moment, place in zip(self.moments, self._places, strict=True):
            if before is not None and place - before[0] < TICK:
                continue
            new = before is None or before[1].date() != moment.date()
            yield place, f"{moment:%H:%M:%S.%f}"[:-3], f"{moment:%Y-%m-%d}" if new else ""
            before = (place, moment)


class Panel(NamedTuple):
    """A part of the chart: its heading, its curve, how high it goes, its place."""

    heading: str
    points: Sequence[Point]
    most: Decimal
    top: float
    height: float

    def y(self, value: Decimal) -> float:
        """The height of a value; a chart's line need not be exact."""
        share = float(value / self.most) if self.most else 0.0
        return self.top + self.height * (1 - share)


def chart(told: Timeline, name: str = "chart", *, styled: bool = True) -> str:
    """The chart as SVG; `styled` brings the style that a page of its own needs."""
    every = units(told.lives.values())
    parts: list[str] = []
    top = float(TOP)
    for unit, lives in list(every.items())[:UNITS_MAX]:
        made, top = _unit(unit, lives, top, name)
        parts += made
    if len(every) > UNITS_MAX:
        top += 20
        cut = f"The first {UNITS_MAX} of {len(every)} units are drawn; narrow it with --account."
        parts.append(text(LEFT, top, cut, "warn"))
    height = top + 16
    title = f"Where the size was: {told.title}"
    about = _about(every)
    style = element("style", {}, COLOURS + PICTURES) if styled else ""
    ground = element("rect", {"width": WIDTH, "height": height, "class": "ground"})
    heads = (
        text(14, 26, wrapped(title, 110, 1)[0], "name"),
        text(14, 46, "Time is not to scale: silence is shortened.", "small"),
    )
    patterns = element("defs", {}, *_patterns(name))
    return picture((0, WIDTH, height), name, title, about, style, patterns, ground, *heads, *parts)


def _about(every: Mapping[str, Sequence[Life]]) -> str:
    """The ends of the curves in words."""
    told: list[str] = []
    for unit, lives in every.items():
        for point in together(lives, known_now)[-1:]:
            parts = [f"{plain(getattr(point.held, item))} {item}" for item in BUCKETS]
            told.append(f"{unit}: in the end {', '.join(parts)}.")
    return " ".join(told) or "No order is in it."


def _unit(unit: str, lives: Sequence[Life], top: float, name: str) -> tuple[list[str], float]:
    """The three panels of one unit, and where they end."""
    seen, known = together(lives, believed), together(lives, known_now)
    scale = Scale([point.at for point in (*seen, *known)])
    most = max((point.held.size for point in (*seen, *known)), default=ZERO)
    risk = max((point.held.at_risk for point in seen), default=ZERO)
    orders = "1 order" if len(lives) == 1 else f"{len(lives)} orders"
    heading = f"{unit}: {orders}, as a client believed, by what it had seen"
    panels = (
        Panel(heading, seen, most, top + 20, PANEL),
        Panel("as it was, by what is known now", known, most, top + 20 + PANEL + BETWEEN, PANEL),
        Panel(
            "what could be lost of what may have been live, as a client believed",
            seen,
            risk,
            top + 20 + 2 * (PANEL + BETWEEN),
            RISK,
        ),
    )
    parts: list[str] = []
    for panel in panels:
        parts += _frame(panel, scale)
    for panel in panels[:2]:
        parts += _areas(panel, scale, name)
        parts += _legend(panel, name)
    parts += _risk(panels[2], scale)
    bottom = panels[2].top + RISK
    for x, time, day in scale.ticks():
        parts += [text(x, bottom + 16, time, "clock"), text(x, bottom + 30, day, "clock")]
    return parts, bottom + BETWEEN + 10


def _frame(panel: Panel, scale: Scale) -> Iterator[str]:
    """Heading, lines across with their values, lines down at the times."""
    yield text(14, panel.top - 10, wrapped(panel.heading, 120, 1)[0], "head")
    for value in _steps(panel.most):
        y = panel.y(value)
        yield line(LEFT, y, RIGHT, y, "grid")
        yield text(LEFT - 8, y + 4, plain(value), "clock", anchor="end")
    for x, _time, _day in scale.ticks():
        yield line(x, panel.top, x, panel.top + panel.height, "grid")


def _steps(most: Decimal) -> list[Decimal]:
    """Round values from zero up, as many as fit; the most when it is no round value."""
    if not most:
        return [ZERO]
    unit = Decimal(10) ** most.adjusted()
    steps = (unit * factor / 10 for factor in (1, 2, 5, 10, 20, 50))
    step = next((size for size in steps if most / size <= STEPS_MAX), most)
    return [step * index for index in range(int(most / step) + 1)]


def _areas(panel: Panel, scale: Scale, name: str) -> Iterator[str]:
    """One area per bucket, the one on the other, each with its pattern above its colour."""
    spots = _spots(panel.points, scale)
    if not spots:
        return
    below = [ZERO] * len(spots)
    for bucket in BUCKETS:
        above = [low + getattr(held, bucket) for low, (_x, held) in zip(below, spots, strict=True)]
        if above != below:
            edge = [*_stairs(panel, spots, above), *reversed(_stairs(panel, spots, below))]
            yield polygon(edge, bucket)
            yield polygon(edge, "mask", fill=f"url(#{name}-{bucket})")
        below = above
    yield from _doubt(panel, spots)
    outline = _stairs(panel, spots, below)
    yield from (line(*one, *other, "edge") for one, other in pairwise(outline))


def _doubt(panel: Panel, spots: Sequence[Spot]) -> Iterator[str]:
    """What may be gone of what remains, or may be live of what we hold as gone."""
    if not any(held.in_doubt for _x, held in spots):
        return
    most = [held.matched + max(held.remaining, held.in_doubt) for _x, held in spots]
    least = [high - held.in_doubt for high, (_x, held) in zip(most, spots, strict=True)]
    edge = [*_stairs(panel, spots, most), *reversed(_stairs(panel, spots, least))]
    yield polygon(edge, "doubt")


def _spots(points: Sequence[Point], scale: Scale) -> list[Spot]:
    """What was held from each place on; of several within half a unit of the page, the last."""
    found: list[Spot] = []
    for point in points:
        x = scale.x(point.at)
        if found and x - found[-1][0] < SPOT:
            found[-1] = (found[-1][0], point.held)
        else:
            found.append((x, point.held))
    return found


def _stairs(
    panel: Panel, spots: Sequence[Spot], values: Sequence[Decimal]
) -> list[tuple[float, float]]:
    """The upper edge: level until the next change."""
    edge: list[tuple[float, float]] = []
    ends = [*(x for x, _held in spots[1:]), float(RIGHT)]
    for (x, _held), value, end in zip(spots, values, ends, strict=True):
        y = panel.y(value)
        edge += [(x, y), (end, y)]
    return edge


def _risk(panel: Panel, scale: Scale) -> Iterator[str]:
    spots = _spots(panel.points, scale)
    if not spots:
        return
    edge = _stairs(panel, spots, [held.at_risk for _x, held in spots])
    floor = panel.y(ZERO)
    yield polygon([(edge[0][0], floor), *edge, (edge[-1][0], floor)], "risk-area")
    yield from (line(*one, *other, "risk") for one, other in pairwise(edge))
    held = spots[-1][1]
    yield text(RIGHT + 12, panel.top + 12, f"in the end {plain(held.at_risk)}", "small")
    unrated = max(point.held.unrated for point in panel.points)
    if unrated:
        orders = "1 order" if unrated == 1 else f"{unrated} orders"
        yield text(RIGHT + 12, panel.top + 28, f"{orders} not rated:", "warn")
        yield text(RIGHT + 12, panel.top + 42, "no side or price known", "warn")


def _legend(panel: Panel, name: str) -> Iterator[str]:
    """Each bucket with its last value, in the order in which they are stacked."""
    held = panel.points[-1].held if panel.points else Sums()
    for place, bucket in enumerate(reversed(BUCKETS)):
        y = panel.top + 4 + place * 24
        box: dict[str, str | float] = {"x": RIGHT + 12, "y": y, "width": 16, "height": 14}
        yield element("rect", {**box, "class": bucket})
        yield element("rect", {**box, "class": "mask", "fill": f"url(#{name}-{bucket})"})
        yield element("rect", {**box, "class": "edge"})
        told = f"{bucket} {plain(getattr(held, bucket))}"
        yield text(RIGHT + 36, y + 12, wrapped(told, 24, 1)[0], "plain")
    if held.in_doubt:
        y = panel.top + 4 + len(BUCKETS) * 24
        yield element(
            "rect", {"x": RIGHT + 12, "y": y, "width": 16, "height": 14, "class": "doubt"}
        )
        told = f"in doubt {plain(held.in_doubt)}"
        yield text(RIGHT + 36, y + 12, wrapped(told, 24, 1)[0], "warn")


_TILES: Mapping[str, tuple[int, Sequence[str]]] = {
    "matched": (8, ()),
    "remaining": (8, (line(0, 8, 8, 0, "hatch"),)),
    "cancelled": (6, (element("circle", {"cx": 3, "cy": 3, "r": 1, "class": "dot"}),)),
    "lapsed": (7, (line(3.5, 0, 3.5, 7, "hatch"),)),
    "voided": (8, (line(0, 8, 8, 0, "hatch"), line(0, 0, 8, 8, "hatch"))),
}
"""What tells the buckets apart where colours do not."""


def _patterns(name: str) -> Iterator[str]:
    for bucket, (size, shapes) in _TILES.items():
        attributes: dict[str, str | float] = {
            "id": f"{name}-{bucket}",
            "width": size,
            "height": size,
            "patternUnits": "userSpaceOnUse",
        }
        yield element("pattern", attributes, *shapes)
