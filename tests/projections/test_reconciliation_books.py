"""The books answer the same whether orders are looked up one by one or all rows are held."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projections.reconciliation_books import SqlBooks
from tests.feeding import NOON, desk, feed
from tests.projections.days import day
from tests.stating import DESK


@pytest.mark.parametrize("after", [timedelta(0), timedelta(days=1)])
def test_held_or_looked_up(database_url: str, after: timedelta) -> None:
    moment = NOON + after
    with desk(database_url) as app:
        feed(app, day(12))
        with app.reading() as connection:
            one_by_one = SqlBooks(connection)
            keys = list(one_by_one.keys(DESK, moment, open_only=False))
            ids = [row.venue_order_id or "" for row in one_by_one.by_keys(keys, moment).values()]
            held = SqlBooks(connection, looked_up_max=0)
            wanted = [*ids, "nobody's"]
            found = held.by_venue_ids(DESK, wanted, moment)
            assert found == one_by_one.by_venue_ids(DESK, wanted, moment)
            assert len(found) == len(ids) > 0
            assert held.by_venue_ids(DESK, ids[:1], moment) == {ids[0]: found[ids[0]]}
