"""A rebuild beside the live tables: the same rows, nobody disturbed, nothing lost in the swap."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, update

from adapters.beside import ProcessLost
from adapters.bootstrap import App
from adapters.codec import UnknownTopic
from adapters.eventlog.rows import EventRow
from domain.ids import order_stream
from domain.values import Account, Name, NameKind
from projections import queries, tables
from projections.rebuild import Pace, compare, rebuild
from projections.twins import TWIN
from tests.feeding import book, desk, feed, flags, sound
from tests.processes import gone, working_beside
from tests.projections.days import bulk_cancel, day, poisoned, special
from tests.projections.rebuilding import rebuilt, together

ROOT = Path(__file__).parents[2]


def indexes(app: App) -> list[tuple[str, str]]:
    """Every index of the read models, by table."""
    with app.reading() as connection:
        seen = inspect(connection)
        return sorted(
            (table.name, str(index["name"]))
            for table in tables.metadata.sorted_tables
            for index in seen.get_indexes(table.name)
        )


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_rebuild_gives_the_same_rows(database_url: str, workers: int) -> None:
    with desk(database_url) as app:
        feed(app, day(40), bulk_cancel(), special())
        before, held, open_flags = sound(app), book(app), flags(app, everything=True)
        assert rebuilt(app, workers=workers) == app.store.head()
        assert (sound(app), book(app)) == (before, held)
        assert flags(app, everything=True) == open_flags
        differing = compare(
            app.writing,
            app.store,
            app.runner.projections,
            app.limits,
            together(app, workers),
        )
        assert not any(differing.values())


def test_a_stream_that_no_process_can_take_is_left_out(database_url: str) -> None:
    with desk(database_url) as app:
        stream = poisoned(app)
        feed(app, day(20, "c2", account="other"))
        app.runner.catch_up()
        before = sound(app)
        rebuilt(app, workers=3)
        assert sound(app) == before
        with app.reading() as connection:
            assert {row["stream"] for row in queries.buried(connection)} == {stream}


def test_what_is_wrong_with_the_log_is_told_by_whichever_process_reads_it(
    database_url: str,
) -> None:
    with desk(database_url) as app:
        feed(app, day(4))
        before = book(app)
        owner = Account("canonical", "desk")
        for number in range(40):  # in every part of the log
            stream = order_stream(owner, Name(NameKind.CLIENT, f"N{number}"))
            app.store.log.append([EventRow(stream, 1, "Unheard:1", b"{}")])
        with pytest.raises(UnknownTopic, match=r"'Unheard:1', which this program does not know"):
            rebuilt(app, workers=3)
        assert book(app) == before


@pytest.mark.parametrize("name", ["orders", "cancels", "fills", "breaks", "activity"])
def test_one_projection_alone(database_url: str, name: str) -> None:
    with desk(database_url) as app:
        feed(app, day(5), bulk_cancel())
        before = sound(app)
        with app.writing() as connection:
            for table in next(p for p in app.runner.projections if p.name == name).tables:
                connection.execute(table.delete())
        differing = compare(app.writing, app.store, app.runner.projections, app.limits)
        assert any(differing.values()), "the comparison sees what is missing"
        rebuilt(app, name)
        app.runner.catch_up()
        assert sound(app) == before


def test_flags_rebuilt_while_the_links_lag_are_made_again(database_url: str) -> None:
    """`breaks` reads what `cancels` keeps; it never stands further than that."""
    with desk(database_url) as app:
        feed(app, day(5))
        before = app.store.head()
        feed(app, bulk_cancel())
        whole = sound(app)
        with app.writing() as connection:
            connection.execute(tables.cancel_links.delete())
            connection.execute(tables.cancels.delete())
            connection.execute(
                update(tables.positions)
                .where(tables.positions.c.name == "cancels")
                .values(position=0)
            )
        assert before
        rebuilt(app, "breaks")
        app.runner.catch_up()
        assert sound(app) == whole


def test_the_swap_keeps_indexes_and_the_schema(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, day(2))
        before = indexes(app)
        assert before
        for _ in range(2):
            rebuilt(app)
            assert indexes(app) == before
            with app.reading() as connection:
                ours = {table.name for table in tables.metadata.sorted_tables}

                def read_model(
                    _object: object,
                    name: str | None,
                    kind: str,
                    *_rest: object,
                    ours: set[str] = ours,
                ) -> bool:
                    return kind != "table" or name in ours

                context = MigrationContext.configure(
                    connection, opts={"include_object": read_model, "compare_type": True}
                )
                assert compare_metadata(context, tables.metadata) == []
        if not database_url.startswith("sqlite"):
            with app.reading() as connection:
                keys = connection.exec_driver_sql(
                    "SELECT conname FROM pg_constraint WHERE contype = 'p'"
                    " AND conrelid = 'orders'::regclass"
                )
                assert keys.scalars().all() == ["orders_pkey"]
                counted = connection.exec_driver_sql(
                    "SELECT reltuples FROM pg_class WHERE oid = 'orders'::regclass"
                ).scalar_one()
                assert counted == len(list(queries.order_list(connection))), "plans know its size"


def twins_left(app: App) -> list[str]:
    """Tables that a rebuild has left lying about."""
    with app.reading() as connection:
        return [name for name in inspect(connection).get_table_names() if TWIN in name]


def test_a_process_that_is_killed_takes_the_rebuild_with_it_and_nothing_else(
    database_url: str,
) -> None:
    with desk(database_url) as app:
        feed(app, day(40))
        before = sound(app)

        def kill(_events: int) -> None:
            for pid in working_beside():
                os.kill(pid, signal.SIGKILL)

        pace = Pace(kill, together(app, 3).crew)
        with pytest.raises(ProcessLost, match="ended by signal 9; try again"):
            rebuild(app.writing, app.store, app.runner.projections, app.limits, pace)
        assert working_beside() == []
        assert twins_left(app) == []
        assert sound(app) == before
        rebuilt(app, workers=2)
        assert sound(app) == before


def test_a_killed_rebuild_leaves_no_process_and_no_table_behind(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, day(40))
        before = sound(app)
    program = [sys.executable, "-m", "tests.projections.dying", database_url]
    died = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    assert died.returncode == -signal.SIGKILL, died.stderr
    pids = [int(pid) for pid in died.stdout.split()]
    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)
    with desk(database_url) as app:
        assert twins_left(app) == []
        assert sound(app) == before
        rebuilt(app)
        assert sound(app) == before


def test_a_comparison_names_the_table_that_differs(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, day(3))
        with app.writing() as connection:
            connection.execute(
                update(tables.orders)
                .where(tables.orders.c.venue_order_id == "O1")
                .values(matched=99)
            )
        differing = compare(app.writing, app.store, app.runner.projections, app.limits)
        assert {name for name, count in differing.items() if count} == {"orders"}
