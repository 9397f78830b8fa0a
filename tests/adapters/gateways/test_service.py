"""The service as strangers treat it: `breakwater serve` as a process, over real sockets."""

from __future__ import annotations

import gzip
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.adapters.gateways.serving import free_port

COMMAND = [sys.executable, "-c", "from adapters.cli.main import run; run()"]
MEMORY_MAX = 400 << 20
HUGE = 200 << 20
CHUNK = b"x" * 65_536


@dataclass
class Running:
    """The process, and the key of one account."""

    process: subprocess.Popen[bytes]
    directory: Path
    port: int
    key: str

    def client(self, **headers: str) -> httpx2.Client:
        """An HTTP client without a key."""
        url = f"http://127.0.0.1:{self.port}"
        return httpx2.Client(base_url=url, headers=headers, trust_env=False, timeout=20)

    def socket(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def is_well(self) -> bool:
        """It answers, and holds no more memory than it should."""
        with self.client() as client:
            answers = client.get("/livez").status_code == 200
        return answers and psutil.Process(self.process.pid).memory_info().rss < MEMORY_MAX


def command(directory: Path, *words: str) -> str:
    """What a command prints."""
    return subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *words], cwd=directory, capture_output=True, text=True, check=False, timeout=120
    ).stdout


def started(directory: Path) -> Running:
    """The service, ready."""
    made = command(directory, "keys", "create", "--venue", "abp", "--account", "acme", "--json")
    with free_port() as port, (directory / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, "serve", "--port", str(port)], cwd=directory, stderr=log
        )
    running = Running(process, directory, port, json.loads(made)["key"])
    for _ in range(300):
        with suppress(httpx2.HTTPError), running.client() as client:
            if client.get("/readyz").status_code == 200:
                return running
        time.sleep(0.2)
    process.kill()
    raise TimeoutError("the service did not start")


def ended(running: Running) -> float:
    """End it as an operator does; how long that took, in seconds."""
    began = time.monotonic()
    running.process.send_signal(signal.SIGTERM)
    try:
        assert running.process.wait(30) == 0
    finally:
        running.process.kill()
    return time.monotonic() - began


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = started(tmp_path_factory.mktemp("service"))
    try:
        yield running
    finally:
        running.process.terminate()
        running.process.wait(30)


def post(service: Running, headers: str) -> socket.socket:
    """A connection on which a cancel has begun: its body is still to come."""
    opened = service.socket()
    head = (
        f"POST /cancel-orders HTTP/1.1\r\nhost: x\r\nx-api-key: {service.key}\r\n{headers}\r\n\r\n"
    )
    opened.sendall(head.encode())
    return opened


def test_it_says_that_it_is_ready(service: Running) -> None:
    with service.client() as client:
        told = client.get("/readyz").json()
    assert told["status"] == "ready"
    assert told["checks"] == {"database": "ok", "recorder": "ok", "projections": "ok"}


def test_who_says_nothing_or_says_it_slowly_is_hung_up_on(service: Running) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(service.socket()) for _ in range(1000)]
        slow = [stack.enter_context(service.socket()) for _ in range(50)]
        for opened in slow:
            opened.sendall(b"POST /cancel-orders HTTP/1.1\r\nhost:")
        bodies = [stack.enter_context(post(service, "content-length: 99")) for _ in range(50)]
        for opened in bodies:
            opened.sendall(b"{")
        assert service.is_well()
        for opened in (*idle, *slow):
            with suppress(ConnectionResetError):
                assert opened.recv(10) == b""
        for opened in bodies:
            assert opened.recv(4096).startswith(b"HTTP/1.1 408")
            assert opened.recv(10) == b""
    assert service.is_well()


@pytest.mark.parametrize(
    ("headers", "chunked"),
    [
        pytest.param(f"content-length: {HUGE}", False, id="that it announces"),
        pytest.param("transfer-encoding: chunked", True, id="that it does not announce"),
    ],
)
def test_a_body_of_200_mb_is_refused(service: Running, headers: str, *, chunked: bool) -> None:
    with post(service, headers) as opened:
        with suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(HUGE // len(CHUNK)):
                opened.sendall(b"10000\r\n" + CHUNK + b"\r\n" if chunked else CHUNK)
        with suppress(ConnectionResetError):
            assert opened.recv(4096).startswith(b"HTTP/1.1 413")
    assert service.is_well()


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "GZIP, gzip"])
def test_a_packed_body_is_not_unpacked(service: Running, coding: str) -> None:
    bomb = gzip.compress(b" " * (100 << 20))
    with service.client(**{"x-api-key": service.key, "content-encoding": coding}) as client:
        answer = client.post("/cancel-orders", content=bomb)
    assert (answer.status_code, "detail" in answer.json()) == (415, True)
    assert service.is_well()


@pytest.mark.parametrize(
    "count", [pytest.param(1, id="in one frame"), pytest.param(3200, id="in frames without end")]
)
def test_a_message_of_200_mb_ends_the_socket(service: Running, count: int) -> None:
    piece = "x" * (HUGE // count)
    url = f"ws://127.0.0.1:{service.port}/ws"
    with suppress(ConnectionClosed, OSError), connect(url, max_size=None) as opened:
        opened.send(piece for _ in range(count))
        opened.recv(10)
    assert service.is_well()


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        pytest.param("x" * 70_000, 1009, id="larger than any message"),
        pytest.param("{", 1008, id="no JSON"),
        pytest.param("[" * 10_000, 1008, id="nested without end"),
        pytest.param(b"\xff\x00", 1008, id="bytes"),
        pytest.param('{"type": "login", "apiKey": "guess"}', 1008, id="a key never given out"),
        pytest.param('{"type": "login", "apiKey": 7}', 1008, id="a key that is no text"),
        pytest.param('{"type": "login", "channels": {}}', 1008, id="channels that are no list"),
    ],
)
def test_what_is_no_login_ends_the_socket(service: Running, frame: str | bytes, code: int) -> None:
    with connect(f"ws://127.0.0.1:{service.port}/ws") as opened:
        opened.send(frame)
        with pytest.raises(ConnectionClosed) as closed:
            opened.recv(10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


def test_a_request_has_one_name_in_its_answer_and_in_the_log(service: Running) -> None:
    with service.client(**{"x-api-key": service.key, "x-request-id": "ours-1"}) as client:
        answer = client.get("/orders?userRef=nobody")
        made = client.get("/nothing/here", headers={"x-request-id": "no name\tat all"})
    assert answer.headers["x-request-id"] == "ours-1"
    assert made.json() == {"detail": "Not Found"}
    assert len(made.headers["x-request-id"]) == 16
    lines = (service.directory / "log").read_text().splitlines()
    (line,) = [json.loads(text) for text in lines if '"ours-1"' in text]
    assert (line["event"], line["route"], line["status"], line["account"]) == (
        "request",
        "/orders",
        404,
        "acme",
    )


def test_told_to_end_it_ends_within_ten_seconds_whoever_is_connected(tmp_path: Path) -> None:
    running = started(tmp_path)
    with (
        running.client(**{"x-api-key": running.key}) as client,
        connect(f"ws://127.0.0.1:{running.port}/ws") as feed,
        running.socket(),
        post(running, "content-length: 99") as body,
    ):
        body.sendall(b"{")
        feed.send(json.dumps({"type": "login", "apiKey": running.key, "channels": []}))
        assert json.loads(feed.recv(5))["type"] == "login_ok"
        assert client.get("/orders?userRef=nobody").status_code == 404
        assert ended(running) < 10
