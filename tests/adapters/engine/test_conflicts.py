"""Another writer was faster: the batch is read again, and every line counts once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from adapters.bootstrap import App
from adapters.bootstrap_dialects import DIALECTS
from adapters.captures.ndjson import item
from adapters.engine import ingest
from adapters.engine.ingest import Ingest
from domain.ports import LiveOrder
from domain.values import Account
from tests.feeding import Feed, Record, book, desk, feed, items, sound


class Meddled:
    """The open orders of an app; somebody writes whenever they are asked for."""

    def __init__(self, app: App, meddle: Callable[[], object]) -> None:
        self._app = app
        self._meddle = meddle

    def live(
        self, owner: Account, *, market: str | None = None, user_ref: str | None = None
    ) -> Sequence[LiveOrder]:
        """What the app says, before the other writes."""
        found = self._app.live(owner, market=market, user_ref=user_ref)
        self._meddle()
        return found


def listed(capture: str, filled: str) -> list[Record]:
    """The venue's list tells of order A, so much of it matched."""
    given = Feed(capture, venue="predictstreet", account="0x1")
    given.add("sent", exchange="l", http={"method": "GET", "path": "/api/orders/open"})
    row = {
        "id": "A",
        "marketId": "M1",
        "outcome": "YES",
        "side": "BUY",
        "quantity": "100",
        "price": "0.5",
        "filledQty": filled,
        "status": "OPEN",
    }
    return given.reply("l", {"orders": [row]}).records


def test_a_conflict_after_a_part_of_the_batch_was_stored(database_url: str) -> None:
    """A wide cancel stores what came before it; then the rest of the batch is in conflict."""
    lines = Feed("c1", venue="predictstreet", account="0x1")
    lines.records = listed("c1", "0")
    lines.post("x", "/api/orders/cancel-all", {})
    lines.reply("x", {"cancelled": ["A"], "notCancelled": {}})
    meddled: list[int] = []
    with desk(database_url) as app, desk(database_url) as other:

        def meddle() -> None:
            if not meddled:
                meddled.append(feed(other, listed("c2", "40")).events)

        engine = Ingest(
            app.store, partial(item, "log", 0), DIALECTS, Meddled(app, meddle), app.runner.take
        )
        torn = item("file", 5, b'{"torn')
        engine.read("file", [*items(lines.records), torn])
        engine.finish()
        assert meddled
        assert meddled[0] > 0, "the other wrote to the same order"
        tally = engine.tally
        assert (tally.lines, tally.read, tally.known, tally.set_aside) == (5, 4, 0, 1)
        assert tally.events + meddled[0] == app.store.head() == tally.position
        assert book(app) == {"A": "100 40 0 60 0 0 CANCELLED"}
        sound(app)


@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_programs_that_read_the_same_recording_at_once(
    database_url: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "BATCH_LINES", size)
    given = Feed()
    for number in range(6):
        client, venue = f"X{number}", f"O{number}"
        given.place(client).report("New", venue, client, exec_id=f"{number}-n")
        given.trade(venue, client, f"{number}-1", "7")

    def run(_number: int) -> tuple[int, int]:
        with desk(database_url) as own:
            tally = feed(own, given)
            return tally.read, tally.known

    with ThreadPoolExecutor(3) as pool:
        told = list(pool.map(run, range(3)))
    assert sum(read for read, _ in told) == len(given.records)
    assert all(read + known == len(given.records) for read, known in told)
    with desk(database_url) as app:
        app.runner.catch_up()
        assert set(book(app).values()) == {"100 7 93 0 0 0 PARTIALLY_FILLED"}
        sound(app)


def test_two_recordings_of_one_account_at_once(database_url: str) -> None:
    """Half of each order's messages stand in each recording; whoever comes first makes it known."""
    mine, feed_side = Feed("sent"), Feed("fed")
    for number in range(12):
        mine.place(f"X{number}")
        feed_side.report("New", f"O{number}", f"X{number}", exec_id=f"{number}-n")
        feed_side.trade(f"O{number}", f"X{number}", f"{number}-1", "7")

    def run(one: Feed) -> int:
        with desk(database_url) as own:
            return feed(own, one).read

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(run, [mine, feed_side])) == [12, 24]
    with desk(database_url) as app:
        app.runner.catch_up()
        assert len(book(app)) == 12
        assert set(book(app).values()) == {"100 7 93 0 0 0 PARTIALLY_FILLED"}
        sound(app)
