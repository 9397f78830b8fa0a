"""Eight programs write to PostgreSQL and are killed at random: nothing acknowledged is lost."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from random import Random

from tests.feeding import desk, feed, sound
from tests.postgres import ScratchDatabases
from tests.whole.killing import acknowledged, held, nursery, recording, written

WRITERS = 8
KILLS = int(os.environ.get("BREAKWATER_TEST_KILLS", "24"))
SEED = int(os.environ.get("BREAKWATER_TEST_SEED", "7"))


def test_writers_killed_at_random(postgres_databases: ScratchDatabases, tmp_path: Path) -> None:
    """`BREAKWATER_TEST_SEED` names the moments; `BREAKWATER_TEST_KILLS` how many."""
    random = Random(SEED)  # noqa: S311 - moments, not secrets
    captures = [recording(f"c{n}", f"desk{n}", orders=4) for n in range(WRITERS)]
    files = [written(tmp_path / f"c{n}.ndjson", captures[n]) for n in range(WRITERS)]
    acks = [tmp_path / f"c{n}.acks" for n in range(WRITERS)]
    clean_url, url = postgres_databases.fresh(), postgres_databases.fresh()
    with desk(clean_url) as app:
        feed(app, *captures)
        clean, clean_hash = held(app), sound(app)
    with nursery() as programs:
        running = {programs.start("ingest", url, files[n], acks[n]): n for n in range(WRITERS)}
        killed = 0
        while killed < KILLS:
            time.sleep(random.uniform(0.02, 0.25))
            pid = random.choice(sorted(running))
            number = running.pop(pid)
            os.kill(pid, signal.SIGKILL)
            killed += programs.wait(pid) == -signal.SIGKILL
            running[programs.start("ingest", url, files[number], acks[number])] = number
            if killed % 8 == 0:
                _whole_lines_only(url, acks, clean.caused)
        assert [programs.wait(pid) for pid in running] == [0] * WRITERS
    with desk(url) as app:
        feed(app, *captures)
        _whole_lines_only(url, acks, clean.caused)
        assert held(app).lines == clean.lines
        assert sound(app) == clean_hash
    for left in (clean_url, url):
        postgres_databases.drop(left)


def _whole_lines_only(url: str, acks: list[Path], caused: object) -> None:
    """Every acknowledged line is there, and each line with all of its events."""
    told = [acknowledged(path) for path in acks]
    with desk(url) as app:
        found = held(app)
    for number, last in enumerate(told):
        assert {(f"c{number}", seq) for seq in range(1, last + 1)} <= found.lines
    waits = {(f"c{number}", 21) for number in range(WRITERS)}  # held until its request has come
    for line in found.lines - waits:
        assert found.caused[line] == caused[line], f"half applied: {line}"  # type: ignore[index]  # a counter
