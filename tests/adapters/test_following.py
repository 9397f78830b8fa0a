"""The read models of a long ingest are made by a process beside it, and are as if made here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import following
from adapters.bootstrap import App, opened
from adapters.engine import ingest
from adapters.settings import Settings
from domain.wire import Item
from tests.feeding import Feed, book, desk, flags, items, sound
from tests.processes import alive, gone, working_beside
from tests.projections.days import bulk_cancel, day

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches, and the other process begins at once."""
    monkeypatch.setattr(following, "EVENTS_MIN", 1)
    monkeypatch.setattr(ingest, "BATCH_LINES", 5)


def read(url: str, given: Iterator[Item] | list[Item], workers: int = 2) -> None:
    """Ingest with so many processes."""
    with opened(Settings(database_url=url, durability="normal", workers=workers)) as app:
        app.ingest([("file", given)])


def records() -> Feed:
    """A day of orders, then more of the same."""
    return day(60)


def paced(pids: list[int], given: Feed, act: int, what: signal.Signals | None) -> Iterator[Item]:
    """The lines; before the `act`-th the other process is at work, and gets a signal."""
    for number, one in enumerate(items(given.records), 1):
        if number == act:
            pids.extend(working_beside())
            time.sleep(1.5)  # until it is ready, and the work is its own
            if what is not None:
                os.kill(pids[0], what)
                assert gone(pids[0])
        yield one


def whole(app: App) -> tuple[object, ...]:
    """What the read models say, once they are found equal to what the log gives."""
    return sound(app), book(app), flags(app, everything=True)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_same_read_models_by_any_number_of_processes(database_url: str, workers: int) -> None:
    seen: list[int] = []
    read(database_url, paced(seen, records(), 100, None), workers)
    assert len(seen) == (workers > 1)
    assert not any(map(alive, seen))
    with desk(database_url) as app:
        assert app.runner.catch_up() == app.store.head()
        found = whole(app)
        app.rebuild(app.runner.projections)
        assert whole(app) == found


def test_one_that_is_killed_is_done_without(
    database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    seen: list[int] = []
    read(database_url, paced(seen, records(), 150, signal.SIGKILL))
    assert len(seen) == 1
    assert "the read models go on in this process" in "".join(capfd.readouterr())
    with desk(database_url) as app:
        assert all(stand == app.store.head() for stand in stands(app))
        whole(app)


def stands(app: App) -> list[int]:
    """Where each projection stands, before anybody catches up."""
    with app.reading() as connection:
        rows = connection.exec_driver_sql("SELECT position FROM projection_positions")
        return list(rows.scalars())


def test_a_wide_cancel_waits_for_the_other_process(database_url: str) -> None:
    """What a cancel of everything touches is told by the read models: by all that was stored."""
    given = day(40)
    given.records.extend(bulk_cancel().records)
    read(database_url, items(given.records))
    with desk(database_url) as app:
        beside = whole(app)
    assert beside[0]


def test_an_ingest_that_is_interrupted_leaves_no_process(database_url: str) -> None:
    seen: list[int] = []

    def interrupted() -> Iterator[Item]:
        yield from paced(seen, records(), 150, None)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(database_url, interrupted())
    assert len(seen) == 1
    assert not alive(seen[0])
    with desk(database_url) as app:
        app.runner.catch_up()
        whole(app)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_ingest_ends_the_other_process_and_a_second_run_completes_it(
    database_url: str, how: signal.Signals
) -> None:
    program = [sys.executable, "-m", "tests.adapters.following_jobs", database_url, how.name]
    died = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    assert died.returncode == -how, died.stderr
    assert gone(int(died.stdout))
    read(database_url, items(records().records), workers=1)
    with desk(database_url) as app:
        found = whole(app)
        assert all(stand == app.store.head() for stand in stands(app))
        app.rebuild(app.runner.projections)
        assert whole(app) == found
