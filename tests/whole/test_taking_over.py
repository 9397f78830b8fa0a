"""Processes of `breakwater run` on one PostgreSQL: one acts, the next takes over, nobody twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text

from adapters.bootstrap import App, opened
from adapters.paper.script import Script
from adapters.settings import Settings
from tests.adapters.at_venues import quiet
from tests.postgres import ScratchDatabases
from tests.whole.listening import traded, until
from tests.whole.live import Live, live

__all__ = ["quiet"]
RUN = "from adapters.cli.main import run; run()"
LEASE_S = 3
SLACK_S = 15.0
"""A busy machine begins nothing at once."""
DRAIN_S = 10


class Process:
    """One `breakwater run`, and what it logs."""

    def __init__(self, directory: Path, name: str) -> None:
        self._file = directory / f"{name}.log"
        self._stream = self._file.open("wb")
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", RUN, "run"],
            stderr=self._stream,
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )

    def said(self, event: str) -> list[dict[str, Any]]:
        """Its lines about this."""
        lines = self._file.read_text().splitlines()
        told: list[dict[str, Any]] = [json.loads(line) for line in lines if line.startswith("{")]
        return [line for line in told if line["event"] == event]

    def heard(self, event: str, times: int = 1) -> None:
        """Wait until it has said so."""
        until(lambda: len(self.said(event)) >= times, f"{event}\n{self._file.read_text()}")

    def send(self, number: signal.Signals) -> None:
        """A signal."""
        self.process.send_signal(number)

    def end(self) -> None:
        """Whatever is left of it."""
        self.process.kill()
        self.process.wait()
        self._stream.close()


@pytest.fixture
def there(
    quiet: None, tmp_path: Path, postgres_databases: ScratchDatabases
) -> Generator[tuple[Live, App]]:
    del quiet
    url = postgres_databases.fresh()
    with live("abp", Script(), 1, tmp_path, beat_s=0.5, silence_s_max=3) as found:
        connection = found.app.settings.connections["sim"].model_dump(exclude_none=True)
        lines = [f"{name} = {json.dumps(value)}" for name, value in connection.items()]
        (tmp_path / "breakwater.toml").write_text(
            "\n".join(
                [
                    f"database_url = {json.dumps(url)}",
                    f"run_lease_s = {LEASE_S}\nrun_reconcile_s = 1\nrun_resolve_s = 1",
                    "[connections.sim]",
                    *lines,
                ]
            )
        )
        with opened(Settings(database_url=url)) as app:
            yield found, app
    postgres_databases.drop(url)


@contextmanager
def process(directory: Path, name: str) -> Generator[Process]:
    made = Process(directory, name)
    try:
        yield made
    finally:
        made.end()


def sent_in(app: App, captures: set[str]) -> int:
    """How many messages of ours these recordings hold."""
    query = text(
        "SELECT count(*) FROM wire JOIN captures ON captures.id = capture_id "
        "WHERE captures.name = ANY(:names) "
        "AND convert_from(raw, 'UTF8') LIKE '%\"direction\":\"sent\"%'"
    )
    with app.reading() as connection:
        return int(connection.execute(query, {"names": list(captures)}).scalar_one())


def known(app: App) -> int:
    with app.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM orders")).scalar_one())


def test_one_acts_and_the_next_takes_over(there: tuple[Live, App], tmp_path: Path) -> None:
    venue, app = there
    with process(tmp_path, "first") as first, process(tmp_path, "second") as second:
        until(
            lambda: bool(first.said("the feed is open") or second.said("the feed is open")), "one"
        )
        holder, other = (first, second) if first.said("the feed is open") else (second, first)
        other.heard("another process has it")
        assert other.said("the feed is open") == []

        holder.send(signal.SIGSTOP)  # it does not know that its time goes by
        other.heard("the feed is open")
        traded(venue, 3)
        until(lambda: known(app) == 3, "the orders are known")
        paused = {line["recording"] for line in holder.said("the feed is open")}
        before = sent_in(app, paused)
        holder.send(signal.SIGCONT)
        holder.heard("another process has it")
        assert sent_in(app, paused) == before
        assert len(holder.said("the feed is open")) == 1

        began = monotonic()
        other.send(signal.SIGKILL)
        holder.heard("the feed is open", times=2)
        assert monotonic() - began < LEASE_S + LEASE_S / 3 + SLACK_S
        traded(venue, 2)
        until(lambda: known(app) == 5, "and so are the next ones")

        began = monotonic()
        holder.send(signal.SIGTERM)
        assert holder.process.wait(DRAIN_S + SLACK_S) == 0
        assert monotonic() - began < DRAIN_S
        with app.reading() as connection:
            assert connection.execute(text("SELECT holder FROM leases")).scalars().all() == [None]
