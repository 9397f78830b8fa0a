"""`breakwater as-of`: a page of the past, and the commands that tell the rest of it."""

from __future__ import annotations

import shlex

import pytest

from adapters.cli.exits import Exit
from tests.adapters.cli.using import STORY, Capture, Run, line

OTHERS = [
    line(
        seq,
        "sent",
        {
            "msg": "NewOrderSingle",
            "cl_ord_id": f"N{seq}",
            "instrument": "M 1",
            "side": "BUY",
            "order_qty": "1",
            "price": "2",
        },
    )
    for seq in (10, 11, 12)
]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="by what was known"),
        pytest.param(["--account", "desk-7"], id="of an account"),
        pytest.param(["--venue", "canonical", "--market", "M 1"], id="of a market with a space"),
        pytest.param(
            ["--true", "--known-at", "2026-02-07T12:00:30Z"], id="as known of the truth at a time"
        ),
    ],
)
def test_the_command_that_is_named_tells_the_rest(
    run: Run, capture: Capture, options: list[str]
) -> None:
    run("ingest", capture([*STORY, *OTHERS]))
    page = run("as-of", "2026-02-07T12:00:40Z", "--limit", "1", *options)
    assert page.code == Exit.DONE
    (named,) = [
        text.partition(": ")[2]
        for text in page.out.splitlines()
        if text.startswith("there are more: breakwater orders --open ")
    ]
    rest = run(*shlex.split(named)[1:], "--json")
    asked = ("orders", "--open", "--as-of", "2026-02-07T12:00:40Z", *options)
    assert rest.json == run(*asked, "--json").json
    assert len(rest.json) == len(OTHERS)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_outside_of_all_years_is_none(run: Run, moment: str) -> None:
    asked = run("as-of", moment)
    assert asked.code == Exit.USAGE
    assert moment in asked.err
