"""A venue's feed: what it tells is kept before anyone looks at it, and so is what we say there.

Frames are stored in the order in which they came. Many may wait for one commit; nobody waits for
each, but the teller is never more than a bounded number ahead of what is stored.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from adapters.recording.lines import HEARD_FROM, Loss, SocketFrame
from adapters.recording.recorder import Received, Sent
from adapters.transport.losses import Fate, Lost, socket_fate_of
from adapters.transport.recorded import Bounds, Recording, stored

AHEAD_MAX = 1_000
"""So many frames may wait to be stored; then no further one is read."""
AHEAD_BYTES_MAX = 64 << 20
"""Or so much of them, and one more."""
UNAUTHORISED = frozenset({401, 403})
NOT_LET_IN = frozenset({1008, 3000, 3003, 4001, 4003, 4401, 4403})
"""With these a socket is closed to whom the other side does not know, or does not want."""
KEY = "the venue does not let us in: is the key right? `breakwater connections list` names it"


class FeedTransport:
    """One connection to a feed; opened once, never again."""

    def __init__(
        self,
        url: str,
        channel: str,
        recording: Recording,
        credentials: Mapping[str, str],
        bounds: Bounds,
    ) -> None:
        self._url = url
        self._channel = channel
        self._recording = recording
        self._credentials = credentials
        self._bounds = bounds
        self._connection: ClientConnection | None = None
        self._waiting: deque[tuple[Future[None], int]] = deque()
        self._ahead_bytes = 0

    async def open(self, beat_s: float, silence_s_max: float) -> None:
        """Connect; raise `Lost` when that fails. The socket's own pings go as often as ours."""
        try:
            self._connection = await connect(
                self._url,
                additional_headers=self._credentials,
                open_timeout=self._bounds.connect_s,
                close_timeout=1,
                max_size=self._bounds.body_bytes_max,
                ping_interval=beat_s,
                ping_timeout=silence_s_max,
                proxy=None,
            )
        except Exception as error:
            raise _lost(error, opened=False) from error

    async def say(self, frame: bytes) -> None:
        """Store a frame of ours, then send it."""
        assert self._connection is not None, "opened first"
        message = Sent(SocketFrame(self._channel, frame))
        await asyncio.wrap_future(self._recording.told(message))
        try:
            await self._connection.send(frame, text=True)
        except Exception as error:
            raise _lost(error, opened=True) from error

    async def hear(self, seconds: float) -> bytes | None:
        """The next frame, on its way to the log; None when none comes in this time."""
        assert self._connection is not None, "opened first"
        try:
            async with asyncio.timeout(seconds):
                frame = await self._connection.recv(decode=False)
        except TimeoutError:
            return None
        except Exception as error:
            raise _lost(error, opened=True) from error
        told = self._recording.told(Received(SocketFrame(self._channel, frame)))
        self._waiting.append((told, len(frame)))
        self._ahead_bytes += len(frame)
        while self._waiting and (self._waiting[0][0].done() or self._is_far_ahead):
            await self._one_stored()
        return frame

    @property
    def _is_far_ahead(self) -> bool:
        return len(self._waiting) > AHEAD_MAX or self._ahead_bytes > AHEAD_BYTES_MAX

    async def _one_stored(self) -> None:
        told, size = self._waiting.popleft()
        self._ahead_bytes -= size
        await asyncio.wrap_future(told)

    async def settled(self) -> None:
        """Return when everything that was heard is stored."""
        while self._waiting:
            await self._one_stored()

    async def close(self) -> None:
        """Hang up, and see to it that everything is stored."""
        if self._connection is not None:
            try:
                await self._connection.close()
            finally:  # also when there is no time for a farewell
                self._connection.transport.abort()
        await self.settled()


async def silent(recording: Recording, channel: str, detail: str, orders: int) -> None:
    """Keep it that nothing was heard, while so many orders were on the book."""
    await stored(recording, Loss(None, Fate.TIMEOUT.value, detail, channel, orders))


async def heard_again(recording: Recording, channel: str) -> None:
    """Keep it that the feed is back, and that what it missed was read anew."""
    await stored(recording, Received(SocketFrame(channel, HEARD_FROM)))


def _lost(error: Exception, *, opened: bool) -> Exception:
    """The loss that an error is, with the venue's reason for closing; else the error itself."""
    fate = socket_fate_of(error, opened=opened)
    if fate is None:
        return error
    if isinstance(error, InvalidStatus) and error.response.status_code in UNAUTHORISED:
        return Lost(fate, f"HTTP {error.response.status_code}: {KEY}")
    if isinstance(error, ConnectionClosed) and error.rcvd is not None:
        closed = f"closed with {error.rcvd.code} {error.rcvd.reason}".strip()[:200]
        return Lost(fate, f"{closed}: {KEY}" if error.rcvd.code in NOT_LET_IN else closed)
    return Lost(fate, f"{type(error).__name__}: {error}"[:200])
