"""Whatever a feed leaves out, repeats or shuffles: our books become the venue's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.paper.script import Script
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
from tests.whole.live import Live, live
from tests.whole.placing import PLACES

__all__ = ["quiet"]
SEED = 5
PEACE = Script()


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
        assert running.standing.feed.connections > 1
        assert running.standing.trouble is None
