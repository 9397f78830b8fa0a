"""The library's recorders on the log: of streams, of snapshots, of the log as a sequence."""

from __future__ import annotations

import json
import struct
import weakref
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    DataError,
    Notification,
    ProgrammingError,
    StoredEvent,
    Subscription,
)
from sqlalchemy import ARRAY, BigInteger, Connection, Engine, Text, bindparam, func, select
from sqlalchemy.sql.elements import CompilerElement

from adapters.eventlog.driver import Row, Statement, compiled, connected, fetch, is_sqlite
from adapters.eventlog.engines import writing
from adapters.eventlog.library_errors import library_errors
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.reading import persistently
from adapters.eventlog.rows import Batch, EventRow, LineKey
from adapters.eventlog.schema import events, snapshots
from adapters.eventlog.subscription import LogSubscription

_TOGETHER: Final = frozenset({"wire", "names", "quarantine", "settled"})


class Datastore:
    """An open database that the recorders of one factory share; closed with it, or with them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.log = SqlEventLog(engine)
        # The library leaves some factories unclosed; no connection may outlive its owner.
        self.close = weakref.finalize(self, engine.dispose)


class SqlRecorder:
    """What every recorder here has: the datastore, and transactions on it."""

    def __init__(self, datastore: Datastore) -> None:
        self.datastore = datastore

    @property
    def log(self) -> SqlEventLog:
        """The log beneath, for what the library has no word for."""
        return self.datastore.log

    @contextmanager
    def transaction(self) -> Generator[Connection]:
        """A transaction for a view: its rows and its position go in together or not at all."""
        with library_errors(), writing(self.datastore.engine) as connection:
            yield connection

    def _rows(self, statement: Statement, parameters: dict[str, Any]) -> list[Row]:
        engine = self.datastore.engine

        def run() -> list[Row]:
            with connected(engine) as connection:
                return fetch(connection, statement, parameters)

        with library_errors():
            return persistently(engine, run)


class SqlSnapshotRecorder(SqlRecorder, AggregateRecorder):
    """Stored states of streams, which can be made again from the log."""

    table = snapshots

    def __init__(self, datastore: Datastore) -> None:
        super().__init__(datastore)
        self._selects: dict[tuple[bool, bool, bool, bool], Statement] = {}

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:  # noqa: ANN401 - the library's signature
        """Store snapshots; several of one stream may be stored, each at its version."""
        _refuse(kwargs, frozenset())
        if not stored_events:
            return
        rows = [
            {
                "stream_id": _stream(stored.originator_id),
                "version": stored.originator_version,
                "topic": stored.topic,
                "state": stored.state,
            }
            for stored in stored_events
        ]
        with self.transaction() as connection:
            connection.execute(self.table.insert(), rows)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of a stream, between versions, in either direction."""
        stream = _stream(originator_id)
        shape = (gt is not None, lte is not None, desc, limit is not None)
        statement = self._selects.get(shape)
        if statement is None:
            statement = self._selects[shape] = compiled(self.datastore.engine, self._select(*shape))
        sqlite = is_sqlite(self.datastore.engine)
        given = {
            "stream": stream.bytes if sqlite else stream,
            "gt": gt,
            "lte": lte,
            "most": limit,
        }
        rows = self._rows(statement, {k: v for k, v in given.items() if v is not None})
        return [StoredEvent(stream, version, topic, state) for version, topic, state in rows]

    def _select(self, gt: bool, lte: bool, desc: bool, limit: bool) -> CompilerElement:  # noqa: FBT001 - which parts a query has
        columns = self.table.c
        statement = select(columns.version, columns.topic, columns.state).where(
            columns.stream_id == bindparam("stream", type_=columns.stream_id.type)
        )
        if gt:
            statement = statement.where(columns.version > bindparam("gt", type_=BigInteger()))
        if lte:
            statement = statement.where(columns.version <= bindparam("lte", type_=BigInteger()))
        statement = statement.order_by(columns.version.desc() if desc else columns.version)
        return statement.limit(bindparam("most", type_=BigInteger())) if limit else statement


class SqlAggregateRecorder(SqlSnapshotRecorder):
    """The events of streams, without their positions in the log."""

    table = events

    def insert_events(  # type: ignore[override] # an application recorder tells the positions
        self,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ANN401 - the library's signature
    ) -> Sequence[int] | None:
        """Append to the log, with what belongs to it: `wire`, `names`, `quarantine`, `settled`.

        `cause` (capture and number of a wire line) is what made the events happen; a single line
        in `wire` is taken to be it.
        """
        self._append(stored_events, kwargs)
        return None

    def _append(self, stored_events: Sequence[StoredEvent], kwargs: dict[str, Any]) -> range:
        batch = batch_of(stored_events, kwargs)
        if not any(batch):
            return range(0)
        try:
            with library_errors():
                last = self.log.append_batch(batch).position
        except (ValueError, OverflowError, struct.error) as error:
            raise DataError(f"a value does not fit: {error}") from error
        return range(last - len(stored_events) + 1, last + 1)


class SqlApplicationRecorder(SqlAggregateRecorder, ApplicationRecorder):
    """The log as the sequence of one application."""

    def __init__(self, datastore: Datastore) -> None:
        super().__init__(datastore)
        self._pulls: dict[tuple[bool, bool], Statement] = {}

    def insert_events(  # type: ignore[override] # an application recorder tells the positions
        self,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ANN401 - the library's signature
    ) -> Sequence[int] | None:
        """Append to the log; the positions of the events."""
        return list(self._append(stored_events, kwargs))

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events from `start` to `stop` in log order, of the given topics or of all."""
        sqlite = is_sqlite(self.datastore.engine)
        first = (start or 0) if inclusive_of_start else (start or 0) + 1
        given: dict[str, Any] = {"first": first, "most": limit}
        if stop is not None:
            given["stop"] = stop
        if topics:
            given["topics"] = json.dumps(list(topics)) if sqlite else list(topics)
        statement = self._notifications(stop is not None, bool(topics))
        return [
            Notification(UUID(bytes=stream) if sqlite else stream, version, topic, state, position)
            for position, stream, version, topic, state in self._rows(statement, given)
        ]

    def _notifications(self, stop: bool, topics: bool) -> Statement:  # noqa: FBT001 - which parts a query has
        known = self._pulls
        if (stop, topics) in known:
            return known[stop, topics]
        columns = events.c
        statement = select(
            columns.position, columns.stream_id, columns.version, columns.topic, columns.state
        ).where(columns.position >= bindparam("first", type_=BigInteger()))
        if stop:
            statement = statement.where(columns.position <= bindparam("stop", type_=BigInteger()))
        if topics:
            statement = statement.where(columns.topic.in_(_each_topic(self.datastore.engine)))
        statement = statement.order_by(columns.position).limit(
            bindparam("most", type_=BigInteger())
        )
        known[stop, topics] = compiled(self.datastore.engine, statement)
        return known[stop, topics]

    def max_notification_id(self) -> int | None:
        """The last position; None for an empty log."""
        with library_errors():
            return self.log.head().position or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Every event after `gt`, then each new one as it comes, on both databases."""
        return LogSubscription(self, self.datastore.engine, gt=gt, topics=topics)


def batch_of(stored_events: Sequence[StoredEvent], kwargs: dict[str, Any]) -> Batch:
    """What goes into the log together with the events, or not at all."""
    _refuse(kwargs, _TOGETHER | {"cause"})
    wire = kwargs.get("wire", ())
    cause: LineKey | None = kwargs.get("cause")
    if cause is None and len(wire) == 1:
        cause = (wire[0].capture, wire[0].seq)
    rows = [
        EventRow(
            _stream(stored.originator_id),
            stored.originator_version,
            stored.topic,
            stored.state,
            cause,
        )
        for stored in stored_events
    ]
    together = {key: kwargs[key] for key in _TOGETHER & kwargs.keys()}
    return Batch(rows, **together)


def _refuse(kwargs: dict[str, Any], known: frozenset[str]) -> None:
    """Nothing that was to be stored is dropped in silence: a tracking least of all."""
    unknown = {key for key, value in kwargs.items() if value is not None} - known
    if unknown:
        raise ProgrammingError(f"this recorder cannot store {', '.join(sorted(unknown))}")


def _stream(originator_id: UUID | str) -> UUID:
    if isinstance(originator_id, UUID):
        return originator_id
    raise ProgrammingError(f"a stream is named by a UUID, not {originator_id!r}; derive one")


def _each_topic(engine: Engine) -> Any:  # noqa: ANN401 - two kinds of table function
    if is_sqlite(engine):
        return select(func.json_each(bindparam("topics")).table_valued("value").c.value)
    values = func.unnest(bindparam("topics", type_=ARRAY(Text)))
    return select(values.column_valued("topic"))
