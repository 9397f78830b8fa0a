"""`breakwater run` as its user meets it: what it needs, what it tells, how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import pytest

from tests.adapters.at_venues import KEY_FILE, abp, quiet
from tests.adapters.cli.conftest import run
from tests.adapters.cli.using import Run
from tests.adapters.gateways.serving import free_port
from tests.whole.listening import until

__all__ = ["quiet", "run"]
RUN = "from adapters.cli.main import run; run()"
REPOSITORY = Path(__file__).parents[3]
DRAIN_S = 3


def test_without_a_connection_it_says_what_to_look_at(run: Run) -> None:
    ran = run("run")
    assert ran.code == 3
    assert "no connection is set" in ran.err
    assert "breakwater connections list" in ran.err


def test_an_account_that_is_not_set_is_named(run: Run) -> None:
    ran = run("run", "--venue", "abp", "--account", "nobody")
    assert ran.code == 3
    assert "abp nobody" in ran.err


def test_a_port_that_is_taken_is_told_before_anything_begins(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, abp() as desk:
        desk.settings(tmp_path)
        port = str(taken.getsockname()[1])
        ran = run("run", "--health", port)
        assert ran.code == 3
        assert f"127.0.0.1 port {port}: Address already in use" in ran.err
        assert "--health" in ran.err
        assert run("serve", "--port", port).code == 3


def test_a_key_that_cannot_be_read_is_named_and_not_shown(run: Run, tmp_path: Path) -> None:
    with abp() as desk:
        desk.settings(tmp_path, key_file=str(tmp_path / "nothing.key"))
        ran = run("run")
    assert ran.code == 3
    assert "nothing.key cannot be read" in ran.err
    assert "breakwater connections list" in ran.err


class Process:
    """One `breakwater run`."""

    def __init__(self, directory: Path, *words: str) -> None:
        self.log = directory / "run.log"
        self._stream = self.log.open("wb")
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", RUN, "run", *words],
            stderr=self._stream,
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )

    def said(self, event: str) -> list[dict[str, Any]]:
        """Its lines about this."""
        lines = self.log.read_text().splitlines()
        return [json.loads(line) for line in lines if f'"event": "{event}"' in line]

    def heard(self, event: str) -> None:
        """Wait until it has said so."""
        until(lambda: bool(self.said(event)), f"{event}: {self.log.read_text()}")

    def end(self) -> None:
        """Whatever is left of it."""
        self.process.kill()
        self.process.wait()
        self._stream.close()


def status(url: str) -> int | None:
    """How it answers; None while nothing does."""
    try:
        return httpx2.get(url).status_code
    except httpx2.HTTPError:
        return None


@contextmanager
def process(directory: Path, *words: str) -> Generator[Process]:
    made = Process(directory, *words)
    try:
        yield made
    finally:
        made.end()


@pytest.mark.usefixtures("quiet")
def test_it_says_how_it_is_and_ends_when_told(tmp_path: Path) -> None:
    with abp() as desk, free_port() as port:
        desk.settings(tmp_path)
        with process(tmp_path, "--health", str(port)) as made:
            made.heard("the feed is open")
            url = f"http://127.0.0.1:{port}"
            until(lambda: status(f"{url}/livez") == 200, "it lives")
            ready = httpx2.get(f"{url}/readyz")
            assert (ready.status_code, ready.json()["checks"]["abp acme"]) == (200, "ok")
            made.process.send_signal(signal.SIGTERM)
            assert made.process.wait(20) == 0
    assert made.said("ending")
    assert desk.key not in made.log.read_text()
    assert desk.key.encode() not in (tmp_path / "books.db").read_bytes()


@pytest.mark.usefixtures("quiet")
def test_a_venue_that_is_away_is_why_it_is_not_ready(tmp_path: Path) -> None:
    with abp() as desk, free_port() as port, free_port() as nobody:
        desk.settings(tmp_path, base_url=f"http://127.0.0.1:{nobody}")
        with process(tmp_path, "--health", str(port)) as made:
            made.heard("the feed ended")
            url = f"http://127.0.0.1:{port}/readyz"
            until(lambda: status(url) == 503, "it is not ready")
            assert "not heard for" in httpx2.get(url).json()["checks"]["abp acme"]
            assert httpx2.get(f"http://127.0.0.1:{port}/livez").is_success
            made.process.send_signal(signal.SIGINT)
            assert made.process.wait(20) == 0


@pytest.mark.usefixtures("quiet")
def test_a_key_that_the_venue_does_not_take_is_why_it_is_not_ready(tmp_path: Path) -> None:
    with abp() as desk, free_port() as port:
        desk.settings(tmp_path)
        (tmp_path / KEY_FILE).write_text("canary-not-the-key")
        with process(tmp_path, "--health", str(port)) as made:
            made.heard("the feed ended")
            why = made.said("the feed ended")[0]["why"]
            assert "does not let us in" in why
            assert "breakwater connections list" in why
            until(lambda: status(f"http://127.0.0.1:{port}/readyz") == 503, "it is not ready")
            made.process.send_signal(signal.SIGTERM)
            assert made.process.wait(20) == 0
    assert "canary" not in made.log.read_text()
    assert b"canary" not in (tmp_path / "books.db").read_bytes()


@contextmanager
def held_up(directory: Path) -> Generator[Process]:
    """One that is told to end while another program keeps it from storing anything."""
    with abp() as desk:
        path = desk.settings(directory)
        path.write_text(f"run_drain_s_max = {DRAIN_S}\n{path.read_text()}")
        with process(directory) as made, closing(sqlite3.connect(directory / "books.db")) as other:
            made.heard("the feed is open")
            other.execute("BEGIN IMMEDIATE")
            made.process.send_signal(signal.SIGTERM)
            made.heard("ending")
            yield made


@pytest.mark.usefixtures("quiet")
def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    with held_up(tmp_path) as made:
        began = monotonic()
        made.process.send_signal(signal.SIGTERM)
        assert made.process.wait(20) == 128 + signal.SIGTERM
        assert monotonic() - began < DRAIN_S
    assert not made.said("not everything has ended in time")


@pytest.mark.usefixtures("quiet")
def test_what_does_not_end_in_time_is_left(tmp_path: Path) -> None:
    with held_up(tmp_path) as made:
        assert made.process.wait(DRAIN_S + 20) == 0
    assert made.said("not everything has ended in time")
