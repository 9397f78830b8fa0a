"""Holders that are processes: they take turns, are killed, are paused and wake up."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from adapters.eventlog.database import writing
from adapters.leases.schema import leases as table
from adapters.leases.store import Lease, Leases
from tests.adapters.leases.holders import LONG, NAME, leases_in, write, written

PROGRAM = "tests.adapters.leases.holders"


@pytest.fixture
def leases(engine: Engine) -> Leases:
    return leases_in(engine)


@contextmanager
def started(url: str, lasts: timedelta, rows: int) -> Generator[subprocess.Popen[str]]:
    """A holder at work, ended at the latest when the block is left."""
    lasts_ms = lasts // timedelta(milliseconds=1)
    command = [sys.executable, "-m", PROGRAM, url, str(lasts_ms), str(rows)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        try:
            yield process
        finally:
            process.kill()


def token_of(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def test_processes_take_turns(leases: Leases, engine: Engine, database_url: str) -> None:
    del leases
    with ExitStack() as stack:
        workers = [stack.enter_context(started(database_url, LONG, 5)) for _ in range(3)]
        assert sorted(token_of(worker) for worker in workers) == [1, 2, 3]
        assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    assert [token for token, _ in written(engine)] == [1] * 5 + [2] * 5 + [3] * 5


def test_a_killed_holder_is_followed_when_its_time_is_over(
    leases: Leases, engine: Engine, database_url: str
) -> None:
    with started(database_url, timedelta(seconds=1), 1_000_000) as worker:
        assert token_of(worker) == 1
        worker.kill()
        worker.wait()
    lease = next_lease(leases)
    assert lease.token == 2
    write(engine, lease)
    assert in_order(engine)


def test_a_paused_process_that_wakes_up_is_refused(
    leases: Leases, engine: Engine, database_url: str
) -> None:
    """It goes on in the middle of its work, and believes that the lease is still its own."""
    with started(database_url, timedelta(seconds=1), 1_000_000) as worker:
        assert token_of(worker) == 1
        pause_outside_transactions(worker, engine)
        lease = next_lease(leases)
        write(engine, lease)
        worker.send_signal(signal.SIGCONT)
        assert worker.stdout is not None
        assert worker.stdout.readline() == "lost\n"
        assert worker.wait(30) == 3
    write(engine, lease)
    assert [token for token, _ in written(engine)][-2:] == [2, 2]
    assert in_order(engine)


def next_lease(leases: Leases) -> Lease:
    """The lease, as soon as the holder's time is over."""
    began = time.monotonic()
    while (lease := leases.acquire(NAME, "next", LONG)) is None:
        assert time.monotonic() - began < 30
        time.sleep(0.02)
    return lease


def in_order(engine: Engine) -> bool:
    """Nothing was written with a token that was over."""
    tokens = [token for token, _ in written(engine)]
    return tokens == sorted(tokens)


def pause_outside_transactions(worker: subprocess.Popen[str], engine: Engine) -> None:
    """Stop it while this process has the write lock, so that it holds none itself."""
    with writing(engine) as connection:
        connection.execute(select(table).with_for_update())
        worker.send_signal(signal.SIGSTOP)
        time.sleep(0.1)
