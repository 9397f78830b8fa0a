"""A gateway on a real port of the loopback, its keys and recordings in memory."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from fastapi import APIRouter

from adapters.gateways.app import create_app
from adapters.gateways.clients import Client, Clients, Scope
from adapters.gateways.feed import Feed
from adapters.gateways.frame import Frame, Message
from adapters.paper.book import Book
from adapters.recording.lines import HttpReceived
from adapters.recording.recorder import Received, Sent
from adapters.venuekit.loopback import free_port, running, wait_for
from domain.values import Account

__all__ = ["Kept", "KnownKeys", "Served", "Time", "free_port", "running", "serving", "wait_for"]

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)
_CONTEXT = ssl.create_default_context()
"""Made once: to make one takes longer than most requests."""
EVERYTHING = frozenset({Scope.READ, Scope.CANCEL, Scope.PLACE})


class Time:
    """A clock that moves a millisecond each time that it is looked at, and else by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """The time that it shows."""
        self.now += timedelta(milliseconds=1)
        return self.now


class KnownKeys:
    """Keys in memory: `acme` and `rival` may do everything, `reader` may read for acme."""

    def __init__(self, venue: str) -> None:
        self._clients = {
            "acme-key": Client("k1", Account(venue, "acme"), EVERYTHING),
            "rival-key": Client("k2", Account(venue, "rival"), EVERYTHING),
            "reader-key": Client("k3", Account(venue, "acme"), frozenset({Scope.READ})),
        }
        self._venue = venue

    def of(self, venue: str, secret: str) -> Client | None:
        """Whose key it is."""
        return self._clients.get(secret) if venue == self._venue else None


@dataclass
class Kept:
    """A recording in memory."""

    messages: list[Message] = field(default_factory=list[Message])
    count: int = 0

    def exchange(self) -> str:
        """A new name."""
        self.count += 1
        return f"x{self.count}"

    def told(self, *messages: Message) -> Future[None]:
        """Keep them."""
        self.messages.extend(messages)
        done: Future[None] = Future()
        done.set_result(None)
        return done

    @property
    def answers(self) -> list[Any]:
        """The JSON bodies of the answers, in order."""
        return [
            json.loads(message.message.body)
            for message in self.messages
            if isinstance(message, Received) and isinstance(message.message, HttpReceived)
        ]

    @property
    def kinds(self) -> list[str]:
        """Sent and received, in order."""
        return ["sent" if isinstance(message, Sent) else "received" for message in self.messages]


@dataclass
class Served:
    """A venue's gateway as a test sees it: from inside and from outside."""

    frame: Frame
    feed: Feed
    clock: Time
    port: int
    loop: asyncio.AbstractEventLoop
    kept: dict[Account, Kept]

    def client(self, **headers: str) -> httpx2.Client:
        """An HTTP client."""
        return httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers=headers, verify=_CONTEXT
        )

    def do(self, what: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it gives
        """Something that the venue does by itself, in its own thread."""

        async def done() -> Any:  # noqa: ANN401 - whatever it gives
            return what()

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(10)

    def recording(self, account: str) -> Kept:
        """What was recorded for an account."""
        return self.kept[Account(self.frame.venue, account)]


Routes = Callable[[Frame, Feed], Sequence[APIRouter]]


@contextmanager
def serving(venue: str, routes: Routes, clients: Clients | None = None) -> Generator[Served]:
    """Serve a venue's routes until the block ends."""
    clock = Time()
    book = Book(clock, first_id=9001)
    kept: dict[Account, Kept] = {}
    frame = Frame(
        venue,
        book,
        clients or KnownKeys(venue),
        clock,
        lambda owner: kept.setdefault(owner, Kept()),
    )
    feed = Feed(book)
    with free_port() as port, running(create_app(routes(frame, feed)), port) as loop:
        yield Served(frame, feed, clock, port, loop, kept)
