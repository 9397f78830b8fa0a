"""Spans: made with the rest, filled from the log when they are new, true to each stream."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select

from adapters.bootstrap_past import past_books
from domain.past import Axis
from projections.spans import FOREVER, moment_of, span_row
from projections.tables import breaks, dead_letters, positions, spans
from tests.feeding import NOON, Feed, desk, feed, sound
from tests.projections.days import day, poisoned
from tests.whole.past import past, present


def test_a_log_of_an_older_program_gets_its_spans_with_the_next_command(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, day())
        with app.writing() as connection:
            connection.execute(delete(spans))
            connection.execute(delete(positions).where(positions.c.name == "spans"))
        app.runner.catch_up()
        sound(app)
        assert past(app, NOON + timedelta(hours=1))["orders"] == present(app)["orders"]


def test_when_an_order_was_open_and_quiet(database_url: str) -> None:
    """Placed at 1, taken at 2, matched whole at 100; that is told again at 300."""
    given = Feed().place("X").add("received", at=2, frame=_told("New", "n"))
    given.add(
        "received", at=100, frame={**_told("Trade", "t"), "last_qty": "100", "last_px": "1.95"}
    )
    given.add(
        "received", at=300, frame={**_told("Trade", "t"), "last_qty": "100", "last_px": "1.95"}
    )
    with desk(database_url) as app:
        feed(app, given)
        with app.reading() as connection:
            row = connection.execute(select(spans).where(spans.c.about == "order")).one()
    told = ("seen_from", "seen_until", "true_from", "open_seen_until", "quiet_from")
    found = {name: (moment_of(getattr(row, name)) - NOON).total_seconds() for name in told}
    assert found == {
        "seen_from": 1,
        "seen_until": 300,
        "true_from": 1,
        "open_seen_until": 100,
        "quiet_from": 2,
    }
    assert (row.market, row.merged_at) == ("M1", FOREVER)


def _told(kind: str, exec_id: str) -> dict[str, str]:
    names = {"order_id": "O", "cl_ord_id": "X", "exec_id": exec_id}
    return {"msg": "ExecutionReport", "exec_type": kind, **names}


def test_what_cannot_be_folded_is_left_out_and_told(database_url: str) -> None:
    """Its span stands while the stream is read anew: the others are told all the same."""
    with desk(database_url) as app:
        stream = poisoned(app)
        app.runner.catch_up()
        with app.writing() as connection:
            connection.execute(delete(dead_letters))
            events = app.store.histories([UUID(stream)])[UUID(stream)]
            row = span_row(UUID(stream), events, app.limits)
            connection.execute(insert(spans).values(row))
        with past_books(app, NOON + timedelta(seconds=9), Axis.KNOWN) as then:
            told = {row["order_key"] for row in then.orders.listed()}
            assert (len(told), list(then.broken)) == (1, [stream])
            then.broken.clear()
            with then.breaks() as connection:
                subjects = set(connection.execute(select(breaks.c.subject)).scalars())
            assert (stream in subjects, list(then.broken)) == (False, [stream])
