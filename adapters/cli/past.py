"""Options that ask how the books stood at a moment of the past, and the books that they lead to."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import Connection

from adapters.bootstrap import App
from adapters.bootstrap_past import PastBooks, past_books
from adapters.cli.exits import Usage
from adapters.cli.moments import moment
from domain.desk_state import Work
from domain.past import Axis
from projections.break_queries import Wanted
from projections.columns import stamp
from projections.queries import Only

AsOf = Annotated[
    str | None, typer.Option("--as-of", help="As it stood at this time (RFC 3339, or now).")
]
Known = Annotated[
    bool, typer.Option("--known", help="By what had been seen until then: the default.")
]
True_ = Annotated[
    bool, typer.Option("--true", help="By what had happened until then, also when seen later.")
]
Recorded = Annotated[
    bool, typer.Option("--recorded", help="By what this database had stored until then.")
]
KnownAt = Annotated[
    str | None,
    typer.Option("--known-at", help="With --true: by what had been seen until this time only."),
]
NOW = "now"


@dataclass(frozen=True, slots=True)
class When:
    """The moment that is asked for (None: now) and the clock that it is taken by."""

    at: datetime | None
    axis: Axis
    known_at: datetime | None


def when_of(
    as_of: str | None,
    *,
    known: bool = False,
    true: bool = False,
    recorded: bool = False,
    known_at: str | None = None,
) -> When | None:
    """What the options ask for; None for the books as they stand now."""
    chosen = [
        axis
        for axis, asked in ((Axis.KNOWN, known), (Axis.TRUE, true), (Axis.RECORDED, recorded))
        if asked
    ]
    if len(chosen) > 1:
        raise Usage("choose one of --known, --true and --recorded")
    axis = chosen[0] if chosen else Axis.KNOWN
    if as_of is None:
        if chosen or known_at is not None:
            raise Usage("--known, --true, --recorded and --known-at need a time: add --as-of TIME")
        return None
    if known_at is not None and axis is not Axis.TRUE:
        raise Usage("--known-at says what was known of the truth: add --true")
    at = None if as_of == NOW else moment(as_of, "the time")
    return When(at, axis, moment(known_at, "--known-at"))


@contextmanager
def books(app: App, when: When) -> Generator[PastBooks]:
    """The books as they stood; what of them cannot be told is told at the end."""
    with past_books(app, when.at or app.clock(), when.axis, when.known_at) as then:
        yield then
        for stream, error in then.broken.items():
            sys.stderr.write(f"stream {stream} is left out: {error}\n")
        if then.broken:
            sys.stderr.write("what is left out now, too, shows `breakwater projections status`\n")


@contextmanager
def judged(
    app: App, when: When | None, wanted: Wanted, *, now: bool
) -> Generator[tuple[Connection, datetime | None]]:
    """The tables that breaks are asked of, and the moment that they are judged at."""
    if when is None:
        with app.reading() as connection:
            yield connection, app.as_of(connection, now=now)
        return
    if now:
        raise Usage("--now judges the books of today: choose one of --now and --as-of")
    only = Only(venue=wanted.venue, account=wanted.account)
    closed = Work.CLOSED in wanted.shown
    notes = wanted.notes or wanted.everything
    with books(app, when) as then, then.breaks(only, closed=closed, notes=notes) as connection:
        yield connection, then.past.at


def titled(title: str, then: PastBooks) -> str:
    """The title of a list of the past."""
    return f"{title} as of {stamp(then.past.at)}"


def told(then: PastBooks) -> str:
    """By what the books of the past are told, as a sentence."""
    past = then.past
    at = stamp(past.at)
    match past.axis:
        case Axis.KNOWN:
            return f"As of {at}, by what had been seen until then."
        case Axis.TRUE:
            until = "since" if past.seen_by is None else f"until {stamp(past.seen_by)}"
            return f"As of {at}, by what had happened until then and was seen {until}."
        case Axis.RECORDED:
            return f"As of {at}, by what was stored up to position {past.position}."
