"""How the tests drive `tests.whole.crashing`, and what must hold of a log after a kill."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from adapters.bootstrap import App
from adapters.eventlog.chain import verify
from tests.feeding import Feed, Record, raw
from tests.whole.stories import STEPS, numbered, story, timed, woven

ROOT = Path(__file__).parents[2]


class Nursery:
    """The process that forks programs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, *words: object) -> int:
        """Start a program; its pid."""
        return int(self._told(*words).split()[1])

    def wait(self, pid: int) -> int:
        """How a program ended: 0, or less than 0 for the signal that killed it."""
        return int(self._told("wait", pid).split()[1])

    def _told(self, *words: object) -> str:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(" ".join(map(str, words)) + "\n")
        stdin.flush()
        return stdout.readline()


@contextmanager
def nursery() -> Generator[Nursery]:
    """A process that forks programs, ended at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.whole.crashing"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def recording(capture: str = "shared", account: str = "desk", orders: int = 6) -> list[Record]:
    """Some orders with everything that happens to orders, woven; a held answer among them."""
    lives = timed(
        [story(number, STEPS[number % 4 :] + STEPS[:4], account) for number in range(orders)]
    )
    told = woven(lives, [7 * number for number in range(400)])
    http = Feed(venue="predictstreet", account=account)
    http.post("x", "/api/orders/cancel-batch", {"orderIds": ["A"]})
    http.reply("x", {"cancelled": ["A"], "notCancelled": {}})
    request, answer = http.records
    told[20:20] = [answer]
    told[40:40] = [request]
    return numbered(told, capture)


def written(path: Path, records: list[Record]) -> Path:
    """The records as a file."""
    path.write_bytes(b"\n".join(map(raw, records)) + b"\n")
    return path


def acknowledged(acks: Path) -> int:
    """The last line that the program was told is stored."""
    lines = acks.read_text().split("\n")[:-1] if acks.exists() else []
    return max((int(line) for line in lines if line.isdigit()), default=0)


class Held(NamedTuple):
    """What the log holds: events in their order, lines, and how many events each line caused."""

    events: list[tuple[object, ...]]
    lines: set[tuple[str, int]]
    caused: Counter[tuple[str | None, int | None]]


def held(app: App) -> Held:
    """The log's content, once its chain is whole."""
    assert verify(app.engine).damage is None
    # Lines first: a line that is there came with its events, however many are written now.
    with app.reading() as connection:
        lines = connection.exec_driver_sql(
            "SELECT c.name, w.seq FROM wire w JOIN captures c ON c.id = w.capture_id"
        ).all()
    rows = app.store.log.after(0, 1_000_000)
    return Held(
        [(row.stream, row.version, row.topic, row.state, row.capture, row.seq) for row in rows],
        {(name, seq) for name, seq in lines},
        Counter((row.capture, row.seq) for row in rows),
    )
