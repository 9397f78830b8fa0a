"""Between the client and the server under test: counts what came, and answers in its place."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.paper import operations
from adapters.paper.operations import Operation
from adapters.paper.wire import OURS, credentials

Whose = Callable[[Sequence[str]], str | None]


@dataclass(frozen=True, slots=True)
class Instead:
    """What is answered in the venue's place, before it has done anything (or after).

    On a socket `body` is a frame, and the status is nobody's.
    """

    operation: Operation
    status: int
    body: bytes
    headers: Sequence[tuple[str, str]] = (("content-type", "application/json"),)
    done: bool = False


@dataclass(slots=True)
class Seen:
    """What came, by account: what was asked, and what it said."""

    asked: list[tuple[Operation, str]] = field(default_factory=list[tuple[Operation, str]])
    instead: deque[Instead] = field(default_factory=deque[Instead])

    def count(self, operation: Operation) -> int:
        """How many such requests came."""
        return sum(each is operation for each, _ in self.asked)

    def due(self, operation: Operation) -> Instead | None:
        """What to answer to this request, once."""
        if self.instead and self.instead[0].operation is operation:
            return self.instead.popleft()
        return None


class Between:
    """An ASGI layer around everything else."""

    def __init__(self, app: ASGIApp, whose: Whose, seen: Callable[[str], Seen]) -> None:
        self._app = app
        self._whose = whose
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or one socket."""
        account = None
        if scope["type"] in {"http", "websocket"} and not scope["path"].startswith(OURS):
            account = self._whose(credentials(scope))
        if account is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(self._seen(account), scope, receive, send)
        else:
            await self._socket(self._seen(account), scope, receive, send)

    async def _request(self, seen: Seen, scope: Scope, receive: Receive, send: Send) -> None:
        operation = operations.of_request(scope["method"], scope["path"])
        seen.asked.append((operation, f"{scope['method']} {scope['path']}"))
        instead = seen.due(operation)
        if instead is None or instead.done:
            await self._app(scope, receive, send if instead is None else _unheard)
        if instead is not None:
            headers = [(name.encode(), value.encode()) for name, value in instead.headers]
            start = {"type": "http.response.start", "status": instead.status, "headers": headers}
            await send(start)
            await send({"type": "http.response.body", "body": instead.body})

    async def _socket(self, seen: Seen, scope: Scope, receive: Receive, send: Send) -> None:
        instead: deque[Instead] = deque()

        async def heard() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                raw = message.get("bytes")
                text = raw.decode() if raw is not None else message.get("text") or ""
                operation = operations.of_frame(text)
                if operation is None:
                    return message
                seen.asked.append((operation, text))
                due = seen.due(operation)
                if due is None:
                    return message
                if due.done:
                    instead.append(due)
                    return message
                await send({"type": "websocket.send", "text": due.body.decode("latin-1")})

        async def told(message: Message) -> None:
            if message["type"] == "websocket.send" and instead:
                text = instead.popleft().body.decode("latin-1")
                await send({"type": "websocket.send", "text": text})
                return
            await send(message)

        await self._app(scope, heard, told)


async def _unheard(message: Message) -> None:
    del message
