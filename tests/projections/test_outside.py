"""Orders that went with a cancel of others: step by step, made anew, and asked of the past."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.bootstrap import App
from projections.break_queries import Wanted, break_list
from projections.queries import Record
from projections.rebuild import rebuild
from tests.feeding import NOON, Feed, desk, feed, sound
from tests.whole.past import past


def found(app: App) -> list[Record]:
    """The orders told of."""
    with app.reading() as connection:
        at = app.as_of(connection)
        assert at is not None
        return list(break_list(connection, at, Wanted(codes=("CXL-23",))))


def as_rebuilt(app: App) -> None:
    """The rows are those of a rebuild, and a rebuild keeps them."""
    before = sound(app)
    rebuild(app.writing, app.store, app.runner.projections, app.limits)
    assert sound(app) == before


def orders() -> Feed:
    """Two orders on the book."""
    given = Feed("orders").place("A").report("New", "OA", "A", exec_id="na")
    return given.place("B").report("New", "OB", "B", exec_id="nb")


def request() -> Feed:
    """We ask for the first of them, ten seconds after noon."""
    given = Feed("request").cancel("Y", "A", "OA")
    given.records[0]["at"] = "2026-02-07T12:00:10.000000Z"
    return given


def stray(at: str = "11.000000") -> Feed:
    """The venue takes the other one off the book as well."""
    given = Feed("stray").report("Canceled", "OB", "B", exec_id="cb")
    given.records[0]["at"] = f"2026-02-07T12:00:{at}Z"
    return given


@pytest.mark.parametrize(
    "files",
    [
        pytest.param([[orders(), request(), stray()]], id="in one step"),
        pytest.param([[orders()], [request()], [stray()]], id="one after the other"),
        pytest.param([[orders()], [stray()], [request()]], id="the request is read last"),
    ],
)
def test_however_it_is_read_it_is_told(database_url: str, files: list[list[Feed]]) -> None:
    with desk(database_url) as app:
        for some in files:
            feed(app, *some)
        (flag,) = found(app)
        assert (flag["severity"], flag["status"]) == ("critical", "open")
        as_rebuilt(app)
        (again,) = found(app)
        assert again["break_id"] == flag["break_id"]


def test_a_cancel_long_after_is_the_venues_own(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, orders(), request(), stray("13.000000"))
        assert found(app) == []
        as_rebuilt(app)


def test_a_request_for_the_order_that_is_read_later_explains_it(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, orders(), request(), stray())
        assert len(found(app)) == 1
        late = Feed("late").cancel("Z", "B", "OB")
        late.records[0]["at"] = "2026-02-07T12:00:10.500000Z"
        feed(app, late)
        assert found(app) == []
        as_rebuilt(app)


def test_the_past_tells_it_from_when_it_was_seen(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, orders(), request(), stray())
        feed(app, Feed("more").place("C"))
        told = {}
        for second in (10, 11):
            then = past(app, NOON + timedelta(seconds=second, milliseconds=500))
            told[second] = [flag["code"] for flag in then["breaks"]].count("CXL-23")
    assert told == {10: 0, 11: 1}
