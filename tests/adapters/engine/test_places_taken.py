"""Pieces of the wrong shape that name a place: listed until the line of that place is read."""

from __future__ import annotations

import pytest

from adapters.bootstrap_replay import into, of_log, replayed
from tests.feeding import Feed, Record, desk, feed

GOOD = Feed().place("A").records[0]
BAD: Record = {**GOOD, "at": "yesterday"}
OTHER: Record = {**GOOD, "account": "another"}
SHAPE = "at: not a UTC time with up to microseconds"
TAKEN = "capture 'c1' seq 1 is in the log with other content; the first reading stands"


@pytest.mark.parametrize(
    ("files", "listed"),
    [
        pytest.param([[BAD]], [SHAPE], id="it waits for the line"),
        pytest.param([[BAD, GOOD]], [], id="the line comes in the same file"),
        pytest.param([[BAD], [GOOD]], [], id="the line comes in another file"),
        pytest.param([[GOOD, BAD]], [SHAPE], id="the line came before it"),
        pytest.param([[GOOD], [BAD]], [SHAPE], id="the line came before it, in another file"),
        pytest.param([[BAD, GOOD, BAD]], [], id="the very piece again"),
        pytest.param([[GOOD], [OTHER, BAD]], [TAKEN, SHAPE], id="two that came too late"),
    ],
)
def test_nothing_that_was_set_aside_is_hidden_by_what_was_read_before(
    database_url: str, empty_sqlite_url: str, files: list[list[Record]], listed: list[str]
) -> None:
    with desk(database_url) as app:
        for _ in range(2):
            for file in files:
                feed(app, file)
            assert [piece["reason"] for piece in app.set_aside()] == listed
        with into(app.settings, empty_sqlite_url) as again:
            replayed(again, of_log(app, lambda _: True))
            assert [piece["reason"] for piece in again.set_aside()] == listed
