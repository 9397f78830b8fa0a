"""The library's factory: `PERSISTENCE_MODULE=adapters.eventlog` and `DATABASE_URL` choose this log.

A database holds one log. Two applications whose events are not to be mixed name two databases:
`ORDERS_DATABASE_URL`, `COUNTERS_DATABASE_URL`, as the library prefixes its settings.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar, cast, get_args

from eventsourcing.persistence import InfrastructureFactory, ProgrammingError
from eventsourcing.utils import Environment, EnvType, resolve_topic

from adapters.eventlog.database import Durability, ensure, open_database
from adapters.eventlog.recorders import (
    Datastore,
    SqlAggregateRecorder,
    SqlApplicationRecorder,
    SqlRecorder,
    SqlSnapshotRecorder,
)
from adapters.eventlog.tracking_recorders import SqlProcessRecorder, SqlTrackingRecorder

Chosen = TypeVar("Chosen", bound=SqlRecorder)


class Factory(InfrastructureFactory[SqlTrackingRecorder]):
    """Makes recorders on one database; an empty SQLite file gets its tables here."""

    DATABASE_URL: Final = "DATABASE_URL"
    DATABASE_DURABILITY: Final = "DATABASE_DURABILITY"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        url = self.env.get(self.DATABASE_URL)
        if not url:
            keys = ", ".join(self.env.create_keys(self.DATABASE_URL))
            raise OSError(f"no database is named: set one of {keys}")
        engine = open_database(url, durability=self._durability())
        self.datastore = Datastore(engine)
        ensure(engine)

    def _durability(self) -> Durability:
        level = self.env.get(self.DATABASE_DURABILITY, "full").lower()
        if level not in get_args(Durability):
            raise OSError(
                f"{self.DATABASE_DURABILITY} is {level!r}; it is one of full, normal, off"
            )
        return cast("Durability", level)

    def aggregate_recorder(self, purpose: str = "events") -> SqlSnapshotRecorder:
        """A recorder for `events` of the log, or for `snapshots`."""
        if purpose == "events":
            return SqlAggregateRecorder(self.datastore)
        if purpose == "snapshots":
            return SqlSnapshotRecorder(self.datastore)
        raise ProgrammingError(f"there is no table for {purpose!r}; only events and snapshots")

    def application_recorder(self) -> SqlApplicationRecorder:
        """The log, for an application."""
        return self._chosen(self.APPLICATION_RECORDER_TOPIC, SqlApplicationRecorder)

    def tracking_recorder(
        self, tracking_recorder_class: type[SqlTrackingRecorder] | None = None
    ) -> Any:  # noqa: ANN401 - the class that was asked for
        """A view of the class that is given, or named, or one that tracks only."""
        if tracking_recorder_class is not None:
            return tracking_recorder_class(self.datastore)
        return self._chosen(self.TRACKING_RECORDER_TOPIC, SqlTrackingRecorder)

    def process_recorder(self) -> SqlProcessRecorder:
        """The log, for an application that follows another."""
        return self._chosen(self.PROCESS_RECORDER_TOPIC, SqlProcessRecorder)

    def _chosen(self, setting: str, default: type[Chosen]) -> Chosen:
        topic = self.env.get(setting)
        chosen: type[Chosen] = resolve_topic(topic) if topic else default
        if not issubclass(chosen, default):
            raise ProgrammingError(f"{setting} names {chosen.__name__}, no {default.__name__}")
        return chosen(self.datastore)

    def close(self) -> None:
        """Close every connection. A recorder that is still held opens its own again."""
        self.datastore.engine.dispose()
