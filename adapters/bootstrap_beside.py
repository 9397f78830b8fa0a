"""Where implementations meet in a process beside: the log and the read models, nothing else.

`adapters.bootstrap` would do, and takes half as long again to import.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Engine

from adapters import following
from adapters.beside import Line, beside
from adapters.collecting import collected_rarely
from adapters.eventlog.database import open_database, writing
from adapters.eventlog.engines import Durability
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.store import Store
from projections import crew
from projections.breaks import Limits
from projections.rebuild import Pace, Progress
from projections.runner import Runner

if TYPE_CHECKING:
    from adapters.settings import Settings  # it takes a tenth of a second to import

EVENTS_MIN = 50_000
"""A log of fewer events is rebuilt before another process has begun."""


class Place(NamedTuple):
    """The database that a process beside opens for itself."""

    url: str
    durability: Durability


def place_of(settings: Settings) -> Place:
    """The database of the settings."""
    return Place(settings.database_url, settings.durability)


def pace_of(settings: Settings, progress: Progress | None, events_min: int = EVENTS_MIN) -> Pace:
    """A rebuild with as many other processes as the settings say, if the log is large."""
    crew_for = partial(crew_of, place_of(settings), settings.processes, events_min)
    return Pace(progress, crew_for)


def crew_of(
    place: Place, workers: int, events_min: int, events: int
) -> AbstractContextManager[Sequence[crew.Line]]:
    """The processes that rebuild a log of so many events together with this one."""
    count = workers - 1 if events >= events_min else 0
    return beside(f"{__name__}:rebuild", place, count)


def rebuild(line: Line, place: Place) -> None:
    """Make rows of parts of the log for the process that writes them."""
    with _opened(place) as engine, collected_rarely():
        crew.work(line, Store(SqlEventLog(engine)))


class Models(NamedTuple):
    """The read models of a database, by these limits."""

    place: Place
    limits: Limits


def follower_of(settings: Settings, limits: Limits) -> AbstractContextManager[Sequence[Line]]:
    """A process that keeps the read models current; none when this one works alone."""
    models = Models(place_of(settings), limits)
    return beside(f"{__name__}:follow", models, min(1, settings.processes - 1))


def follow(line: Line, models: Models) -> None:
    """Keep the read models current for the process that stores."""
    with _opened(models.place) as engine, collected_rarely():
        store = Store(SqlEventLog(engine))
        following.follow(line, Runner(engine, partial(writing, engine), store, models.limits))


@contextmanager
def _opened(place: Place) -> Generator[Engine]:
    engine = open_database(place.url, durability=place.durability)
    try:
        yield engine
    finally:
        engine.dispose()
