"""The one place where implementations meet: a database, a log, an engine, projections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, Engine

from adapters.captures.files import open_capture
from adapters.captures.ndjson import item
from adapters.clock import utc_now
from adapters.engine.ingest import Ingest, Tally
from adapters.eventlog.database import ensure, open_database, reading, writing
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.store import Store
from adapters.settings import Settings
from adapters.venues.abp.translate import AbpDialect
from adapters.venues.canonical.translate import CanonicalDialect
from adapters.venues.fourcasters.translate import FourcastersDialect
from adapters.venues.predictstreet.translate import PredictstreetDialect
from domain.flags.flag import Thresholds
from domain.values import Account
from domain.wire import Dialect, Item
from projections import breaks, queries
from projections.runner import Runner

DIALECTS: dict[str, Dialect] = {
    "abp": AbpDialect(),
    "canonical": CanonicalDialect(),
    "fourcasters": FourcastersDialect(),
    "predictstreet": PredictstreetDialect(),
}
"""How each venue speaks; a further venue is one more line here."""

Sources = Iterable[tuple[str, Iterable[Item]]]
"""Recordings by name, each as a stream of items."""


@dataclass(frozen=True)
class App:
    """Everything that a command needs, over one database."""

    settings: Settings
    engine: Engine
    store: Store
    runner: Runner
    limits: breaks.Limits

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that only reads."""
        return reading(self.engine)

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that writes."""
        return writing(self.engine)

    def ingest(self, sources: Sources) -> Tally:
        """Read recordings into the log and keep the projections current."""
        self.runner.catch_up()
        engine = Ingest(self.store, partial(item, "log", 0), DIALECTS, self, self.runner.take)
        for source, items in sources:
            engine.read(source, items)
        engine.finish()
        return engine.tally

    def streams(
        self, owner: Account, *, market: str | None = None, user_ref: str | None = None
    ) -> Sequence[UUID]:
        """The orders of `owner` that may still be live (the engine asks, for wide cancels)."""
        self.runner.catch_up()
        with self.reading() as connection:
            keys = queries.open_streams(connection, owner.venue, owner.account, market, user_ref)
        return [UUID(key) for key in keys]

    def as_of(self, connection: Connection, *, now: bool = False) -> datetime | None:
        """The moment that flags are judged at: the newest the log has seen, or the wall clock."""
        return utc_now() if now else queries.as_of(connection)


def open_files(paths: Sequence[str], heard: Callable[[int], None] | None = None) -> Sources:
    """The items of each file, opened when its turn comes; `-` is standard input.

    `heard` is told the number of bytes read so far of the file at hand.
    """
    for path in paths:
        yield path, open_capture(path) if heard is None else open_capture(path, progress=heard)


def limits_of(settings: Settings) -> breaks.Limits:
    """The thresholds of every venue, as they are set."""
    same = Thresholds(
        ack=settings.ack_s_max,
        explain=settings.explain_s_max,
        fill=settings.fill_s_max,
        idle=settings.idle_s_max,
        placed=settings.placed_s_max,
        late=settings.late_s_max,
        bulk=settings.bulk_s_max,
    )
    return dict.fromkeys(DIALECTS, same)


@contextmanager
def opened(settings: Settings, *, ready: bool = True) -> Iterator[App]:
    """An app over the database of the settings, closed at the end.

    With `ready` the schema must fit: an empty SQLite file is made, anything else is an error that
    tells what to do.
    """
    engine = open_database(settings.database_url, durability=settings.durability)
    try:
        if ready:
            ensure(engine)
        store = Store(SqlEventLog(engine))
        limits = limits_of(settings)
        runner = Runner(engine, partial(writing, engine), store, limits)
        yield App(settings, engine, store, runner, limits)
    finally:
        engine.dispose()


EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
"""The captures that are shipped with the program."""
