"""A program that ingests with another beside it and is ended in the middle: `URL SIGNAL`."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator

from adapters import following
from adapters.bootstrap import opened
from adapters.engine import ingest
from adapters.settings import Settings
from domain.wire import Item
from tests.feeding import items
from tests.processes import working_beside
from tests.projections.days import day


def main() -> None:
    """Ingest; in the middle tell who works beside, and end by the signal."""
    url, how = sys.argv[1:]
    following.EVENTS_MIN = 1
    ingest.BATCH_LINES = 5

    def lines() -> Iterator[Item]:
        for number, one in enumerate(items(day(60).records), 1):
            if number == 150:
                (pid,) = working_beside()
                sys.stdout.write(str(pid))
                sys.stdout.flush()
                os.kill(os.getpid(), signal.Signals[how])
                time.sleep(60)
            yield one
            time.sleep(0.01)  # the other process takes its time to begin

    with opened(Settings(database_url=url, durability="normal", workers=2)) as app:
        app.ingest([("file", lines())])


if __name__ == "__main__":
    main()
