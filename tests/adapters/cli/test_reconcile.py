"""`breakwater reconcile`: exit codes, formats, and what people are told."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from adapters.cli.exits import Exit
from tests.adapters.cli.using import STORY, Capture, Ran, Run

AS_OF = "2026-02-07T13:00:00Z"
REPORT = {
    "msg": "ExecutionReport",
    "exec_type": "OrderStatus",
    "order_id": "O1",
    "cl_ord_id": "X",
    "order_qty": "100",
}
FIELDS = [
    *("aspect", "order_key", "name", "ref", "figure", "ours", "theirs", "difference"),
    *("file", "line", "witness", "note"),
]


def statement(tmp_path: Path, *reports: dict[str, str], name: str = "list.ndjson") -> str:
    """A venue's list, as a user saves it."""
    path = tmp_path / name
    path.write_text("".join(json.dumps({**REPORT, **one}) + "\n" for one in reports))
    return str(path)


def ours(run: Run) -> dict[str, str]:
    """The order as we hold it, as a status report would tell it."""
    (order,) = run("orders", "--json").json
    return {"cum_qty": order["matched"], "leaves_qty": order["remaining"]}


def reconcile(run: Run, *more: str) -> Ran:
    """Run the command for the account of the captures."""
    return run("reconcile", "canonical", "--account", "desk-7", "--as-of", AS_OF, *more)


@pytest.fixture(autouse=True)
def _a_story(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))


def test_a_clean_statement_ends_with_0_and_is_recorded(run: Run, tmp_path: Path) -> None:
    path = statement(tmp_path, ours(run))
    ran = reconcile(run, "--statement", path, "--complete")
    assert ran.code == Exit.DONE, ran.err
    assert "1 orders agree" in ran.out
    assert "Clean." in ran.out
    (record,) = run("reconcile", "list", "--json").json
    assert (record["complete"], record["matched"], record["differing"]) == (True, 1, 0)
    assert record["inputs"][0]["name"] == path


def test_differences_end_with_1_and_are_breaks(run: Run, tmp_path: Path) -> None:
    path = statement(tmp_path, {"cum_qty": "99"}, {"order_id": "Z9", "cl_ord_id": "other"})
    ran = reconcile(run, "--statement", path, "--json")
    assert ran.code == Exit.FINDINGS, ran.err
    found = {item["aspect"]: item for item in ran.json["differences"]}
    assert found["matched"]["theirs"] == "99"
    assert list(found["matched"]) == FIELDS
    assert found["only_theirs"]["name"] == "Z9"
    assert (ran.json["new"], ran.json["only_theirs"]) == (True, 1)
    codes = {item["code"] for item in run("breaks", "--json").json}
    assert {"QTY-03", "EXI-01"} <= codes


def test_the_break_is_explained(run: Run, tmp_path: Path) -> None:
    reconcile(run, "--statement", statement(tmp_path, {"cum_qty": "99"}))
    (found,) = run("breaks", "--code", "QTY-03", "--json").json
    shown = run("breaks", "show", found["break_id"])
    assert "The statement says that 99 matched" in shown.out


def test_reading_the_same_statement_again_adds_nothing(run: Run, tmp_path: Path) -> None:
    path = statement(tmp_path, {"cum_qty": "99"})
    first = reconcile(run, "--statement", path)
    again = reconcile(run, "--statement", path)
    assert first.code == again.code == Exit.FINDINGS
    assert "nothing was added" in again.out
    assert len(run("reconcile", "list", "--json").json) == 1


def test_every_format_has_the_differences(run: Run, tmp_path: Path) -> None:
    path = statement(tmp_path, {"cum_qty": "99"})
    listed = reconcile(run, "--statement", path, "--json").json["differences"]
    lines = reconcile(run, "--statement", path, "--ndjson")
    assert [json.loads(text) for text in lines.out.splitlines()] == listed
    assert "differ" in lines.err
    rows = list(csv.DictReader(io.StringIO(reconcile(run, "--statement", path, "--csv").out)))
    assert [row["theirs"] for row in rows] == ["99"]
    assert list(rows[0]) == FIELDS


def test_files_may_follow_one_another(run: Run, tmp_path: Path) -> None:
    one = statement(tmp_path, ours(run))
    two = statement(tmp_path, {"order_id": "Z9", "cl_ord_id": "other"}, name="more.ndjson")
    ran = reconcile(run, "--statement", one, two, "--json")
    assert len(ran.json["inputs"]) == 2
    assert ran.json["rows"] == 2


def test_a_part_that_cannot_be_read_is_told_and_kept(run: Run, tmp_path: Path) -> None:
    path = statement(tmp_path, ours(run), {"order_qty": "x"})
    ran = reconcile(run, "--statement", path, "--complete")
    assert ran.code == Exit.FINDINGS
    assert "not whole: " in ran.out
    assert "is not complete" in ran.out
    assert any(item["source"] == path for item in run("quarantine", "--json").json)


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        pytest.param(
            ["canonical", "--statement", "list.ndjson"], Exit.USAGE, "--account", id="no account"
        ),
        pytest.param(["canonical", "--account", "desk-7"], Exit.USAGE, "--statement", id="no file"),
        pytest.param(
            ["canonical", "--account", "desk-7", "--statement", "nowhere.json"],
            Exit.NOT_FOUND,
            "nowhere.json",
            id="no such file",
        ),
        pytest.param(
            ["canonical", "--account", "nobody", "--statement", "list.ndjson"],
            Exit.NOT_FOUND,
            "breakwater orders",
            id="nobody's account",
        ),
        pytest.param(
            ["canonical", "--account", "desk-7", "--statement", "list.ndjson"],
            Exit.USAGE,
            "--as-of",
            id="nobody says when it was true",
        ),
        pytest.param(
            ["canonical", "--account", "desk-7", "--statement", "list.ndjson", "--as-of", "noon"],
            Exit.USAGE,
            "noon",
            id="no time",
        ),
        pytest.param(
            [
                *("canonical", "--account", "desk-7", "--statement", "list.ndjson"),
                *("--as-of", "2026-02-07T12:00:00"),
            ],
            Exit.USAGE,
            "zone",
            id="a time without a zone",
        ),
    ],
)
def test_what_is_asked_wrongly(
    run: Run, tmp_path: Path, arguments: list[str], code: Exit, why: str
) -> None:
    statement(tmp_path, {"cum_qty": "0"})
    ran = run("reconcile", *arguments)
    assert ran.code == code
    assert why in ran.err


def test_no_runs_yet(run: Run) -> None:
    ran = run("reconcile", "list")
    assert (ran.code, ran.out) == (Exit.DONE, "reconciliations: none\n")


def test_the_runs_of_one_account(run: Run, tmp_path: Path) -> None:
    reconcile(run, "--statement", statement(tmp_path, ours(run)))
    assert len(run("reconcile", "list", "--account", "desk-7", "--json").json) == 1
    assert run("reconcile", "list", "--account", "other", "--json").json == []


def test_a_csv_tells_a_negative_difference_as_the_number_it_is(run: Run, tmp_path: Path) -> None:
    path = statement(tmp_path, {**ours(run), "leaves_qty": "0"}, {"cum_qty": "0"})
    ran = reconcile(run, "--statement", path, "--csv")
    told = [row["difference"] for row in csv.DictReader(io.StringIO(ran.out))]
    assert any(figure.startswith("-") for figure in told), told
    assert not any(figure.startswith("'") for figure in told), told
