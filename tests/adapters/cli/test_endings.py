"""How commands end: codes, hints, settings, altered logs."""

from __future__ import annotations

import io
import os
import sqlite3
import sys
from pathlib import Path

import pytest

from adapters.cli.exits import Exit
from adapters.cli.main import INTERRUPTED, UNREAD, guarded
from tests.adapters.cli.using import (
    PLACE,
    STORY,
    UNANSWERED,
    Capture,
    Run,
    line,
)


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        pytest.param(("orders", "--json", "--csv"), Exit.USAGE, "choose one", id="two formats"),
        pytest.param(("nosuch",), Exit.USAGE, "--help", id="no such command"),
        pytest.param(("ingest",), Exit.USAGE, "--help", id="nothing to ingest"),
        pytest.param(("ingest", "nofile"), Exit.NOT_FOUND, "check the path", id="no such file"),
        pytest.param(
            ("conformance", "nofile.json"),
            Exit.NOT_FOUND,
            "no such file: nofile.json; check the path",
            id="no such table",
        ),
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
            ("timeline", "--from", "2026-02-07T12:00:01Z", "--to", "2026-02-07T12:00:00Z"),
            Exit.USAGE,
            "exchange them",
            id="times that end before they begin",
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


def test_a_database_may_be_named_as_a_file(
    run: Run, capture: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--database", "desk.db", "ingest", capture(STORY))
    assert (tmp_path / "desk.db").exists()
    assert len(run("--database", "sqlite:///desk.db", "orders", "--json").json) == 1
    monkeypatch.setenv("BREAKWATER_DATABASE_URL", "desk.db")
    ran = run("orders")
    assert ran.code == Exit.CONFIGURATION
    assert "write sqlite:///desk.db" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["settings"], id="while it is written"),
        pytest.param(["--version"], id="when all is written"),
    ],
)
def test_output_that_nobody_reads_ends_a_command_without_a_word(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as unread:
        monkeypatch.setattr(sys, "stdout", unread)
        code = guarded(arguments)
    assert code == UNREAD
    assert capsys.readouterr().err == ""


def test_ctrl_c_ends_with_130_and_how_to_go_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Pressed(io.RawIOBase):
        """Somebody has enough before the first line comes."""

        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: object) -> int:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Pressed())))
    ran = run("ingest", "-")
    assert ran.code == INTERRUPTED
    assert "interrupted; what was acknowledged is stored, run it again" in ran.err


def test_an_order_of_two_accounts_is_told_by_its_account(run: Run, capture: Capture) -> None:
    for account in ("desk-7", "desk-8"):
        told = [text.replace("desk-7", account).replace('"cli"', f'"{account}"') for text in STORY]
        run("ingest", capture(told))
    ran = run("timeline", "O1")
    assert ran.code == Exit.NOT_FOUND
    assert "canonical desk-7" in ran.err
    assert "canonical desk-8" in ran.err
    assert "--account" in ran.err
    assert run("order", "show", "O1").err == ran.err
    assert run("timeline", "O1", "--account", "desk-8").code == Exit.DONE


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
        (
            "orders",
            "spans",
            "cancels",
            "cancel_links",
            "fills",
            "fill_days",
            "desk",
            "reconciliations",
            "breaks",
            "activity",
        ),
        0,
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


def test_a_log_cut_short_with_its_head_is_found_out_after_any_ingest(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    run("ingest", capture(STORY))
    database = sqlite3.connect(tmp_path / "breakwater.db")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        database.execute(f"DROP TRIGGER {name}")
    with database:
        database.execute("DELETE FROM events WHERE position > 3")
        database.execute(
            "UPDATE log_head SET position = 3, hash = (SELECT hash FROM events WHERE position = 3)"
        )
    database.close()
    ran = run("verify")
    assert ran.code == Exit.INTEGRITY
    assert "position 4" in ran.out


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


def test_a_schema_is_not_taken_from_under_a_log(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    ran = run("db", "downgrade", "base")
    assert ran.code == Exit.CONFIGURATION
    assert "not empty" in ran.err
    assert len(run("orders", "--json").json) == 1
