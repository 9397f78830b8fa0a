"""Answers to cancels that nobody here is known to have sent, until the request is read."""

from __future__ import annotations

import pytest

from tests.adapters.engine.test_cancel_requests import asked, gone, live
from tests.feeding import Feed, book, cancels, desk, feed, orders, sound


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(gone(live()), id="a report of a cancel that nobody here sent"),
        pytest.param(live().refuse("Y", "X", "O1", "TOO_LATE"), id="a refusal of one"),
    ],
)
def test_a_stray_answer(database_url: str, answer: Feed) -> None:
    with desk(database_url) as app:
        feed(app, answer)
        before = sound(app)
        row = orders(app)["O1"]
        assert not row["cancel_pending"]
        again = Feed("c2")
        again.records = [
            {**answer.records[-1], "capture": "c2", "seq": 1},
            {**answer.records[-1], "capture": "c2", "seq": 2},
        ]
        feed(app, again)
        assert sound(app) == before


def test_the_request_of_a_stray_answer_comes_later(database_url: str) -> None:
    """The answer stands in an earlier file than the request: once both are read, all is settled."""
    whole = gone(asked())
    request, answer = whole.records[3], whole.records[4]
    with desk(database_url) as app:
        feed(app, [*whole.records[:3], answer], [request])
        assert book(app) == {"O1": "100 40 0 60 0 0 CANCELLED"}
        mine = [record for record in cancels(app) if record["requested_at"] is not None]
        assert [record["status"] for record in mine] == ["answered"]
        sound(app)
