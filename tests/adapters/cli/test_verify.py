"""`verify` notices whatever of the stored truth was changed, and ends with 7."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.cli.exits import Exit
from tests.adapters.cli.using import STORY, UNANSWERED, Capture, Run


def change(path: Path, statement: str) -> None:
    """What somebody does who gets past the triggers."""
    with closing(sqlite3.connect(path)) as database, database:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in database.execute(query).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        assert database.execute(statement).rowcount


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        pytest.param(
            "UPDATE wire SET raw = x'7b7d' WHERE seq = 1", "line 1 of capture", id="a line's bytes"
        ),
        pytest.param(
            "UPDATE wire SET outcome = 'set_aside'",
            "beside the events: the lines of capture",
            id="what became of lines",
        ),
        pytest.param("UPDATE captures SET name = 'x'", "the captures", id="a capture's name"),
        pytest.param("DELETE FROM names", "names that were stored are gone", id="the names"),
        pytest.param("UPDATE names SET account = 'x'", "the names were changed", id="an account"),
        pytest.param("DELETE FROM quarantine", "set aside that were stored", id="what was aside"),
        pytest.param("DELETE FROM checkpoints", "checkpoints", id="the checkpoints"),
        pytest.param("UPDATE checkpoints SET recorded_at = 1", "checkpoints", id="their times"),
        pytest.param("DELETE FROM seals", "seal", id="the seals"),
        pytest.param(
            "UPDATE projection_positions SET position = 7000 WHERE name = 'orders'",
            "'orders' has read up to position 7000",
            id="a projection that read more than there is",
        ),
    ],
)
def test_whatever_was_changed_ends_with_7(
    run: Run, capture: Capture, tmp_path: Path, statement: str, where: str
) -> None:
    run("ingest", capture([*STORY, "this is no line"]))
    assert run("verify").code == Exit.DONE
    change(tmp_path / "breakwater.db", statement)
    ran = run("verify")
    assert ran.code == Exit.INTEGRITY
    assert ran.out.startswith("the log was altered: ")
    assert where in ran.out


def test_a_log_that_grew_through_everything_is_whole(run: Run, capture: Capture) -> None:
    for lines in (STORY, UNANSWERED, [*STORY, "torn"], STORY):
        run("ingest", capture(lines))
        report = run("verify", "--json")
        assert report.code == Exit.DONE
        assert report.json["damage"] is None
