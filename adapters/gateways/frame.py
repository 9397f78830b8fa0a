"""What every venue's gateway stands in: books, callers, a recording per account, a clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from adapters.gateways.clients import Clients
from adapters.paper.book import Book
from adapters.recording.lines import HttpReceived, HttpSent, Loss, SocketFrame
from adapters.recording.recorder import Received, Sent
from domain.values import Account

Message = Sent | Received | Loss


class Recording(Protocol):
    """One account's recording (`adapters.recording.recorder.Session`), or none at all."""

    def exchange(self) -> str:
        """A name for a request and its answer, new in this recording."""
        ...

    def told(self, *messages: Message) -> Future[None]:
        """Messages in their order, stored in one transaction; done when they are stored."""
        ...


class Unrecorded:
    """Nothing is kept: a simulated venue is somebody else's server."""

    def exchange(self) -> str:
        """No name is needed."""
        return "-"

    def told(self, *messages: Message) -> Future[None]:
        """Done at once."""
        del messages
        done: Future[None] = Future()
        done.set_result(None)
        return done


@dataclass(slots=True)
class Frame:
    """One venue, as one process serves it."""

    venue: str
    book: Book
    clients: Clients
    clock: Callable[[], datetime]
    open_recording: Callable[[Account], Recording]
    _recordings: dict[Account, Recording] = field(default_factory=dict[Account, Recording])

    def recording(self, owner: Account) -> Recording:
        """The recording of an account's traffic."""
        found = self._recordings.get(owner)
        if found is None:
            found = self._recordings[owner] = self.open_recording(owner)
        return found

    async def answered(
        self, owner: Account, sent: HttpSent, at: datetime, answer: HttpReceived
    ) -> None:
        """Keep a request and its answer; returns when they are stored."""
        stored = self.recording(owner).told(Sent(sent, at), Received(answer))
        await asyncio.wrap_future(stored)

    async def pushed(self, owner: Account, frame: SocketFrame) -> None:
        """Keep a frame of a feed; returns when it is stored."""
        await asyncio.wrap_future(self.recording(owner).told(Received(frame)))
