"""`breakwater diff`: what changes between two books, and nothing else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.exits import Exit
from tests.adapters.cli.test_replay import altered
from tests.adapters.cli.using import STORY, UNANSWERED, Ran, Run, line, report


@pytest.fixture
def tape(tmp_path: Path) -> Tape:
    """Write captures by name."""
    return Tape(tmp_path)


class Tape:
    """Capture files in one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def __call__(self, name: str, lines: Sequence[str]) -> str:
        """The path of a capture with these lines."""
        path = self._directory / f"{name}.ndjson"
        path.write_text("".join(f"{text}\n" for text in lines))
        return str(path)


SMALLER = [
    *STORY[:4],
    line(5, "received", report("Trade", "e3", last_qty="5", last_px="1.95")),
    STORY[5],
]
"""The second match is half as large."""


def changed(ran: Ran, part: str) -> dict[str, dict[str, Any]]:
    """The fields of each row that changed, by its name."""
    return {row["name"]: row["fields"] for row in ran.json[part]}


@pytest.mark.parametrize("form", [[], ["--json"], ["--ndjson"], ["--csv"]], ids=str)
def test_a_capture_does_not_differ_from_itself(run: Run, tape: Tape, form: list[str]) -> None:
    path = tape("a", STORY)
    ran = run("diff", path, path, *form)
    assert ran.code == Exit.DONE
    assert "changed" not in ran.out


def test_an_answer_to_what_nobody_sent_is_compared_like_any_other(run: Run, tape: Tape) -> None:
    stray = {"msg": "OrderCancelReject", "order_id": "O9", "cl_ord_id": "Z", "orig_cl_ord_id": "W"}
    reject = {**stray, "cxl_rej_response_to": "cancel", "cxl_rej_reason": "TOO_LATE"}
    also = [*STORY, line(7, "received", reject)]
    assert run("diff", tape("a", also), tape("b", also)).code == Exit.DONE
    ran = run("diff", tape("a", STORY), tape("b", also), "--json")
    assert ran.code == Exit.FINDINGS
    assert "cancel" in {row["what"] for row in ran.json["report"] if row["change"] == "added"}


def test_what_changes_is_told_and_nothing_else(run: Run, tape: Tape) -> None:
    ran = run("diff", tape("a", STORY), tape("b", SMALLER), "--json")
    assert ran.code == Exit.FINDINGS
    assert changed(ran, "orders") == {
        "O1": {"matched": {"a": "50", "b": "45"}, "cancelled": {"a": "50", "b": "55"}}
    }
    match, report_line = ran.json["report"]
    assert (match["what"], match["name"], match["fields"]["size"]) == (
        "fill",
        "e3",
        {"a": "10", "b": "5"},
    )
    assert {name.rpartition(".")[2] for name in report_line["fields"]} == {
        "cancelled",
        "matched_in_flight",
    }
    parted = ran.json["first_divergence"]
    assert (parted["capture"], parted["seq"], parted["event"]) == ("cli", 5, "Filled")
    assert (parted["field"], parted["a"], parted["b"]) == ("size", "10", "5")
    assert parted["event_id"]


def test_added_and_removed_rows_are_told_whole(run: Run, tape: Tape) -> None:
    more = [text.replace('"O1"', '"O2"').replace('"X"', '"Z"') for text in STORY[:2]]
    more = [text.replace('"cli"', '"other"') for text in more]
    a, b = tape("a", STORY), tape("b", [*STORY, *more])
    (row,) = run("diff", a, b, "--json").json["orders"]
    assert (row["change"], row["name"], row["fields"]["status"]) == (
        "added",
        "O2",
        {"a": None, "b": "NEW"},
    )
    (row,) = run("diff", b, a, "--json").json["orders"]
    assert (row["change"], row["fields"]["size"]) == ("removed", {"a": "100", "b": None})
    assert "status NEW, size 100, remaining 100" in run("diff", b, a).out


def test_flags_that_change_are_told(run: Run, tape: Tape) -> None:
    lost = [*UNANSWERED, line(20, "received", report("DoneForDay", "e9"))]
    ran = run("diff", tape("a", STORY), tape("b", lost), "--json")
    kinds = {(row["change"], row["name"]) for row in ran.json["flags"]}
    assert ("removed", "CXL-01") in kinds


def test_a_spreadsheet_has_a_row_for_each_field(run: Run, tape: Tape) -> None:
    a, b = tape("a", STORY), tape("b", SMALLER)
    ran = run("diff", a, b, "--csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert {(row["what"], row["field"], row["a"], row["b"]) for row in rows} >= {
        ("order", "matched", "50", "45"),
        ("order", "cancelled", "50", "55"),
    }
    lines = [json.loads(text) for text in run("diff", a, b, "--ndjson").out.splitlines()]
    assert [row["field"] for row in lines] == [row["field"] for row in rows]


def test_two_databases(run: Run, tape: Tape) -> None:
    run("--database", "sqlite:///one.db", "ingest", tape("a", STORY))
    run("--database", "sqlite:///two.db", "ingest", tape("b", SMALLER))
    by_path = run("diff", "one.db", "two.db", "--json")
    assert set(changed(by_path, "orders")) == {"O1"}
    assert run("diff", "sqlite:///one.db", "sqlite:///two.db", "--json").json == by_path.json
    assert run("diff", "one.db", tape("a", STORY)).code == Exit.DONE


def test_lines_read_anew(run: Run, tape: Tape) -> None:
    run("ingest", tape("a", STORY))
    assert run("diff", "breakwater.db", "--retranslate").code == Exit.DONE
    altered("events", "UPDATE events SET state = replace(state, '\"40\"', '\"41\"') WHERE seq = 3")
    run("projections", "rebuild")
    ran = run("diff", "breakwater.db", "--retranslate", "--json")
    assert ran.code == Exit.FINDINGS
    assert changed(ran, "orders")["O1"]["matched"] == {"a": "51", "b": "50"}
    assert ran.json["first_divergence"]["seq"] == 3


def test_what_people_decided_is_no_difference_of_readings(run: Run, tape: Tape) -> None:
    run("ingest", tape("a", UNANSWERED))
    (found,) = run("breaks", "--json").json[:1]
    run("breaks", "acknowledge", found["break_id"], "--by", "ann")
    assert run("diff", "breakwater.db", "--retranslate").code == Exit.DONE


def test_histories_that_differ_in_words_alone_are_noted(run: Run, tape: Tape) -> None:
    run("ingest", tape("a", STORY))
    altered("events", "UPDATE events SET state = replace(state, '\"1.95\"', '\"1.950\"')")
    ran = run("diff", "breakwater.db", "--retranslate")
    assert (ran.code, "nothing in the books does" in ran.err) == (Exit.DONE, True)


@pytest.mark.parametrize(
    ("selects", "matched"),
    [
        pytest.param("seq:5", "40", id="one line"),
        pytest.param("type:Filled", "0", id="all matches"),
        pytest.param("/e2/", "10", id="by its bytes"),
        pytest.param("seq:999", "50", id="nothing"),
    ],
)
@pytest.mark.parametrize("stored", [True, False], ids=["of a database", "of a capture"])
def test_without_some_messages(
    run: Run,
    tape: Tape,
    selects: str,
    matched: str,
    stored: bool,  # noqa: FBT001 - one of the cases of a table
) -> None:
    path = tape("a", STORY)
    run("ingest", path)
    ran = run("diff", "breakwater.db" if stored else path, "--without", selects, "--json")
    told = changed(ran, "orders").get("O1", {}).get("matched", {"a": "50", "b": "50"})
    assert (told["a"], told["b"]) == ("50", matched)
    assert all(row["name"] != "STR-01" for row in ran.json["flags"]), "what was left out is no gap"
    assert ran.code == (Exit.DONE if matched == "50" else Exit.FINDINGS)


def test_a_selector_that_finds_nothing_is_told(run: Run, tape: Tape) -> None:
    path = tape("a", STORY)
    ran = run("diff", path, "--without", "type:Fill", "--without", "order:X9", "--json")
    assert ran.code == Exit.DONE
    assert ran.json["orders"] == []
    told = ran.err.splitlines()
    assert [text.split("'")[1] for text in told if "nothing is left out" in text] == [
        "type:Fill",
        "order:X9",
    ]
    assert "nothing is left out" not in run("diff", path, "--without", "seq:3").err


def test_without_late_ones_and_others_at_once(run: Run, tape: Tape) -> None:
    dated = [
        line(3, "received", report("Trade", "e2", last_qty="40", transact_time=f"{DAY}00:09Z")),
        line(4, "received", report("Trade", "e3", last_qty="10", transact_time=f"{DAY}00:05Z")),
    ]
    path = tape("a", [*STORY[:2], *dated])
    (row,) = run("diff", path, "--without", "late", "--json").json["orders"]
    assert row["fields"]["matched"] == {"a": "50", "b": "40"}
    (row,) = run("diff", path, "--without", "late", "--without", "seq:3", "--json").json["orders"]
    assert row["fields"]["matched"] == {"a": "50", "b": "0"}


DAY = "2026-02-07T12:"


def test_an_order_by_any_of_its_names(run: Run, tape: Tape) -> None:
    path = tape("a", STORY)
    by_client = run("diff", path, "--without", "order:X", "--json").json
    assert by_client == run("diff", path, "--without", "order:O1", "--json").json
    assert [row["change"] for row in by_client["orders"]] == ["removed"]


def test_two_versions_of_the_rules(run: Run, tape: Tape) -> None:
    path = tape("a", [*STORY[:2], line(3, "received", report("Trade", "e2", last_qty="40",
                                                             last_px="1.5"))])  # fmt: skip
    ran = run("diff", path, "--rules", "1..2", "--json")
    assert (ran.code, [row["name"] for row in ran.json["flags"]]) == (Exit.FINDINGS, ["FIL-09"])
    assert (ran.json["orders"], ran.json["first_divergence"]) == ([], None)
    assert run("diff", path, "--rules", "2..2").code == Exit.DONE


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["gone"], Exit.USAGE, "name B", id="nothing to compare with"),
        pytest.param(["gone", "gone"], Exit.NOT_FOUND, "gone", id="no such file"),
        pytest.param(["a", "sqlite:///x.db"], Exit.NOT_FOUND, "no such file", id="none is made"),
        pytest.param(["a", "b", "--retranslate"], Exit.USAGE, "one of", id="two ways at once"),
        pytest.param(["a", "--retranslate"], Exit.USAGE, "for a database", id="of a capture"),
        pytest.param(["a", "--rules", "1"], Exit.USAGE, "no two versions", id="one version"),
        pytest.param(["a", "--without", "x"], Exit.USAGE, "selects nothing", id="no selector"),
        pytest.param(
            ["a", "--without", "seq:9-1"], Exit.USAGE, "write seq:1-9", id="places the other way"
        ),
        pytest.param(["-", "--without", "late"], Exit.USAGE, "a file", id="a stream, twice"),
        pytest.param(["ftp://x", "a"], Exit.CONFIGURATION, "not supported", id="no database"),
    ],
)
def test_what_cannot_be_compared_is_said(
    run: Run, tape: Tape, arguments: list[str], code: Exit, says: str
) -> None:
    paths = {name: tape(name, STORY) for name in "ab"}
    ran = run("diff", *(paths.get(argument, argument) for argument in arguments))
    assert (ran.code, says in ran.err) == (code, True), ran.err


def test_on_postgresql(run: Run, tape: Tape, postgres_url: str) -> None:
    run("--database", postgres_url, "ingest", tape("a", STORY))
    assert run("diff", postgres_url, tape("a", STORY)).code == Exit.DONE
    assert run("diff", postgres_url, "--retranslate").code == Exit.DONE
    assert set(changed(run("diff", postgres_url, tape("b", SMALLER), "--json"), "orders")) == {"O1"}
