"""`breakwater export` and what SQL users are given, from the command line."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from adapters.cli.exits import Exit
from tests.adapters.cli.using import STORY, Capture, Run


def test_what_was_issued_is_told_and_issued_once(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    run("ingest", capture(STORY))
    out = str(tmp_path / "out")
    first = run("export", "csv", "-o", out, "--json")
    assert first.code == Exit.DONE
    told = {record["dataset"]: record for record in first.json}
    assert list(told) == ["orders", "fills", "cancels", "breaks", "daily", "events"]
    assert told["orders"]["new"] == 1
    assert {record["rows"] for record in run("export", "csv", "-o", out, "--json").json} == {0}
    files = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["files"]
    assert all((tmp_path / "out" / file["path"]).is_file() for file in files)
    assert run("export", "csv", "-o", out, "--csv").out.splitlines()[0].startswith("dataset,files")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["--dataset", "bets"], Exit.USAGE, "there are orders", id="no such dataset"),
        pytest.param(["--from", "soon"], Exit.USAGE, "try 2026-11-20", id="no day"),
        pytest.param(
            ["--from", "2026-02-07T12:00:00"], Exit.USAGE, "no zone", id="a time without a zone"
        ),
        pytest.param(
            ["--from", "2026-02-08", "--to", "2026-02-07"], Exit.USAGE, "after", id="backwards"
        ),
        pytest.param(["--after", "-1"], Exit.USAGE, "--after", id="before the log"),
        pytest.param(["--json", "--csv"], Exit.USAGE, "choose one", id="two formats"),
    ],
)
def test_what_is_asked_wrongly_is_told(
    run: Run, tmp_path: Path, arguments: list[str], code: Exit, said: str
) -> None:
    ran = run("export", "csv", "-o", str(tmp_path / "out"), *arguments)
    assert ran.code == code
    assert said in ran.err
    assert not (tmp_path / "out").exists()


def test_a_time_is_its_utc_day(run: Run, capture: Capture, tmp_path: Path) -> None:
    run("ingest", capture(STORY))
    asked = ("--from", "2026-02-08T01:00:00+02:00", "--to", "2026-02-07", "--dataset", "orders")
    (record,) = run("export", "ndjson", "-o", str(tmp_path / "out"), *asked, "--json").json
    assert record["new"] == 1


def test_a_directory_of_another_kind_is_a_conflict(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    run("ingest", capture(STORY))
    out = str(tmp_path / "out")
    run("export", "csv", "-o", out)
    ran = run("export", "sqlite", "-o", out)
    assert ran.code == Exit.CONFLICT
    assert f"run `breakwater export csv -o {out}`" in ran.err


def test_streams_that_a_read_model_left_out_are_told_of(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    run("ingest", capture(STORY))
    assert run("export", "csv", "-o", str(tmp_path / "out"), "--json").err == ""
    with closing(sqlite3.connect(tmp_path / "breakwater.db")) as database, database:
        database.execute("INSERT INTO projection_dead_letters VALUES ('fills', 'x', 1, 'a fault')")
    ran = run("export", "csv", "-o", str(tmp_path / "out"), "--json")
    assert ran.code == Exit.DONE
    assert "fills left streams out" in ran.err
    assert "breakwater doctor" in ran.err
    asked = ("--dataset", "cancels", "--json")
    assert run("export", "csv", "-o", str(tmp_path / "out"), *asked).err == ""


def test_without_its_library_parquet_says_what_to_install(
    run: Run, capture: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("ingest", capture(STORY))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ran = run("export", "parquet", "-o", str(tmp_path / "out"))
    assert ran.code == Exit.CONFIGURATION
    assert "pip install 'breakwater[parquet]'" in ran.err


def test_sql_users_are_given_a_dictionary_and_a_role(run: Run) -> None:
    assert "## rpt_fills_v1" in run("db", "dictionary").out
    assert "GRANT SELECT ON rpt_orders_v1" in run("db", "reader-role", "bi").out
    ran = run("db", "reader-role", "Robert'); DROP TABLE orders;--")
    assert ran.code == Exit.USAGE
    assert "is no plain name" in ran.err
