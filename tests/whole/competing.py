"""Programs of `breakwater run` that compete for one account and are killed at random.

Run as `python -m tests.whole.competing`: one process imports everything and forks programs, which
begin at once. Each line on standard input, `start DIRECTORY LOG` or `wait PID`, is answered by one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from time import monotonic, sleep

from sqlalchemy import text

from adapters.bootstrap import App
from adapters.cli.main import guarded
from tests.whole.listening import ours, taken_off, theirs, traded, until
from tests.whole.live import Live
from tests.whole.programs import ROOT

PAUSE_S = (0.02, 0.4)
"""Before a kill: some come before a lease is taken, some while an account is read anew."""
TAKEN_OVER = {0, 2}
"""Of five kills these wait for a holder, and are its own; the others are anybody's."""
ACTED = """
CREATE TABLE acted (id bigserial PRIMARY KEY, capture_id integer, token bigint);
CREATE FUNCTION acts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF convert_from(NEW.raw, 'UTF8') LIKE '%"direction":"sent"%' THEN
        INSERT INTO acted (capture_id, token)
        SELECT NEW.capture_id, token FROM leases WHERE name LIKE 'run %';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER acts AFTER INSERT ON wire FOR EACH ROW EXECUTE FUNCTION acts();
"""
"""Under which token each message of ours was stored, as the database sees it."""


@dataclass(frozen=True, slots=True)
class Survived:
    """What came of it. `twice`: recordings in which something was said under two tokens."""

    kills: int
    holders: int
    acts: int
    turns: int
    twice: list[int]
    out_of_turn: int
    orders: int
    ours: dict[str, str]
    theirs: dict[str, str]
    endings: list[int]
    seconds: float


class Programs:
    """Two at a time, each a fork of a process that has imported everything."""

    def __init__(self, forks: subprocess.Popen[str], directory: Path) -> None:
        self._forks = forks
        self._directory = directory
        self.running: list[int] = []

    def start(self) -> None:
        """One more."""
        self.running.append(int(self._told("start", self._directory, self._directory / "run.log")))

    def kill(self, pid: int) -> None:
        """It is gone without a word."""
        self.end(pid, signal.SIGKILL)

    def end(self, pid: int, number: signal.Signals) -> int:
        """How it ended by this signal."""
        self.running.remove(pid)
        os.kill(pid, number)
        return int(self._told("wait", pid))

    def _told(self, *words: object) -> str:
        stdin, stdout = self._forks.stdin, self._forks.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(" ".join(map(str, words)) + "\n")
        stdin.flush()
        return stdout.readline()


@contextmanager
def programs(directory: Path) -> Generator[Programs]:
    """Programs in a directory with a settings file; none is left at the end."""
    forks = subprocess.Popen(
        [sys.executable, "-m", "tests.whole.competing"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with forks:
        made = Programs(forks, directory)
        try:
            yield made
        finally:
            for pid in list(made.running):
                made.kill(pid)
            assert forks.stdin is not None
            forks.stdin.close()


def killed_at_random(there: Live, directory: Path, kills: int, seed: int) -> Survived:
    """Kill the holder, or who waits, while others trade; then let the last ones finish."""
    random = Random(seed)  # noqa: S311 - moments, not secrets
    with there.app.writing() as connection:
        connection.execute(text(ACTED))
    with programs(directory) as forked:
        forked.start()
        forked.start()
        until(lambda: bool(_acts(there.app)), "it has begun")
        traded(there, 1)  # ABP finds orders that nobody heard of by tags that somebody did hear of
        until(lambda: ours(there) == theirs(there), "the tag is known")
        began = monotonic()
        holders = 0
        for number in range(kills):
            ids = traded(there, random.randint(1, 3))
            if number % 2:
                taken_off(there, ids[:1])
            if number % 5 in TAKEN_OVER:
                until(lambda: _at_work(there.app, forked.running), "one has taken over")
            sleep(random.uniform(*PAUSE_S))
            holder = holder_of(there.app)
            if number % 5 in TAKEN_OVER and holder in forked.running:
                chosen = holder
            else:
                chosen = random.choice(forked.running)
            holders += chosen == holder
            forked.kill(chosen)
            forked.start()
        seconds = monotonic() - began
        until(lambda: ours(there) == theirs(there), "the books agree")
        found = ours(there), theirs(there)
        endings = [forked.end(pid, signal.SIGTERM) for pid in list(forked.running)]
    acted = _acts(there.app)
    tokens: dict[int, set[int]] = {}
    for capture, token in acted:
        tokens.setdefault(capture, set()).add(token)
    turns = [token for _, token in acted]
    return Survived(
        kills,
        holders,
        len(acted),
        len(set(turns)),
        [capture for capture, under in tokens.items() if len(under) > 1],
        sum(later < earlier for earlier, later in pairwise(turns)),
        len(there.books()),
        *found,
        endings,
        seconds,
    )


def holder_of(app: App) -> int | None:
    """The process that holds the account's lease, or held it last."""
    query = text("SELECT holder FROM leases WHERE name LIKE 'run %'")
    with app.reading() as connection:
        found: str | None = connection.execute(query).scalar_one_or_none()
    return None if found is None else int(found.split(":")[-2])


def _at_work(app: App, running: Sequence[int]) -> bool:
    """One that is alive has said something under its lease."""
    if holder_of(app) not in running:
        return False
    query = text("SELECT count(*) FROM acted JOIN leases USING (token) WHERE name LIKE 'run %'")
    with app.reading() as connection:
        return bool(connection.execute(query).scalar_one())


def _acts(app: App) -> list[tuple[int, int]]:
    with app.reading() as connection:
        rows = connection.execute(text("SELECT capture_id, token FROM acted ORDER BY id"))
        return [(capture, token) for capture, token in rows]


def _start(directory: str, log: str) -> int:
    """Fork a program; its pid."""
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        os.chdir(directory)
        told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(told, 2)
        code = guarded(["run"])
    finally:
        os._exit(code)


def main() -> None:
    """Serve commands until standard input ends."""
    for line in sys.stdin:
        verb, *words = line.split()
        if verb == "start":
            answer = _start(*words)
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(int(words[0]), 0)[1])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
