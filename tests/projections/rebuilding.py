"""Rebuilds as tests ask for them: of some projections, by so many processes."""

from __future__ import annotations

from functools import partial

from adapters.bootstrap import App
from adapters.bootstrap_beside import Place, crew_of
from projections.rebuild import Pace, rebuild


def together(app: App, workers: int) -> Pace:
    """A rebuild by so many processes, however small the log is."""
    place = Place(app.settings.database_url, app.settings.durability)
    return Pace(crew=partial(crew_of, place, workers, 0))


def rebuilt(app: App, *names: str, workers: int = 1) -> int:
    """Make these projections anew, or all."""
    wanted = [item for item in app.runner.projections if not names or item.name in names]
    return rebuild(app.writing, app.store, wanted, app.limits, together(app, workers))
