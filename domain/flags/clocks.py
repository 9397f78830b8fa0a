"""Venue clocks that cannot be right: ahead of ours, or answering before we had asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import get_args

from domain import events as e
from domain.flags.claims import OURS
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.recorded import Recorded

SAMPLES = 3
"""So many times that are off by about as much tell by how much the venue's clock is off."""

_Off = tuple[int, timedelta, Recorded | None]
"""Where a time stands that is off, by how much (ahead: positive), and what proves it besides."""


def clock_skew(history: History, limits: Thresholds) -> Iterable[Flag]:
    """By the venue's clock something happened after we saw it, or before we had asked (STR-07).

    One for each order. Cleared when three of its times are off alike, so that the offset can be
    told. FIX SendingTime accuracy.
    """
    off = [*_ahead(history, limits)]
    if e.CancelRequested in history.kinds:
        off.extend(_behind(history, limits))
    if not off:
        return
    off.sort(key=_place)
    index, by, asked = off[0]
    entry = history.events[index]
    estimated = next((place for place in range(len(off)) if _alike(off, place, limits)), None)
    clear = None if estimated is None else history.events[off[estimated][0]]
    how = "after we had seen it" if by > timedelta() else "before we had asked for it"
    seconds = abs(by).total_seconds()
    yield Flag(
        code="STR-07",
        key=(),
        opened_at=entry.observed_at,
        closed_at=closing(entry.observed_at, clear),
        witness=places(asked, entry),
        note=f"By the venue's clock this happened {seconds:g} s {how}: its clock and ours are "
        f"apart, in {len(off)} of its times.",
        difference=f"{by.total_seconds():g}",
    )


def _place(off: _Off) -> int:
    return off[0]


def _ahead(history: History, limits: Thresholds) -> Iterator[_Off]:
    for index, entry in enumerate(history.events):
        occurred = entry.occurred_at
        if occurred is None or occurred <= entry.observed_at:
            continue  # nearly always
        by = occurred - entry.observed_at
        if by > limits.clock and not isinstance(entry.event, OURS):
            yield index, by, None


def _behind(history: History, limits: Thresholds) -> Iterator[_Off]:
    """Answers that the venue dates before we had asked, in the log after our asking."""
    for request in history.requests.values():
        for answer in history.answers.get(request.event.cancel_id, ())[:1]:
            occurred = answer.recorded.occurred_at
            if occurred is None or answer.index < request.index:
                continue
            by = occurred - request.recorded.observed_at
            if by < -limits.clock:
                yield answer.index, by, request.recorded


def _alike(off: list[_Off], place: int, limits: Thresholds) -> bool:
    """With this one, enough of the times so far are off by about as much."""
    near = [
        by for _index, by, _asked in off[: place + 1] if abs(by - off[place][1]) <= limits.clock
    ]
    return len(near) >= SAMPLES


RULES = (
    OrderRule("STR-07", frozenset(get_args(e.OrderEvent)) - frozenset(OURS), clock_skew, since=2),
)
"""The rule about venue clocks."""
