"""`breakwater simulate` as a process: its keys, its faults, its books on a signal and at last."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from adapters.cli.main import guarded
from adapters.simulating import GATEWAYS, keys_for
from tests.adapters.gateways.serving import free_port, wait_for
from tests.adapters.paper.simulated import order, simulated

EXAMPLES = Path(__file__).parents[3] / "examples"


@contextmanager
def process(*words: str, directory: Path) -> Generator[tuple[subprocess.Popen[str], int]]:
    """The command, until the block ends."""
    with free_port() as port:
        arguments = ["simulate", *words, "--port", str(port)]
        program = f"from adapters.cli.main import guarded; raise SystemExit(guarded({arguments!r}))"
        with subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", program],
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(EXAMPLES.parent)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as running:
            try:
                wait_for(port)
                yield running, port
            finally:
                running.terminate()
                running.wait(20)


def read(path: Path, until: float = 10) -> dict[str, Any]:
    """The books, when they are there."""
    end = monotonic() + until
    while not path.exists() and monotonic() < end:
        sleep(0.05)
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_a_cancel_that_is_done_and_not_answered(tmp_path: Path) -> None:
    script, books = EXAMPLES / "faults-lost-cancel.toml", tmp_path / "books.json"
    words = ("abp", "--key", "acme=k", "--script", str(script), "--books", str(books))
    with process(*words, directory=tmp_path) as (running, port):
        assert running.stdout is not None
        assert running.stdout.readline() == "acme=k\n"
        url, headers = f"http://127.0.0.1:{port}", {"x-api-key": "k"}
        with httpx2.Client(base_url=url, headers=headers) as client:
            client.post("/place-orders", json={"orders": [order(1)]})
            with pytest.raises(httpx2.RemoteProtocolError):
                client.post("/cancel-orders", json={"orderIds": [100001]})
            running.send_signal(signal.SIGUSR1)
            (row,) = read(books)["orders"]
            assert (row["matched"], row["cancelled"], row["remaining"]) == ("40", "60", "0")
            books.unlink()
            client.post("/place-orders", json={"orders": [order(2)]})
    assert running.returncode == 0
    told = read(books)
    assert [row["order_id"] for row in told["orders"]] == ["100001", "100004"]
    assert [fault["fired"] for fault in told["faults"]] == [1, 1]


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        pytest.param(["nowhere"], 2, "abp, fourcasters, paper, predictstreet", id="no such venue"),
        pytest.param(["abp", "--script", "none.toml"], 2, "none.toml", id="no such script"),
    ],
)
def test_what_cannot_be_simulated(
    words: list[str], code: int, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(["simulate", *words]) == code
    assert why in capsys.readouterr().err


@pytest.mark.parametrize(
    "script", [pytest.param(path, id=path.name) for path in sorted(EXAMPLES.glob("faults-*.toml"))]
)
def test_the_shipped_scripts_are_read(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(["simulate", "abp", "--script", str(script), "--check"]) == 0
    assert capsys.readouterr().out.endswith("faults, as written\n")


@pytest.mark.parametrize(
    ("venue", "asked", "keys"),
    [
        pytest.param("abp", ["a=b=c"], {"a": "b=c"}, id="a key may hold an equals sign"),
        pytest.param(
            "predictstreet", ["0xAB=k"], {"0xab": "k"}, id="wallets are told apart without case"
        ),
    ],
)
def test_keys(venue: str, asked: list[str], keys: dict[str, str]) -> None:
    assert keys_for(venue, 1, asked) == keys


@pytest.mark.parametrize("venue", [pytest.param(name, id=name) for name in sorted(GATEWAYS)])
def test_every_venue_is_simulated(venue: str) -> None:
    with simulated({"fault": [{"do": "error", "status": 418, "on": "read"}]}, name=venue) as there:
        assert there.client.get("/orders").status_code == 418
        assert there.books()["venue"] == venue
        assert there.books()["faults"][0]["fired"] == 1
