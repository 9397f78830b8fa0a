"""The commands as a script uses them: what is printed, and with which code each ends."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.exits import Exit
from adapters.cli.main import guarded

ORDER_FIELDS = [
    "order_key",
    "venue",
    "account",
    "venue_order_id",
    "client_order_id",
    "user_ref",
    "market",
    "selection",
    "side",
    "price",
    "price_format",
    "currency",
    "size",
    "matched",
    "remaining",
    "cancelled",
    "lapsed",
    "voided",
    "status",
    "cancel_pending",
    "replace_pending",
    "closed_by",
    "certain",
    "remaining_min",
    "remaining_max",
    "placed_at",
    "updated_at",
    "last_position",
]
HISTORY_FIELDS = [
    "position",
    "capture",
    "seq",
    "event",
    "occurred_at",
    "observed_at",
    "recorded_at",
    "summary",
    "size",
    "matched",
    "remaining",
    "cancelled",
    "lapsed",
    "voided",
    "status",
]
CANCEL_FIELDS = [
    "cancel_id",
    "venue",
    "account",
    "requested_by",
    "why",
    "scope",
    "requested_at",
    "answered_at",
    "latency_ms",
    "status",
    "reason",
    "raw_reason",
    "outcomes",
]
OUTCOME_FIELDS = [
    "asked",
    "order_key",
    "venue_order_id",
    "outcome",
    "reason",
    "raw_reason",
    "cancelled",
    "matched_before",
    "matched_in_flight",
    "matched_after",
]
BREAK_FIELDS = [
    "break_id",
    "code",
    "name",
    "severity",
    "kind",
    "order_key",
    "venue",
    "account",
    "opened_at",
    "closed_at",
    "age_s",
    "status",
    "ours",
    "theirs",
    "difference",
    "witness",
    "clears_when",
    "rule_version",
]


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - what a script would parse
        """Standard output, parsed."""
        return json.loads(self.out)


Run = Callable[..., Ran]


def line(seq: int, direction: str, frame: Mapping[str, str], **more: object) -> str:
    """A capture line of the canonical feed, `seq` seconds after noon."""
    record = {
        "v": 1,
        "capture": "cli",
        "seq": seq,
        "at": f"2026-02-07T12:00:{seq:02}.250000Z",
        "venue": "canonical",
        "account": "desk-7",
        "direction": direction,
        "frame": frame,
        **more,
    }
    return json.dumps(record)


def report(kind: str, exec_id: str, **more: str) -> Mapping[str, str]:
    """An ExecutionReport about order O1 / X."""
    base = {"msg": "ExecutionReport", "order_id": "O1", "cl_ord_id": "X"}
    return {**base, "exec_type": kind, "exec_id": exec_id, **more}


PLACE = {
    "msg": "NewOrderSingle",
    "cl_ord_id": "X",
    "instrument": "M1",
    "side": "BUY",
    "order_qty": "100.00",
    "price": "1.950",
}
CANCEL = {"msg": "OrderCancelRequest", "cl_ord_id": "Y", "orig_cl_ord_id": "X", "order_id": "O1"}
STORY = [
    line(1, "sent", PLACE),
    line(2, "received", report("New", "e1")),
    line(3, "received", report("Trade", "e2", last_qty="40", last_px="1.95")),
    line(4, "sent", CANCEL),
    line(5, "received", report("Trade", "e3", last_qty="10", last_px="1.95")),
    line(6, "received", report("Canceled", "e4", cl_ord_id="Y", orig_cl_ord_id="X")),
]
UNANSWERED = [
    *STORY[:3],
    line(4, "sent", CANCEL),
    line(5, "lost", CANCEL, error={"kind": "timeout", "detail": "no answer within 5 s"}),
]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an empty directory, as a user would."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BREAKWATER_DATABASE_URL", raising=False)

    def running(*arguments: str) -> Ran:
        code = guarded(list(arguments))
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return running


@pytest.fixture
def capture(tmp_path: Path) -> Callable[[Sequence[str]], str]:
    """Write a capture file."""

    def written(lines: Sequence[str]) -> str:
        path = tmp_path / "capture.ndjson"
        path.write_text("".join(f"{text}\n" for text in lines))
        return str(path)

    return written


Capture = Callable[[Sequence[str]], str]


def test_an_empty_directory_becomes_a_log_with_the_first_ingest(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    ran = run("ingest", capture(STORY), "--json")
    assert ran.code == Exit.DONE
    assert ran.json["read"] == len(STORY)
    assert ran.json["set_aside"] == 0
    assert (tmp_path / "breakwater.db").exists()


def test_an_order_is_printed_with_the_fields_of_the_format_page(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    (order,) = run("orders", "--json").json
    assert list(order) == ORDER_FIELDS
    assert (order["size"], order["matched"], order["cancelled"]) == ("100", "50", "50")
    assert (order["remaining"], order["lapsed"], order["voided"]) == ("0", "0", "0")
    assert order["price"] == "1.95"
    assert order["status"] == "CANCELLED"
    assert order["certain"] is True
    assert order["user_ref"] is None
    assert order["placed_at"] == "2026-02-07T12:00:01.250000Z"


def test_a_history_tells_the_line_behind_each_event_and_the_quantities_after_it(
    run: Run, capture: Capture
) -> None:
    run("ingest", capture(STORY))
    order = run("order", "show", "O1", "--json").json
    assert list(order) == [*ORDER_FIELDS, "history"]
    assert all(list(entry) == HISTORY_FIELDS for entry in order["history"])
    told = [(entry["seq"], entry["event"], entry["remaining"]) for entry in order["history"]]
    assert told == [
        (1, "OrderPlaced", "100"),
        (2, "OrderAccepted", "100"),
        (3, "Filled", "60"),
        (4, "CancelRequested", "60"),
        (4, "OrderIdentified", "60"),
        (5, "Filled", "50"),
        (6, "Cancelled", "0"),
    ]


@pytest.mark.parametrize("name", ["O1", "X", "Y"])
def test_an_order_is_found_by_each_of_its_names(run: Run, capture: Capture, name: str) -> None:
    run("ingest", capture(STORY))
    assert run("order", "show", name, "--json").json["venue_order_id"] == "O1"


def test_a_cancel_tells_what_had_matched_before_it_and_while_it_was_on_its_way(
    run: Run, capture: Capture
) -> None:
    run("ingest", capture(STORY))
    (cancel,) = run("cancels", "--json").json
    assert list(cancel) == CANCEL_FIELDS
    assert cancel["scope"] == {"kind": "orders", "values": ["O1"]}
    assert (cancel["status"], cancel["latency_ms"]) == ("answered", 2000)
    (outcome,) = cancel["outcomes"]
    assert list(outcome) == OUTCOME_FIELDS
    assert outcome["outcome"] == "cancelled"
    assert (outcome["asked"], outcome["cancelled"]) == ("O1", "50")
    assert (outcome["matched_before"], outcome["matched_in_flight"]) == ("40", "10")
    assert outcome["matched_after"] == "0"


def test_a_cancel_without_an_answer_is_a_break_with_its_proof(run: Run, capture: Capture) -> None:
    run("ingest", capture(UNANSWERED))
    ran = run("breaks", "--json")
    assert ran.code == Exit.FINDINGS
    (flag,) = ran.json
    assert list(flag)[: len(BREAK_FIELDS)] == BREAK_FIELDS
    assert (flag["code"], flag["kind"], flag["status"]) == ("CXL-11", "break", "open")
    shown = run("breaks", "show", flag["break_id"][:12], "--json").json
    assert [entry["position"] for entry in shown["proof"]] == flag["witness"]
    (order,) = run("orders", "--open", "--json").json
    assert order["certain"] is False
    assert (order["remaining_min"], order["remaining_max"]) == ("0", "60")


def test_a_clean_log_has_no_breaks_and_ends_with_zero(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    ran = run("breaks", "--json")
    assert (ran.code, ran.json) == (Exit.DONE, [])
    notes = run("breaks", "--notes", "--json").json
    assert [flag["code"] for flag in notes] == ["CXL-01"]


def test_a_grace_period_ends_with_the_wall_clock_only_when_it_is_asked_for(
    run: Run, capture: Capture
) -> None:
    run("ingest", capture(STORY[:4]))
    assert run("breaks", "--json").code == Exit.DONE
    late = run("breaks", "--now", "--json")
    assert late.code == Exit.FINDINGS
    assert "CXL-10" in {flag["code"] for flag in late.json}


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


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        pytest.param(("orders", "--json", "--csv"), Exit.USAGE, "choose one", id="two formats"),
        pytest.param(("nosuch",), Exit.USAGE, "--help", id="no such command"),
        pytest.param(("ingest",), Exit.USAGE, "--help", id="nothing to ingest"),
        pytest.param(("ingest", "nofile"), Exit.NOT_FOUND, "check the path", id="no such file"),
        pytest.param(("order", "show", "Z"), Exit.NOT_FOUND, "orders", id="no such order"),
        pytest.param(("breaks", "show", "Z"), Exit.NOT_FOUND, "breaks --all", id="no such break"),
        pytest.param(
            ("projections", "rebuild", "nosuch"), Exit.USAGE, "orders", id="no such projection"
        ),
        pytest.param(("verify", "--witness", "1:xx"), Exit.USAGE, "POSITION:HASH", id="no head"),
        pytest.param(
            ("--database", "mysql://h/d", "orders"),
            Exit.CONFIGURATION,
            "sqlite:///",
            id="a database that is not supported",
        ),
        pytest.param(
            ("--database", "postgresql://nobody@127.0.0.1:1/none", "orders"),
            Exit.UNREACHABLE,
            "try again",
            id="a server that is not there",
        ),
    ],
)
def test_what_goes_wrong_ends_with_its_code_and_what_to_try(
    run: Run, arguments: tuple[str, ...], code: Exit, hint: str
) -> None:
    ran = run(*arguments)
    assert ran.code == code
    assert hint in ran.err
    assert ran.out == ""


def test_a_file_that_is_no_database_is_refused_and_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("dear diary, " * 100)
    ran = run("--database", "sqlite:///notes.txt", "orders")
    assert ran.code == Exit.CONFIGURATION
    assert (tmp_path / "notes.txt").read_text().startswith("dear diary")


def test_on_postgresql_the_schema_must_be_asked_for(run: Run, empty_postgres_url: str) -> None:
    ran = run("--database", empty_postgres_url, "orders")
    assert ran.code == Exit.CONFIGURATION
    assert "breakwater db upgrade" in ran.err
    assert run("--database", empty_postgres_url, "db", "upgrade").code == Exit.DONE
    assert run("--database", empty_postgres_url, "orders", "--json").json == []


def test_the_environment_names_the_database_and_the_flag_outranks_it(
    run: Run, capture: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREAKWATER_DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    run("ingest", capture(STORY))
    assert len(run("orders", "--json").json) == 1
    other = f"sqlite:///{tmp_path / 'b.db'}"
    assert run("--database", other, "orders", "--json").json == []
    assert sorted(path.name for path in tmp_path.glob("*.db")) == ["a.db", "b.db"]


def test_a_setting_that_does_not_fit_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREAKWATER_ACK_S_MAX", "soon")
    ran = run("orders")
    assert ran.code == Exit.CONFIGURATION
    assert "ack_s_max" in ran.err


def test_a_threshold_is_set_in_seconds(
    run: Run, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("ingest", capture([*STORY[:4], line(9, "sent", {**PLACE, "cl_ord_id": "Z"})]))
    assert run("breaks", "--code", "CXL-10", "--json").json == []
    monkeypatch.setenv("BREAKWATER_ACK_S_MAX", "4.5")
    run("projections", "rebuild")
    (flag,) = run("breaks", "--code", "CXL-10", "--json").json
    assert flag["opened_at"] == "2026-02-07T12:00:08.750000Z"


def test_read_models_are_rebuilt_from_the_log(run: Run, capture: Capture) -> None:
    run("ingest", capture(UNANSWERED))
    before = run("breaks", "--all", "--json").out
    assert run("projections", "rebuild").code == Exit.DONE
    assert run("breaks", "--all", "--json").out == before
    status = run("projections", "status", "--json").json
    assert {record["behind"] for record in status} == {0}
    assert run("verify", "--json").json["differing_rows"] == dict.fromkeys(
        ("orders", "cancels", "cancel_links", "breaks", "activity"), 0
    )


def test_an_altered_log_ends_with_7_and_names_the_first_bad_position(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    run("ingest", capture(STORY))
    database = sqlite3.connect(tmp_path / "breakwater.db")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        database.execute(f"DROP TRIGGER {name}")
    with database:
        database.execute(
            "UPDATE events SET state = replace(CAST(state AS TEXT), '\"40\"', '\"41\"') "
            "WHERE position = 3"
        )
    database.close()
    ran = run("verify")
    assert ran.code == Exit.INTEGRITY
    assert "position 3" in ran.out


def test_an_altered_read_model_ends_with_1_and_says_how_to_mend_it(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    run("ingest", capture(STORY))
    database = sqlite3.connect(tmp_path / "breakwater.db")
    with database:
        database.execute("UPDATE orders SET matched = '51'")
    database.close()
    ran = run("verify")
    assert ran.code == Exit.FINDINGS
    assert "projections rebuild" in ran.out
    run("projections", "rebuild")
    assert run("verify").code == Exit.DONE


def test_a_head_that_was_written_down_finds_a_log_that_was_made_anew(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    run("ingest", capture(STORY))
    report = run("verify", "--json").json
    head = f"{report['head_position']}:{report['head_hash']}"
    assert run("verify", "--witness", head).code == Exit.DONE
    (tmp_path / "breakwater.db").unlink()
    run("ingest", capture(UNANSWERED))
    assert run("verify").code == Exit.DONE
    assert run("verify", "--witness", head).code == Exit.INTEGRITY
