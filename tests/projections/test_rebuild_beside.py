"""A rebuild while others read and write: they see the old rows or the new, and lose none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import UUID

from sqlalchemy import select

from adapters.bootstrap import App
from domain.recorded import Recorded
from projections import queries, tables
from projections.rebuild import rebuild
from tests.feeding import book, desk, feed, sound
from tests.projections.days import day
from tests.projections.rebuilding import rebuilt


class Paused:
    """The log of an app, which waits in the middle of being read."""

    def __init__(self, app: App) -> None:
        self._store = app.store
        self.begun, self.go_on = Event(), Event()
        self.head = app.store.head
        self.newest_observed_at = app.store.newest_observed_at

        self.histories = app.store.histories

    def by_stream(
        self, between: tuple[UUID, UUID] | None = None
    ) -> Iterator[tuple[UUID, Sequence[Recorded]]]:
        """Every stream; after the first one it waits."""
        for found in self._store.by_stream(between):
            yield found
            if not self.begun.is_set():
                self.begun.set()
                assert self.go_on.wait(30)


def read_all(app: App) -> int:
    with app.reading() as connection:
        return len(list(queries.order_list(connection))) + len(
            list(queries.cancel_list(connection))
        )


def test_readers_see_the_old_rows_or_the_new(database_url: str) -> None:
    with desk(database_url) as app, desk(database_url) as reader:
        feed(app, day(6))
        expected = read_all(reader)
        log = Paused(app)
        with ThreadPoolExecutor(2) as pool:
            job = pool.submit(rebuild, app.writing, log, app.runner.projections, app.limits)
            assert log.begun.wait(30)
            assert read_all(reader) == expected
            log.go_on.set()
            seen = {read_all(reader) for _ in range(50)}
            assert job.result(60) == app.store.head()
        assert seen == {expected}
        sound(app)


def test_a_reader_that_looks_at_tables_the_other_way_round_is_no_deadlock(
    postgres_url: str,
) -> None:
    with desk(postgres_url) as app, desk(postgres_url) as reader:
        feed(app, day(3))
        with ThreadPoolExecutor(1) as pool, reader.reading() as connection:
            connection.execute(select(tables.breaks)).all()
            job = pool.submit(rebuilt, app)
            for _ in range(20):
                connection.execute(select(tables.orders.c.order_key).limit(1)).all()
            connection.rollback()
            assert job.result(60) == app.store.head()
        sound(app)


def test_what_is_ingested_during_a_rebuild_is_in_the_new_rows(postgres_url: str) -> None:
    """On PostgreSQL others write meanwhile; their runner and the swap each count an event once."""
    with desk(postgres_url) as app, desk(postgres_url) as other:
        feed(app, day(6))
        log = Paused(app)
        with ThreadPoolExecutor(1) as pool:
            job = pool.submit(rebuild, app.writing, log, app.runner.projections, app.limits)
            assert log.begun.wait(30)
            feed(other, day(3, "c2", account="other"))
            log.go_on.set()
            job.result(60)
        app.runner.catch_up()
        with app.reading() as connection:
            counted = sum(row["events"] for row in queries.activity_list(connection))
        assert counted == app.store.head()
        assert len(book(app)) == 6, "names of two accounts meet here: six of nine"
        sound(app)


def test_two_rebuilds_and_a_comparison_at_once(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, day(6))
        before = sound(app)

        def again(number: int) -> None:
            with desk(database_url) as own:
                if number % 2:
                    sound(own)
                else:
                    rebuilt(own)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(again, range(4)))
        assert sound(app) == before
