"""What a timeline tells: rows, what leads to what, marks, and the three ways an order stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from uuid import UUID

import pytest

from adapters.bootstrap import App
from adapters.bootstrap_timeline import Row, Timeline, Window, order_timeline, scope_timeline
from projections import queries
from projections.queries import Only
from tests.feeding import NOON, Feed, clock, desk, feed


@pytest.fixture
def app(database_url: str) -> Iterator[App]:
    with desk(database_url) as opened:
        yield opened


def told(app: App, *feeds: Feed, name: str = "O1", window: Window = Window()) -> Timeline:  # noqa: B008 - a value without state
    """The timeline of one order after reading some captures."""
    feed(app, *feeds)
    with app.reading() as connection:
        (record,) = queries.find_orders(connection, name)
    return order_timeline(app, name, UUID(record["order_key"]), window)


def events(rows: Sequence[Row]) -> list[str]:
    """The rows in short: messages by their direction, events by their names."""
    return [
        (row.direction or "") if row.recorded is None else type(row.recorded.event).__name__
        for row in rows
    ]


def marks(rows: Sequence[Row]) -> list[str]:
    """Every mark, with the row that bears it."""
    return [f"{row.number} {found.mark}: {found.text}" for row in rows for found in row.marks]


def crossing() -> Feed:
    """The venue matched 40 while our cancel was on its way, and told of it after the cancel."""
    story = Feed()
    story.place("X")
    story.report("New", "O1", "X", exec_id="n", transact_time=clock(1.5))
    story.cancel("Y", "X", "O1")
    story.report("Canceled", "O1", "Y", orig_cl_ord_id="X", exec_id="c", transact_time=clock(3.4))
    return story.report(
        "Trade", "O1", "X", exec_id="t", last_qty="40", last_px="1.95", transact_time=clock(3.2)
    )


def test_each_message_stands_before_the_events_that_it_caused(app: App) -> None:
    rows = told(app, crossing()).rows
    assert events(rows)[:5] == ["sent", "OrderPlaced", "received", "OrderAccepted", "sent"]
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        if row.recorded is not None:
            assert row.caused_by is not None
            assert row.caused_by.place == row.place


def test_every_row_has_the_three_clocks_and_the_line_behind_it(app: App) -> None:
    rows = told(app, crossing()).rows
    match = next(row for row in rows if "Matched 40" in row.what)
    assert match.occurred_at == NOON.replace(second=3, microsecond=200_000)
    assert match.observed_at == NOON.replace(second=5)
    assert match.recorded_at is not None
    assert match.place == ("c1", 5)
    assert match.caused_by is not None
    assert match.caused_by.occurred_at == match.occurred_at


def test_what_crossed_and_what_came_out_of_turn_is_marked(app: App) -> None:
    rows = told(app, crossing()).rows
    asked = next(row for row in rows if row.what == "We asked to cancel all that remains.")
    cancelled = next(row for row in rows if row.what.startswith("The venue cancelled"))
    match = next(row for row in rows if "Matched 40" in row.what)
    assert cancelled.answers is asked
    assert [found.text for found in match.marks] == [
        f"it happened before row {cancelled.number} and was seen after it",
        f"crossed row {asked.number} on the wire",
    ]


def test_a_client_believed_what_it_had_seen_and_late_news_stand_beside_it(app: App) -> None:
    rows = told(app, crossing()).rows
    cancelled = next(row for row in rows if row.what.startswith("The venue cancelled"))
    believed, known = cancelled.believed, cancelled.known_now
    assert believed is not None
    assert known is not None
    assert (believed.matched, believed.cancelled, believed.remaining) == tuple(
        map(Decimal, (0, 100, 0))
    )
    assert (known.matched, known.cancelled, known.remaining) == tuple(map(Decimal, (40, 60, 0)))
    match = next(row for row in rows if "Matched 40" in row.what)
    assert match.believed == match.known_now == match.after


def test_a_match_that_was_only_inferred_gives_way_to_its_record_in_what_is_known_now(
    app: App,
) -> None:
    story = Feed().place("X").report("New", "O1", "X", exec_id="n")
    story.report("OrderStatus", "O1", "X", cum_qty="40", leaves_qty="60", order_qty="100")
    trade = {"exec_id": "t", "last_qty": "40", "last_px": "1.95", "transact_time": clock(2.5)}
    story.report("Trade", "O1", "X", **trade)
    (life,) = told(app, story).lives.values()
    assert [held.matched for held in life.known_now.held][-1] == 40
    assert [held.matched for held in life.believed.held][-1] == 40


def test_an_answer_leads_back_to_what_it_answers(app: App) -> None:
    rows = told(app, crossing()).rows
    led = {row.what: row.answers.what for row in rows if row.answers is not None and row.is_message}
    assert led["ExecutionReport New"] == "NewOrderSingle"
    assert led["ExecutionReport Canceled"] == "OrderCancelRequest"


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        pytest.param(
            Feed().place("X").cancel("Y", "X").lose("Y", "X"),
            "lost: nobody knows what became of it",
            id="nobody answered",
        ),
        pytest.param(
            Feed().place("X").add("received", at=90, frame={
                "msg": "ExecutionReport", "order_id": "O1", "cl_ord_id": "X", "exec_type": "New",
            }),
            "silence: nothing was heard for 89 s",
            id="a long silence",
        ),
        pytest.param(
            Feed().place("X").report("New", "O1", "X", exec_id="n", transact_time=clock(30)),
            "clock: dated 28 s after it was seen",
            id="the venue's clock is ahead",
        ),
        pytest.param(
            Feed().place("X").add("received", at=100, frame={
                "msg": "ExecutionReport", "order_id": "O1", "cl_ord_id": "X", "exec_type": "New",
                "transact_time": clock(10),
            }),
            "late: seen 90 s after it happened",
            id="told late",
        ),
        pytest.param(
            Feed().place("X").trade("O1", "X", "t", "40").trade("O1", "X", "t", "40"),
            "repeated: it changed nothing",
            id="told twice",
        ),
    ],
)  # fmt: skip
def test_what_is_worth_a_second_look_is_marked(app: App, story: Feed, expected: str) -> None:
    found = marks(told(app, story, name="X").rows)
    assert any(text.endswith(expected) for text in found), found


def test_missing_lines_are_told_at_the_first_row_after_them(app: App) -> None:
    story = crossing()
    del story.records[3]
    rows = told(app, story).rows
    found = [text for text in marks(rows) if " gap: " in text]
    after = next(row for row in rows if row.place == ("c1", 5))
    assert found == [f"{after.number} gap: line 4 is missing of c1"]


def test_a_window_shows_its_rows_and_folds_the_whole_life(app: App) -> None:
    window = Window(NOON.replace(second=4), NOON.replace(second=4))
    rows = told(app, crossing(), window=window).rows
    assert {row.observed_at.second for row in rows} == {4}
    cancelled = next(row for row in rows if row.what.startswith("The venue cancelled"))
    assert cancelled.after is not None
    assert cancelled.after.cancelled == 100


def test_of_a_market_the_orders_on_it_are_told_and_of_an_account_every_line(app: App) -> None:
    other = Feed("c2", account="other").place("Z", instrument="M2")
    ping = Feed("c3").place("P", instrument="M3").sent("OrderStatusRequest", cl_ord_id="Q")
    feed(app, crossing(), other, ping)
    on_market = scope_timeline(app, "M1", Only(market="M1"))
    assert {row.capture for row in on_market.rows} == {"c1"}
    of_account = scope_timeline(app, "desk", Only(account="desk"))
    assert {row.capture for row in of_account.rows} == {"c1", "c3"}
    assert "OrderStatusRequest" in [row.what for row in of_account.rows]


def test_the_same_log_gives_the_same_rows(app: App) -> None:
    first = told(app, crossing())
    again = scope_timeline(app, first.title, Only(market="M1"))
    assert [(row.place, row.what) for row in first.rows] == [
        (row.place, row.what) for row in again.rows
    ]
