"""A feed that is silent while orders are on the book is a break until it is back and read anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from sqlalchemy import select

from adapters.paper.script import Script
from projections.tables import breaks
from tests.adapters.at_venues import quiet
from tests.whole.listening import QUICK, TIMES, back, listening, ours, theirs, traded, until
from tests.whole.live import Live, live

__all__ = ["quiet"]
SILENCE = {"do": "silence", "seconds": "4", "nth": 2}


def silences(there: Live) -> Sequence[Any]:
    """When each opened and closed, by what the log proves."""
    query = select(breaks.c.opened_at, breaks.c.closed_at, breaks.c.witness, breaks.c.note)
    with there.app.reading() as connection:
        return connection.execute(query.where(breaks.c.code == "STR-09")).all()


@pytest.fixture(params=["abp", "fourcasters", "predictstreet"])
def there(request: pytest.FixtureRequest, quiet: None, tmp_path: Path) -> Iterator[Live]:
    del quiet
    with live(request.param, Script(), 1, tmp_path, **QUICK) as found:
        yield found


def test_a_venue_that_is_away_is_a_silence_until_it_is_back(there: Live) -> None:
    with listening(there) as running:
        until(lambda: running.standing.feed.open, "the feed is open")
        traded(there, 2)
        until(lambda: ours(there) == theirs(there), "the books agree")
        there.server.stop()
        until(lambda: len(silences(there)) == 1, "the silence is told")
        (silence,) = silences(there)
        assert silence.closed_at is None
        assert "2 orders" in silence.note
        sleep(1)  # some tries to connect later
        assert len(silences(there)) == 1
        back(there)
        until(lambda: silences(there)[0].closed_at is not None, "the silence is over")


def test_nothing_is_told_while_nothing_is_on_the_book(there: Live) -> None:
    with listening(there) as running:
        until(lambda: running.standing.feed.open, "the feed is open")
        there.server.stop()
        until(lambda: running.standing.feed.quiet_s > 2 * QUICK["silence_s_max"], "long enough")
        back(there)
        until(lambda: running.standing.feed.open, "the feed is open again")
    assert silences(there) == []


def test_whoever_comes_next_closes_what_another_found_open(there: Live) -> None:
    with listening(there) as running:
        until(lambda: running.standing.feed.open, "the feed is open")
        traded(there, 1)
        until(lambda: ours(there) == theirs(there), "the books agree")
        there.server.stop()
        until(lambda: len(silences(there)) == 1, "the silence is told")
    back(there)
    with listening(there, TIMES):
        until(lambda: silences(there)[0].closed_at is not None, "the silence is over")


@pytest.mark.parametrize("name", ["abp", "predictstreet"])
def test_a_connection_that_says_nothing_is_dead(quiet: None, name: str, tmp_path: Path) -> None:
    del quiet
    script = Script.model_validate({"fault": [SILENCE]})
    with live(name, script, 1, tmp_path, **QUICK) as there, listening(there) as running:
        until(lambda: running.standing.feed.open, "the feed is open")
        traded(there, 3)
        until(lambda: running.standing.feed.connections > 1, "it is opened anew")
        until(lambda: ours(there) == theirs(there), "the books agree")
        until(lambda: bool(silences(there)) and silences(there)[0].closed_at is not None, "over")
