"""Listens to one account's feed: connects, stays, notices silence and gaps, and makes up for them.

Whatever a connection may have missed is read anew behind it (`adapters.rereading`), while the new
one is heard already. A feed of which nothing was heard for too long is told in the log once, and
told again when it is back and nothing is missing any more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

import structlog

from adapters.clients.client import Client
from adapters.clients.hearing import Conversation
from adapters.live import new_capture
from adapters.patience import Patience
from adapters.recording.recorder import Recorder, Session
from adapters.rereading import Missed
from adapters.speaking import Line
from adapters.transport.feed import KEY, FeedTransport, heard_again, silent
from adapters.transport.losses import Fate, Lost

CAPTURES = "feed"
LOOK_S = 0.5
"""How often silence and gaps are looked for while nothing comes."""
GAP_S = 2.0
"""A message that was jumped over has so long to come after all."""
OVERTAKEN_MAX = 10
"""One message may have been overtaken by so many others when a connection ends."""
STEADY_S = 5.0
"""A connection that lived so long was a good one: the next try is made at once."""

log = structlog.get_logger()


class Refused(Exception):
    """The venue does not let us listen."""


@dataclass
class Feed:
    """How an account's feed is doing."""

    since: datetime
    """Up to when nothing that the venue told is missing."""
    after: str | None = None
    """The message up to which nothing is missing, where messages have ids."""
    latest: deque[str] = field(default_factory=lambda: deque[str](maxlen=OVERTAKEN_MAX))
    open: bool = False
    frames: int = 0
    connections: int = 0
    gaps: int = 0
    silent: bool = False
    trouble: str | None = None
    unread: str | None = None
    """Why what may have been missed could not be read so far."""
    heard_at: float = field(default_factory=monotonic)

    @property
    def quiet_s(self) -> float:
        """How long nothing was heard."""
        return monotonic() - self.heard_at


@dataclass(frozen=True)
class Around:
    """What a listener needs of its surroundings: to make up for what was missed, and to count.

    `make_up` gives why it could not; None when nothing is missing any more.
    """

    make_up: Callable[[Missed], Awaitable[str | None]]
    on_the_book: Callable[[], Awaitable[int]]
    clock: Callable[[], datetime]


class Listener:
    """One account's feed, for as long as it runs."""

    def __init__(
        self, line: Line, recorder: Recorder, feed: Feed, around: Around, patience: Patience
    ) -> None:
        self._line = line
        self._recorder = recorder
        self._feed = feed
        self._around = around
        self._patience = patience
        self._making_up: asyncio.Task[None] | None = None
        self._missed_at: float | None = None

    async def run(self) -> None:
        """Listen until cancelled, whatever becomes of connections."""
        while True:
            began = monotonic()
            session = self._recorder.session(
                self._line.owner, new_capture(self._line.owner, CAPTURES)
            )
            try:
                async with self._line.client(session) as client:
                    await self._connected(client, session)
            except (Lost, Refused) as error:
                self._feed.trouble = str(error)
                log.warning("the feed ended", **self._named, why=self._feed.trouble)
            finally:
                self._feed.open = False
                await self._no_more_making_up()
            await self._note_silence(session)
            if monotonic() - began > STEADY_S:
                self._patience.reset()
            await asyncio.sleep(self._patience.wait_s())

    async def _connected(self, client: Client, session: Session) -> None:
        transport, conversation = client.feed(), client.conversation()
        try:
            await transport.open(self._line.beat_s, self._line.silence_s_max)
            self._feed.connections += 1
            opening = conversation.opening()
            for frame in opening:
                await transport.say(frame)
            if not opening:
                self._opened(session)
            await self._heard(transport, conversation, session)
        finally:
            with suppress(Lost):
                await transport.close()

    async def _heard(
        self, transport: FeedTransport, conversation: Conversation, session: Session
    ) -> None:
        began = beat_at = monotonic()
        while True:
            frame = await transport.hear(LOOK_S)
            now = monotonic()
            if frame is not None:
                self._feed.heard_at = now
                self._feed.frames += 1
                await self._means(frame, transport, conversation, session)
            elif self._feed.open and conversation.beat() is None:
                self._feed.heard_at = now  # the socket's own pings are answered, or it would end
            if now - beat_at >= self._line.beat_s:
                beat_at = now
                beat = conversation.beat()
                if beat is not None:
                    await transport.say(beat)
            if not self._feed.open and now - began > self._line.bounds.answer_s:
                raise Lost(Fate.TIMEOUT, "the venue did not let us in")
            if min(self._feed.quiet_s, now - began) > self._line.silence_s_max:
                await self._note_silence(session)
                raise Lost(Fate.TIMEOUT, f"nothing heard for {self._line.silence_s_max:g} s")
            self._look_for_gaps(conversation, session, now)
            if self._making_up is not None and self._making_up.done():
                self._making_up.result()  # what went wrong there ends this connection, too

    async def _means(
        self, frame: bytes, transport: FeedTransport, conversation: Conversation, session: Session
    ) -> None:
        heard = conversation.heard(frame)
        for says in heard.says:
            await transport.say(says)
        if heard.refused is not None:
            raise Refused(f"{heard.refused}: {KEY}")
        if heard.after is not None:
            self._feed.latest.append(heard.after)
            if self._making_up is None:
                self._feed.after = self._feed.latest[0]
        if heard.opens:
            self._opened(session)

    def _opened(self, session: Session) -> None:
        """We are heard again from now on; what came before now may have been missed."""
        self._feed.open, self._feed.trouble = True, None
        log.info("the feed is open", **self._named, recording=session.capture)
        self._make_up(session)

    def _look_for_gaps(self, conversation: Conversation, session: Session, now: float) -> None:
        if not conversation.missing:
            self._missed_at = None
        elif self._missed_at is None:
            self._missed_at = now
        elif now - self._missed_at >= GAP_S and self._making_up is None:
            self._missed_at = None
            self._feed.gaps += 1
            log.warning("messages of the feed are missing", **self._named)
            conversation.covered()  # what is jumped over from now on is another gap
            self._make_up(session)

    def _make_up(self, session: Session) -> None:
        if self._making_up is not None:
            return
        missed = Missed(since=self._feed.since, after=self._feed.after)
        now = self._around.clock()

        async def made_up() -> None:
            patience = Patience(self._patience.chance)
            while (lacks := await self._around.make_up(missed)) is not None:
                self._feed.unread = lacks
                await asyncio.sleep(patience.wait_s())
            self._feed.unread = None
            self._feed.since = now
            self._feed.after = self._feed.latest[0] if self._feed.latest else missed.after
            if self._feed.silent:
                await heard_again(session, self._line.codec.feed.channel)
                self._feed.silent = False
            self._making_up = None

        self._making_up = asyncio.create_task(made_up())

    async def _no_more_making_up(self) -> None:
        task, self._making_up = self._making_up, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _note_silence(self, session: Session) -> None:
        """Tell once that nothing is heard, if that matters to any order."""
        if self._feed.silent or self._feed.quiet_s < self._line.silence_s_max:
            return
        orders = await self._around.on_the_book()
        if orders:
            why = f"nothing heard for {self._line.silence_s_max:g} s"
            await silent(session, self._line.codec.feed.channel, why, orders)
            self._feed.silent = True

    @property
    def _named(self) -> dict[str, str]:
        return {"venue": self._line.owner.venue, "account": self._line.owner.account}
