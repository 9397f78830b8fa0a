"""`breakwater cancel` at each venue that we serve, over real connections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.at_venues import DESKS, Desk, learned, quiet
from tests.adapters.cli.using import Ran, Run

__all__ = ["quiet"]

WHO = ("--by", "ann", "--why", "the feed is stuck")


@pytest.fixture(params=sorted(DESKS))
def desk(request: pytest.FixtureRequest, quiet: None) -> Iterator[Desk]:
    del quiet
    with DESKS[request.param]() as desk:
        yield desk


@pytest.fixture
def at(desk: Desk, run: Run, tmp_path: Path) -> Run:
    """A command about the desk's account."""
    desk.settings(tmp_path)

    def running(*words: str) -> Ran:
        command, *rest = words
        venue, account = desk.owner.venue, desk.owner.account
        return run(command, "--venue", venue, "--account", account, *rest)

    return running


def test_what_is_asked_for_is_cancelled_and_nothing_else(desk: Desk, at: Run, run: Run) -> None:
    one, two, other = desk.place(3)
    learned(desk, [one, two, other])
    ran = at("cancel", "--order", one, "--order", two, *WHO, "--json")
    assert ran.code == 0, ran
    assert {row["venue_order_id"]: row["outcome"] for row in ran.json} == {
        one: "cancelled",
        two: "cancelled",
    }
    assert len(desk.live()) == 1
    (asked,) = run("cancels", "--json").json
    assert (asked["requested_by"], asked["why"]) == ("ann", "the feed is stuck")
    assert {row["venue_order_id"]: row["status"] for row in run("orders", "--json").json} == {
        one: "CANCELLED",
        two: "CANCELLED",
        other: "NEW",
    }
