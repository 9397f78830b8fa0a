"""Faults between a client and the venue: an ASGI layer around the venue's own application.

What a fault does to an answer is decided when the request comes, so that the same requests in the
same order meet the same faults, however long any of them takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.paper import operations
from adapters.paper.market import act
from adapters.paper.plan import Planned, Whose, plan_of
from adapters.paper.script import (
    Drop,
    Ends,
    Error,
    Forgets,
    Garbage,
    Half,
    Latency,
    Skew,
    Throttle,
)
from adapters.paper.venue import SimulatedVenue
from adapters.paper.wire_socket import SocketFaults

OURS = ("/livez", "/paper/")
"""Paths that no venue has: they are never disturbed."""
JSON = b"application/json"
TEXT = b"text/plain; charset=utf-8"


class FaultLayer:
    """Stands before the application and disturbs what passes."""

    def __init__(self, app: ASGIApp, venue: SimulatedVenue, whose: Whose) -> None:
        self._app = app
        self._venue = venue
        self._whose = whose

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or one socket."""
        kind = scope["type"]
        if kind not in {"http", "websocket"} or scope["path"].startswith(OURS):
            await self._app(scope, receive, send)
            return
        account = self._whose(credentials(scope))
        if kind == "websocket":
            faults = SocketFaults(self._venue, self._whose, account, scope["path"])
            await faults.between(self._app, scope, receive, send)
            return
        self._venue.step()
        operation = operations.of_request(scope["method"], scope["path"])
        plan = plan_of(self._venue, operation, account)
        await _Exchange(self._app, plan, account, self._venue).run(scope, receive, send)


def credentials(scope: Scope) -> list[str]:
    """Every text of a request in which a key may stand."""
    texts = [value.decode("latin-1") for _, value in scope["headers"]]
    texts += [text.removeprefix("Bearer ") for text in texts if text.startswith("Bearer ")]
    query = scope.get("query_string", b"").decode("latin-1")
    return texts + [value for _, value in parse_qsl(query)]


@dataclass(slots=True)
class _Exchange:
    """One request on its way through its faults."""

    app: ASGIApp
    plan: Sequence[Planned]
    account: str | None
    venue: SimulatedVenue

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        for planned in self.plan:
            if await self._before(planned, receive, send):
                return
        if not any(_is_later(planned) for planned in self.plan):
            await self.app(scope, receive, send)
            return
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)

        await self.app(scope, receive, keep)
        for planned in self.plan:
            if await self._after(planned, kept, receive, send):
                return
        for message in kept:
            await send(message)

    async def _before(self, planned: Planned, receive: Receive, send: Send) -> bool:
        """Whether the request ends here."""
        fault = planned.trigger.fault
        match fault:
            case Latency(effect="before"):
                await asyncio.sleep(planned.seconds)
            case Drop(effect="before"):
                await _drop(fault, receive, send)
                return True
            case Error(effect="before"):
                await _answer(send, fault.status, fault.body.encode(), TEXT)
                return True
            case Garbage(effect="before"):
                await _answer(send, 200, fault.body.encode(), JSON)
                return True
            case Throttle():
                wait = (b"retry-after", str(fault.retry_after_s).encode())
                await _answer(send, 429, fault.body.encode(), JSON, wait)
                return True
            case Ends(effect="before") | Forgets(effect="before") | Skew():
                act(planned.trigger, self.venue.book, self.account, self.venue.clock)
            case _:
                pass
        return False

    async def _after(
        self, planned: Planned, kept: Sequence[Message], receive: Receive, send: Send
    ) -> bool:
        """Whether the answer was replaced."""
        fault = planned.trigger.fault
        match fault:
            case Latency(effect="after"):
                await asyncio.sleep(planned.seconds)
            case Drop(effect="after"):
                await _drop(fault, receive, send)
                return True
            case Error(effect="after"):
                await _answer(send, fault.status, fault.body.encode(), TEXT)
                return True
            case Garbage(effect="after"):
                await _answer(send, 200, fault.body.encode(), JSON)
                return True
            case Half():
                await _halve(fault, kept, send)
                return True
            case Ends(effect="after") | Forgets(effect="after"):
                act(planned.trigger, self.venue.book, self.account, self.venue.clock)
            case _:
                pass
        return False


def _is_later(planned: Planned) -> bool:
    fault = planned.trigger.fault
    return isinstance(fault, Half) or getattr(fault, "effect", None) == "after"


async def _answer(
    send: Send, status: int, body: bytes, kind: bytes, *more: tuple[bytes, bytes]
) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _drop(fault: Drop, receive: Receive, send: Send) -> None:
    if fault.closes:
        await _cut(send, 200, b"", 64)
        return
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cut(send: Send, status: int, body: bytes, announced: int) -> None:
    """Announce more than what comes and end in the middle: the server then ends the connection."""
    headers = [(b"content-type", JSON), (b"content-length", str(announced).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _halve(fault: Half, kept: Sequence[Message], send: Send) -> None:
    body = b"".join(message.get("body", b"") for message in kept)
    status = next((m["status"] for m in kept if m["type"] == "http.response.start"), 200)
    half = body[: len(body) // 2]
    if fault.announced == "half":
        await _answer(send, status, half, JSON)
    else:
        await _cut(send, status, half, max(len(body), 1))
