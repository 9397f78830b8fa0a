"""Questions about the past from the command line: what was known, what was so, and how it ends."""

from __future__ import annotations

import json

import pytest

from adapters.cli.exits import Exit
from tests.adapters.cli.using import (
    CANCEL_FIELDS,
    ORDER_FIELDS,
    PLACE,
    STORY,
    UNANSWERED,
    Capture,
    Run,
    line,
    report,
)

NOON = "2026-02-07T12:00:"
LATE = [
    *STORY[:3],
    line(
        9,
        "received",
        report("Trade", "e9", last_qty="25", last_px="1.95", transact_time=f"{NOON}05.000Z"),
    ),
]
"""A match of 25 at second 5, seen at second 9."""


def seconds(text: str) -> str:
    """A moment, so many seconds after noon."""
    return f"{NOON}{text}Z"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("as-of", "yesterday"), "is no time", id="no time"),
        pytest.param(("as-of", "2026-02-07T12:00:00"), "names no zone", id="no zone"),
        pytest.param(("orders", "--true"), "add --as-of", id="a clock without a time"),
        pytest.param(("cancels", "--known-at", seconds("01")), "add --as-of", id="news, no time"),
        pytest.param(("breaks", "--as-of", "now", "--now"), "choose one of", id="now and then"),
        pytest.param(
            ("orders", "--as-of", "now", "--true", "--known"), "choose one of", id="two clocks"
        ),
        pytest.param(
            ("orders", "--as-of", "now", "--known-at", "now"), "add --true", id="news of no truth"
        ),
        pytest.param(
            ("breaks", "--as-of", "now", "--rules", "1..2"), "leave --as-of out", id="rules of then"
        ),
        pytest.param(("orders", "--limit", "0"), "limit", id="a list of nothing"),
    ],
)
def test_what_cannot_be_asked_ends_with_2(run: Run, arguments: tuple[str, ...], told: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert told in ran.err


def test_an_empty_log_has_an_empty_past(run: Run) -> None:
    for clock in ("--known", "--true", "--recorded"):
        whole = run("as-of", seconds("03"), clock, "--json")
        assert whole.code == Exit.DONE
        assert whole.json["orders"] == whole.json["breaks"] == []
    assert run("orders", "--as-of", "now", "--json").json == []


@pytest.mark.parametrize(
    ("moment", "clock", "matched", "status"),
    [
        pytest.param("00", (), None, None, id="not placed yet"),
        pytest.param("01.25", (), "0", "PENDING_NEW", id="sent"),
        pytest.param("03.249999", (), "0", "NEW", id="a microsecond before the match was seen"),
        pytest.param("03.25", (), "40", "PARTIALLY_FILLED", id="the match was seen"),
        pytest.param("06", (), "40", "PARTIALLY_FILLED", id="the news is on its way"),
        pytest.param("06", ("--true",), "65", "PARTIALLY_FILLED", id="it was so"),
        pytest.param("04", ("--true",), "40", "PARTIALLY_FILLED", id="it was not so yet"),
        pytest.param(
            "06", ("--true", "--known-at", seconds("08")), "40", "PARTIALLY_FILLED", id="as thought"
        ),
        pytest.param(
            "06", ("--true", "--known-at", seconds("10")), "65", "PARTIALLY_FILLED", id="as known"
        ),
        pytest.param("06", ("--recorded",), None, None, id="this machine had nothing then"),
    ],
)
def test_an_order_as_it_stood(  # noqa: PLR0913, PLR0917 - one row of a table
    run: Run,
    capture: Capture,
    moment: str,
    clock: tuple[str, ...],
    matched: str | None,
    status: str | None,
) -> None:
    run("ingest", capture(LATE))
    for more in ((), ("--open",), ("--market", "M1"), ("--account", "desk-7")):
        found = run("orders", *more, "--as-of", seconds(moment), *clock, "--json").json
        told = [(row["matched"], row["status"]) for row in found]
        assert told == ([] if matched is None else [(matched, status)])
    assert run("orders", "--market", "M2", "--as-of", seconds(moment), *clock, "--json").json == []


def test_one_page_of_a_moment(run: Run, capture: Capture) -> None:
    other = {**PLACE, "cl_ord_id": "Z"}
    run("ingest", capture([*STORY[:4], line(5, "sent", other), line(6, "sent", STORY_CANCEL_Z)]))
    whole = run("as-of", seconds("07"), "--json", "--limit", "1").json
    assert (whole["by"], whole["position"]) == ("known", None)
    assert list(whole["orders"][0]) == ORDER_FIELDS
    assert list(whole["cancels"][0]) == CANCEL_FIELDS
    assert whole["more"] == {"open_orders": True, "orders": True, "cancels": True, "breaks": False}
    rows = run("as-of", seconds("07"), "--ndjson", "--limit", "0").out.splitlines()
    assert [json.loads(row)["list"] for row in rows].count("orders") == 2
    shown = run("as-of", seconds("07"), "--true", "--limit", "1").out
    assert f"there are more: breakwater orders --open --as-of {seconds('07')} --true" in shown
    one = run("as-of", seconds("07"), "--market", "M1", "--json").json
    assert "cancels" not in one


STORY_CANCEL_Z = {"msg": "OrderCancelRequest", "cl_ord_id": "YZ", "orig_cl_ord_id": "Z"}


def test_breaks_end_as_they_would_have_then(run: Run, capture: Capture) -> None:
    run("ingest", capture(UNANSWERED))
    then = ("breaks", "--as-of", seconds("05.25"))
    assert run(*then).code == Exit.FINDINGS
    (flag,) = run(*then, "--json").json
    assert flag["code"] == "CXL-11"
    assert run("breaks", "--as-of", seconds("05.2")).code == Exit.DONE
    done = run("breaks", "accept", flag["break_id"], "--reason", "lost", "--by", "ben")
    assert done.code == Exit.DONE
    assert run("breaks", "--json").json == [], "accepted since"
    (still,) = run(*then, "--desk", "--json").json
    assert (still["status"], still["decided_by"]) == ("open", None)
    shown = ("breaks", "show", flag["break_id"], "--json")
    then_shown = run(*shown, "--as-of", seconds("05.25")).json
    assert (then_shown["status"], then_shown["history"]) == ("open", [])
    assert [told["by"] for told in run(*shown).json["history"]] == ["ben"]
    assert run(*shown, "--as-of", seconds("05")).code == Exit.NOT_FOUND
    (now,) = run("breaks", "--as-of", "now", "--all", "--code", "CXL-11", "--desk", "--json").json
    assert (now["status"], now["decided_by"]) == ("accepted", "ben")


def test_doubts_and_the_money_in_them(run: Run, capture: Capture) -> None:
    run("ingest", capture(UNANSWERED))
    (doubt,) = run("orders", "--uncertain", "--as-of", seconds("05.25"), "--json").json
    assert (doubt["remaining_min"], doubt["remaining_max"]) == ("0", "60")
    (risk,) = run(
        "orders", "--uncertain", "--by", "market", "--as-of", seconds("05.25"), "--json"
    ).json
    assert (risk["market"], risk["orders"]) == ("M1", 1)
    assert run("orders", "--uncertain", "--as-of", seconds("04.5"), "--json").json == []


def test_what_was_recorded_by_now_is_what_stands(run: Run, capture: Capture) -> None:
    run("ingest", capture(UNANSWERED))
    for command in (("orders",), ("cancels",), ("breaks", "--all")):
        assert run(*command, "--as-of", "now", "--recorded", "--json").json == (
            run(*command, "--json").json
        )
    whole = run("as-of", "now", "--recorded", "--json").json
    assert whole["position"] == run("verify", "--json").json["head_position"]
    assert "up to position" in run("as-of", "now", "--recorded").out


@pytest.mark.parametrize("clock", [(), ("--as-of", "now")], ids=["now", "then"])
def test_a_list_ends_where_it_was_told_to(
    run: Run, capture: Capture, clock: tuple[str, ...]
) -> None:
    run("ingest", capture([*UNANSWERED, line(6, "sent", {**PLACE, "cl_ord_id": "Z"})]))
    for command in ("orders", "cancels", "breaks"):
        assert len(run(command, "--limit", "1", *clock, "--json").json) == 1
