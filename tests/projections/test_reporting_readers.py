"""Whoever reads the views: with a role of their own, while the read models are made anew."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from adapters.dictionary import dictionary
from projections import tables
from projections.reader_role import BadRoleName, reader_role
from projections.report_lines import hold, report_lines
from projections.reporting_v1 import VIEWS
from projections.swapping import one_snapshot
from tests.feeding import Feed, desk, feed
from tests.projections.days import day
from tests.projections.rebuilding import rebuilt

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"
NAMES = [view.name for view in VIEWS.values()]


def test_the_data_dictionary_is_written_down() -> None:
    assert PAGE.read_text("utf-8") == dictionary(), (
        "run `breakwater db dictionary > docs/data-dictionary.md`"
    )


def test_a_reader_reads_the_views_and_nothing_else(postgres_url: str) -> None:
    name = f"reader_{uuid4().hex[:12]}"
    given = Feed().place("X").report("New", "O", "X", exec_id="n").trade("O", "X", "t", "40")
    with desk(postgres_url) as app:
        feed(app, given)
        address = make_url(postgres_url).set(drivername="postgresql")
        owner = address.render_as_string(hide_password=False)
        with psycopg.connect(owner, autocommit=True) as connection:
            for _ in range(2):
                connection.execute(reader_role(name).encode())
        try:
            _reads_views_alone(owner, name)
            rebuilt(app)
            _reads_views_alone(owner, name)
        finally:
            with psycopg.connect(owner, autocommit=True) as connection:
                connection.execute(f"DROP OWNED BY {name}".encode())
                connection.execute(f"DROP ROLE {name}".encode())


def _reads_views_alone(owner: str, name: str) -> None:
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"SET SESSION AUTHORIZATION {name}".encode())
        for view in NAMES:
            found = connection.execute(f"SELECT count(*) FROM {view}".encode()).fetchone()  # noqa: S608 - names of ours
            assert found is not None
        size = connection.execute("SELECT matched FROM rpt_orders_v1").fetchone()
        assert size == (Decimal(40),)
        ours = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        assert len(ours) > len(tables.metadata.tables)
        for (table,) in ours:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT 1 FROM {table}".encode())  # noqa: S608 - names of ours
        for act in (
            "CREATE TABLE mine (n int)",
            "DELETE FROM rpt_orders_v1",
            "UPDATE rpt_orders_v1 SET size = 0",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(act.encode())


@pytest.mark.parametrize("name", ["", "Reader", 'x"; DROP ROLE y', "x y", "1x", "ä"])
def test_a_name_that_could_be_more_than_a_name_is_refused(name: str) -> None:
    with pytest.raises(BadRoleName, match="reader-role breakwater_reader"):
        reader_role(name)


def test_readers_see_whole_views_while_the_read_models_are_made_anew(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, day(20))
        wanted = _counts(database_url)
        assert all(wanted.values())
        seen: list[dict[str, int] | Exception] = []
        ended = threading.Event()

        def look() -> None:
            while not ended.is_set():
                try:
                    seen.append(_counts(database_url))
                except Exception as error:  # noqa: BLE001 - whatever a reader is told is a finding
                    seen.append(error)

        readers = [threading.Thread(target=look) for _ in range(3)]
        for reader in readers:
            reader.start()
        try:
            for _ in range(5):
                rebuilt(app)
                time.sleep(0.05)
        finally:
            ended.set()
            for reader in readers:
                reader.join()
    assert len(seen) > 5
    assert [one for one in seen if one != wanted] == []


def _counts(url: str) -> dict[str, int]:
    with desk(url) as app, app.reading() as connection:
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608 - names of ours
            for name in NAMES
        }


def test_a_long_read_is_of_one_state_and_a_swap_waits_for_it(postgres_url: str) -> None:
    with desk(postgres_url) as app:
        feed(app, day(20))
        outcome: list[object] = []

        def rebuild() -> None:
            try:
                outcome.append(rebuilt(app))
            except OperationalError as error:
                outcome.append(error)

        with app.reading() as connection:
            one_snapshot(connection)
            hold(connection, list(VIEWS.values()))
            other = threading.Thread(target=rebuild)
            other.start()
            time.sleep(1)
            for view in VIEWS.values():
                assert list(report_lines(connection, view)), view.name
            assert outcome == []
        other.join()
        assert outcome == [app.store.head()]
