"""Waking those who wait for new events: at once within a program, by NOTIFY between programs.

A bell counts its rings. Who looks at the count *before* looking at the log and then waits for it
to change cannot sleep through an append; who waits for too long looks again anyway.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from threading import Condition, Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine

from adapters.eventlog.driver import Lost, connected, is_sqlite
from adapters.eventlog.errors import LogError
from adapters.eventlog.postgres_sql import CHANNEL

if TYPE_CHECKING:
    import psycopg  # it takes time, and SQLite needs none of it

LISTEN_S_MAX: Final = 5.0
"""How long a subscription waits for LISTEN before it makes do with looking now and then."""
_RETRY_S: Final = 0.5


class Bell:
    """Rung when something was appended; heard by everybody who waits."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._rings = 0

    @property
    def rings(self) -> int:
        """How often the bell was rung."""
        return self._rings

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def wait(self, heard: int, at_most_s: float) -> None:
        """Return when the bell was rung since `heard` was read, or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != heard, timeout=at_most_s)


_bells: dict[str, Bell] = {}
_bells_guard = Lock()


def bell_of(engine: Engine) -> Bell:
    """The one bell of a database within this program, whoever opened it."""
    key = engine.url.render_as_string(hide_password=False)
    with _bells_guard:
        return _bells.setdefault(key, Bell())


class Listener:
    """Rings the bell when another program appends to a database of PostgreSQL."""

    def __init__(self, engine: Engine, bell: Bell) -> None:
        self._engine = engine
        self._bell = bell
        self._listens = Event()
        self._stopped = Event()
        self._awake, self._waker = socket.socketpair()
        self._thread = Thread(target=self._run, name="breakwater-listen", daemon=True)

    def start(self) -> None:
        """Return when the server has taken the LISTEN; what is appended from then on rings."""
        self._thread.start()
        self._listens.wait(LISTEN_S_MAX)

    def stop(self) -> None:
        """Stop listening, at once."""
        self._stopped.set()
        self._waker.send(b"\0")
        self._thread.join()
        self._awake.close()
        self._waker.close()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with connected(self._engine) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    try:
                        self._hear(connection)
                    finally:
                        _unlisten(connection)
            except (Lost, LogError):
                self._stopped.wait(_RETRY_S)

    def _hear(self, connection: psycopg.Connection[Any]) -> None:
        self._bell.ring()  # what came while nobody listened
        self._listens.set()
        while not self._stopped.is_set():
            select.select([connection.fileno(), self._awake.fileno()], [], [])
            for _ in connection.notifies(timeout=0):
                self._bell.ring()


def _unlisten(connection: psycopg.Connection[Any]) -> None:
    """The connection goes back to the pool, where nobody wants to be told."""
    if not connection.closed:
        connection.execute(f"UNLISTEN {CHANNEL}")


def listening(engine: Engine) -> Callable[[], None]:
    """Begin to listen where that is needed; what to call when it is not needed any more."""
    if is_sqlite(engine):
        return lambda: None
    listener = Listener(engine, bell_of(engine))
    listener.start()
    return listener.stop
