"""A venue's statements held against the books, from rows to breaks, on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from adapters.bootstrap import App
from domain.events import Terms
from domain.statement import Statement, StatementRow
from domain.values import Account, Name, NameKind
from tests.feeding import NOON, Feed, desk, feed, sound
from tests.stating import aside, fill, listing, page_missing, row, statement
from tests.whole.reconciling import (
    ALL,
    BOTH,
    ONE,
    OPEN_LIST,
    THREE,
    TRADES,
    TWO,
    T,
    breaks,
    day,
    differences,
    runs,
)


@pytest.fixture
def app(engine: Engine) -> Iterator[App]:
    """The program over a database of each kind."""
    with desk(engine.url.render_as_string(hide_password=False)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("told", "then", "codes"),
    [
        pytest.param(statement(*ALL), [], [], id="all as we hold it"),
        pytest.param(
            statement(ONE, TWO), ["O3 only_ours remains 100"], ["EXI-03 open"], id="one is missing"
        ),
        pytest.param(
            statement(ONE, THREE),
            ["O2 only_ours matched 10"],
            ["EXI-03 open"],
            id="one that is over is missing",
        ),
        pytest.param(
            statement(ONE, inputs=OPEN_LIST),
            ["O3 not_open remains 100"],
            ["EXI-04 open"],
            id="one is missing in the list of open orders",
        ),
        pytest.param(
            statement(replace(ONE), replace(TWO, place=replace(TWO.place, input=1)), inputs=BOTH),
            ["O3 only_ours remains 100"],
            ["EXI-03 open"],
            id="open and closed lists together have every order",
        ),
        pytest.param(
            statement(ONE, inputs=[listing(complete=False)]), [], [], id="a part proves no absence"
        ),
        pytest.param(
            statement(ONE, inputs=[listing(complete=None)]), [], [], id="nobody said it is whole"
        ),
        pytest.param(
            statement(inputs=[listing(asked=(Name(NameKind.VENUE, "O3"),))]),
            ["O3 only_ours remains 100"],
            ["EXI-03 open"],
            id="asked for by name and not told of",
        ),
        pytest.param(
            statement(ONE, inputs=[listing(since=NOON)]), [], [], id="only what changed since"
        ),
        pytest.param(
            statement(*ALL, row("Z9", "NEW", size="5", ref="other")),
            ["Z9 only_theirs orders 5"],
            ["EXI-01 open"],
            id="one that nobody here knows",
        ),
        pytest.param(
            statement(row(None, "NEW", ref="X3", size="90"), ONE, TWO),
            ["X3 size 100 90"],
            ["QTY-05 open"],
            id="found by our reference alone",
        ),
        pytest.param(
            statement(row("V3", "NEW", ref="X3", remaining="90"), ONE, TWO),
            ["V3 remaining 100 90"],
            ["QTY-02 open"],
            id="found by our reference where the venue's id is another",
        ),
        pytest.param(
            statement(ONE, TWO, replace(THREE, claims=replace(THREE.claims, remaining=None)), ONE),
            [],
            [],
            id="a row told twice",
        ),
        pytest.param(
            statement(*ALL, replace(ONE, terms=Terms(currency="USD"))),
            [],
            [],
            id="a row told twice, once with a currency, of an order that nobody told one of",
        ),
        pytest.param(
            statement(ONE, row("O1", matched="41"), TWO, THREE),
            ["O1 matched 40 41", "O1 sources matched 40 41"],
            ["FIL-05 open", "QTY-03 open", "STR-06 open"],
            id="two rows of one order contradict each other",
        ),
        pytest.param(
            statement(row("O1", matched="41"), ONE, TWO, THREE),
            ["O1 matched 40 41", "O1 sources matched 41 40"],
            ["FIL-05 open", "QTY-03 open", "STR-06 open"],
            id="the other way round",
        ),
        pytest.param(
            statement(*ALL, aside()),
            ["parts orders orders.json: line 9: 'x' is not a number"],
            ["STR-05 open"],
            id="a row that cannot be read",
        ),
        pytest.param(
            statement(ONE, TWO, page_missing()),
            ["parts orders orders.json: there are more pages"],
            ["STR-05 open"],
            id="a page is missing: the third order may be on it",
        ),
        pytest.param(
            statement(*ALL, StatementRow(names=(), place=ONE.place)),
            ["parts orders orders.json: line 1: the row names no order"],
            ["STR-05 open"],
            id="a row without a name",
        ),
        pytest.param(
            statement(
                row("O1", fills=[fill("F1", "15", "1.95")]),
                row("O1", fills=[fill("F5", "25", "1.95")]),
                row("O2", fills=[fill("F2", "10", "1.95")]),
                inputs=TRADES,
            ),
            ["O1 fill F1 size 40 15", "O1 fill F5 size 25"],
            ["FIL-05 open", "QTY-03 open"],
            id="matches, a row each",
        ),
        pytest.param(
            statement(row("O1", fills=[fill("F1", "40")]), inputs=TRADES),
            ["O2 only_ours matched 10"],
            ["EXI-03 open"],
            id="no match of an order that matched",
        ),
        pytest.param(
            statement(row("O1", average="2.5"), TWO, THREE),
            ["O1 average 1.95 2.5"],
            ["FIL-11 open"],
            id="another average",
        ),
    ],
)
def test_a_statement(app: App, told: Statement, then: list[str], codes: list[str]) -> None:
    feed(app, day())
    before = {item for item in breaks(app) if item not in codes}
    ran = app.reconcile(told, T)
    assert differences(ran) == then
    assert sorted({*breaks(app)} - before) == codes
    (record,) = runs(app)
    assert (record["complete"], record["as_of"]) == (ran.ran.complete, T)
    sound(app)


def test_accounts_do_not_see_each_other(app: App) -> None:
    feed(app, day(), Feed("c9", account="other").place("X1").report("New", "O1", "X1", exec_id="1"))
    other = Account("canonical", "other")
    ran = app.reconcile(statement(row("O1", matched="0"), owner=other), T)
    assert differences(ran) == []
    assert app.knows(other)
    assert not app.knows(Account("canonical", "nobody"))
    assert ran.ran.figures.matched == 1


def pages(number: int) -> Sequence[StatementRow]:
    """More rows than are looked up at once."""
    return [row(f"O{index}", matched="0", line=index) for index in range(number)]


def test_more_rows_than_a_batch(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.engine.statement_rows.BATCH_ROWS", 3)
    given = Feed("c1")
    for index in range(7):
        given.place(f"X{index}").report("New", f"O{index}", f"X{index}", exec_id=str(index))
    feed(app, given)
    ran = app.reconcile(statement(*pages(5)), T)
    assert differences(ran) == ["O5 only_ours remains 100", "O6 only_ours remains 100"]
    assert ran.ran.figures.matched == 5
