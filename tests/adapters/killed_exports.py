"""A process that exports again and again and is killed at random: each run in a fork of its own.

`python -m tests.adapters.killed_exports URL DIRECTORY KIND TIMES` prints, as JSON, how many runs
were killed and how many of those had begun to write; the last run is left in peace.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from adapters.bootstrap_export import Wanted, export
from tests.adapters.warehouse_runs import untold
from tests.feeding import desk


def begun(url: str, directory: Path, kind: str) -> int:
    """A process that exports once."""
    pid = os.fork()
    if not pid:
        try:
            with desk(url) as app:
                export(app, Wanted(directory=directory, kind=kind), untold)
        except BaseException:  # noqa: BLE001 - the parent is told by the status; no test goes on here
            os._exit(1)
        os._exit(0)
    return pid


def took_s(url: str, directory: Path, kind: str) -> float:
    """How long a whole run takes."""
    start = time.monotonic()
    _, status = os.waitpid(begun(url, directory, kind), 0)
    if status:
        raise RuntimeError(f"an export ended with {status}")
    return time.monotonic() - start


def main(url: str, place: str, kind: str, times: str) -> None:
    """Kill runs until so many were killed, then let one be."""
    directory = Path(place)
    whole_s = took_s(url, directory.with_name("undisturbed"), kind)
    chance = random.Random(7)  # noqa: S311 - moments, no secrets
    killed = writing = 0
    while killed < int(times):
        pid = begun(url, directory, kind)
        time.sleep(chance.uniform(0, whole_s))
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        killed += os.WIFSIGNALED(status)
        writing += directory.is_dir()
        if not os.WIFSIGNALED(status):  # it was faster: there is nothing left to do for the next
            directory.rename(directory.with_name(f"whole-{chance.random()}"))
    took_s(url, directory, kind)
    sys.stdout.write(json.dumps({"killed": killed, "writing": writing}))


if __name__ == "__main__":
    main(*sys.argv[1:])
