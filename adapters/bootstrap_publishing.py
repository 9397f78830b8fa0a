"""Where the log, its leases and a NATS server meet: one publisher at a time."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

import stamina.instrumentation
from sqlalchemy.exc import OperationalError

from adapters.bootstrap import App
from adapters.bootstrap_leases import (
    Kept,
    LeaseLost,
    guard,
    impatient,
    keeping,
    leases_of,
    new_holder,
)
from adapters.eventlog.driver import is_sqlite
from adapters.eventlog.errors import Unreachable
from adapters.eventlog.subscription import POSTGRES_POLL_S, SQLITE_POLL_S
from adapters.eventlog.wake import listening
from adapters.jetstream.errors import Interrupted
from adapters.jetstream.publisher import Progress, Publisher
from adapters.jetstream.stream import Message, connected
from adapters.jetstream.subjects import checked, subject_of
from adapters.jetstream.tracking import Publication, Tracked, publications_in
from adapters.publishing.cloudevents import told
from domain.ports import Conflict

IN_FLIGHT_MAX: Final = 256
PATIENCE_S: Final = 10.0
BYTES_MAX: Final = 4 * 1024 * 1024
"""So many bytes at most, but for a single event that is larger."""
DRAIN_S_MAX: Final = 8.0
"""What is on its way when the program is told to end has so long to be acknowledged."""
STANDBY_S: Final = 1.0
AWAY = (OperationalError, Unreachable)


@dataclass(frozen=True)
class Target:
    """Where to publish."""

    url: str
    stream: str = "BREAKWATER"
    prefix: str = "breakwater"
    from_start: bool = False
    in_flight_max: int = IN_FLIGHT_MAX
    """So many events are on their way; the next ones wait until these are acknowledged."""
    patience_s: float = PATIENCE_S
    """How long it is tried again when it should end once everything is published."""

    def __post_init__(self) -> None:
        checked(self.url.split(","), self.stream, self.prefix)

    @property
    def name(self) -> str:
        """What the place and the lease of this stream are called."""
        return f"nats:{self.stream}"

    @property
    def shown(self) -> str:
        """The address without what opens it."""
        return ",".join(one.rpartition("@")[2] or one for one in self.url.split(","))


class Log:
    """The log as a publisher reads it."""

    def __init__(self, app: App, target: Target) -> None:
        self._log = app.store.log
        self._target = target
        # What other programs append is rung for by PostgreSQL; a file has to be looked at.
        self._poll_s = SQLITE_POLL_S if is_sqlite(app.engine) else POSTGRES_POLL_S

    def after(self, position: int) -> Sequence[Message]:
        """The next events, as many as may be on their way at a time."""
        found: list[Message] = []
        size = 0
        for row in self._log.after(position, self._target.in_flight_max):
            event = told(*row)
            size += len(event.body)
            if found and size > BYTES_MAX:
                break
            subject = subject_of(self._target.prefix, event.venue, event.account)
            found.append(Message(event.position, event.event_id, subject, event.body))
        return found

    def id_at(self, position: int) -> str | None:
        """The id of the event at a position."""
        rows = self._log.after(position - 1, 1)
        return told(*rows[0]).event_id if rows else None

    def head(self) -> int:
        """The position of the last event."""
        return self._log.head().position

    def wait(self, position: int, at_most_s: float) -> None:
        """Return when there is an event after `position`: rung for here, looked for elsewhere."""
        until = time.monotonic() + at_most_s
        while True:
            heard = self._log.bell.rings
            if self.head() > position or time.monotonic() >= until:
                return
            self._log.bell.wait(heard, min(self._poll_s, at_most_s))


class Publishing:
    """A run of `breakwater publish nats`."""

    def __init__(self, app: App, target: Target, tell: Callable[[str], None]) -> None:
        self._app = app
        self._target = target
        self._tell = tell
        self._stopping = asyncio.Event()
        self.progress = Progress(target.stream)
        self.source = Log(app, target)

    def stop(self) -> None:
        """End: finish what is on its way."""
        self._stopping.set()

    async def run(self, *, once: bool) -> dict[str, Any]:
        """Publish until SIGINT or SIGTERM, with `once` until everything is; what was done.

        What is on its way then is finished, within `DRAIN_S_MAX` seconds.
        """
        stamina.instrumentation.set_on_retry_hooks([])  # `tell` says it once, and in our words
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        began = time.monotonic()
        deaf = await asyncio.to_thread(listening, self._app.engine)
        try:
            await self._until_stopped(once=once)
        except Interrupted as error:
            raise Unreachable(f"{self._target.shown}: {error}; try again") from error
        finally:
            deaf()
        return self._told(time.monotonic() - began)

    async def _until_stopped(self, *, once: bool) -> None:
        work = asyncio.create_task(self._take_turns(once=once))
        stop = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not work.done():
            await asyncio.wait({work}, timeout=DRAIN_S_MAX)
            work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    async def _take_turns(self, *, once: bool) -> None:
        """Publish while we have the lease, wait while another process has it."""
        leases, holder = leases_of(self._app), new_holder()
        lasts = timedelta(seconds=float(self._app.settings.publish_lease_s))
        impatient(self._app, lasts)
        waits = False
        while not self._stopping.is_set():
            lease = await asyncio.to_thread(leases.acquire, self._target.name, holder, lasts)
            if lease is None:
                if once:
                    raise Conflict(
                        f"another process publishes to {self._target.stream}; "
                        "`breakwater doctor` tells which"
                    )
                if not waits:
                    self._tell("another process publishes; waiting to take over")
                waits = True
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), STANDBY_S)
                continue
            waits = False
            try:
                with keeping(leases, lease, lasts) as kept:
                    await self._publisher(kept).run(self._stopping, once=once)
            except LeaseLost as error:
                if once:
                    raise
                self._tell(f"paused: {error}")
            else:
                return

    def _publisher(self, kept: Kept) -> Publisher:
        app, target = self._app, self._target
        return Publisher(
            source=self.source,
            tracked=Tracked(target.name, app.reading, app.writing),
            connect=partial(connected, target.url, target.stream, target.prefix),
            progress=self.progress,
            tell=self._tell,
            now=app.clock,
            guard=lambda connection: guard(connection, kept.lease),
            permit=kept,
            away=AWAY,
            from_start=target.from_start,
            patience_s=target.patience_s,
        )

    def _told(self, took_s: float) -> dict[str, Any]:
        progress = self.progress
        with suppress(*AWAY):
            progress.head = self._app.store.head()
        return {
            "stream": progress.stream,
            "server": self._target.shown,
            "published": progress.published,
            "first_position": progress.first_position,
            "position": progress.position,
            "behind": progress.behind,
            "interruptions": progress.interruptions,
            "seconds": round(took_s, 3),
            "subjects": dict(sorted(progress.subjects.items())),
        }


def publications_of(app: App) -> Sequence[Publication]:
    """Every stream that this log was published to, and how far."""
    with app.reading() as connection:
        return list(publications_in(connection))
