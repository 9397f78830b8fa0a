"""`breakwater orders --uncertain`: what may be, why, and the money at risk."""

from __future__ import annotations

import csv
import io

import pytest

from adapters.cli.exits import Exit
from projections.uncertain import BY, FIELDS, GROUPED
from tests.adapters.cli.using import STORY, UNANSWERED, Capture, Run


@pytest.mark.parametrize(
    "command", [(), ("--by", "market"), ("--by", "account")], ids=["orders", "market", "account"]
)
def test_what_is_uncertain_is_listed_for_people_and_programs(
    run: Run, capture: Capture, command: tuple[str, ...]
) -> None:
    assert run("orders", "--uncertain", *command, "--json").json == []
    assert "none" in run("orders", "--uncertain", *command).out
    run("ingest", capture(UNANSWERED))
    (record,) = run("orders", "--uncertain", *command, "--json").json
    expected = FIELDS if not command else (*BY[command[1]], *GROUPED)
    assert tuple(record) == expected
    assert "─" in run("orders", "--uncertain", *command).out
    (row,) = csv.DictReader(io.StringIO(run("orders", "--uncertain", *command, "--csv").out))
    assert tuple(row) == expected


def test_an_uncertain_order_tells_its_doubts(run: Run, capture: Capture) -> None:
    run("ingest", capture(UNANSWERED))
    (record,) = run("orders", "--uncertain", "--json").json
    assert record["why"] == ["cancel_unknown"]
    assert len(record["clears_when"]) == 1
    assert (record["remaining_min"], record["remaining_max"]) == ("0", "60")


def test_for_people_doubts_are_words(run: Run, capture: Capture) -> None:
    run("ingest", capture(UNANSWERED))
    table = run("orders", "--uncertain").out
    assert '["' not in table
    assert '"]' not in table


def test_a_certain_order_is_not_listed(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    assert run("orders", "--uncertain", "--json").json == []


def test_sums_are_of_uncertain_orders_alone(run: Run) -> None:
    ran = run("orders", "--by", "market")
    assert ran.code == Exit.USAGE
    assert "add --uncertain" in ran.err
