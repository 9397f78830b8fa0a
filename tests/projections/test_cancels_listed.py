"""The list of cancel requests, in the same order on both databases."""

from __future__ import annotations

from datetime import timedelta

from projections.queries import cancel_list
from tests.feeding import NOON, Feed, desk, feed
from tests.whole.past import past


def test_a_request_that_nobody_sent_comes_first_now_and_in_the_past(database_url: str) -> None:
    given = Feed("desk").place("A").report("New", "OA", "A", exec_id="na").cancel("Y", "A", "OA")
    given.place("B").report("New", "OB", "B", exec_id="nb")
    given.report("Canceled", "OB", "Z", orig_cl_ord_id="B", exec_id="cb")
    with desk(database_url) as app:
        feed(app, given)
        with app.reading() as connection:
            asked = [record["requested_at"] for record in cancel_list(connection)]
        before = past(app, NOON + timedelta(hours=1))["cancels"]
    assert asked == [None, NOON + timedelta(seconds=3)]
    assert [record["requested_at"] for record in before] == asked
