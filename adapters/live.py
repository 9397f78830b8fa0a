"""Where live traffic meets the log: a recorder over an app's database."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from uuid import UUID

from adapters.bootstrap import App
from adapters.captures.ndjson import item
from adapters.clock import utc_now
from adapters.engine.ingest import Ingest
from adapters.eventlog.guarded import GuardedLog
from adapters.eventlog.store import Store
from adapters.recording.recorder import Recorder
from domain.recorded import Recorded
from domain.values import Account
from domain.wire import Item, Read

SOURCE = "live"
Step = tuple[Mapping[UUID, Sequence[Recorded]], int, int, datetime | None]


class LiveLog:
    """The recorder's way into the log: lines are committed first, read models follow."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._guarded = None if app.guard is None else GuardedLog(app.engine, app.guard)
        self._store = app.store if self._guarded is None else Store(self._guarded)
        self._steps: list[Step] = []
        self._engine = self._fresh()
        self._number = 0

    def store(self, raw: Sequence[bytes]) -> None:
        """Commit the lines and what they cause."""
        items = [item(SOURCE, self._number + index, line) for index, line in enumerate(raw, 1)]
        self._number += len(items)
        if self._guarded is not None:
            self._guarded.acts = any(map(_leaves, items))
        try:
            self._engine.read(SOURCE, items)
        except BaseException:
            self._engine = self._fresh()  # what it had in hand may be half a step
            raise

    def settle(self) -> None:
        """Bring the read models to what was stored."""
        steps, self._steps = self._steps, []
        for step in joined(steps):
            self._app.runner.take(*step)

    def close(self) -> None:
        """Tell what is missing, and leave a checkpoint."""
        self.settle()
        self._engine.finish()
        self.settle()
        self._app.checkpoint()

    def _fresh(self) -> Ingest:
        app = self._app
        engine = Ingest(self._store, partial(item, "log", 0), app.dialects, app, self._later)
        engine.first_hand()  # a recording of ours is new, or ended: nobody else numbers its lines
        return engine

    def _later(
        self,
        histories: Mapping[UUID, Sequence[Recorded]],
        after: int,
        until: int,
        newest_observed_at: datetime | None,
    ) -> None:
        """Keep the step as it is now: the engine goes on with the same lists."""
        then = {stream: list(events) for stream, events in histories.items()}
        self._steps.append((then, after, until, newest_observed_at))


def _leaves(one: Item) -> bool:
    """A message of ours, which goes to the venue once it is stored."""
    return isinstance(one, Read) and one.line.direction == "sent"


def joined(steps: Sequence[Step]) -> list[Step]:
    """The same as fewer steps, one transaction each: what follows without a gap is one.

    Histories are whole, so of two of one stream the later tells all that the earlier does.
    """
    found: list[Step] = []
    for step in steps:
        histories, after, until, newest = step
        if found and histories and found[-1][0] and found[-1][2] == after:
            earlier, began, _, seen = found.pop()
            times = [at for at in (seen, newest) if at is not None]
            found.append(({**earlier, **histories}, began, until, max(times, default=None)))
        else:
            found.append(step)
    return found


@contextmanager
def recorder_of(app: App) -> Generator[Recorder]:
    """A recorder over the app's database; what was told is stored when it ends."""
    recorder = Recorder(partial(LiveLog, app), utc_now)
    try:
        yield recorder
    finally:
        recorder.close()


def new_capture(owner: Account, what: str) -> str:
    """A name for a new recording: nothing else was ever called so."""
    began = utc_now().strftime("%Y%m%dT%H%M%SZ")
    return f"{what}-{owner.venue}-{began}-{secrets.token_hex(4)}"
