"""What has no answer is asked about and never sent again; what stays open is a human's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection, serve

from tests.adapters.at_venues import DESKS, Desk, learned, quiet
from tests.adapters.cli.conftest import run
from tests.adapters.cli.using import Ran, Run
from tests.adapters.gateways import fourcasters
from tests.adapters.lossy import Loss, Wire, lossy

__all__ = ["quiet", "run"]

WHO = ("--by", "ann", "--why", "the feed is stuck")


@pytest.fixture(params=["abp", "predictstreet"])
def desk(request: pytest.FixtureRequest, quiet: None) -> Iterator[Desk]:
    del quiet
    with DESKS[request.param]() as desk:
        yield desk


@pytest.fixture
def wire(desk: Desk) -> Iterator[Wire]:
    with lossy(desk.served.port) as wire:
        yield wire


@pytest.fixture
def at(desk: Desk, wire: Wire, run: Run, tmp_path: Path) -> Run:
    """A command about the desk's account, over the wire."""
    desk.settings(tmp_path, base_url=wire.url)

    def running(*words: str) -> Ran:
        command, *rest = words
        venue, account = desk.owner.venue, desk.owner.account
        return run(command, "--venue", venue, "--account", account, *rest)

    return running


def order(run: Run) -> Any:  # noqa: ANN401 - what a script would parse
    (found,) = run("orders", "--json").json
    return found


@pytest.mark.parametrize(
    ("loss", "then"),
    [
        pytest.param(Loss.AFTER, ("CANCELLED", 0, 0), id="it was done: the venue says so"),
        pytest.param(Loss.BEFORE, ("NEW", 1, 1), id="it was not: the order is live for certain"),
    ],
)
def test_a_lost_answer_is_looked_up(  # noqa: PLR0913, PLR0917 - fixtures
    desk: Desk, wire: Wire, at: Run, run: Run, loss: Loss, then: tuple[str, int, int]
) -> None:
    status, live, code = then
    (one,) = desk.place(1)
    learned(desk, [one])
    wire.loss = loss
    ran = at("cancel", "--order", one, *WHO, "--json")
    assert ran.code == code, ran
    assert [row["outcome"] for row in ran.json] == ["unknown" if live else "cancelled"]
    assert (order(run)["status"], order(run)["certain"]) == (status, True)
    assert len(desk.live()) == live
    assert len(wire.cancels) == 1
    assert wire.reads >= 1


def test_the_lost_answer_to_a_wide_cancel_is_looked_up_order_by_order(
    desk: Desk, wire: Wire, at: Run, run: Run
) -> None:
    ids = desk.place(3)
    learned(desk, ids)
    wire.loss = Loss.AFTER
    ran = at("cancel", "--all", "--count", "3", *WHO, "--json")
    assert ran.code == 0, ran
    assert {row["venue_order_id"]: row["outcome"] for row in ran.json} == dict.fromkeys(
        ids, "cancelled"
    )
    assert all(row["certain"] for row in run("orders", "--json").json)
    assert len(wire.cancels) == 1


def test_what_the_venue_does_not_know_any_more_is_left_to_a_human(
    desk: Desk, wire: Wire, at: Run, run: Run
) -> None:
    (one,) = desk.place(1)
    learned(desk, [one])
    wire.loss = Loss.AFTER
    ran = at("cancel", "--order", one, *WHO, "--tries", "0", "--json")
    assert (ran.code, ran.json[0]["outcome"]) == (1, "unknown")
    book = desk.served.frame.book
    for held in list(book.orders(desk.owner.account)):
        desk.served.do(partial(book.forget, held.order_id))
    ran = at("resolve", "--tries", "2", "--json")
    assert (ran.code, [row["venue_order_id"] for row in ran.json]) == (1, [one])
    assert order(run)["certain"] is False
    (asked,) = run("cancels", "--json").json
    assert asked["status"] == "unknown"
    assert len(wire.cancels) == 1


@contextmanager
def deaf(port: int, *, reaches: bool) -> Generator[tuple[str, list[bytes]]]:
    """A socket to 4casters that ends before any answer; what came to it."""
    came: list[bytes] = []

    def behave(connection: ServerConnection) -> None:
        frame = connection.recv(decode=False)
        came.append(frame)
        if reaches:
            headers = {"Authorization": fourcasters.ACME}
            url = f"ws://127.0.0.1:{port}/orders/ws"
            with connect(url, additional_headers=headers) as venue:
                venue.send(frame, text=True)
                venue.recv(5)

    with serve(behave, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}", came
        server.shutdown()
        thread.join(10)


@pytest.mark.parametrize(
    ("status", "live"),
    [
        pytest.param("CANCELLED", 0, id="it was done"),
        pytest.param("NEW", 1, id="it was not"),
    ],
)
@pytest.mark.parametrize("desk", ["fourcasters"], indirect=True)
def test_a_socket_that_ends_leaves_the_outcome_to_a_read(
    desk: Desk, run: Run, tmp_path: Path, status: str, live: int
) -> None:
    (one,) = desk.place(1)
    desk.settings(tmp_path)
    learned(desk, [one])
    with deaf(desk.served.port, reaches=live == 0) as (url, came):
        desk.settings(tmp_path, ws_url=url)
        words = ("--venue", "fourcasters", "--account", "acme", "--order", one)
        ran = run("cancel", *words, *WHO, "--json")
    assert ran.code == live, ran
    assert (order(run)["status"], order(run)["certain"]) == (status, True)
    assert len(desk.live()) == live
    assert len(came) == 1


LAUNCH = """
import os, signal
from adapters.cli.main import run
from adapters.recording.recorder import Received
from adapters.transport import http

def die(*_told, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

async def dies(*_told, **_more):
    die()

kept = http.stored
async def dies_before_storing(recording, message):
    die()
async def dies_when_stored(recording, message):
    await kept(recording, message)
    die()

STEP
run()
"""
STEPS = {
    "before the intent is stored": "http.recorded = dies",
    "when the intent is stored": "http.HttpTransport._exchanged = dies",
    "when it is sent": "",
    "when the answer is received": "http.stored = dies_before_storing",
    "when the answer is stored": "http.stored = dies_when_stored",
}
OUTCOMES = {
    "before the intent is stored": ("NEW", 0, 0),
    "when the intent is stored": ("NEW", 0, 1),
    "when it is sent": ("CANCELLED", 1, 1),
    "when the answer is received": ("CANCELLED", 1, 1),
    "when the answer is stored": ("CANCELLED", 1, 1),
}
"""How the order stands in the end, the calls that came to the venue, and the requests we hold."""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("desk", ["abp"], indirect=True)
def test_killed_at_any_step_the_next_command_finds_out(  # noqa: PLR0913, PLR0917 - fixtures
    desk: Desk, wire: Wire, at: Run, run: Run, tmp_path: Path, step: str
) -> None:
    (one,) = desk.place(1)
    learned(desk, [one])
    wire.loss = Loss.SILENT if step == "when it is sent" else Loss.NONE
    words = ["cancel", "--venue", "abp", "--account", "acme", "--order", one, *WHO]
    child = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", LAUNCH.replace("STEP", STEPS[step]), *words], cwd=tmp_path
    )
    if wire.loss is Loss.SILENT:
        assert wire.done.wait(20)
        os.kill(child.pid, signal.SIGKILL)
    assert child.wait(30) == -signal.SIGKILL
    wire.loss = Loss.NONE
    status, calls, requests = OUTCOMES[step]
    assert at("resolve", "--json").code == 0
    held = run("cancels", "--json").json
    assert len(held) == requests
    assert all((row["requested_by"], row["why"]) == ("ann", "the feed is stuck") for row in held)
    assert all(row["status"] != "open" for row in held)
    assert (order(run)["status"], order(run)["certain"]) == (status, True)
    assert len(desk.live()) == (status == "NEW")
    assert len(wire.cancels) == calls
    assert run("verify").code == 0
