"""Whether the service can do its work, and if not, why: what `/readyz` tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from adapters.bootstrap import App
from adapters.eventlog.errors import LogError
from adapters.recording.recorder import Recorder
from projections import queries

AWAY = (SQLAlchemyError, LogError)
BEHIND_MAX = 10_000
"""Read models that are more events behind the log tell of the past."""
WAITING_MAX = 5_000
"""More messages that wait to be stored, and their callers are not answered in time."""

SCHEMA: Mapping[str, str] = {
    "empty": "`breakwater db upgrade` makes it",
    "behind": "stop the service, back it up, run `breakwater db upgrade`",
    "newer": "use the newer program",
}
"""What to do about each state of the schema that this program cannot work on."""


def checks_of(app: App, recorder: Recorder | None) -> Mapping[str, Callable[[], str | None]]:
    """By name, what must hold: None, or why it does not."""

    def database() -> str | None:
        try:
            with app.reading() as connection:
                connection.execute(text("SELECT 1"))
            found = app.schema_state()
        except AWAY as error:
            return f"not reachable ({type(error).__name__})"
        return None if found == "current" else f"its schema is {found}: {SCHEMA[found]}"

    def recording() -> str | None:
        if recorder is None:
            return None  # each account of `run` has one of its own, and tells of it
        if not recorder.is_running:
            return "ended: nothing can be stored any more, start the service again"
        if recorder.waiting > WAITING_MAX:
            return f"{recorder.waiting} messages wait to be stored"
        return None

    every = app.runner.projections

    def projections() -> str | None:
        try:
            with app.reading() as connection:
                stands = queries.standings(connection)
            head = app.store.head()
        except AWAY as error:
            return f"unknown ({type(error).__name__})"
        places = [stands[one.name].position if one.name in stands else 0 for one in every]
        behind = head - min(places, default=head)
        return f"{behind} events behind the log" if behind > BEHIND_MAX else None

    return {"database": database, "recorder": recording, "projections": projections}
