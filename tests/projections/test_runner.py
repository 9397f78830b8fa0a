"""Projections and the log: never an event twice, rows and position together, a bad stream alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import update

from adapters.bootstrap import App
from adapters.bootstrap_dialects import DIALECTS
from adapters.captures.ndjson import item
from adapters.engine.ingest import Ingest
from domain.events import Filled
from domain.ids import order_stream
from domain.recorded import Pending
from domain.values import Account, Name, NameKind
from projections import queries, runner, tables
from projections.rebuild import compare, rebuild
from projections.runner import OutdatedRules
from tests.feeding import NOON, Feed, book, desk, feed, flags, items, orders, sound
from tests.projections.days import day, poisoned


def _no_projection(*_told: object) -> None:
    """The program ends here."""


def stored_only(app: App, given: Feed) -> None:
    """The lines go into the log, and the program ends before any projection has seen them."""
    engine = Ingest(app.store, partial(item, "log", 0), DIALECTS, app, _no_projection)
    engine.read("file", items(given.records))
    engine.finish()


def counted(app: App) -> tuple[int, int]:
    """How many events and fills the activity projection has counted."""
    with app.reading() as connection:
        rows = queries.activity_list(connection)
    return sum(row["events"] for row in rows), sum(row["fills"] for row in rows)


def test_competing_runners_never_apply_an_event_twice(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "STEP_EVENTS", 3)
    with desk(database_url) as app:
        stored_only(app, day(12))

        def run(_number: int) -> int:
            with desk(database_url) as own:
                return own.runner.catch_up()

        with ThreadPoolExecutor(4) as pool:
            reached = list(pool.map(run, range(4)))
        head = app.store.head()
        assert reached == [head] * 4
        assert counted(app) == (head, 24)
        sound(app)


def test_writers_that_compete_never_apply_an_event_twice(database_url: str) -> None:
    """Four programs read four accounts; each projects what it stored, or what all stored."""

    def run(number: int) -> None:
        with desk(database_url) as own:
            feed(own, day(5, f"c{number}", account=f"desk{number}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    with desk(database_url) as app:
        assert app.runner.catch_up() == app.store.head()
        assert counted(app) == (app.store.head(), 40)
        sound(app)


def test_what_was_stored_and_not_projected_is_caught_up(database_url: str) -> None:
    with desk(database_url) as app:
        stored_only(app, day())
        assert book(app) == {}
    with desk(database_url) as app:
        feed(app)
        assert len(book(app)) == 6
        after_crash = sound(app)
        late = flags(app)
        rebuild(app.writing, app.store, app.runner.projections, app.limits)
        assert (sound(app), flags(app)) == (after_crash, late)


def test_rows_and_position_are_one_transaction(database_url: str) -> None:
    """A step that fails in its last projection leaves no row of the first one behind."""

    class Broken(Exception):
        """Nothing that a stream could cause: the disk, say."""

    def fail(*_told: object) -> None:
        raise Broken

    with desk(database_url) as app:
        stored_only(app, day())
        kept = app.runner.projections
        app.runner.projections = (*kept[:3], _with_apply(kept[3], fail))
        with pytest.raises(Broken):
            app.runner.catch_up()
        assert book(app) == {}
        with app.reading() as connection:
            assert queries.standings(connection) == {}
        app.runner.projections = kept
        app.runner.catch_up()
        assert counted(app)[0] == app.store.head()
        sound(app)


def _with_apply(projection: runner.Projection, apply: runner.Apply) -> runner.Projection:
    return runner.Projection(projection.name, projection.version, projection.tables, apply)


def test_a_stream_that_cannot_be_taken_is_set_aside_and_the_others_go_on(
    database_url: str,
) -> None:
    with desk(database_url) as app:
        stream = poisoned(app)
        feed(app, day(4, "c2", account="other"))
        assert app.runner.catch_up() == app.store.head()
        held = orders(app)
        assert stream not in {row["order_key"] for row in held.values()}
        with app.reading() as connection:
            buried = queries.buried(connection)
        assert {(row["projection"], row["stream"]) for row in buried} == {
            (name, stream) for name in ("orders", "spans", "cancels", "fills", "breaks")
        }
        assert all("KeyError" in row["error"] for row in buried)
        assert counted(app)[0] == app.store.head(), "counts need no fold"
        sound(app)


def test_a_stream_that_was_set_aside_stays_so_until_a_rebuild(database_url: str) -> None:
    with desk(database_url) as app:
        stream = poisoned(app)
        app.runner.catch_up()
        rebuild(app.writing, app.store, app.runner.projections, app.limits)
        with app.reading() as connection:
            assert {row["stream"] for row in queries.buried(connection)} == {stream}
        sound(app)
        later = Pending(
            order_stream(Account("canonical", "desk"), Name(NameKind.CLIENT, "X1")),
            len(app.store.histories([UUID(stream)])[UUID(stream)]) + 1,
            Account("canonical", "desk"),
            UUID(stream),
            None,
            NOON,
            "c1",
            1,
            Filled(fill_id="late", size=Decimal(1)),
        )
        app.store.append([later], [], [], [], [])
        app.runner.catch_up()
        assert stream not in {row["order_key"] for row in orders(app).values()}
        sound(app)


def test_an_order_at_the_end_of_time_troubles_nobody(database_url: str) -> None:
    given = day(2)
    given.place("LAST")
    given.records[-1]["at"] = "9999-12-31T23:59:59.999999Z"
    first = Feed("c0").place("FIRST")
    first.records[0]["at"] = "0001-01-01T00:00:00.000000Z"
    with desk(database_url) as app:
        feed(app, first, given)
        assert {"FIRST", "LAST"} <= {row["client_order_id"] for row in orders(app).values()}
        flags(app, everything=True)
        differing = compare(app.writing, app.store, app.runner.projections, app.limits)
        assert not any(differing.values())


def test_rows_made_by_other_rules_are_refused_with_what_to_do(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, day(1))
        with app.writing() as connection:
            connection.execute(
                update(tables.positions)
                .where(tables.positions.c.name == "breaks")
                .values(version=999)
            )
        with pytest.raises(OutdatedRules, match=r"run `breakwater projections rebuild`"):
            app.runner.catch_up()
        with pytest.raises(OutdatedRules):
            feed(app, day(1, "c2"))
        rebuild(app.writing, app.store, app.runner.projections, app.limits)
        feed(app, day(1, "c2", account="other"))
        sound(app)


def test_an_empty_log_has_nothing_to_catch_up(database_url: str) -> None:
    with desk(database_url) as app:
        assert app.runner.catch_up() == 0
        assert feed(app).lines == 0
        rebuild(app.writing, app.store, app.runner.projections, app.limits)
        sound(app)
        assert flags(app) == []
