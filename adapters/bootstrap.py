"""The one place where implementations meet: a database, a log, an engine, projections."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from adapters.bootstrap_dialects import DIALECTS
from adapters.clock import utc_now
from adapters.collecting import collected_rarely
from adapters.eventlog.database import (
    downgrade,
    durability_of,
    ensure,
    open_database,
    reading,
    state,
    upgrade,
    writing,
)
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.rows import Head
from adapters.eventlog.store import Store
from adapters.limits import thresholds_of
from adapters.settings import Settings
from domain.ports import Clock, LiveOrder
from domain.statement import Statement
from domain.values import Account
from domain.wire import Dialects, Item
from projections import breaks, queries
from projections.life import witness
from projections.rebuild import Progress, compare, rebuild
from projections.runner import Projection, Runner
from projections.statehash import state_hash

if TYPE_CHECKING:  # who asks needs no engine, no readers, no process beside: they take long
    from adapters.bootstrap_ingest import Tally
    from adapters.bootstrap_statements import Ran
    from adapters.eventlog.guarded import Guard

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
    clock: Clock = utc_now
    guard: Guard | None = None
    """What must hold when we are about to say something to a venue; None: anybody may."""
    dialects: Dialects = field(default_factory=lambda: DIALECTS)
    """How venues speak; a venue that is not one of ours is handed in."""

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that only reads."""
        return reading(self.engine)

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that writes."""
        return writing(self.engine)

    def ingest(self, sources: Sources) -> Tally:
        """Read recordings into the log and keep the projections current."""
        from adapters.bootstrap_ingest import ingested  # noqa: PLC0415 - see above

        return ingested(self, sources)

    def statement(
        self, owner: Account, paths: Sequence[str], *, mapping: str | None = None
    ) -> Statement:
        """The statement that these files are; `mapping` says what the columns of a CSV are."""
        from adapters.bootstrap_statements import statement_of  # noqa: PLC0415 - see above

        return statement_of(DIALECTS, owner, paths, mapping)

    def reconcile(
        self, statement: Statement, as_of: datetime, *, complete: bool | None = None
    ) -> Ran:
        """Hold a statement against the books as they were at `as_of`, and record the run."""
        from adapters.bootstrap_statements import declared, reconciled  # noqa: PLC0415 - see above

        self.runner.catch_up()
        with self.reading() as connection, collected_rarely():
            told = declared(statement, complete)
            ran = reconciled(connection, self.store, told, as_of, self.settings.own_reference)
        self.runner.catch_up()
        return ran

    def knows(self, owner: Account) -> bool:
        """The log has any order of this account."""
        from adapters.bootstrap_statements import knows  # noqa: PLC0415 - see above

        with self.reading() as connection:
            return knows(connection, owner)

    def rebuild(self, wanted: Sequence[Projection], progress: Progress | None = None) -> int:
        """Make these projections anew from the log; the number of events read."""
        from adapters.bootstrap_beside import pace_of  # noqa: PLC0415 - see above

        with collected_rarely():
            return rebuild(
                self.writing, self.store, wanted, self.limits, pace_of(self.settings, progress)
            )

    def compare(self, progress: Progress | None = None) -> dict[str, int]:
        """Count, per table, the stored rows that differ from what the log gives."""
        from adapters.bootstrap_beside import pace_of  # noqa: PLC0415 - see above

        with collected_rarely():
            every = self.runner.projections
            return compare(
                self.writing, self.store, every, self.limits, pace_of(self.settings, progress)
            )

    def live(
        self, owner: Account, *, market: str | None = None, user_ref: str | None = None
    ) -> Sequence[LiveOrder]:
        """The orders of `owner` that may still be live (the engine asks, for wide cancels)."""
        self.runner.catch_up()
        with self.reading() as connection:
            return queries.live_orders(connection, owner, market, user_ref)

    def streams_called(self, name: str) -> list[UUID]:
        """The streams that any name of the log leads to, whatever its kind, venue and account."""
        return self.store.called(name)

    def positions(self, wanted: Sequence[int]) -> list[dict[str, Any]]:
        """The events at these positions, told in sentences: the proof of a flag."""
        return [witness(entry) for entry in self.store.at(wanted)]

    def set_aside(self) -> Iterator[dict[str, Any]]:
        """What was set aside and has not been read since."""
        for row in self.store.log.quarantined():
            if not row.released:
                yield {
                    "source": row.source,
                    "line": row.line,
                    "reason": row.reason,
                    "raw": row.raw,
                }

    def schema_state(self) -> str:
        """Whether the schema is empty, behind, current or newer."""
        return state(self.engine)

    def durability(self) -> str:
        """What the database promises about a commit."""
        return durability_of(self.engine)

    def state_hash(self) -> str:
        """The hash of everything that the books say, as of the newest recorded time."""
        with self.reading() as connection:
            return state_hash(connection, queries.as_of(connection))

    def checkpoint(self) -> None:
        """Record the head of the chain, so that a later truncation is noticed."""
        self.store.log.checkpoint()

    def as_of(self, connection: Connection, *, now: bool = False) -> datetime | None:
        """The moment that flags are judged at: the newest the log has seen, or the wall clock."""
        return self.clock() if now else queries.as_of(connection)


def open_files(
    paths: Sequence[str],
    heard: Callable[[int], None] | None = None,
    *,
    venue: str | None = None,
    account: str | None = None,
) -> Sources:
    """The items of each file, opened when its turn comes; `-` is standard input.

    `heard` is told the number of bytes read so far of the file at hand. `venue` and `account` say
    whose traffic a HAR holds when it does not tell.
    """
    from adapters.captures.files import open_capture  # noqa: PLC0415 - see above

    for path in paths:
        yield path, open_capture(path, venue=venue, account=account, progress=heard)


def limits_of(settings: Settings) -> breaks.Limits:
    """The thresholds of every venue, as they are set."""
    venues = (*DIALECTS, *settings.venues)
    return {venue: thresholds_of(settings.limits_at(venue)) for venue in venues}


@contextmanager
def opened(
    settings: Settings, *, ready: bool = True, dialects: Dialects | None = None
) -> Generator[App]:
    """An app over the database of the settings, closed at the end.

    With `ready` the schema must fit: an empty SQLite file is made, anything else is an error that
    tells what to do. `dialects` speak for other venues than ours.
    """
    engine = open_database(settings.database_url, durability=settings.durability)
    try:
        if ready:
            ensure(engine)
        store = Store(SqlEventLog(engine))
        limits = limits_of(settings)
        runner = Runner(engine, partial(writing, engine), store, limits)
        yield App(settings, engine, store, runner, limits, dialects=dialects or DIALECTS)
    finally:
        engine.dispose()


def chain_report(app: App, witnessed: Sequence[tuple[int, str]] = ()) -> dict[str, Any]:
    """Walk the hash chain: what was walked, and the first bad position (None: it is whole).

    `witnessed` are heads that were written down elsewhere: position and hash in hex.
    """
    with app.reading() as connection:
        stands = queries.standings(connection)  # before the walk: writers at work move them on
    kept = [Head(position, bytes.fromhex(text)) for position, text in witnessed]
    readers = {name: stand.position for name, stand in stands.items()}
    report = app.store.verified(kept, readers)
    damage = report.damage
    return {
        "events": report.events,
        "lines": report.lines,
        "head_position": report.head.position,
        "head_hash": report.head.hash.hex(),
        "bad_position": None if damage is None else damage.position,
        "damage": None if damage is None else damage.kind,
        "what": None if damage is None else damage.what,
    }


def upgrade_database(settings: Settings) -> str:
    """Move the schema to this program's version; a sentence for the user."""
    engine = open_database(settings.database_url)
    try:
        before = state(engine)
        upgrade(engine)
        return "the schema is up to date" if before == "current" else "the schema was upgraded"
    finally:
        engine.dispose()


def downgrade_database(settings: Settings, to: str) -> str:
    """Move the schema back to a revision; a sentence for the user."""
    engine = open_database(settings.database_url)
    try:
        downgrade(engine, to)
        return f"the schema is at {to}"
    finally:
        engine.dispose()


EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
"""The captures that are shipped with the program."""
