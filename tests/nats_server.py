"""A NATS server for the tests: a real one, of our own. Never a guess, never none.

`BREAKWATER_TEST_NATS_SERVER` names the program. Without it, it is the one of the pinned wheel,
which stands beside the interpreter.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sysconfig
import time
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import nats
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.client import JetStreamContext

NAMED_BY: Final = "BREAKWATER_TEST_NATS_SERVER"
READY_S_MAX: Final = 30
Result = TypeVar("Result")


def program() -> str:
    """The server's program."""
    found = os.environ.get(NAMED_BY) or str(Path(sysconfig.get_path("scripts"), "nats-server"))
    assert Path(found).is_file(), f"{found} is not there: make dev, or name one by {NAMED_BY}"
    return found


class NatsServer:
    """A server with JetStream, on a port and in a directory that it keeps over restarts."""

    def __init__(self, directory: Path, *settings: str) -> None:
        self.directory = directory
        self._config = directory / "server.conf"
        directory.mkdir(exist_ok=True)
        self._config.write_text("\n".join(settings))
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Return when it answers."""
        place = ["-a", "127.0.0.1", "-p", str(self.port), "-sd", str(self.directory / "js")]
        log = (self.directory / "server.log").open("ab")
        with log:
            self._process = subprocess.Popen(  # noqa: S603 - the server that we are to try
                [program(), "-js", "-c", str(self._config), *place], stdout=log, stderr=log
            )
        until = time.monotonic() + READY_S_MAX
        while b"Server is ready" not in self._told():
            assert self._process.poll() is None, self._told().decode()
            assert time.monotonic() < until, self._told().decode()
            time.sleep(0.02)
        (self.directory / "server.log").write_bytes(b"")

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def _told(self) -> bytes:
        return (self.directory / "server.log").read_bytes()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Received(NamedTuple):
    """A message as a consumer gets it."""

    subject: str
    headers: dict[str, str]
    body: bytes

    @property
    def position(self) -> int:
        """Which event of the log it says that it is."""
        return int(self.headers["Breakwater-Position"])


@asynccontextmanager
async def at(url: str) -> AsyncGenerator[JetStreamContext]:
    """The server's JetStream, as somebody else uses it."""
    client = await nats.connect(url, allow_reconnect=False)  # pyright: ignore[reportUnknownMemberType] - untyped options
    try:
        yield client.jetstream()  # pyright: ignore[reportUnknownMemberType] - untyped options
    finally:
        await client.close()


async def received(url: str, stream: str = "BREAKWATER") -> Sequence[Received]:
    """Everything that a consumer gets who reads the stream from its beginning."""
    found: list[Received] = []
    async with at(url) as context:
        due = (await context.stream_info(stream)).state.messages
        unacknowledged = ConsumerConfig(ack_policy=AckPolicy.NONE)
        consumer = await context.pull_subscribe(">", stream=stream, config=unacknowledged)
        while len(found) < due:
            try:
                batch = await consumer.fetch(500, timeout=5)
            except NatsTimeout:
                break
            found.extend(Received(one.subject, dict(one.headers or {}), one.data) for one in batch)
    return found


def consumed(url: str, stream: str = "BREAKWATER") -> Sequence[Received]:
    """`received`, for tests that are not asynchronous."""
    return asyncio.run(received(url, stream))


def awaited(work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` gives."""
    return asyncio.run(work)
