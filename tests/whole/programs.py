"""`breakwater run` as programs on one PostgreSQL, beside a simulated venue that others trade at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import text

from adapters.bootstrap import App, opened
from adapters.paper.script import Script
from adapters.settings import Settings
from tests.whole.listening import until
from tests.whole.live import Live, live

RUN = "from adapters.cli.main import run; run()"
ROOT = Path(__file__).parents[2]


class Process:
    """One `breakwater run`, and what it logs."""

    def __init__(self, directory: Path, name: str) -> None:
        self.log = directory / f"{name}.log"
        self._stream = self.log.open("wb")
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", RUN, "run"],
            stderr=self._stream,
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def said(self, event: str) -> list[dict[str, Any]]:
        """Its lines about this."""
        lines = self.log.read_text().splitlines()
        told: list[dict[str, Any]] = [json.loads(line) for line in lines if line.startswith("{")]
        return [line for line in told if line["event"] == event]

    def heard(self, event: str, times: int = 1) -> None:
        """Wait until it has said so."""
        until(lambda: len(self.said(event)) >= times, f"{event}\n{self.log.read_text()}")

    def send(self, number: signal.Signals) -> None:
        """A signal."""
        self.process.send_signal(number)

    def end(self) -> None:
        """Whatever is left of it."""
        self.process.kill()
        self.process.wait()
        self._stream.close()


@contextmanager
def process(directory: Path, name: str) -> Generator[Process]:
    """A program, ended at the latest when the block is left."""
    made = Process(directory, name)
    try:
        yield made
    finally:
        made.end()


@contextmanager
def at_one_venue(
    url: str, directory: Path, lease_s: int, through: str | None = None
) -> Generator[Live]:
    """ABP, our books in PostgreSQL, and the settings file of the programs.

    They reach the database by `through`, where it is given.
    """
    with live("abp", Script(), 1, directory, beat_s=0.5, silence_s_max=3) as found:
        connection = found.app.settings.connections["sim"].model_dump(exclude_none=True)
        lines = [f"{name} = {json.dumps(value)}" for name, value in connection.items()]
        (directory / "breakwater.toml").write_text(
            "\n".join(
                [
                    f"database_url = {json.dumps(through or url)}",
                    f"run_lease_s = {lease_s}\nrun_reconcile_s = 1\nrun_resolve_s = 1",
                    "[connections.sim]",
                    *lines,
                ]
            )
        )
        with opened(Settings(database_url=url)) as app:
            yield replace(found, app=app)


def known(app: App) -> int:
    """How many orders our books know."""
    with app.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM orders")).scalar_one())
