"""`breakwater publish nats` as it is typed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.bootstrap_leases import leases_of
from adapters.bootstrap_publishing import publications_of
from adapters.cli.exits import Exit
from adapters.cli.main import guarded
from tests.adapters.jetstream.publishers import fill, log_of
from tests.nats_server import NatsServer, consumed

DRAIN_S_MAX = 10


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    found = NatsServer(tmp_path / "nats")
    found.start()
    yield found
    found.kill()


def test_once_tells_what_was_done(
    sqlite_url: str, server: NatsServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with log_of(sqlite_url) as app:
        last = fill(app, 1)
    command = ["--database", sqlite_url, "publish", "nats", "--url", server.url, "--once"]
    assert guarded([*command, "--json"]) == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["stream"], told["published"], told["behind"]) == ("BREAKWATER", last, 0)
    assert guarded(command) == Exit.DONE
    assert "published 0 events" in capsys.readouterr().out


def test_the_server_may_be_a_setting(
    sqlite_url: str,
    server: NatsServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BREAKWATER_NATS_URL", server.url)
    assert guarded(["--database", sqlite_url, "publish", "nats", "--once"]) == Exit.DONE
    assert "published 0 events to 0 subjects of BREAKWATER" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param([], "--url nats://", id="no server is named"),
        pytest.param(["--url", "http://h"], "nats://127.0.0.1:4222", id="no server of NATS"),
        pytest.param(["--url", "nats://h", "--stream", "a b"], "letters", id="no name of a stream"),
    ],
)
def test_what_was_asked_wrongly_is_said(
    sqlite_url: str, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(["--database", sqlite_url, "publish", "nats", *arguments]) == Exit.USAGE
    assert says in capsys.readouterr().err


def test_it_ends_when_told_to_with_what_was_on_its_way_written_down(
    sqlite_url: str, server: NatsServer
) -> None:
    command = [sys.executable, "-c", "from adapters.cli.main import run; run()"]
    command += ["--database", sqlite_url, "publish", "nats", "--url", server.url, "--json"]
    command += ["--in-flight", "3"]
    pipe = subprocess.PIPE
    with log_of(sqlite_url) as app:
        last = fill(app, 200)
        with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:  # noqa: S603 - our own program
            while not publications_of(app):
                assert process.poll() is None
                time.sleep(0.02)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=DRAIN_S_MAX)
            assert time.monotonic() - began < DRAIN_S_MAX
        assert process.returncode == Exit.DONE, err
        told = json.loads(out)
        (publication,) = publications_of(app)
        assert told["position"] == publication.position == len(consumed(server.url))
        assert told["position"] + told["behind"] == last
        assert not any(one.in_force for one in leases_of(app).listed()), "the next need not wait"
