"""A database with all the golden histories in it, breaks of which the desk has worked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from adapters.bootstrap import App
from adapters.bootstrap_desk import desk_of
from adapters.captures.ndjson import item
from adapters.desk import Case
from domain.desk_decisions import Asked, Refused, Verb
from domain.values import Account
from projections.break_queries import Wanted, break_list, evidence_of, find_break
from tests.golden.histories import side_by_side

WALL = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PLANS: tuple[tuple[tuple[Verb, str], ...], ...] = (
    (),
    ((Verb.ASSIGN, "ann"), (Verb.ACKNOWLEDGE, "ann")),
    ((Verb.ACCEPT, "ann"),),
    ((Verb.ACKNOWLEDGE, "ben"), (Verb.RESOLVE, "ben")),
    ((Verb.FORCE_CLOSE, "ann"),),
    ((Verb.COMMENT, "ben"),),
    ((Verb.ACCEPT, "ann"), (Verb.APPROVE, "ben")),
    ((Verb.RESOLVE, "ann"), (Verb.REOPEN, "ben")),
)
"""What the desk does about a break, and the next one, and so on."""


def told_golden(app: App, *, halves: bool = False) -> None:
    """Ingest every golden history; in halves, what the desk does comes between."""
    every = [
        (name, [item(name, number, line.encode()) for number, line in enumerate(lines, 1)])
        for name, lines in side_by_side().items()
    ]
    if halves:
        app.ingest([(name, items[: len(items) // 2]) for name, items in every])
        worked(app)
    app.ingest(every)


def worked(app: App) -> None:
    """Every break is worked in some way; every third with a second person needed."""
    app = replace(app, clock=lambda: WALL)
    with app.reading() as connection:
        at = app.as_of(connection)
        assert at is not None
        found = list(break_list(connection, at, Wanted(notes=True)))
    for number, record in enumerate(found):
        for verb, by in PLANS[number % len(PLANS)]:
            with app.reading() as connection:
                now = find_break(connection, record["break_id"], at)
            assert now is not None
            seen = evidence_of(now, at, app.store.head())
            asked = Asked(verb=verb, by=by, to="ben", text="why", at_stake=number % 5 == 2)
            owner = Account(record["venue"], record["account"])
            try:
                desk_of(app).work([Case(UUID(record["break_id"]), owner, seen, asked)])
            except Refused:
                continue
            app.runner.catch_up()


def rows_of(app: App, view: str) -> list[dict[str, Any]]:
    """The rows of a view, as the database tells them."""
    with app.reading() as connection:
        found = connection.execute(text(f"SELECT * FROM {view}"))  # noqa: S608 - names of ours
        return [dict(row) for row in found.mappings()]
