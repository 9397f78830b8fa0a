"""Work on breaks from the command line: who, what, and how it ends."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.desk import TEXT_CHARACTERS_MAX, WHO_CHARACTERS_MAX
from adapters.cli.exits import Exit
from projections.break_queries import BREAK_FIELDS, DESK_FIELDS
from tests.adapters.cli.using import STORY, UNANSWERED, Capture, Run, line, report


@pytest.fixture
def broken(run: Run, capture: Capture, monkeypatch: pytest.MonkeyPatch) -> str:
    """A log with one open break, CXL-11, of which 60 may be live; its id."""
    monkeypatch.delenv("BREAKWATER_ACTOR", raising=False)
    run("ingest", capture(UNANSWERED))
    (flag,) = run("breaks", "--json").json
    return str(flag["break_id"])


def status(run: Run) -> str:
    (flag,) = run("breaks", "--all", "--code", "CXL-11", "--json").json
    return str(flag["status"])


def done(run: Run, *arguments: str) -> dict[str, Any]:
    """A command of the desk that must go well; the break after it."""
    ran = run("breaks", *arguments, "--json")
    assert (ran.code, ran.err) == (Exit.DONE, "")
    (record,) = ran.json
    return dict(record)


def test_a_break_goes_through_the_desk_s_hands(run: Run, broken: str) -> None:
    short = broken[:8]
    assert done(run, "assign", short, "ben", "--by", "ann")["owner"] == "ben"
    assert done(run, "comment", short, "asked the venue", "--by", "ben")["comments"] == 1
    seen = done(run, "acknowledge", short, "--by", "ben")
    assert list(seen) == [*BREAK_FIELDS, *DESK_FIELDS]
    assert (seen["status"], seen["decided_by"]) == ("acknowledged", "ben")
    assert run("breaks").code == Exit.FINDINGS, "somebody still has to work it"
    accepted = done(run, "accept", short, "--reason", "lost for good", "--by", "ben")
    assert (accepted["status"], accepted["reason"]) == ("accepted", "lost for good")
    ran = run("breaks", "--json")
    assert (ran.code, ran.json) == (Exit.DONE, [])
    assert done(run, "reopen", short, "--reason", "found", "--by", "cat")["status"] == "open"
    assert run("breaks").code == Exit.FINDINGS
    assert done(run, "resolve", short, "--by", "cat")["status"] == "resolved"
    assert done(run, "reopen", short, "--reason", "no", "--by", "cat")["owner"] == "ben"
    assert done(run, "assign", short, "-", "--by", "cat")["owner"] is None
    closed = done(run, "force-close", short, "--reason", "known fault", "--by", "cat")
    assert closed["status"] == "force_closed"
    shown = run("breaks", "show", short, "--json").json
    assert [entry["by"] for entry in shown["history"]] == [
        *("ann", "ben", "ben", "ben", "cat", "cat", "cat", "cat", "cat")
    ]
    assert shown["history"][3]["evidence"]["code"] == "CXL-11"
    told = run("breaks", "show", short).out
    assert "ben accepted it (“lost for good”)" in told
    assert "status  force_closed" in told
    assert run("verify").code == Exit.DONE


def test_who_does_it_may_be_a_setting(
    run: Run, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run("breaks", "acknowledge", broken)
    assert ran.code == Exit.USAGE
    assert "--by WHO" in ran.err
    assert "BREAKWATER_ACTOR" in ran.err
    monkeypatch.setenv("BREAKWATER_ACTOR", "  Ann   Lee ")
    assert done(run, "acknowledge", broken)["decided_by"] == "Ann Lee"


def test_above_the_amount_a_second_person_has_to_agree(
    run: Run, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREAKWATER_APPROVAL_AMOUNT_MAX", "59.9")
    asked = done(run, "accept", broken, "--reason", "so be it", "--by", "ann")
    assert (asked["status"], asked["at_stake"]) == ("awaiting_approval", "60")
    assert run("breaks").code == Exit.FINDINGS
    assert [flag["status"] for flag in run("breaks", "--json").json] == ["awaiting_approval"]
    ran = run("breaks", "approve", broken, "--by", "ANN")
    assert ran.code == Exit.CONFLICT
    assert "a second person has to agree" in ran.err
    assert done(run, "decline", broken, "--reason", "no", "--by", "ben")["status"] == "open"
    done(run, "force-close", broken, "--reason", "so be it", "--by", "ann")
    agreed = done(run, "approve", broken, "--by", "ben")
    assert (agreed["status"], agreed["approved_by"]) == ("force_closed", "ben")
    monkeypatch.setenv("BREAKWATER_APPROVAL_AMOUNT_MAX", "60")
    done(run, "reopen", broken, "--reason", "again", "--by", "ann")
    assert done(run, "accept", broken, "--reason", "ok", "--by", "ann")["status"] == "accepted"


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        pytest.param(("accept", "ID", "--by", "a"), Exit.USAGE, "--reason", id="no reason"),
        pytest.param(
            ("accept", "ID", "--by", "a", "--reason", "  "), Exit.USAGE, "empty", id="blank"
        ),
        pytest.param(("comment", "ID", "", "--by", "a"), Exit.USAGE, "empty", id="nothing said"),
        pytest.param(("acknowledge", "ID", "--by", ""), Exit.USAGE, "--by", id="nobody"),
        pytest.param(
            ("comment", "ID", "a\x00b", "--by", "a"), Exit.USAGE, "leave it out", id="no text"
        ),
        pytest.param(
            ("comment", "ID", "\udcff", "--by", "a"), Exit.USAGE, "leave it out", id="no UTF-8"
        ),
        pytest.param(
            ("comment", "ID", "x" * (TEXT_CHARACTERS_MAX + 1), "--by", "a"),
            Exit.USAGE,
            "shorten",
            id="endless",
        ),
        pytest.param(
            ("assign", "ID", "x" * (WHO_CHARACTERS_MAX + 1), "--by", "a"),
            Exit.USAGE,
            "shorten",
            id="an endless name",
        ),
        pytest.param(("resolve", "zz", "--by", "a"), Exit.NOT_FOUND, "breaks --all", id="no break"),
        pytest.param(
            ("resolve", "ID", "zz", "--by", "a"), Exit.NOT_FOUND, "'zz'", id="one of two is none"
        ),
        pytest.param(("approve", "ID", "--by", "a"), Exit.CONFLICT, "try `", id="not asked for"),
        pytest.param(
            ("--owner", "a", "--unowned"), Exit.USAGE, "choose one", id="somebody's and nobody's"
        ),
        pytest.param(("--status", "done"), Exit.USAGE, "awaiting_approval", id="no such state"),
        pytest.param(("--severity", "bad"), Exit.USAGE, "critical", id="no such severity"),
        pytest.param(("export", "x.pdf"), Exit.USAGE, ".xlsx", id="no such kind of file"),
        pytest.param(("export", "no/x.csv"), Exit.NOT_FOUND, "no directory", id="no directory"),
    ],
)
def test_what_goes_wrong_ends_with_its_code_and_changes_nothing(
    run: Run, broken: str, arguments: tuple[str, ...], code: Exit, hint: str
) -> None:
    ran = run("breaks", *(broken if word == "ID" else word for word in arguments))
    assert ran.code == code
    assert hint in ran.err
    assert ran.out == ""
    assert status(run) == "open"
    assert run("breaks", "show", broken, "--json").json["history"] == []


@pytest.mark.parametrize(
    ("age", "found"),
    [
        pytest.param("0-1d", True, id="today's"),
        pytest.param("1-3d", False, id="yesterday's"),
        pytest.param("7d+", False, id="old ones"),
        pytest.param("..1h", True, id="up to"),
        pytest.param("0s..1s", True, id="a range"),
        pytest.param("1s..", False, id="from"),
        pytest.param(" 0M-2W ", True, id="in capitals"),
        pytest.param("1h..1d", False, id="two units"),
    ],
)
def test_breaks_of_an_age(run: Run, broken: str, age: str, *, found: bool) -> None:
    assert [flag["break_id"] == broken for flag in run("breaks", "--age", age, "--json").json] == (
        [True] if found else []
    )


@pytest.mark.parametrize("age", ["", "x", "1", "3-1d", "1..1d", "..", "-", "1y", "+", "1-3"])
def test_what_is_no_age_is_told(run: Run, broken: str, age: str) -> None:
    ran = run("breaks", "--age", age)
    assert ran.code == Exit.USAGE
    assert "1-3d" in ran.err
    assert broken not in ran.out


def test_the_list_shows_the_desk_when_it_is_asked_to(run: Run, broken: str) -> None:
    done(run, "assign", broken, "ben", "--by", "ann")
    plain = run("breaks", "--json").json[0]
    assert list(plain) == list(BREAK_FIELDS)
    told = run("breaks", "--desk", "--json").json[0]
    assert list(told) == [*BREAK_FIELDS, *DESK_FIELDS]
    assert told["owner"] == "ben"
    assert "│ ben " in run("breaks", "--desk").out
    assert run("breaks", "--owner", "ben", "--json").json == [plain]
    assert run("breaks", "--unowned", "--json").json == []
    assert run("breaks", "--status", "open", "--severity", "high", "--json").json == [plain]
    assert run("breaks", "--status", "accepted", "--json").code == Exit.DONE


def test_a_raised_severity_is_listed_and_explained(
    run: Run, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREAKWATER_RAISE_AMOUNT_MAX", "50")
    assert run("breaks", "--severity", "critical", "--json").json[0]["severity"] == "critical"
    told = run("breaks", "show", broken).out
    assert "severity  critical rather than high: 60 at stake, more than 50" in told


def test_a_break_that_is_not_there_yet_cannot_be_worked(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    run("ingest", capture(STORY[:4]))
    late = run("breaks", "--now", "--code", "CXL-10", "--json").json[0]["break_id"]
    ran = run("breaks", "acknowledge", late, "--by", "ann")
    assert ran.code == Exit.NOT_FOUND
    assert "--now" in ran.err
    assert done(run, "acknowledge", late, "--by", "ann", "--now")["status"] == "acknowledged"
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    ran = run("--database", empty, "breaks", "acknowledge", late, "--by", "ann")
    assert ran.code == Exit.NOT_FOUND


def test_several_breaks_at_once_or_none(run: Run, capture: Capture) -> None:
    claim = report("OrderStatus", "e7", cum_qty="40", leaves_qty="50", order_qty="100")
    run("ingest", capture([*STORY[:3], line(4, "received", claim)]))
    ids = [flag["break_id"] for flag in run("breaks", "--json").json]
    assert len(ids) > 1
    ran = run("breaks", "resolve", *ids, ids[0], "--by", "ann", "--json")
    assert {flag["status"] for flag in ran.json} == {"resolved"}
    assert len(ran.json) == len(ids)
    assert run("breaks").code == Exit.DONE


def test_an_export_is_what_was_asked_for(run: Run, broken: str, tmp_path: Path) -> None:
    done(run, "assign", broken, "=ben", "--by", "ann")
    ran = run("breaks", "export", "breaks.csv")
    assert (ran.code, ran.out) == (Exit.DONE, "")
    assert "1 breaks" in ran.err
    with (tmp_path / "breaks.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert list(row) == [*BREAK_FIELDS, *DESK_FIELDS]
    assert (row["break_id"], row["owner"], row["at_stake"]) == (broken, "'=ben", "60")
    assert json.loads(row["witness"]) == run("breaks", "--json").json[0]["witness"]
    run("breaks", "export", "none.csv", "--owner", "somebody")
    assert len((tmp_path / "none.csv").read_text().splitlines()) == 1
    run("breaks", "export", "breaks.xlsx", "--all")
    first = (tmp_path / "breaks.xlsx").read_bytes()
    run("breaks", "export", "breaks.xlsx", "--all")
    assert (tmp_path / "breaks.xlsx").read_bytes() == first


def test_an_empty_log_exports_a_header(run: Run, tmp_path: Path) -> None:
    assert run("breaks", "export", "x.csv").code == Exit.DONE
    assert run("breaks", "export", "x.xlsx").code == Exit.DONE
    assert (tmp_path / "x.csv").read_text().startswith("break_id,")


def test_a_signed_figure_is_a_number_in_a_csv(run: Run, capture: Capture) -> None:
    claim = report("OrderStatus", "e7", cum_qty="40", leaves_qty="50", order_qty="100")
    run("ingest", capture([*STORY[:3], line(4, "received", claim)]))
    rows = {row["code"]: row for row in csv.DictReader(run("breaks", "--csv").out.splitlines())}
    assert rows["QTY-02"]["difference"] == "-10"
