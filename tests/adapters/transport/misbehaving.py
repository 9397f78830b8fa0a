"""A server on the loopback that answers with whatever bytes a test wants, or in no way at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from adapters.transport.http import Message

Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def behaving(behave: Behave) -> AsyncGenerator[str]:
    """Serve each connection in this way; the base URL."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await behave(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.close()


def answering(raw: bytes) -> Behave:
    """Read the request's head, say these bytes, hang up."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()

    return behave


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read and never answer."""
    del writer
    await reader.read()


@dataclass
class Kept:
    """A recording in memory; `refuses` makes it unable to store."""

    messages: list[Message] = field(default_factory=list[Message])
    refuses: bool = False
    count: int = 0

    def exchange(self) -> str:
        """A new name."""
        self.count += 1
        return f"x{self.count}"

    def told(self, *messages: Message) -> Future[None]:
        """Keep them, or fail."""
        done: Future[None] = Future()
        if self.refuses:
            done.set_exception(OSError("the log cannot be written"))
        else:
            self.messages.extend(messages)
            done.set_result(None)
        return done

    @property
    def kinds(self) -> list[str]:
        """What sort of message each is."""
        return [type(message).__name__ for message in self.messages]
