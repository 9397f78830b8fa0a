"""SIGKILL in the middle of an ingest into SQLite: what was acknowledged stays, nothing is halved.

Two ways to die. Before an SQL statement: everywhere the same, always run. At a write call of the
operating system: by strace, where the machine has it and may use it.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest

from tests.feeding import desk, feed, sound
from tests.whole.killing import Held, Nursery, acknowledged, held, nursery, recording, written

POINTS = int(os.environ.get("BREAKWATER_TEST_CRASH_POINTS", "24"))
"""How many points of each kind are tried; any number, for a night."""
CALLS = "pwrite64,write,fdatasync,fsync,ftruncate,unlink,rename"
RECORDS = recording()


@pytest.fixture(scope="module")
def programs() -> Iterator[Nursery]:
    """Where programs are started."""
    with nursery() as found:
        yield found


class Scene:
    """A capture, a clean run over it, and fresh databases to die over."""

    def __init__(self, programs: Nursery, template: Path, directory: Path) -> None:
        self.programs = programs
        self.directory = directory
        self.file = written(directory / "capture.ndjson", RECORDS)
        self._template = template
        self._numbers = count()
        path = self.fresh()
        assert programs.wait(programs.start("ingest", *self.words(path))) == 0
        self.statements = int(self.acks(path).read_text().split()[-1])
        with desk(f"sqlite:///{path}") as app:
            self.clean: Held = held(app)
            self.hash = sound(app)

    def fresh(self) -> Path:
        """A database with our schema."""
        path = self.directory / f"{next(self._numbers)}.db"
        shutil.copy(self._template, path)
        return path

    def acks(self, path: Path) -> Path:
        """Where a program over this database writes down what was acknowledged."""
        return path.with_suffix(".acks")

    def words(self, path: Path) -> Sequence[object]:
        """What a program over this database is told."""
        return (f"sqlite:///{path}", self.file, self.acks(path))

    def check(self, path: Path) -> None:
        """The file is sound and holds the beginning of a clean run; a second run completes it."""
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        with desk(f"sqlite:///{path}") as app:
            found = held(app)
            assert found.events == self.clean.events[: len(found.events)]
            assert {("shared", seq) for seq in range(1, acknowledged(self.acks(path)) + 1)} <= (
                found.lines
            )
            for line in found.lines - {("shared", 21)}:  # held until its request has come
                assert found.caused[line] == self.clean.caused[line], f"half applied: {line}"
            feed(app, RECORDS)
            assert sound(app) == self.hash
        for left in self.directory.glob(f"{path.stem}.*"):
            left.unlink()


@pytest.fixture(scope="module")
def scene(
    programs: Nursery, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    """The capture and its clean run."""
    return Scene(programs, sqlite_template, tmp_path_factory.mktemp("crash"))


def sampled(total: int, most: int) -> list[int]:
    """Up to `most` of the points 1 to `total`, evenly spread, the last among them."""
    most = min(most, total)
    return sorted({1 + round(number * (total - 1) / max(1, most - 1)) for number in range(most)})


def test_killed_before_an_sql_statement(scene: Scene) -> None:
    killed = 0
    for point in sampled(scene.statements, POINTS):
        path = scene.fresh()
        pid = scene.programs.start("statement", point, *scene.words(path))
        killed += scene.programs.wait(pid) == -signal.SIGKILL
        scene.check(path)
    assert killed >= min(POINTS, scene.statements) - 1


def strace(pid: int, *words: str) -> subprocess.Popen[str] | None:
    """A tracer, once it holds a stopped program; None when this machine has none to use."""
    program = shutil.which("strace")
    if program is None:
        return None
    tracer = subprocess.Popen(  # noqa: S603 - our own words
        [program, "-f", "-qq", "-p", str(pid), *words],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    for _ in range(500):
        status = Path(f"/proc/{pid}/status").read_text()
        if f"TracerPid:\t{tracer.pid}" in status:
            return tracer
        if tracer.poll() is not None:
            return None
        os.sched_yield()
        signal.sigtimedwait((), 0.01)
    tracer.kill()
    tracer.wait()
    return None


def died_at(scene: Scene, path: Path, point: int) -> int | None:
    """How a program ended that is killed at its `point`-th write call; None without strace."""
    pid = scene.programs.start("stopped", *scene.words(path))
    inject = f"inject={CALLS}:signal=SIGKILL:when={point}"
    tracer = strace(pid, "-e", f"trace={CALLS}", "-e", inject, "-o", "/dev/null")
    os.kill(pid, signal.SIGCONT)
    status = scene.programs.wait(pid)
    if tracer is None:
        return None
    with tracer:
        pass
    return status


def calls(scene: Scene) -> int:
    """How many write calls a clean run makes; 0 when strace cannot be used here."""
    path = scene.fresh()
    pid = scene.programs.start("stopped", *scene.words(path))
    trace = path.with_suffix(".trace")
    tracer = strace(pid, "-e", f"trace={CALLS}", "-o", str(trace))
    os.kill(pid, signal.SIGCONT)
    assert scene.programs.wait(pid) == 0
    if tracer is None:
        return 0
    with tracer:
        pass
    return sum("(" in line for line in trace.read_text().splitlines())


def test_killed_at_a_write_call(scene: Scene) -> None:
    """Where strace cannot be used, the statements' points are taken twice as dense instead."""
    total = calls(scene)
    if not total:
        for point in sampled(scene.statements - 1, 2 * POINTS):
            path = scene.fresh()
            scene.programs.wait(scene.programs.start("statement", point, *scene.words(path)))
            scene.check(path)
        return
    killed = 0
    for point in sampled(total, POINTS):
        path = scene.fresh()
        killed += died_at(scene, path, point) == -signal.SIGKILL
        scene.check(path)
    assert killed >= min(POINTS, total) - 2, "the last ones may come after the end"
