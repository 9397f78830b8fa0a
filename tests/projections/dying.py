"""A program that rebuilds with others beside it and is killed in the middle: `dying URL`."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial

from adapters.bootstrap import opened
from adapters.bootstrap_beside import Place, crew_of
from adapters.settings import Settings
from projections.rebuild import Pace, rebuild
from tests.processes import working_beside


def main() -> None:
    """Rebuild; once some streams are read, tell who works beside, and die."""
    settings = Settings(database_url=sys.argv[1], durability="normal")
    place = Place(settings.database_url, settings.durability)

    def die(events: int) -> None:
        if events > 20:
            sys.stdout.write(" ".join(map(str, working_beside())))
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    with opened(settings) as app:
        pace = Pace(die, partial(crew_of, place, 3, 0))
        rebuild(app.writing, app.store, app.runner.projections, app.limits, pace)


if __name__ == "__main__":
    main()
