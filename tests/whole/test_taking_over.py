"""Processes of `breakwater run` on one PostgreSQL: one acts, the next takes over, nobody twice."""

from __future__ import annotations

import signal
from collections.abc import Generator
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text

from adapters.bootstrap import App
from tests.adapters.at_venues import quiet
from tests.postgres import ScratchDatabases
from tests.whole.listening import traded, until
from tests.whole.live import Live
from tests.whole.programs import at_one_venue, known, process

__all__ = ["quiet"]
LEASE_S = 3
SLACK_S = 15.0
"""A busy machine begins nothing at once."""
DRAIN_S = 10


@pytest.fixture
def there(quiet: None, tmp_path: Path, postgres_databases: ScratchDatabases) -> Generator[Live]:
    del quiet
    url = postgres_databases.fresh()
    with at_one_venue(url, tmp_path, LEASE_S) as found:
        yield found
    postgres_databases.drop(url)


def sent_in(app: App, captures: set[str]) -> int:
    """How many messages of ours these recordings hold."""
    query = text(
        "SELECT count(*) FROM wire JOIN captures ON captures.id = capture_id "
        "WHERE captures.name = ANY(:names) "
        "AND convert_from(raw, 'UTF8') LIKE '%\"direction\":\"sent\"%'"
    )
    with app.reading() as connection:
        return int(connection.execute(query, {"names": list(captures)}).scalar_one())


def test_one_acts_and_the_next_takes_over(there: Live, tmp_path: Path) -> None:
    venue, app = there, there.app
    with process(tmp_path, "first") as first, process(tmp_path, "second") as second:
        until(
            lambda: bool(first.said("the feed is open") or second.said("the feed is open")), "one"
        )
        holder, other = (first, second) if first.said("the feed is open") else (second, first)
        other.heard("another process has it")
        assert other.said("the feed is open") == []

        holder.send(signal.SIGSTOP)  # it does not know that its time goes by
        other.heard("the feed is open")
        traded(venue, 3)
        until(lambda: known(app) == 3, "the orders are known")
        paused = {line["recording"] for line in holder.said("the feed is open")}
        before = sent_in(app, paused)
        holder.send(signal.SIGCONT)
        holder.heard("another process has it")
        assert sent_in(app, paused) == before
        assert len(holder.said("the feed is open")) == 1

        began = monotonic()
        other.send(signal.SIGKILL)
        holder.heard("the feed is open", times=2)
        assert monotonic() - began < LEASE_S + LEASE_S / 3 + SLACK_S
        traded(venue, 2)
        until(lambda: known(app) == 5, "and so are the next ones")

        began = monotonic()
        holder.send(signal.SIGTERM)
        assert holder.process.wait(DRAIN_S + SLACK_S) == 0
        assert monotonic() - began < DRAIN_S
        with app.reading() as connection:
            assert connection.execute(text("SELECT holder FROM leases")).scalars().all() == [None]
