"""What every way of sending has in common: stored, then done, and its loss stored.

Nothing leaves before it is stored. A crash at any point leaves either no message, or one whose
outcome is unknown and is looked up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol, TypeVar

from adapters.recording.lines import Loss
from adapters.recording.recorder import Received, Sent
from adapters.transport.losses import Fate, Lost

Message = Sent | Received | Loss
T = TypeVar("T")


class Recording(Protocol):
    """Where messages are kept (`adapters.recording.recorder.Session`)."""

    def exchange(self) -> str:
        """A name for a request and its answer, new in this recording."""
        ...

    def told(self, *messages: Message) -> Future[None]:
        """Messages in their order; done when they are stored."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a venue may take, in seconds, and how much it may say, in bytes."""

    connect_s: float = 5
    answer_s: float = 10
    body_bytes_max: int = 16 << 20
    """Of an answer as it comes, and again of what it unpacks to."""


async def stored(recording: Recording, message: Message) -> None:
    """Keep a message, to the end even when the caller is told to stop."""
    await asyncio.shield(asyncio.wrap_future(recording.told(message)))


async def _stored_to_be_sent(recording: Recording, exchange: str, sent: Sent) -> None:
    """Keep what is about to leave; when we are told to stop meanwhile, that it never left."""
    storing = asyncio.wrap_future(recording.told(sent))
    try:
        await asyncio.shield(storing)
    except asyncio.CancelledError:
        await asyncio.wait({storing})
        if storing.exception() is None:
            detail = "this program ended before it was sent"
            await stored(recording, Loss(exchange, Fate.NOT_SENT.value, detail))
        raise


async def recorded(
    recording: Recording, exchange: str, sent: Sent, act: Callable[[], Awaitable[T]]
) -> T:
    """Store what is about to be sent, send it, and give the answer; its loss is stored."""
    await _stored_to_be_sent(recording, exchange, sent)
    try:
        return await act()
    except Lost as lost:
        await stored(recording, Loss(exchange, lost.fate.value, lost.detail))
        raise
    except asyncio.CancelledError:
        # We are ending: whether it was done is for whoever comes next to find out.
        detail = "this program ended before the answer"
        await stored(recording, Loss(exchange, Fate.DISCONNECTED.value, detail))
        raise
