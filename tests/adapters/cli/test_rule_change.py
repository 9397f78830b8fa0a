"""`breaks --rules OLD..NEW`: what the newer rules make of a log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.cli.exits import Exit
from tests.adapters.cli.using import BREAK_FIELDS, Run
from tests.whole.telling import Tape

FIELDS = ["change", *BREAK_FIELDS, "note"]


@pytest.fixture
def told(run: Run, tmp_path: Path) -> Run:
    """A log with a match at a worse price than asked, and a report whose sums close after all."""
    tape = (
        Tape()
        .live("A", "O1")
        .report("Trade", "A", "O1", last_qty="10", last_px="1.5")
        .live("B", "O2")
        .cancel("Y", "B")
        .cancelled("Y", "B", "O2", ord_status="Canceled", cum_qty="40", leaves_qty="60")
        .live("C", "O3")
        .cancel("Z", "C", cancel_qty="40")
        .cancelled("Z", "C", "O3", cancel_qty="40")
        .lose(2)
    )
    run("ingest", tape.write(tmp_path / "tape.ndjson"))
    return run


def test_added_and_removed_breaks_are_listed(told: Run) -> None:
    ran = told("breaks", "--rules", "1..2", "--json")
    assert ran.code == Exit.FINDINGS
    found = {(row["change"], row["code"], row["rule_version"]) for row in ran.json}
    assert found == {("added", "FIL-09", 2), ("removed", "QTY-01", 1)}
    assert all(list(row) == FIELDS for row in ran.json)
    backwards = told("breaks", "--rules", "2..1", "--json").json
    assert {(row["change"], row["code"]) for row in backwards} == {
        ("removed", "FIL-09"),
        ("added", "QTY-01"),
    }


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        pytest.param(["--notes"], {"FIL-09", "QTY-01"}, id="a note that closed at once is closed"),
        pytest.param(["--all"], {"CXL-17", "FIL-09", "QTY-01"}, id="everything"),
        pytest.param(["--code", "FIL-09"], {"FIL-09"}, id="one code"),
        pytest.param(["--venue", "abp"], set[str](), id="another venue"),
        pytest.param(["--account", "desk-7", "--now"], {"FIL-09", "QTY-01"}, id="by our clock"),
    ],
)
def test_the_list_can_be_narrowed(told: Run, options: list[str], codes: set[str]) -> None:
    ran = told("breaks", "--rules", "1..2", "--ndjson", *options)
    assert {json.loads(line)["code"] for line in ran.out.splitlines()} == codes
    assert ran.code == (Exit.FINDINGS if codes else Exit.DONE)


def test_rules_about_accounts_are_among_them(
    told: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BREAKWATER_EXPOSURE_MAX", "50")
    asked = {"msg": "OrderCancelRequest", "cl_ord_id": "W", "orig_cl_ord_id": "D"}
    tape = Tape("unanswered").live("D", "O4")
    lost = tape.line("lost", frame=asked, error={"kind": "timeout"})
    told("ingest", lost.write(tmp_path / "more.ndjson"))
    found = {
        (row["change"], row["code"], row["account"])
        for row in told("breaks", "--rules", "1..2", "--now", "--json").json
    }
    assert ("added", "ECO-06", "desk-7") in found


def test_the_same_rules_change_nothing(told: Run) -> None:
    ran = told("breaks", "--rules", "2..2")
    assert ran.code == Exit.DONE
    assert "none" in ran.out


def test_a_spreadsheet_has_the_change_first(told: Run) -> None:
    lines = told("breaks", "--rules", "1..2", "--csv").out.splitlines()
    assert lines[0] == ",".join(FIELDS)
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(["--rules", "1"], "no two versions", id="one version"),
        pytest.param(["--rules", "1..9"], "there is no version 9", id="a version to come"),
        pytest.param(["--rules", "1..2", "--owner", "ann"], "what people decided", id="an owner"),
    ],
)
def test_what_cannot_be_asked_is_said(run: Run, options: list[str], says: str) -> None:
    ran = run("breaks", *options)
    assert ran.code == Exit.USAGE
    assert says in ran.err


def test_an_empty_log_changes_nothing(run: Run) -> None:
    assert run("breaks", "--rules", "1..2", "--json").json == []
