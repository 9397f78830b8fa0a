"""Whether a statement is whole: what pages, counts and requests prove of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.statement import Lists
from tests.adapters.statements.saved import (
    PS_ORDER,
    abp_order,
    abp_page,
    file,
    ps_page,
    saved,
    statement,
    told,
    wrong,
)

NONE: list[object] = []
ALL: dict[str, str] = {}


@pytest.mark.parametrize(
    ("venue", "pages", "then", "complete"),
    [
        pytest.param(
            "abp",
            [abp_page(9, 8)],
            [],
            None,
            id="abp is always asked by a filter: only whoever asked knows",
        ),
        pytest.param(
            "abp", [abp_page(9, 8, more=True), abp_page(7, 6)], [], None, id="two pages, no hole"
        ),
        pytest.param(
            "abp",
            [abp_page(7, 6), abp_page(9, 8, more=True)],
            [],
            None,
            id="two pages in another order",
        ),
        pytest.param(
            "abp",
            [abp_page(9, 8, more=True)],
            ["more rows follow after 8 ({a})"],
            False,
            id="the last page is missing",
        ),
        pytest.param(
            "abp",
            [abp_page(99, 97, more=True), abp_page(50, 48)],
            ["a page may be missing between 97 ({a}) and 50 ({b})"],
            False,
            id="a hole wider than any within the pages",
        ),
        pytest.param(
            "abp",
            [abp_page(9, 8, more=True), abp_page(8, 7)],
            ["{b} overlaps {a}, down to 8", "{b} repeats 1 rows of other pages: pages overlap"],
            False,
            id="pages overlap",
        ),
        pytest.param(
            "abp",
            [abp_page(9, 8), abp_page(7, 6)],
            ["{a} says that nothing follows, and {b} does"],
            False,
            id="a last page and one after it",
        ),
        pytest.param(
            "abp",
            [abp_page(9, 8, count=3)],
            ["{a} counts 3 rows and has 2"],
            False,
            id="a page counts more rows than it has",
        ),
        pytest.param(
            "abp",
            [abp_page(9, 8, more=True, count=4), abp_page(7, 6, count=4)],
            [],
            None,
            id="a count of all rows on every page",
        ),
        pytest.param("abp", [abp_page()], [], None, id="no orders at all"),
        pytest.param(
            "abp",
            [[abp_order(9), abp_order(8)]],
            [],
            None,
            id="a bare list tells nothing of an end",
        ),
        pytest.param("predictstreet", [ps_page("a", "b")], [], True, id="predictstreet, one page"),
        pytest.param(
            "predictstreet",
            [ps_page("a", cursor="x"), ps_page("b", cursor="y"), ps_page("c")],
            [],
            True,
            id="predictstreet, three pages",
        ),
        pytest.param(
            "predictstreet",
            [ps_page("a", cursor="x"), ps_page("b", cursor="y")],
            ["more rows follow {b} (next: y)"],
            False,
            id="predictstreet, no last page",
        ),
        pytest.param(
            "predictstreet",
            [ps_page("a"), ps_page("b")],
            ["{b} and {a} both say that they are the last page"],
            False,
            id="predictstreet, two last pages",
        ),
        pytest.param(
            "predictstreet",
            [ps_page("a", cursor="x"), ps_page("b", cursor="x"), ps_page("c")],
            ["{b} leads where another page leads: pages overlap"],
            False,
            id="predictstreet, two pages with one cursor",
        ),
        pytest.param(
            "predictstreet", [{"orders": NONE}], [], None, id="without a cursor no end is told"
        ),
        pytest.param(
            "fourcasters", [{"data": {"unmatched": NONE}}], [], True, id="4casters, no pages"
        ),
        pytest.param(
            "fourcasters",
            [{"data": {"matchedBets": NONE}}],
            [],
            False,
            id="4casters matched bets lack the graded ones",
        ),
        pytest.param(
            "fourcasters",
            [{"data": {"graded": NONE, "hasMore": True, "cursor": "z"}}],
            ["more rows follow {a} (next: z)"],
            False,
            id="4casters graded bets, not the last page",
        ),
    ],
)
def test_plain_pages(
    venue: str, pages: list[object], then: list[str], *, complete: bool | None, tmp_path: Path
) -> None:
    read = saved(tmp_path, venue, *pages)
    names = {"a": tmp_path / "a.json", "b": tmp_path / "b.json"}
    found = {line.partition(": ")[2].replace(", line 1", "") for line in wrong(read)}
    assert found == {reason.format(**names) for reason in then}
    assert {item.complete for item in read.inputs} == {complete}


def test_the_same_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = file(tmp_path, "a.json", abp_page(9, 8))
    copy = file(tmp_path, "b.json", abp_page(9, 8))
    assert len(told(statement("abp", path, path, copy))) == 2


def test_a_row_on_two_pages_is_told_once(tmp_path: Path) -> None:
    read = saved(tmp_path, "abp", abp_page(9, 8, more=True), abp_page(8, 7))
    assert [line for line in told(read) if line.startswith("8=")] != []
    assert len([line for line in told(read) if line.startswith("8=")]) == 1


def test_a_graded_bet_that_was_graded_again_counts_as_it_was_last(tmp_path: Path) -> None:
    bet = {"txID": "t", "bet": 5, "wagerRequestID": "w", "fee": "0"}
    first = {"data": {"graded": [{**bet, "outcome": "winner"}], "hasMore": True, "cursor": "c"}}
    last = {"data": {"graded": [{**bet, "outcome": "refund"}], "hasMore": False, "cursor": "d"}}
    assert told(saved(tmp_path, "fourcasters", first, last)) == ["w - -/-/- [t:5x]"]


def test_a_page_of_open_orders_among_pages_of_history_is_history(tmp_path: Path) -> None:
    first = ps_page("a", cursor="x")
    last = {"orders": [{**PS_ORDER, "id": "b", "status": "FILLED"}], "nextCursor": None}
    read = saved(tmp_path, "predictstreet", first, last)
    assert [(item.lists, item.complete) for item in read.inputs] == [(Lists.ORDERS, True)] * 2
    assert not wrong(read)


def test_open_orders_and_history_saved_as_bare_bodies_are_two_whole_lists(tmp_path: Path) -> None:
    history = {"orders": [{**PS_ORDER, "id": "b", "status": "FILLED"}], "nextCursor": None}
    read = saved(tmp_path, "predictstreet", ps_page("a"), history)
    assert [(item.lists, item.complete) for item in read.inputs] == [
        (Lists.OPEN, True),
        (Lists.ORDERS, True),
    ]
    assert not wrong(read)


def test_three_last_pages_are_not_two_lists(tmp_path: Path) -> None:
    history = {"orders": [{**PS_ORDER, "id": "c", "status": "FILLED"}], "nextCursor": None}
    read = saved(tmp_path, "predictstreet", ps_page("a"), ps_page("b"), history)
    assert [item.complete for item in read.inputs] == [False] * 3


def test_what_rests_at_4casters_says_nothing_of_what_was_taken_before(tmp_path: Path) -> None:
    row = {"id": "o1", "filled": 0, "offered": 60}
    assert told(saved(tmp_path, "fourcasters", {"data": {"unmatched": [row]}})) == ["o1 - -/-/60"]
