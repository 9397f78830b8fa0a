"""Lists for people and for programs, what is set aside, and reading again."""

from __future__ import annotations

import csv
import io
import json

import pytest

from adapters.cli.exits import Exit
from tests.adapters.cli.using import (
    ORDER_FIELDS,
    PLACE,
    STORY,
    UNANSWERED,
    Capture,
    Run,
    line,
)


def test_what_cannot_be_read_is_shown_with_its_reason_and_bytes(run: Run, capture: Capture) -> None:
    ran = run("ingest", capture([*STORY, '{"v": 1, "capture": "torn']), "--json")
    assert ran.code == Exit.DONE
    assert ran.json["set_aside"] == 1
    (aside,) = run("quarantine", "--json").json
    assert list(aside) == ["source", "line", "reason", "raw"]
    assert aside["line"] == len(STORY) + 1
    assert aside["raw"] == '{"v": 1, "capture": "torn'


def test_reading_again_adds_nothing(run: Run, capture: Capture) -> None:
    path = capture([*STORY, "not json"])
    run("ingest", path)
    before = (run("orders", "--json").out, run("quarantine", "--json").out, run("verify").out)
    ran = run("ingest", path, "--json")
    assert (ran.json["known"], ran.json["events"]) == (len(STORY), 0)
    after = (run("orders", "--json").out, run("quarantine", "--json").out, run("verify").out)
    assert after == before


def test_lists_come_as_lines_and_as_comma_separated_values_too(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    as_json = run("orders", "--json").json
    assert [json.loads(text) for text in run("orders", "--ndjson").out.splitlines()] == as_json
    (row,) = csv.DictReader(io.StringIO(run("orders", "--csv").out))
    assert list(row) == ORDER_FIELDS
    assert (row["size"], row["user_ref"], row["certain"]) == ("100", "", "true")


def test_a_name_that_a_spreadsheet_would_run_is_shown_as_text(run: Run, capture: Capture) -> None:
    placed = {**PLACE, "instrument": '=HYPERLINK("http://x")'}
    run("ingest", capture([line(1, "sent", placed)]))
    (row,) = csv.DictReader(io.StringIO(run("orders", "--csv").out))
    assert row["market"] == '\'=HYPERLINK("http://x")'
    assert run("orders", "--json").json[0]["market"] == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    "command",
    [("orders",), ("orders", "--open"), ("cancels",), ("breaks",), ("quarantine",), ("activity",)],
    ids=" ".join,
)
def test_every_list_has_a_table_for_people_and_json_for_programs(
    run: Run, capture: Capture, command: tuple[str, ...]
) -> None:
    assert run(*command, "--json").json == []
    assert "none" in run(*command).out
    run("ingest", capture([*UNANSWERED, "garbage"]))
    assert len(run(*command, "--json").json) == 1
    assert "─" in run(*command).out


def test_what_a_venue_said_is_exact_for_programs_and_inert_on_a_terminal(
    run: Run, capture: Capture
) -> None:
    account = "desk\u202e\x1b[2J"
    run("ingest", capture([text.replace('"desk-7"', json.dumps(account)) for text in STORY]))
    (order,) = run("orders", "--json").json
    assert order["account"] == account
    seen = [
        run("orders").out,
        run("order", "show", "O1").out,
        run("timeline", "O1").out,
        run("replay", "--step").out,
        run("timeline", "--account", account + "!").err,
    ]
    for text in seen:
        assert not {"\u202e", "\x1b"} & set(text)
    assert r"desk\u202e\x1b[2J" in seen[0]


def test_what_looks_like_a_style_is_shown_as_it_is(run: Run, capture: Capture) -> None:
    account = r"\[red]x[/red]\\[b]"
    run("ingest", capture([text.replace('"desk-7"', json.dumps(account)) for text in STORY]))
    assert account in run("orders").out
    assert f"timeline of account {account}" in run("timeline", "--account", account).out
