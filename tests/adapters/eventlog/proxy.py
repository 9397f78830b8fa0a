"""A proxy before PostgreSQL that cuts connections at the worst moments."""

from __future__ import annotations

import select
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Final, Literal

from psycopg.pq import Conninfo
from sqlalchemy import URL, make_url

Cut = Literal["request", "reply", "commit request", "commit reply"]
_CHUNK: Final = 1 << 16


class Proxy:
    """Passes bytes both ways; when armed, loses one request, or one reply, and hangs up.

    `request`: the next request never arrives. `reply`: it arrives and is done, and nobody is told.
    With `commit`, the next COMMIT is meant instead of the next request of any kind.
    """

    def __init__(self, url: str) -> None:
        self._target = make_url(url)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._armed: Cut | None = None
        self._lock = Lock()
        self._open: list[socket.socket] = []
        self._threads: list[Thread] = []
        self.cuts = 0
        self.requests = 0
        self.refuses = False

    @property
    def url(self) -> str:
        """The address that leads through the proxy."""
        port = self._listening.getsockname()[1]
        through: URL = self._target.set(host="127.0.0.1", port=port).difference_update_query(
            ["host"]
        )
        return through.render_as_string(hide_password=False)

    def arm(self, cut: Cut) -> None:
        """Cut once, at the next occasion."""
        self._armed = cut

    def start(self) -> None:
        """Begin to accept."""
        self._spawn(self._accept)

    def close(self) -> None:
        """Hang up on everybody."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for each in self._open:
            each.close()

    def _spawn(self, target: object, *arguments: object) -> None:
        thread = Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type] # a method of ours
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if self.refuses:
                client.close()
                continue
            server = self._connect()
            with self._lock:
                self._open += [client, server]
            self._spawn(self._pass, client, server)

    def _connect(self) -> socket.socket:
        host = self._target.query.get("host") or self._target.host or ""
        if isinstance(host, str) and host.startswith("/"):
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(next(Path(host).glob(".s.PGSQL.*[0-9]"))))
            return server
        default = next(each for each in Conninfo.get_defaults() if each.keyword == b"port")
        return socket.create_connection(
            (str(host), self._target.port or int(default.compiled or 0))
        )

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        losing = False
        with suppress(OSError):
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    chunk = ready.recv(_CHUNK)
                    if not chunk or (ready is server and losing):
                        return self._hang_up(client, server)
                    if ready is client:
                        cut = self._due(chunk)
                        if cut is not None and cut.endswith("request"):
                            return self._hang_up(client, server)
                        losing = losing or cut is not None
                    (server if ready is client else client).sendall(chunk)
        return self._hang_up(client, server)

    def _due(self, chunk: bytes) -> Cut | None:
        """Which cut this request sets off. A greeting (it starts with a length) is no request."""
        with self._lock:
            self.requests += 1
            cut = self._armed
            if cut is None or chunk[:1] in {b"\0", b"X", b"p"}:
                return None
            if cut.startswith("commit") and b"COMMIT" not in chunk:
                return None
            self._armed = None
            self.cuts += 1
            return cut

    def _hang_up(self, client: socket.socket, server: socket.socket) -> None:
        for each in (client, server):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(url: str) -> Generator[Proxy]:
    """A running proxy before the server of `url`."""
    proxy = Proxy(url)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.close()
