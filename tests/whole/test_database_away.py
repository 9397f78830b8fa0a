"""The database goes away and comes back while `breakwater run` is at work: nothing is lost."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from sqlalchemy import make_url

from adapters.eventlog.database import open_database
from tests.adapters.at_venues import quiet
from tests.adapters.eventlog.proxy import Proxy, proxied
from tests.postgres import ScratchDatabases
from tests.whole.listening import ours, theirs, traded, until
from tests.whole.programs import at_one_venue, known, process

__all__ = ["quiet"]
LEASE_S = 2


def gone(proxy: Proxy, url: str) -> None:
    """What a server that is stopped does to those who use it."""
    proxy.refuses = True
    engine = open_database(make_url(url).set(database="postgres"))
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %(name)s",
            {"name": make_url(url).database},
        )
    engine.dispose()


@pytest.mark.usefixtures("quiet")
def test_it_is_waited_for_and_what_was_missed_is_read(
    postgres_databases: ScratchDatabases, tmp_path: Path
) -> None:
    url = postgres_databases.fresh()
    with (
        proxied(url) as proxy,
        at_one_venue(url, tmp_path, LEASE_S, through=proxy.url) as there,
        process(tmp_path, "run") as made,
    ):
        made.heard("the feed is open")
        traded(there, 3)
        until(lambda: known(there.app) == 3, "the orders are known")
        there.app.engine.dispose()
        gone(proxy, url)
        traded(there, 2)
        made.heard("an account stopped")
        why = made.said("an account stopped")[-1]
        assert "cannot be reached" in why["why"]
        assert "try again" in why["why"]
        proxy.refuses = False
        until(lambda: ours(there) == theirs(there), "the books agree")
        assert known(there.app) == 5
        made.send(signal.SIGTERM)
        assert made.process.wait(25) == 0
        told = made.log.read_text()
        assert "Traceback" not in told
        assert there.line.key not in told
    postgres_databases.drop(url)


@pytest.mark.usefixtures("quiet")
def test_at_the_start_it_ends_with_a_reason(
    postgres_databases: ScratchDatabases, tmp_path: Path
) -> None:
    url = postgres_databases.fresh()
    with proxied(url) as proxy:
        proxy.refuses = True
        with (
            at_one_venue(url, tmp_path, LEASE_S, through=proxy.url),
            process(tmp_path, "run") as made,
        ):
            assert made.process.wait(60) == 6
            assert "cannot be reached" in made.log.read_text()
            assert "try again" in made.log.read_text()
    postgres_databases.drop(url)
