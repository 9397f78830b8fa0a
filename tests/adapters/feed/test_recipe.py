"""The recipe of docs/howto/follow-the-feed.md: fifteen lines that survive being killed."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.adapters.feed.logs import ACME, RIVAL, commented, placed
from tests.adapters.feed.serving import Followed, followed
from tests.gates import tree

PAGE = tree.ROOT / "docs" / "howto" / "follow-the-feed.md"
LINES_MAX = 15
KILLS = 4
EACH = 40


def recipe() -> str:
    """The program that the page shows."""
    (found,) = re.findall(r"^```python\n(.*?)^```", tree.text(PAGE), re.MULTILINE | re.DOTALL)
    return str(found)


def test_it_has_fifteen_lines() -> None:
    assert len([line for line in recipe().splitlines() if line.strip()]) <= LINES_MAX


def started(feed: Followed, program: Path, warehouse: Path) -> subprocess.Popen[bytes]:
    """The recipe as a process of its own."""
    told = {
        "FEED": f"http://127.0.0.1:{feed.port}",
        "KEY": f"read:{ACME.venue}:{ACME.account}",
        "WAREHOUSE": str(warehouse),
    }
    return subprocess.Popen([sys.executable, program], env={**os.environ, **told})  # noqa: S603 - our own page


def rows(warehouse: Path) -> list[tuple[str, int]]:
    """What is in the warehouse, in order."""
    if not warehouse.exists():
        return []
    with closing(sqlite3.connect(warehouse)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'place'").fetchone():
            return []
        found = connection.execute("SELECT id, position FROM events ORDER BY position")
        return [(str(event_id), int(position)) for event_id, position in found]


def test_killed_again_and_again_it_has_every_event_once(sqlite_url: str, tmp_path: Path) -> None:
    program, warehouse = tmp_path / "consumer.py", tmp_path / "warehouse.db"
    program.write_text(recipe(), encoding="utf-8")
    wanted: list[str] = []
    with followed(sqlite_url) as feed:
        for kill in range(KILLS + 1):
            process = started(feed, program, warehouse)
            try:
                for _ in range(EACH):
                    mine = placed(ACME)
                    feed.app.store.append([placed(RIVAL), mine, commented(ACME)], (), (), (), ())
                    wanted.append(str(mine.event_id))
                until = time.monotonic() + 30
                enough = len(wanted) - (EACH // 2 if kill < KILLS else 0)
                while len(rows(warehouse)) < enough:
                    assert time.monotonic() < until
                    assert process.poll() is None
                    time.sleep(0.01)
            finally:
                process.kill()
                process.wait()
    assert [event_id for event_id, _ in rows(warehouse)] == wanted
