"""The event log: appends that are whole or not at all, and that never happen twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, select

from adapters.clock import utc_now
from adapters.eventlog.doubt import landed
from adapters.eventlog.driver import Lost, explained, is_sqlite
from adapters.eventlog.engines import reading, writing
from adapters.eventlog.reading import TRIES_MAX, LogReader, gave_up, pause
from adapters.eventlog.rows import (
    Batch,
    EventRow,
    Head,
    NameRow,
    QuarantineRow,
    Stored,
    WireRow,
)
from adapters.eventlog.schema import checkpoints
from adapters.eventlog.sqlite_append import SqliteAppend
from adapters.eventlog.times import micros
from adapters.eventlog.wake import bell_of
from domain.ports import Conflict

if TYPE_CHECKING:
    from adapters.eventlog.postgres_append import PostgresAppend  # see `_writer`


class SqlEventLog(LogReader):
    """The log on SQLite or PostgreSQL. Positions are gapless, and given in the order of commits."""

    def __init__(self, engine: Engine, *, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(engine)
        self._now = now
        self.writer = _writer(engine)
        self.bell = bell_of(engine)
        self.conflicts = 0
        """How often another writer was faster."""

    def append(
        self,
        events: Sequence[EventRow],
        *,
        wire: Sequence[WireRow] = (),
        names: Sequence[NameRow] = (),
        quarantine: Sequence[QuarantineRow] = (),
        settled: Sequence[tuple[str, int, str]] = (),
    ) -> Stored:
        """Store all of it in one transaction; the position of the last event and its time.

        Raise `Conflict`, and store nothing, when a version of a stream, a wire line or a name is
        taken, or a line to be settled is not held. When the connection dies, look whether the
        batch went in before another try; raise `Unreachable` when no try gets an answer.
        """
        return self.append_batch(Batch(events, wire, names, quarantine, settled))

    def append_batch(self, batch: Batch) -> Stored:
        """Store `batch`; see `append`."""
        recorded_at = self.now_us()
        in_doubt = False
        lost = Lost("it was never reached")
        for attempt in range(TRIES_MAX):
            try:
                if in_doubt:
                    done = landed(self, batch, recorded_at)
                    if done is not None:
                        return done
                position = self.writer.append(batch, recorded_at)
            except Lost as error:
                in_doubt, lost = True, error
            except Conflict:
                # The try before this one may have gone in after we looked.
                done = landed(self, batch, recorded_at) if in_doubt else None
                if done is None:
                    self.conflicts += 1
                    raise
                return done
            except Exception as error:
                better = explained(self.engine, error)
                if better is error:
                    raise
                raise better from error
            else:
                self.bell.ring()
                return Stored(position, recorded_at)
            pause(attempt)
        raise gave_up(self.engine, lost) from lost

    def append_in(self, connection: Connection, batch: Batch) -> int:
        """Store `batch` in the caller's `writing` transaction; the position of the last event.

        Nothing is tried again here: the caller knows what else its transaction holds. It rings the
        bell when it has committed.
        """
        driver: Any = connection.connection.driver_connection
        return self.writer.store(driver, batch, self.now_us())

    def checkpoint(self) -> Head:
        """Vouch for the log as it is now, for `verify` to compare with later; the head."""
        with writing(self.engine) as connection:
            driver: Any = connection.connection.driver_connection
            return self.writer.vouch(driver, self.now_us())

    def checkpoints(self) -> list[Head]:
        """Every checkpoint, oldest first."""
        columns = select(checkpoints.c.position, checkpoints.c.hash)
        with reading(self.engine) as connection:
            rows = connection.execute(columns.order_by(checkpoints.c.position))
            return [Head(position, bytes(stored)) for position, stored in rows]

    def now_us(self) -> int:
        """The time by the clock of this log, in microseconds since the epoch."""
        return micros(self._now())


def _writer(engine: Engine) -> SqliteAppend | PostgresAppend:
    """What stores a batch on this database."""
    if is_sqlite(engine):
        return SqliteAppend(engine)
    from adapters.eventlog.postgres_append import (  # noqa: PLC0415 - the driver takes time to import
        PostgresAppend,
    )

    return PostgresAppend(engine)
