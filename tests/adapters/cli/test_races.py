"""`breakwater races`: what else might have become of an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from adapters.bootstrap import opened
from adapters.bootstrap_races import races_of
from adapters.cli.exits import Exit
from adapters.settings import Settings
from tests.adapters.cli.using import CANCEL, STORY, UNANSWERED, Capture, Run, line, report

GONE = report("Canceled", "e4", cl_ord_id="Y", orig_cl_ord_id="X")
FILL = report("Trade", "e3", last_qty="10", last_px="1.95")


def told(run: Run, path: str, *options: str) -> dict[str, Any]:
    """The races of the order of a capture."""
    run("ingest", path)
    ran = run("races", "O1", "--json", *options)
    assert ran.code == Exit.DONE
    found: dict[str, Any] = ran.json
    return found


def figures(ending: dict[str, Any]) -> tuple[str, str, str]:
    """An ending in short."""
    return ending["matched"], ending["remaining"], ending["cancelled"]


def test_the_endings_of_a_match_that_crossed_a_cancel(run: Run, capture: Capture) -> None:
    found = told(run, capture(STORY))
    (race,) = found["races"]
    assert race["messages"] == [4, 5, 6]
    assert race["crossed"] == [[4, 5]]
    assert [figures(ending) for ending in race["endings"] if ending["assumed"]] == [
        ("50", "0", "50")
    ]
    assert {figures(ending) for ending in race["endings"]} == {
        ("50", "0", "50"),
        ("40", "0", "60"),
        ("50", "50", "0"),
        ("40", "60", "0"),
    }
    assert race["every_world"]
    assert sum(ending["worlds"] for ending in race["endings"]) == race["worlds_tried"]
    assert race["endings_left"] == sorted(race["endings_left"], reverse=True)
    assert found["as_in_the_books"]


def test_a_long_race_says_how_far_it_is(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    said: list[str] = []
    with opened(Settings()) as app:
        (key,) = app.streams_called("O1")
        (race,) = races_of(app, key, 200, said.append).races
    count = race.tried
    assert said == [f"course {number} of {count}" for number in range(1, count + 1)]


CHANGED = {"cl_ord_id": "A", "orig_cl_ord_id": "X"}
CHANGE = {"msg": "OrderCancelReplaceRequest", **CHANGED}
LATE = [*STORY[:4], line(5, "received", GONE), line(6, "received", FILL)]


@pytest.mark.parametrize(
    ("lines", "settled"),
    [
        pytest.param(LATE, 6, id="a late match: until it came, it may not have been there"),
        pytest.param(
            [
                *STORY[:4],
                line(5, "received", {**GONE, "transact_time": "2026-02-07T12:00:04.9Z"}),
                line(6, "received", {**FILL, "transact_time": "2026-02-07T12:00:04.8Z"}),
            ],
            6,
            id="a late match that the venue dates before the cancel",
        ),
        pytest.param(
            [
                *STORY[:4],
                line(5, "received", {**FILL, "last_qty": "60"}),
                line(6, "received", {**GONE, "exec_type": "OrderStatus", "ord_status": "Filled"}),
            ],
            5,
            id="matched whole: nothing was left to be cancelled",
        ),
        pytest.param(
            [
                *STORY[:3],
                line(4, "sent", {**CHANGE, "order_qty": "60"}),
                line(5, "received", report("Restated", "e5", order_qty="80")),
                line(6, "received", {**report("Replaced", "e6", order_qty="60"), **CHANGED}),
            ],
            None,
            id="the venue changed it as we did: whose change was the last?",
        ),
    ],
)
def test_what_settled_it(
    run: Run, capture: Capture, lines: Sequence[str], settled: int | None
) -> None:
    (race,) = told(run, capture(lines))["races"]
    by = race["settled_by"]
    assert (None if by is None else by["number"]) == settled


def test_two_requests_apart_are_two_races(run: Run, capture: Capture) -> None:
    later = {"cl_ord_id": "Y2", "orig_cl_ord_id": "X"}
    part = report("Canceled", "e5", **later, cancel_qty="5")
    lines = [
        *STORY[:3],
        line(4, "sent", {**CANCEL, "cancel_qty": "5"}),
        STORY[4],
        line(6, "received", {**GONE, "cancel_qty": "5"}),
        line(30, "sent", {**CANCEL, **later, "cancel_qty": "5"}),
        line(31, "received", report("Trade", "e6", last_qty="10", last_px="1.95")),
        line(32, "received", part),
    ]
    races = told(run, capture(lines))["races"]
    assert [race["messages"] for race in races] == [[4, 5, 6], [7, 8, 9]]


def test_no_race(run: Run, capture: Capture) -> None:
    assert told(run, capture(STORY[:3]))["races"] == []
    assert "there was no race" in run("races", "O1").out


def test_a_cancel_without_an_answer_leaves_doubt_in_every_ending(
    run: Run, capture: Capture
) -> None:
    (race,) = told(run, capture([*UNANSWERED, line(7, "received", FILL)]))["races"]
    assert {figures(ending) for ending in race["endings"]} == {("40", "60", "0"), ("50", "50", "0")}
    assert not any(ending["certain"] for ending in race["endings"])


def test_a_sample_is_said_to_be_one(run: Run, capture: Capture) -> None:
    fills = [
        line(seq, "received", report("Trade", f"t{seq}", last_qty="1", last_px="1.95"))
        for seq in range(5, 11)
    ]
    path = capture([*STORY[:4], *fills, line(11, "received", GONE)])
    (race,) = told(run, path, "--most", "7")["races"]
    assert (race["worlds_tried"], race["every_world"]) == (7, False)
    again = run("races", "O1", "--json", "--most", "7").json["races"]
    assert again == [race], "the same sample each time"
    assert "a sample of those that fit" in run("races", "O1", "--most", "7").out


def test_people_are_told_in_tables(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    out = run("races", "O1").out
    assert "endings of the race from #4 to #6" in out
    assert "Settled by #6 (cli seq 6)" in out
    assert "assumed" in out


@pytest.mark.parametrize("name", ["nobody", "00000000-0000-0000-0000-000000000000"])
def test_an_order_that_nobody_knows(run: Run, capture: Capture, name: str) -> None:
    run("ingest", capture(STORY))
    ran = run("races", name)
    assert (ran.code, "try `breakwater orders`" in ran.err) == (Exit.NOT_FOUND, True)


def test_an_empty_log(run: Run) -> None:
    assert run("races", "X").code == Exit.NOT_FOUND


def test_on_postgresql(run: Run, capture: Capture, postgres_url: str) -> None:
    database = ("--database", postgres_url)
    run(*database, "ingest", capture(STORY))
    (race,) = run(*database, "races", "O1", "--json").json["races"]
    assert len(race["endings"]) == 4
