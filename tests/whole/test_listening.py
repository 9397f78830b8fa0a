"""Whatever a feed leaves out, repeats or shuffles: our books become the venue's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import func, select

from adapters.eventlog.schema import captures
from adapters.paper.script import Script
from adapters.resolving import LOOKED_UP, TRIES
from adapters.standing import Times
from tests.adapters.at_venues import quiet
from tests.whole.listening import (
    FEED_FAULTS,
    QUICK,
    back,
    listening,
    ours,
    taken_off,
    theirs,
    traded,
    until,
)
from tests.whole.live import Live, cancelled, live
from tests.whole.placing import PLACES

__all__ = ["quiet"]
SEED = 5
LOST = {"do": "drop", "effect": "after", "on": "cancel", "nth": 1}


@pytest.fixture(params=sorted(PLACES))
def venue(request: pytest.FixtureRequest, quiet: None) -> str:
    del quiet
    name: str = request.param
    return name


@pytest.fixture
def there(venue: str, tmp_path: Path) -> Iterator[Live]:
    with live(venue, FEED_FAULTS, SEED, tmp_path, **QUICK) as found:
        yield found


def test_our_open_orders_are_the_venues(there: Live) -> None:
    with listening(there) as running:
        until(lambda: running.standing.feed.open, "the feed is open")
        for _ in range(3):
            ids = traded(there, 8)
            taken_off(there, ids[:2])
        there.server.stop()
        back(there)
        taken_off(there, traded(there, 6)[:2])
        there.venue.quieten()
        until(lambda: ours(there) == theirs(there), "the books agree")
        until(lambda: running.standing.feed.connections > 1, "it was opened anew")
        assert running.standing.trouble is None


def test_what_is_unknown_is_asked_about(venue: str, tmp_path: Path) -> None:
    script = Script.model_validate({"fault": [LOST]})
    with live(venue, script, SEED, tmp_path, **QUICK) as there, listening(there) as running:
        until(lambda: running.standing.feed.open, "the feed is open")
        ids = traded(there, 3)
        until(lambda: ours(there) == theirs(there), "the books agree")
        (told,), _ = cancelled(there, ids[:1])
        assert told.lost is not None
        until(lambda: ours(there) == theirs(there), "the books agree again")
        assert len(theirs(there)) == 2
        until(lambda: running.standing.uncertain == 0, "nothing is unknown")


def test_what_the_venue_does_not_know_either_is_not_asked_about_for_ever(
    quiet: None, tmp_path: Path
) -> None:
    del quiet
    script = Script.model_validate({"fault": [{**LOST, "effect": "before"}]})
    seldom = Times(resolve_s=0.1, reconcile_s=900, lease_s=3)
    with live("abp", script, SEED, tmp_path, **QUICK) as there, listening(there, seldom) as running:
        until(lambda: running.standing.feed.open, "the feed is open")
        ids = traded(there, 1)
        until(lambda: ours(there) == theirs(there), "the books agree")
        there.venue.book.forget(int(ids[0]))
        cancelled(there, ids)
        until(lambda: running.standing.given_up != set(), "it is a person's")
        until(lambda: running.standing.uncertain == 1, "and is told in the same round")
        before = lookups(there)
        assert before == TRIES
        sleep(1)
        assert lookups(there) == before


def lookups(there: Live) -> int:
    """How often the venue was asked."""
    named = captures.c.name.startswith(f"{LOOKED_UP}-", autoescape=True)
    query = select(func.count()).select_from(captures).where(named)
    with there.app.reading() as connection:
        return int(connection.execute(query).scalar_one())
