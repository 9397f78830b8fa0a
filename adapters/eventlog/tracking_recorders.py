"""The library's recorders that keep a position: of a view, and of an application that follows."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from time import monotonic, sleep
from typing import Any, Final

from eventsourcing.persistence import (
    ProcessRecorder,
    StoredEvent,
    Tracking,
    TrackingRecorder,
    WaitInterruptedError,
)
from sqlalchemy import Connection

from adapters.eventlog.engines import reading
from adapters.eventlog.library_errors import library_errors
from adapters.eventlog.recorders import SqlApplicationRecorder, SqlRecorder, batch_of
from adapters.eventlog.tracking import position_of, record_position
from adapters.eventlog.wake import bell_of

_WAIT_S: Final = (0.001, 0.1)


class SqlTrackingRecorder(SqlRecorder, TrackingRecorder):
    """A view's position; subclass it, and write the view's rows in the same `transaction()`."""

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record that an event was processed; raise `IntegrityError` when it was already."""
        with self.transaction() as connection:
            self.track(connection, tracking)

    def track(self, connection: Connection, tracking: Tracking) -> None:
        """Record it in the view's own transaction, before its rows are written."""
        record_position(connection, tracking.application_name, tracking.notification_id)

    def max_tracking_id(self, application_name: str) -> int | None:
        """How far the application's events have been processed."""
        with library_errors(), reading(self.datastore.engine) as connection:
            return position_of(connection, application_name)

    def wait(
        self,
        application_name: str,
        notification_id: int | None,
        timeout: float = 1.0,
        interrupt: Event | None = None,
    ) -> None:
        """Block until an event has been processed; looks soon, then less and less often."""
        deadline = monotonic() + timeout
        pause, pause_max = _WAIT_S
        while not self.has_tracking_id(application_name, notification_id):
            remaining = deadline - monotonic()
            if remaining <= 0:
                raise TimeoutError(
                    f"event {notification_id} of {application_name} took over {timeout} s"
                )
            if interrupt is None:
                sleep(min(pause, remaining))
            elif interrupt.wait(min(pause, remaining)):
                raise WaitInterruptedError
            pause = min(pause * 2, pause_max)


class SqlProcessRecorder(SqlTrackingRecorder, SqlApplicationRecorder, ProcessRecorder):
    """Events, and the position of the event that they follow from, in one transaction."""

    def insert_events(  # type: ignore[override] # an application recorder tells the positions
        self,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ANN401 - the library's signature
    ) -> Sequence[int] | None:
        """Append to the log and record `tracking` with it."""
        tracking: Tracking | None = kwargs.pop("tracking", None)
        if tracking is None:
            return super().insert_events(stored_events, **kwargs)
        batch = batch_of(stored_events, kwargs)
        with self.transaction() as connection:
            self.track(connection, tracking)
            last = self.log.append_in(connection, batch) if any(batch) else 0
        bell_of(self.datastore.engine).ring()
        return list(range(last - len(stored_events) + 1, last + 1))
