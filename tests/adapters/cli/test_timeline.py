"""`breakwater timeline`: what each form prints, and how it ends when nothing is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.cli.exits import Exit
from tests.adapters.cli.using import STORY, UNANSWERED, Capture, Run


def test_a_program_reads_every_row_with_its_clocks_and_quantities(
    run: Run, capture: Capture
) -> None:
    run("ingest", capture(STORY))
    rows = run("timeline", "O1", "--json").json
    kinds = [row["kind"] for row in rows]
    assert kinds.count("message") == len(STORY)
    sizes = ("matched", "remaining", "cancelled", "lapsed", "voided")
    last = rows[-2]
    assert [last[name] for name in ("size", *sizes)] == ["100", "50", "0", "50", "0", "0"]
    assert [last[f"believed_{name}"] for name in sizes] == ["50", "0", "50", "0", "0"]
    assert last["observed_at"] == "2026-02-07T12:00:06.250000Z"
    assert last["recorded_at"] is not None


@pytest.mark.parametrize("form", ["--ndjson", "--csv"])
def test_every_form_has_every_row(run: Run, capture: Capture, form: str) -> None:
    run("ingest", capture(STORY))
    count = len(run("timeline", "O1", "--json").json)
    printed = run("timeline", "O1", form).out.splitlines()
    assert len(printed) == count + (form == "--csv")


def test_a_raw_message_is_the_very_bytes_that_are_stored(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    rows = run("timeline", "O1", "--raw", "--json").json
    assert [row["raw"] for row in rows if row["kind"] == "message"] == STORY
    printed = run("timeline", "O1", "--raw").out
    assert all(f": {text}\n" in printed for text in STORY)


def test_people_read_when_what_and_how_it_stood(run: Run, capture: Capture) -> None:
    run("ingest", capture(UNANSWERED))
    printed = run("timeline", "X").out
    assert "2026-02-07 12:00:01.250000" in printed
    assert "0 to 60 may be live" in printed
    assert "nobody knows what became" in printed


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(["nope"], Exit.NOT_FOUND, "no order is called 'nope'", id="no such order"),
        pytest.param(["--market", "M9"], Exit.NOT_FOUND, "market M9", id="no such market"),
        pytest.param(["--account", "me"], Exit.NOT_FOUND, "account me", id="no such account"),
        pytest.param([], Exit.USAGE, "of what?", id="nothing named"),
        pytest.param(["O1", "--from", "noon"], Exit.USAGE, "--from 'noon'", id="no time"),
        pytest.param(
            ["O1", "--to", "2026-02-07T12:00:00"], Exit.USAGE, "no zone", id="a time without zone"
        ),
    ],
)
def test_what_is_not_there_ends_with_what_to_try(
    run: Run, capture: Capture, words: list[str], code: Exit, said: str
) -> None:
    run("ingest", capture(STORY))
    ran = run("timeline", *words)
    assert ran.code == code
    assert said in ran.err
    assert "breakwater" in ran.err or "write it like" in ran.err


def test_an_empty_database_knows_no_order(run: Run) -> None:
    assert run("timeline", "O1").code == Exit.NOT_FOUND


def test_a_long_timeline_is_printed_in_parts(run: Run, capture: Capture) -> None:
    ids = {"order_id": "O1", "cl_ord_id": "X"}
    frame = {"msg": "ExecutionReport", **ids, "exec_type": "Trade", "last_qty": "1"}
    lines = [STORY[0]]
    for number in range(2, 402):
        record = {**json.loads(STORY[0]), "seq": number, "direction": "received"}
        record["frame"] = {**frame, "exec_id": f"t{number}"}
        lines.append(json.dumps(record))
    run("ingest", capture(lines))
    printed = run("timeline", "O1").out
    assert printed.count("client believed") == 2
    assert printed.count("Matched 1") == 400


def test_pictures_go_into_files_and_the_table_is_left_out(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    run("ingest", capture(STORY))
    ran = run("timeline", "O1", "--svg", "who.svg", "--chart", "where.svg")
    assert ran.code == Exit.DONE
    assert ran.out == ""
    assert all(
        (tmp_path / name).read_text().startswith("<svg") for name in ("who.svg", "where.svg")
    )
    told = run("timeline", "O1", "--svg", "again.svg", "--json")
    assert told.json
    assert (tmp_path / "again.svg").read_bytes() == (tmp_path / "who.svg").read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["O1"], id="an order"),
        pytest.param(["--order", "X"], id="an order by our reference"),
        pytest.param(["--market", "M1"], id="a market"),
        pytest.param(["--account", "desk-7"], id="an account"),
        pytest.param(["--from", "2026-02-07T12:00:00Z"], id="a time"),
    ],
)
def test_a_report_is_one_file(run: Run, capture: Capture, tmp_path: Path, words: list[str]) -> None:
    run("ingest", capture(UNANSWERED))
    ran = run("report", "incident", *words, "-o", "report.html")
    assert ran.code == Exit.DONE
    assert "2 to be worked" in ran.err or "1 to be worked" in ran.err
    told = (tmp_path / "report.html").read_text()
    assert told.startswith("<!doctype html>")
    assert "breakwater timeline" in told


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(["nope"], Exit.NOT_FOUND, id="no such order"),
        pytest.param([], Exit.USAGE, id="of nothing"),
        pytest.param(["O1", "--order", "O2"], Exit.USAGE, id="of two orders"),
        pytest.param(["O1", "-o", "no/such/place.html"], Exit.NOT_FOUND, id="into no directory"),
    ],
)
def test_a_report_of_nothing_ends_with_what_to_try(
    run: Run, capture: Capture, words: list[str], code: Exit
) -> None:
    run("ingest", capture(STORY))
    assert run("report", "incident", *words).code == code


def test_of_two_orders_of_one_name_one_is_to_be_chosen(run: Run, capture: Capture) -> None:
    other = [text.replace('"desk-7"', '"desk-8"').replace('"cli"', '"cli-8"') for text in STORY]
    run("ingest", capture([*STORY, *other]))
    ran = run("timeline", "O1")
    assert ran.code == Exit.NOT_FOUND
    assert "2 orders are called 'O1'" in ran.err
    assert run("timeline", "O1", "--account", "desk-8").code == Exit.DONE
