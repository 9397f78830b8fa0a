"""Whether a statement is whole: what pages, counts and requests prove of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.values import Name, NameKind
from tests.adapters.statements.saved import (
    ACCOUNT,
    abp_order,
    abp_page,
    exchange,
    file,
    lines,
    saved,
    statement,
    told,
    wrong,
)

NONE: list[object] = []
ALL: dict[str, str] = {}
PS = {"quantity": "100", "status": "OPEN"}


def ps_page(*order_ids: str, cursor: str | None = None) -> dict[str, object]:
    """A page of PredictStreet's open orders."""
    return {"orders": [{**PS, "id": one} for one in order_ids], "nextCursor": cursor}


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


@pytest.mark.parametrize(
    ("venue", "asked", "then", "complete"),
    [
        pytest.param(
            "predictstreet",
            [
                ("/api/orders/open", ALL, ps_page("a", cursor="x")),
                ("/api/orders/open", {"cursor": "x"}, ps_page("b")),
            ],
            [],
            True,
            id="the second was asked for where the first leads",
        ),
        pytest.param(
            "predictstreet",
            [
                ("/api/orders/open", {"limit": "1"}, ps_page("a", cursor="x")),
                ("/api/orders/open", {"cursor": "x", "limit": "1"}, ps_page("b", cursor="y")),
            ],
            ["more rows follow"],
            False,
            id="the last page was not asked for",
        ),
        pytest.param(
            "predictstreet",
            [("/api/orders/open", {"cursor": "x"}, ps_page("b"))],
            ["the first page is missing"],
            False,
            id="the first page is not there",
        ),
        pytest.param(
            "predictstreet",
            [("/api/orders/open", {"marketId": "M"}, ps_page("a"))],
            [],
            False,
            id="asked for one market: never all",
        ),
        pytest.param(
            "predictstreet",
            [("/api/orders/open", ALL, ps_page("old")), ("/api/orders/open", ALL, ps_page("a"))],
            [],
            True,
            id="asked twice: the newer answer counts",
        ),
        pytest.param(
            "fourcasters",
            [("/user/v2/getGraded", ALL, {"data": {"graded": NONE}})],
            [],
            None,
            id="graded bets without a word on more",
        ),
        pytest.param(
            "abp",
            [
                ("/orders", {"userRef": "desk-7"}, abp_page(9, more=True)),
                ("/orders", {"userRef": "desk-7", "afterOrderId": "9"}, abp_page(2)),
            ],
            [],
            None,
            id="abp by user reference: wide numbers prove nothing where the requests are known",
        ),
    ],
)
def test_recorded_pages(
    venue: str,
    asked: list[tuple[str, dict[str, str], object]],
    then: list[str],
    *,
    complete: bool | None,
    tmp_path: Path,
) -> None:
    record = [
        exchange(2 * seq + 1, path, body, venue=venue, query=query)
        for seq, (path, query, body) in enumerate(asked)
    ]
    read = saved(tmp_path, venue, lines(*record))
    found = wrong(read)
    assert len(found) == len(then)
    assert all(reason in line for reason, line in zip(then, found, strict=True))
    assert [item.complete for item in read.inputs] == [complete]
    assert not any("old" in line for line in told(read))


def test_a_list_asked_for_by_ids_is_whole_for_these(tmp_path: Path) -> None:
    record = [
        exchange(1, "/orders", abp_page(9), query={"orderIds": "9,8"}),
        exchange(
            3, "/orders", {"detail": "No matching orders"}, query={"requestUuids": "AB"}, status=404
        ),
        exchange(5, "/orders", abp_page(9), query={"orderIds": ["9"]}),
    ]
    read = saved(tmp_path, "abp", lines(*record))
    (one,) = read.inputs
    assert one.complete is True
    venue, client = NameKind.VENUE, NameKind.CLIENT
    assert one.asked == (Name(venue, "9"), Name(venue, "8"), Name(client, "ab"))
    assert len(told(read)) == 1, "asked for twice, the newer answer counts"


def test_an_order_read_by_its_id_is_asked_for(tmp_path: Path) -> None:
    record = exchange(1, "/api/orders/7b-1", {**PS, "id": "7b-1"}, venue="predictstreet")
    (one,) = saved(tmp_path, "predictstreet", lines(record)).inputs
    assert one.asked == (Name(NameKind.VENUE, "7b-1"),)
    assert one.complete is True


def test_a_list_since_a_time_says_so(tmp_path: Path) -> None:
    body = {"data": {"graded": NONE, "hasMore": False, "cursor": "c"}}
    query = {"since": "2031-01-01T00:00:00Z"}
    record = exchange(1, "/user/v2/getGradedSince", body, venue="fourcasters", query=query)
    (one,) = saved(tmp_path, "fourcasters", lines(record)).inputs
    assert one.since is not None
    assert one.complete is True


def test_traffic_of_others_is_none_of_ours(tmp_path: Path) -> None:
    record = [
        exchange(1, "/orders", abp_page(9), account="somebody"),
        exchange(3, "/orders", abp_page(8), account=ACCOUNT),
        exchange(5, "/betslip", {"odds": {}}),
    ]
    assert [line[:2] for line in told(saved(tmp_path, "abp", lines(*record)))] == ["8="]


def test_a_torn_line_is_set_aside_and_the_rest_is_read(tmp_path: Path) -> None:
    content = lines(exchange(1, "/orders", abp_page(9))) + '{"v":1,"capt'
    read = told(saved(tmp_path, "abp", content))
    assert read[0].startswith("9=")
    assert read[1].startswith("! 3: no JSON")
