"""Lists that were recorded: what their requests prove of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.values import Name, NameKind
from tests.adapters.statements.saved import (
    ACCOUNT,
    PS_ORDER,
    abp_page,
    exchange,
    lines,
    ps_page,
    saved,
    told,
    wrong,
)

NONE: list[object] = []
ALL: dict[str, str] = {}


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
    record = exchange(1, "/api/orders/7b-1", {**PS_ORDER, "id": "7b-1"}, venue="predictstreet")
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


def test_what_was_asked_to_be_done_is_no_list(tmp_path: Path) -> None:
    done = {"cancelled": ["7b-1"], "notCancelled": ALL}
    ps = "predictstreet"
    record = [
        exchange(1, "/api/orders/cancel-batch", done, venue=ps, method="POST"),
        exchange(3, "/api/orders/7b-1", {**PS_ORDER, "id": "7b-1"}, venue=ps),
    ]
    assert told(saved(tmp_path, ps, lines(*record))) == ["7b-1 NEW 100/-/-"]


def test_a_list_that_takes_parameters_in_its_body_is_one(tmp_path: Path) -> None:
    body = {"data": {"graded": NONE, "hasMore": False, "cursor": "c"}}
    query = {"since": "2031-01-01T00:00:00Z"}
    path = "/user/v2/getGradedSince"
    record = exchange(1, path, body, venue="fourcasters", query=query, method="POST")
    assert saved(tmp_path, "fourcasters", lines(record)).inputs[0].since is not None
