"""Puts messages into the log as they happen, in the order told, stored before the teller goes on.

One thread writes. It takes everything that has been told since its last commit into one
transaction, so that many callers share the price of a commit; each waits for its own lines alone.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Protocol

from adapters.recording import lines
from domain.values import Account

GROUP_LINES_MAX = 500
"""How many lines share a commit at most."""
QUIET_S = 0.02
"""Read models follow when nobody has told anything for so long: whoever asks next waits less."""
BEHIND_S_MAX = 0.5
"""But they are never left behind for longer, however much is told."""


class Closed(Exception):
    """The recorder was closed; nothing can be told any more."""


class Take(Protocol):
    """The log's side: stores lines, then brings the read models up to date."""

    def store(self, raw: Sequence[bytes]) -> None:
        """Commit the lines and what they cause; nothing of them is stored when this raises."""
        ...

    def settle(self) -> None:
        """Bring the read models to what was stored: nobody waits for this."""
        ...

    def close(self) -> None:
        """Nothing comes any more."""
        ...


@dataclass(frozen=True, slots=True)
class _Told:
    raw: Sequence[bytes]
    done: Future[None]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that left this side, and when; None is now."""

    message: lines.HttpSent | lines.SocketFrame
    at: datetime | None = None
    intent: lines.Intent | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came, and when; None is now."""

    message: lines.HttpReceived | lines.SocketFrame
    at: datetime | None = None


class Recorder:
    """Everything that one process says and hears, on its way into the log."""

    def __init__(self, take: Callable[[], Take], clock: Callable[[], datetime]) -> None:
        """`take` is called in the writing thread, which alone may use what it gives."""
        self._clock = clock
        self._told: queue.SimpleQueue[_Told | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._write, args=(take,), name="recorder")
        self._thread.start()

    def session(self, owner: Account, capture: str, after: int = 0) -> Session:
        """A recording of one account's traffic.

        `capture` must be new, or ended: then `after` is the number of its last line.
        """
        return Session(self, owner, capture, self._clock, after)

    def tell(self, raw: Sequence[bytes]) -> Future[None]:
        """Put lines into the log; the future is done when they are committed."""
        told = _Told(raw, Future())
        told.done.set_running_or_notify_cancel()  # who waits may go away; the lines are stored
        with self._lock:
            if self._closed:
                raise Closed from self._fault
            self._told.put(told)
        return told.done

    @property
    def is_running(self) -> bool:
        """Whether anything can be stored."""
        return self._thread.is_alive() and not self._closed

    @property
    def waiting(self) -> int:
        """How many messages wait to be stored, about."""
        return self._told.qsize()

    def close(self) -> None:
        """Store what was told, then end."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._told.put(None)
        self._thread.join()

    def _write(self, make: Callable[[], Take]) -> None:
        try:
            self._written(make())
        except BaseException as error:  # noqa: BLE001 - told to everyone who waits, and who comes
            self._fail(error)

    def _written(self, take: Take) -> None:
        ended = False
        behind_since: float | None = None
        while not ended:
            group, ended = self._group(None if behind_since is None else QUIET_S)
            if group:
                self._store(take, group)
                behind_since = behind_since or monotonic()
            if behind_since is not None and (
                not group or monotonic() - behind_since > BEHIND_S_MAX
            ):
                take.settle()
                behind_since = None
        take.close()

    def _group(self, wait_s: float | None) -> tuple[list[_Told], bool]:
        """What has been told since, and whether that was the last; nothing after `wait_s`."""
        group: list[_Told] = []
        count = 0
        try:
            told = self._told.get(timeout=wait_s)
        except queue.Empty:
            return group, False
        while told is not None:
            group.append(told)
            count += len(told.raw)
            if count >= GROUP_LINES_MAX:
                return group, False
            try:
                told = self._told.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _store(self, take: Take, group: Sequence[_Told]) -> None:
        try:
            take.store([raw for told in group for raw in told.raw])
        except Exception as error:  # noqa: BLE001 - whoever told it decides
            if len(group) == 1:
                group[0].done.set_exception(error)
                return
            for told in group:  # one of them is at fault: each for itself
                self._store(take, [told])
        else:
            for told in group:
                told.done.set_result(None)

    def _fail(self, error: BaseException) -> None:
        with self._lock:
            self._closed = True
            self._fault = error
        while True:
            try:
                told = self._told.get_nowait()
            except queue.Empty:
                return
            if told is not None:
                told.done.set_exception(error)


def exchange_name(number: int) -> str:
    """How the nth exchange of a recording of ours is called."""
    return f"x{number}"


class Session:
    """One recording: one account's messages, numbered in the order in which they were told."""

    def __init__(
        self,
        recorder: Recorder,
        owner: Account,
        capture: str,
        clock: Callable[[], datetime],
        after: int = 0,
    ) -> None:
        self.owner = owner
        self.capture = capture
        self._recorder = recorder
        self._clock = clock
        self._seq = after
        self._exchanges = 0
        self._lock = threading.Lock()

    @property
    def seq(self) -> int:
        """The number of its last line so far."""
        return self._seq

    def exchange(self) -> str:
        """A name for a request and its answer, new in this recording."""
        with self._lock:
            self._exchanges += 1
            return exchange_name(self._exchanges)

    def now(self) -> datetime:
        """The time that a message is stamped with when it is told later."""
        return self._clock()

    def sent(self, message: lines.HttpSent | lines.SocketFrame) -> Future[None]:
        """We sent this, or are about to: it is stored when the future is done."""
        return self.told(Sent(message))

    def received(self, message: lines.HttpReceived | lines.SocketFrame) -> Future[None]:
        """This came."""
        return self.told(Received(message))

    def lost(self, loss: lines.Loss) -> Future[None]:
        """No answer came."""
        return self.told(loss)

    def told(self, *messages: Sent | Received | lines.Loss) -> Future[None]:
        """Messages in their order, stored in one transaction."""
        with self._lock:  # numbered and queued in one order
            return self._recorder.tell([self._line(message) for message in messages])

    def _line(self, message: Sent | Received | lines.Loss) -> bytes:
        self._seq += 1
        at = None if isinstance(message, lines.Loss) else message.at
        place = lines.Place(self.capture, self._seq, at or self._clock(), self.owner)
        match message:
            case Sent():
                return lines.sent(place, message.message, message.intent)
            case Received():
                return lines.received(place, message.message)
            case lines.Loss():
                return lines.lost(place, message)
