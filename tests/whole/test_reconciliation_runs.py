"""What a run records, what the next one closes, and what it opens again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from adapters.bootstrap import App
from domain.events import Terms
from domain.statement import Lists
from domain.values import Name, NameKind, Price
from tests.feeding import NOON, Feed, clock, desk, feed, flags, orders, sound
from tests.stating import aside, fill, listing, page_missing, row, statement
from tests.whole.reconciling import (
    ALL,
    ONE,
    OPEN_LIST,
    THREE,
    TWO,
    T,
    another,
    breaks,
    day,
    differences,
    of_statements,
    runs,
)


@pytest.fixture
def app(engine: Engine) -> Iterator[App]:
    """The program over a database of each kind."""
    with desk(engine.url.render_as_string(hide_password=False)) as opened:
        yield opened


def test_a_clean_run_is_told_with_its_figures(app: App) -> None:
    feed(app, day())
    ran = app.reconcile(statement(*ALL), T)
    assert ran.new
    (record,) = runs(app)
    figures = ("rows", "matched", "differing", "only_ours", "only_theirs")
    assert [record[name] for name in figures] == [3, 3, 0, 0, 0]
    assert record["inputs"][0]["sha256"] == "ab" * 32


def test_the_same_statement_twice_adds_nothing(app: App) -> None:
    feed(app, day())
    told = statement(ONE, row("O2", matched="11"), aside())
    first = app.reconcile(told, T)
    head = app.store.head()
    second = app.reconcile(told, T)
    assert (first.new, second.new) == (True, False)
    assert first.ran == second.ran
    assert differences(first) == differences(second)
    assert app.store.head() == head


def test_what_no_longer_differs_is_closed_by_the_next_run_and_opened_again_by_another(
    app: App,
) -> None:
    feed(app, day())
    wrong = statement(row("O1", matched="55"), TWO, THREE, row("Z9", size="1"))
    app.reconcile(wrong, T)
    assert [*filter(of_statements, breaks(app))] == ["FIL-05 open", "QTY-03 open"]
    app.reconcile(another(statement(*ALL)), T + timedelta(hours=1))
    told = [item for item in breaks(app, everything=True) if of_statements(item)]
    assert told == ["EXI-02 closed", "FIL-05 closed", "QTY-03 closed"]
    app.reconcile(another(wrong, 3), T + timedelta(hours=2))
    assert [*filter(of_statements, breaks(app))] == ["FIL-05 open", "QTY-03 open"]
    sound(app)


def test_a_difference_that_news_explains_is_gone_when_the_statement_is_read_again(app: App) -> None:
    given = day()
    feed(app, given)
    told = statement(row("O1", matched="55"), TWO, THREE)
    app.reconcile(told, T)
    late = Feed("c2").trade("O1", "X1", "F9", "15")
    late.records[0]["frame"]["transact_time"] = clock(50)
    late.records[0]["at"] = clock(200)
    feed(app, late)
    ran = app.reconcile(told, T)
    assert (ran.new, ran.differences) == (True, [])
    assert [*filter(of_statements, breaks(app))] == []


def test_an_order_that_is_over_since_is_no_longer_missing(app: App) -> None:
    feed(app, day())
    app.reconcile(statement(ONE, inputs=OPEN_LIST), T)
    assert "EXI-04 open" in breaks(app)
    over = Feed("c2")
    over.report("Canceled", "O3", "X3", exec_id="3c")
    over.records[0]["at"] = clock(150)
    feed(app, over)
    app.reconcile(another(statement(ONE, inputs=OPEN_LIST)), T + timedelta(hours=1))
    assert "EXI-04 open" not in breaks(app)


def test_an_order_that_is_listed_again_is_no_longer_missing(app: App) -> None:
    feed(app, day())
    app.reconcile(statement(ONE), T)
    assert "EXI-03 open" in breaks(app)
    app.reconcile(another(statement(*ALL)), T + timedelta(hours=1))
    assert "EXI-03 closed" in breaks(app, everything=True)


def test_a_run_spells_out_only_so_many_reasons(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.engine.statement_rows.REASONS_MAX", 2)
    feed(app, day())
    ran = app.reconcile(statement(*(aside(line) for line in range(1, 6))), T)
    assert ran.ran.parts == (
        "orders.json: line 1: 'x' is not a number",
        "orders.json: line 2: 'x' is not a number",
        "and 3 more",
    )


def test_an_order_that_we_learn_of_is_no_longer_theirs_alone(app: App) -> None:
    feed(app, day())
    app.reconcile(statement(*ALL, row("O9", size="100", ref="X9")), T)
    assert "EXI-01 open" in breaks(app)
    known = Feed("c2").place("X9").report("New", "O9", "X9", exec_id="9n")
    feed(app, known)
    part = statement(*ALL, inputs=[listing(complete=False)])
    app.reconcile(another(part), T + timedelta(hours=1))
    assert "EXI-01 open" not in breaks(app)


def test_what_a_list_no_longer_has_is_no_longer_theirs_alone(app: App) -> None:
    feed(app, day())
    app.reconcile(statement(*ALL, row("Z9", size="1")), T)
    app.reconcile(another(statement(*ALL)), T + timedelta(hours=1))
    assert "EXI-02 closed" in breaks(app, everything=True)


def test_a_whole_list_makes_good_for_one_with_a_part_missing(app: App) -> None:
    feed(app, day())
    app.reconcile(statement(ONE, page_missing()), T)
    app.reconcile(another(statement(*ALL)), T + timedelta(hours=1))
    assert "STR-05 closed" in breaks(app, everything=True)


def test_a_newer_row_makes_good_for_an_old_one_and_one_source_for_two(app: App) -> None:
    feed(app, day())
    old = row("O1", matched="0", updated_at=NOON + timedelta(seconds=2))
    ran = app.reconcile(statement(old, TWO, row("O3", remaining="99"), THREE), T)
    assert differences(ran) == [
        "O1 old matched 40 0",
        "O3 remaining 100 99",
        "O3 sources remaining 99 100",
    ]
    app.reconcile(another(statement(*ALL)), T + timedelta(hours=1))
    told = breaks(app, everything=True)
    assert {"STR-04 closed", "STR-06 closed", "QTY-02 closed"} <= {*told}


def test_a_match_that_came_to_light_is_no_longer_missing(app: App) -> None:
    feed(app, day())
    trades = [listing(Lists.FILLS, complete=False)]
    told = statement(row("O1", fills=[fill("F1", "40"), fill("F9", "5")]), inputs=trades)
    app.reconcile(told, T)
    assert "FIL-05 open" in breaks(app)
    late = Feed("c2").trade("O1", "X1", "F9", "5")
    late.records[0]["at"] = clock(99)
    feed(app, late)
    app.reconcile(another(told), T + timedelta(hours=1))
    assert "FIL-05 closed" in breaks(app, everything=True)


def test_terms_that_agree_settle_what_differed_in_them(app: App) -> None:
    feed(app, day())
    bare = replace(row("O1"), terms=Terms(size=Decimal(90), price=Price(Decimal(2))))
    app.reconcile(statement(bare, TWO, THREE), T)
    assert {"QTY-05 open", "QTY-06 open"} <= {*breaks(app)}
    good = replace(row("O1"), terms=Terms(size=Decimal(100), price=Price(Decimal("1.95"))))
    app.reconcile(another(statement(good, TWO, THREE)), T + timedelta(hours=1))
    assert {"QTY-05 closed", "QTY-06 closed"} <= {*breaks(app, everything=True)}


def test_another_price_is_settled_by_a_row_that_says_so(app: App) -> None:
    feed(app, day())
    app.reconcile(statement(row("O1", price="2"), TWO, THREE), T)
    app.reconcile(another(statement(ONE, TWO, THREE)), T + timedelta(hours=1))
    assert "QTY-06 closed" in breaks(app, everything=True)


def test_a_row_that_is_set_aside_is_kept(app: App) -> None:
    feed(app, day())
    app.reconcile(statement(*ALL, aside()), T)
    (kept,) = app.set_aside()
    assert (kept["source"], kept["line"], kept["reason"]) == (
        "orders.json",
        9,
        "'x' is not a number",
    )


def test_the_books_are_compared_as_they_were_at_the_statement_s_time(app: App) -> None:
    feed(app, day())
    then = statement(row("O1", "NEW", size="100", matched="0", remaining="100"), inputs=[listing()])
    assert differences(app.reconcile(then, NOON + timedelta(seconds=2))) == []
    assert "O1 matched 40 0" in differences(app.reconcile(then, T))


def test_an_order_that_came_after_the_statement_is_not_missed_and_not_compared(
    app: App,
) -> None:
    feed(app, day())
    early = NOON + timedelta(seconds=2)
    assert differences(app.reconcile(statement(row("O1")), early)) == []
    ran = app.reconcile(another(statement(row("O1"), row("O3", size="100"))), early)
    assert differences(ran) == ["O3 earlier 2026-02-07T12:00:08Z"]


def test_a_run_changes_no_order(app: App) -> None:
    feed(app, day())
    before = orders(app)
    app.reconcile(statement(row("O1", "CANCELLED", matched="55")), T)
    events = app.store.after(0, 1_000)
    assert {type(entry.event).__name__ for entry in events if entry.capture is None} == {
        "ReconciliationRan",
        "DifferenceFound",
    }
    assert orders(app) == before


def test_a_statement_declared_complete_or_not_by_whoever_fetched_it(app: App) -> None:
    feed(app, day())
    told = statement(ONE, inputs=[listing(complete=None)])
    assert differences(app.reconcile(told, T, complete=False)) == []
    assert differences(app.reconcile(told, T, complete=True)) == [
        "O2 only_ours matched 10",
        "O3 only_ours remains 100",
    ]


def test_an_order_that_was_merged_is_found_by_each_of_its_names(app: App) -> None:
    given = Feed("c1")
    given.report("New", "O1", exec_id="1n", order_qty="100")
    given.place("X1")
    given.report("Trade", "O1", "X1", exec_id="F1", last_qty="40", last_px="1.95")
    feed(app, given)
    told = row("O1", "PARTIALLY_FILLED", ref="X1", matched="40")
    for names in (told.names, told.names[:1], told.names[1:], told.names[::-1]):
        one = replace(told, names=(Name(NameKind.CLIENT, "nobody's"), *names))
        assert differences(app.reconcile(statement(one), T)) == []


def test_a_break_of_an_order_that_was_merged_away_is_closed(app: App) -> None:
    given = Feed("c1")
    given.report("New", "O1", exec_id="1n", order_qty="100")
    given.place("X1")
    feed(app, given)
    app.reconcile(statement(row("O1", matched="7"), row(None, ref="X1", size="9")), T)
    late = Feed("c2")
    late.report("Trade", "O1", "X1", exec_id="F1", last_qty="7", last_px="1.95")
    feed(app, late)
    ran = app.reconcile(another(statement(row("O1"))), T + timedelta(hours=1))
    assert differences(ran) == []
    standing = [item for item in breaks(app) if item.startswith("QTY-0")]
    assert standing == ["QTY-05 open"]  # of the order that stayed, and not spoken of again
    sound(app)


def test_an_order_matched_beyond_its_size_is_held_against_the_facts(app: App) -> None:
    given = Feed("c1").place("X1").report("New", "O1", "X1", exec_id="1n")
    given.trade("O1", "X1", "F1", "100").trade("O1", "X1", "F2", "5")
    feed(app, given)
    assert "FIL-03" in flags(app)
    ran = app.reconcile(statement(row("O1", "FILLED", matched="100")), T)
    assert differences(ran) == ["O1 matched 105 100"]
