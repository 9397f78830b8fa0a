"""`breakwater conformance`: the suite, a table of somebody else's, and what does not agree."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.main import guarded
from adapters.conformance.reading import PUBLISHED, TABLES

Outputs = pytest.CaptureFixture[str]


def changed(path: Path, **told: object) -> Path:
    """The published matrix A.1.b with another figure in its fourth row."""
    table: dict[str, Any] = json.loads((TABLES / PUBLISHED[0]).read_text("utf-8"))
    (scenario,) = (one for one in table["scenarios"] if one["id"] == "A.1.b")
    scenario["steps"][4].update(told)
    file = path / "theirs.json"
    file.write_text(json.dumps({"scenarios": [scenario]}), encoding="utf-8")
    return file


def test_one_scenario_as_a_table_with_its_score(capsys: Outputs) -> None:
    assert guarded(["conformance", "--scenario", "B.1.c"]) == 0
    printed = capsys.readouterr().out
    assert "row 4 crossed" in printed
    assert printed.endswith("score: 1 of 1 scenarios, 8 of 8 variants, 34 of 34 steps\n")


def test_for_programs_the_score_stands_beside(capsys: Outputs) -> None:
    assert guarded(["conformance", "--scenario", "A.1.b", "--scenario", "X.8", "--ndjson"]) == 0
    printed = capsys.readouterr()
    records = [json.loads(line) for line in printed.out.splitlines()]
    assert [(one["scenario"], one["variant"], one["claims"]) for one in records] == [
        ("A.1.b", "main", True),
        ("A.1.b", "main", False),
        ("A.1.b", "row 2 instead", True),
        ("A.1.b", "row 2 instead", False),
        ("X.8", "main", True),
    ]
    assert all(one["ok"] and one["first_difference"] is None for one in records)
    assert printed.err.startswith("score: 2 of 2 scenarios")


def test_a_file_of_somebody_elses(tmp_path: Path, capsys: Outputs) -> None:
    assert guarded(["conformance", str(changed(tmp_path)), "--json"]) == 0
    assert {one["source"] for one in json.loads(capsys.readouterr().out)} == {"theirs.json"}


@pytest.mark.parametrize(
    ("told", "difference"),
    [
        pytest.param(
            {"cum_qty": 3500, "leaves_qty": 6500},
            "row 4 (Trade): matched 3000 instead of 3500, remaining 7000 instead of 6500",
            id="quantities",
        ),
        pytest.param(
            {"ord_status": "Filled"},
            "row 4 (Trade): status PARTIALLY_FILLED instead of FILLED",
            id="status",
        ),
        pytest.param(
            {"exec_type": "Trade", "last_qty": None, "ord_status": "PartiallyFilled"},
            "row 4 (Trade): set aside: last_qty: missing: nothing says how much was matched",
            id="a message that cannot be taken",
        ),
        pytest.param(
            {"cl_ord_id": "Q", "exec_type": "OrderStatus", "extra": {"order_id": "NONE"}},
            "row 4 (OrderStatus): status REJECTED instead of PARTIALLY_FILLED",
            id="an order that nobody knows",
        ),
        pytest.param(
            {"extra": {"expect": {"certain": "perhaps", "cancelled": "many", "no_such": 1}}},
            "row 4 (Trade): certain True instead of perhaps, cancelled 0 instead of many, "
            "no_such None instead of 1",
            id="a field that was expected otherwise",
        ),
    ],
)
def test_what_differs_is_told_and_ends_with_1(
    tmp_path: Path, capsys: Outputs, told: dict[str, Any], difference: str
) -> None:
    assert guarded(["conformance", str(changed(tmp_path, **told)), "--csv"]) == 1
    printed = capsys.readouterr()
    main, *_ = csv.DictReader(io.StringIO(printed.out))
    assert main["ok"] == "false"
    assert main["first_difference"].startswith(difference)
    assert printed.err.startswith("score: 0 of 1 scenarios, 2 of 4 variants")


def test_a_break_that_does_not_come(tmp_path: Path, capsys: Outputs) -> None:
    file = changed(tmp_path)
    table = json.loads(file.read_text("utf-8"))
    table["scenarios"][0]["breaks"] = ["QTY-99"]
    file.write_text(json.dumps(table), encoding="utf-8")
    assert guarded(["conformance", str(file)]) == 1
    assert "at the end: no break QTY-99" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["--scenario", "Q.9"], 4, "no scenario Q.9; there are A.1.b", id="no such"),
        pytest.param(["nowhere.json"], 4, "nowhere.json", id="no file"),
        pytest.param(["--json", "--csv"], 2, "choose one", id="two formats"),
        pytest.param([__file__], 2, "not JSON", id="no table"),
    ],
)
def test_asked_wrongly(capsys: Outputs, arguments: list[str], code: int, words: str) -> None:
    assert guarded(["conformance", *arguments]) == code
    assert words in capsys.readouterr().err
