"""Faults on a venue's socket: frames not heard, answers that break, a feed that stumbles."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.paper import operations
from adapters.paper.market import act
from adapters.paper.operations import Operation, Told
from adapters.paper.plan import Planned, Whose, plan_of
from adapters.paper.script import (
    Drop,
    Duplicate,
    Ends,
    Error,
    Fault,
    Forgets,
    Gap,
    Garbage,
    Half,
    HangUp,
    Latency,
    Reorder,
    Silence,
    Skew,
    Slow,
    Throttle,
)
from adapters.paper.venue import SimulatedVenue

BROKEN, LATER = 1011, 1013
ENDED: Message = {"type": "websocket.disconnect", "code": 1006}


@dataclass(eq=False, slots=True)
class _Held:
    """A message that others overtake."""

    message: Message
    after: int


class SocketFaults:
    """One connection: what the client says and what the venue says pass here."""

    def __init__(self, venue: SimulatedVenue, whose: Whose, account: str | None, path: str) -> None:
        self._venue = venue
        self._whose = whose
        self._account = account
        self._path = path
        self._answers: deque[Sequence[Planned]] = deque()
        self._held: list[_Held] = []
        self._releases: set[asyncio.Task[None]] = set()
        self._lost = 0
        self._silent_until = 0.0
        self._ended = asyncio.Event()
        self._code = BROKEN
        self._turn = asyncio.Lock()
        self._send: Send

    async def between(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application with the faults between it and the client."""
        self._send = send

        async def heard() -> Message:
            return await self._heard(receive)

        try:
            await app(scope, heard, self._told)
        finally:
            for release in self._releases:
                release.cancel()
            if self._ended.is_set():
                # Only now: granian's server does not close while somebody waits for a frame.
                await send({"type": "websocket.close", "code": self._code})

    async def _heard(self, receive: Receive) -> Message:
        while not self._ended.is_set():
            message = await self._or_end(receive)
            if message["type"] != "websocket.receive":
                return message
            text = _text(message)
            operation = operations.of_frame(text)
            if operation is None or await self._passes(text, operation):
                return message
        return ENDED

    async def _or_end(self, receive: Receive) -> Message:
        """What comes next; the end, when the fault that ends the connection comes first."""

        async def come() -> Message:  # what granian gives is no future of asyncio's
            return await receive()

        comes, ends = asyncio.create_task(come()), asyncio.create_task(self._ended.wait())
        try:
            await asyncio.wait((comes, ends), return_when=asyncio.FIRST_COMPLETED)
            return comes.result() if comes.done() else ENDED
        finally:
            comes.cancel()
            ends.cancel()
            await asyncio.gather(comes, ends, return_exceptions=True)

    async def _passes(self, text: str, operation: Operation) -> bool:
        """Whether the venue hears the frame."""
        if self._account is None:
            self._account = self._whose(_texts(text))
        if operation is Operation.OTHER:  # a ping: nothing of the story depends on it
            self._answers.append(())
            return True
        self._venue.step()
        plan = plan_of(self._venue, operation, self._account)
        for planned in plan:
            if await self._before(planned):
                return False
        self._answers.append(plan)
        return True

    async def _before(self, planned: Planned) -> bool:
        """Whether the frame ends here."""
        fault = planned.trigger.fault
        match fault:
            case Latency(effect="before"):
                await asyncio.sleep(planned.seconds)
            case Drop(effect="before"):
                if fault.closes:
                    self._end(BROKEN)
                return True
            case Error(effect="before"):
                self._end(BROKEN)
                return True
            case Throttle():
                self._end(LATER)
                return True
            case Garbage(effect="before"):
                await self._send({"type": "websocket.send", "text": fault.body})
                return True
            case Ends(effect="before") | Forgets(effect="before") | Skew():
                act(planned.trigger, self._venue.book, self._account, self._venue.clock)
            case _:
                pass
        return False

    async def _told(self, message: Message) -> None:
        if self._ended.is_set():
            return
        if message["type"] != "websocket.send":
            await self._send(message)
            return
        told = self._venue.told(self._path, _text(message))
        if told is Told.NEWS:
            async with self._turn:
                await self._news(message)
        elif told is Told.BEAT or not self._answers:
            await self._out(message)
        else:
            await self._answer(self._answers.popleft(), message)

    async def _answer(self, plan: Sequence[Planned], message: Message) -> None:
        for planned in plan:
            fault = planned.trigger.fault
            match fault:
                case Latency(effect="after"):
                    await asyncio.sleep(planned.seconds)
                case Drop(effect="after"):
                    if fault.closes:
                        self._end(BROKEN)
                    return
                case Error(effect="after"):
                    self._end(BROKEN)
                    return
                case Garbage(effect="after"):
                    message = {"type": "websocket.send", "text": fault.body}
                case Half():
                    text = _text(message)
                    message = {"type": "websocket.send", "text": text[: len(text) // 2]}
                case Ends(effect="after") | Forgets(effect="after"):
                    act(planned.trigger, self._venue.book, self._account, self._venue.clock)
                case _:
                    pass
        await self._out(message)

    async def _news(self, message: Message) -> None:
        copies, held = 1, None
        for trigger in self._venue.faults.of_feed(self._account):
            fault = trigger.fault
            if isinstance(fault, Duplicate):
                copies += fault.times
            elif isinstance(fault, Reorder):
                held = fault
            else:
                await self._disturb(fault)
        if self._lost:
            self._lost -= 1
            return
        if held is not None:
            self._hold(_Held(message, held.by), float(held.within_s))
            return
        for _ in range(copies):
            await self._out(message)
        await self._overtaken()

    async def _disturb(self, fault: Fault) -> None:
        match fault:
            case Gap():
                self._lost = fault.messages
            case Slow():
                await asyncio.sleep(float(fault.seconds))
            case Silence():
                now = asyncio.get_running_loop().time()
                self._silent_until = now + float(fault.seconds)
            case HangUp():
                self._end(fault.code)
            case _:
                pass

    def _hold(self, held: _Held, seconds: float) -> None:
        self._held.append(held)

        async def release() -> None:
            await asyncio.sleep(seconds)
            if held in self._held:
                self._held.remove(held)
                await self._out(held.message)

        task = asyncio.create_task(release())
        self._releases.add(task)
        task.add_done_callback(self._releases.discard)

    async def _overtaken(self) -> None:
        for held in list(self._held):
            held.after -= 1
            if held.after <= 0:
                self._held.remove(held)
                await self._out(held.message)

    async def _out(self, message: Message) -> None:
        if not self._ended.is_set() and asyncio.get_running_loop().time() >= self._silent_until:
            await self._send(message)

    def _end(self, code: int) -> None:
        self._code = code
        self._ended.set()


def _text(message: Message) -> str:
    text: str | None = message.get("text")
    return text if text is not None else (message.get("bytes") or b"").decode("utf-8", "replace")


def _texts(frame: str) -> list[str]:
    """Every text on the first level of a frame."""
    return [text for text in operations.read_frame(frame).values() if isinstance(text, str)]
