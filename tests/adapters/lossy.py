"""A wire between our client and a gateway that loses what a test wants lost."""

from __future__ import annotations

import threading
from collections.abc import Generator
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
    BUSY = "busy"
    """The venue refuses one, and wants to be left alone for a second."""
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
    bound = {"wire": wire, "upstream": f"http://127.0.0.1:{port}"}
    server.RequestHandlerClass = type("Bound", (_Handler,), bound)
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


class _Handler(BaseHTTPRequestHandler):
    """One connection of the client's."""

    wire: Wire
    upstream: str

    def do_GET(self) -> None:
        self.wire.reads += 1
        self._answer(self._passed(b""))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.wire.cancels.append(body)
        if self.wire.loss is Loss.BEFORE:
            self._hang_up()
            return
        if self.wire.loss is Loss.BUSY:
            self.wire.loss = Loss.NONE
            self._busy()
            return
        answer = self._passed(body)
        if self.wire.loss is Loss.NONE:
            self._answer(answer)
            return
        self.wire.done.set()
        if self.wire.loss is Loss.SILENT:
            self.wire.release.wait(20)
        self._hang_up()

    def _passed(self, body: bytes) -> httpx2.Response:
        kept = ("x-api-key", "x-user-wallet", "authorization", "content-type")
        headers = {name: self.headers[name] for name in kept if name in self.headers}
        return httpx2.request(
            self.command, f"{self.upstream}{self.path}", headers=headers, content=body,
            trust_env=False,
        )  # fmt: skip

    def _answer(self, answer: httpx2.Response) -> None:
        self.send_response(answer.status_code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def _busy(self) -> None:
        self.send_response(429)
        self.send_header("retry-after", "1")
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"detail":"Rate limit exceeded","limit":"100","retry_after":1}')

    def _hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the base class has it
        """Nobody wants to read it."""
