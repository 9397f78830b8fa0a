"""An application on a real port of the loopback, for as long as a block lasts."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager

from granian.constants import Interfaces
from granian.server.embed import Server

TRIES = 400
PAUSE_S = 0.025
END_S_MAX = 20


@contextmanager
def free_port() -> Generator[int]:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    yield port


@contextmanager
def running(app: object, port: int) -> Generator[asyncio.AbstractEventLoop]:
    """The application on a port, in a thread with a loop of its own."""
    loop = asyncio.new_event_loop()
    server = Server(app, port=port, interface=Interfaces.ASGI, log_enabled=False)

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(server.serve())

    thread = threading.Thread(target=run, name="gateway")
    thread.start()
    try:
        wait_for(port)
        yield loop
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(END_S_MAX)
        loop.close()


def wait_for(port: int) -> None:
    """Return when something answers on the port."""
    for _ in range(TRIES):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            threading.Event().wait(PAUSE_S)
    raise TimeoutError(f"nothing answers on port {port}")
