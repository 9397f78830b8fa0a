"""A subscription: every event after a position, and then each new one as it is appended."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Final

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription
from sqlalchemy import Engine

from adapters.eventlog.driver import is_sqlite
from adapters.eventlog.wake import bell_of, listening

PULL_MAX: Final = 500
SQLITE_POLL_S: Final = 0.05
"""How often a file is looked at for what other programs appended; it costs ten microseconds."""
POSTGRES_POLL_S: Final = 1.0
"""How late an event can be whose NOTIFY was lost."""


class LogSubscription(Subscription[ApplicationRecorder]):
    """Yields the events after `gt` in log order, blocks at the end, and never skips one.

    It listens before it looks, and looks again after a bounded time even when it heard nothing.
    """

    def __init__(
        self,
        recorder: ApplicationRecorder,
        engine: Engine,
        *,
        gt: int | None,
        topics: Sequence[str],
        poll_s: float | None = None,
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._poll_s = poll_s or (SQLITE_POLL_S if is_sqlite(engine) else POSTGRES_POLL_S)
        self._bell = bell_of(engine)
        self._after = gt or 0
        self._pulled: list[Notification] = []
        self._ending = Lock()
        self._stop_listening = listening(engine)

    def stop(self) -> None:
        """End the iteration, here or in whichever thread it waits."""
        super().stop()
        self._bell.ring()
        self.stop_listening()

    def stop_listening(self) -> None:
        """Hear the server no more; new events are found by looking now and then."""
        with self._ending:
            stop, self._stop_listening = self._stop_listening, _nothing
        stop()

    def __next__(self) -> Notification:
        """The next event; waits for it."""
        while not self._has_been_stopped:
            if self._pulled:
                return self._pulled.pop()
            heard = self._bell.rings
            if not self._pull():
                self._bell.wait(heard, self._poll_s)
        raise StopIteration

    def _pull(self) -> bool:
        """Read on; whether anything was found. Events of other topics are passed for good."""
        head = self._recorder.max_notification_id() if self._topics else None
        found = self._recorder.select_notifications(
            self._after, PULL_MAX, stop=head, topics=self._topics, inclusive_of_start=False
        )
        self._pulled = list(reversed(found))
        if found:
            self._after = found[-1].id
        if head is not None and len(found) < PULL_MAX:
            self._after = max(self._after, head)
        return bool(found)


def _nothing() -> None:
    """Nobody listens any more."""
