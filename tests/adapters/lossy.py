"""A wire between our client and a gateway that loses what a test wants lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2


class Loss(Enum):
    """What happens to a cancel on its way."""

    NONE = "none"
    BEFORE = "before"
    """It never reaches the venue, and the connection ends."""
    AFTER = "after"
    """The venue does it; the connection ends before the answer."""
    SILENT = "silent"
    """The venue does it; no answer comes."""


@dataclass
class Wire:
    """What went through, and what is lost of what comes next."""

    url: str
    loss: Loss = Loss.NONE
    cancels: list[bytes] = field(default_factory=list[bytes])
    reads: int = 0
    done: threading.Event = field(default_factory=threading.Event)
    """The venue has done a cancel whose answer is kept back."""
    release: threading.Event = field(default_factory=threading.Event)


@contextmanager
def lossy(port: int) -> Generator[Wire]:
    """A wire to the gateway on this port, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    wire = Wire(f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = _handler(wire, f"http://127.0.0.1:{port}")
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="wire")
    thread.start()
    try:
        yield wire
    finally:
        wire.release.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def _handler(wire: Wire, upstream: str) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wire.reads += 1
            self._answer(self._passed(b""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            wire.cancels.append(body)
            if wire.loss is Loss.BEFORE:
                self._hang_up()
                return
            answer = self._passed(body)
            if wire.loss is Loss.NONE:
                self._answer(answer)
                return
            wire.done.set()
            if wire.loss is Loss.SILENT:
                wire.release.wait(20)
            self._hang_up()

        def _passed(self, body: bytes) -> httpx2.Response:
            kept = ("x-api-key", "x-user-wallet", "authorization", "content-type")
            headers = {name: self.headers[name] for name in kept if name in self.headers}
            return httpx2.request(
                self.command, f"{upstream}{self.path}", headers=headers, content=body,
                trust_env=False,
            )  # fmt: skip

        def _answer(self, answer: httpx2.Response) -> None:
            self.send_response(answer.status_code)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def _hang_up(self) -> None:
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the base class has it
            """Nobody wants to read it."""

    return Handler
