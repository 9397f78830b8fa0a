"""What `verify` finds is a break until it finds nothing any more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import App
from adapters.cli.exits import Exit
from tests.adapters.cli.test_verify import change
from tests.adapters.cli.using import STORY, UNANSWERED, Capture, Run


def machine(run: Run, *options: str) -> list[dict[str, Any]]:
    return list(run("breaks", "--venue", "breakwater", "--json", *options).json)


def test_rows_that_differ_from_the_log_are_a_break_until_they_are_made_anew(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    run("ingest", capture(UNANSWERED))
    sound = run("verify", "--json").json
    change(tmp_path / "breakwater.db", "UPDATE orders SET matched = '41'")
    assert run("verify").code == Exit.FINDINGS
    (flag,) = machine(run)
    assert (flag["code"], flag["severity"], flag["status"]) == ("INT-01", "critical", "open")
    assert flag["note"] == "Read models differ from the log: orders: 2 rows."
    assert run("verify").code == Exit.FINDINGS
    assert machine(run) == [flag], "the same finding is told once"
    run("projections", "rebuild")
    again = run("verify", "--json")
    assert again.code == Exit.DONE
    assert again.json["state_hash"] == sound["state_hash"], "the books say what they said"
    assert machine(run) == []
    (closed,) = machine(run, "--all")
    assert (closed["break_id"], closed["status"]) == (flag["break_id"], "closed")
    change(tmp_path / "breakwater.db", "UPDATE orders SET matched = '41'")
    run("verify")
    assert [each["status"] for each in machine(run)] == ["open"]
    (back,) = machine(run)
    assert back["break_id"] == flag["break_id"]


def test_a_log_that_was_altered_is_a_break(run: Run, capture: Capture, tmp_path: Path) -> None:
    run("ingest", capture(STORY))
    change(tmp_path / "breakwater.db", "UPDATE names SET account = 'x'")
    assert run("verify").code == Exit.INTEGRITY
    ran = run("breaks", "--code", "INT-02", "--json")
    assert ran.code == Exit.FINDINGS
    (flag,) = ran.json
    assert flag["note"].startswith("The log was altered: the names were changed")
    change(tmp_path / "breakwater.db", "UPDATE names SET account = 'desk-7'")
    assert run("verify").code == Exit.DONE
    assert run("breaks", "--code", "INT-02", "--json").json == []


def test_a_sound_log_is_not_written_to(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    before = run("verify", "--json").json["head_position"]
    assert run("verify", "--json").json["head_position"] == before


def test_a_log_that_takes_no_event_any_more_ends_with_7_all_the_same(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    run("ingest", capture(STORY))
    change(tmp_path / "breakwater.db", "DELETE FROM log_head")
    ran = run("verify")
    assert ran.code == Exit.INTEGRITY
    assert "could not be told in the log" in ran.err


@pytest.mark.parametrize(
    ("again", "code"),
    [
        pytest.param({"orders": 5, "breaks": 1}, ["INT-01", "INT-03"], id="otherwise: at fault"),
        pytest.param({"orders": 2, "breaks": 0}, ["INT-01"], id="the same again"),
    ],
)
def test_a_log_that_is_read_otherwise_each_time_is_a_fault_of_ours(
    run: Run,
    capture: Capture,
    monkeypatch: pytest.MonkeyPatch,
    again: dict[str, int],
    code: list[str],
) -> None:
    run("ingest", capture(STORY))
    told = [{"orders": 2, "breaks": 0}, again]

    def compared(_app: App, _progress: Callable[[int], None] | None = None) -> dict[str, int]:
        return told.pop(0)

    monkeypatch.setattr(App, "compare", compared)  # no log that can be had gives two answers
    assert run("verify").code == Exit.FINDINGS
    assert sorted(flag["code"] for flag in machine(run)) == code
