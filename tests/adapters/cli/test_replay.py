"""`breakwater replay`: the same events again, or the first that is not the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.cli.exits import Exit
from adapters.eventlog.engines import open_database
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.rows import QuarantineRow
from tests.adapters.cli.using import STORY, UNANSWERED, Capture, Run, line, report


@pytest.fixture
def story(run: Run, capture: Capture) -> str:
    """A capture that the database in use has read."""
    path = capture(STORY)
    run("ingest", path)
    return path


def test_a_capture_is_replayed_beside_the_database_in_use(run: Run, capture: Capture) -> None:
    ran = run("replay", capture(STORY), "--json")
    assert ran.code == Exit.DONE
    told = ran.json
    assert (told["lines"], told["set_aside"], told["same"]) == (6, 0, None)
    assert not Path("breakwater.db").exists()


@pytest.mark.parametrize("captures", [True, False], ids=["the capture", "the log's own lines"])
def test_a_replay_is_the_same(run: Run, story: str, captures: bool) -> None:  # noqa: FBT001 - one of the cases of a table
    ran = run("replay", *([story] if captures else []), "--check", "--json")
    assert ran.code == Exit.DONE
    assert (ran.json["same"], ran.json["difference"]) == (True, None)
    assert "Every event is the same" in run("replay", "--check").out


def test_a_replay_is_kept_in_an_empty_database(run: Run, story: str) -> None:
    told = run("replay", "--into", "sqlite:///again.db", "--json").json
    again = ("--database", "sqlite:///again.db")
    assert run(*again, "orders", "--json").json == run("orders", "--json").json
    assert run(*again, "replay", "--check", "--json").json["state_hash"] == told["state_hash"]
    for same in ("sqlite:///again.db", "again.db"):
        ran = run("replay", story, "--into", same)
        assert ran.code == Exit.CONFLICT
        assert "name a new file" in ran.err


def test_a_directory_is_no_capture(run: Run, story: str) -> None:
    ran = run("replay", story, ".")
    assert ran.code == Exit.USAGE
    assert "name the captures in it" in ran.err


@pytest.mark.parametrize(
    ("options", "seen"),
    [
        pytest.param(["--until", "2026-02-07T12:00:03.250Z"], "1 2 3", id="by a time"),
        pytest.param(["--until", "2026-02-07T13:00:03.249+01:00"], "1 2", id="in another zone"),
        pytest.param(["--until", "2026-02-06T12:00:00Z"], "", id="before all of it"),
        pytest.param(["--to", "2"], "1 2", id="by a position"),
        pytest.param(["--to", "1"], "1", id="the first"),
        pytest.param(["--to", "999"], "1 2 3 4 5 6", id="beyond the end"),
    ],
)
@pytest.mark.parametrize("captures", [True, False], ids=["capture", "log"])
def test_a_replay_ends_where_it_is_told(
    run: Run,
    story: str,
    options: list[str],
    seen: str,
    captures: bool,  # noqa: FBT001 - one of the cases of a table
) -> None:
    named = [story] if captures else []
    ran = run("replay", *named, *options, "--step", "--check", "--json")
    assert ran.code == Exit.DONE
    *steps, told = map(json.loads, ran.out.splitlines())
    assert " ".join(str(step["seq"]) for step in steps) == seen
    assert told["lines"] == len(steps)
    if "--to" in options:
        assert told["position"] <= int(options[1])


def test_a_line_is_never_cut_by_a_position(run: Run, story: str) -> None:
    steps = [json.loads(step) for step in run("replay", "--step", "--json").out.splitlines()[:-1]]
    ends = [step["events"][-1]["position"] for step in steps]
    for position in range(1, ends[-1] + 1):
        told = run("replay", story, "--to", str(position), "--json").json
        assert told["position"] == max((end for end in ends if end <= position), default=0)


def test_each_line_is_shown_with_what_it_caused(run: Run, story: str) -> None:
    out = run("replay", story, "--step").out.splitlines()
    assert out[0] == "12:00:01.250000 cli 1 sent (canonical)"
    assert out[1].split()[:2] == ["1", "OrderPlaced:"]


def test_a_cut_file_is_replayed_to_where_it_is_cut(run: Run, capture: Capture) -> None:
    path = Path(capture(STORY))
    path.write_bytes(path.read_bytes()[:-40])
    *steps, told = run("replay", str(path), "--step", "--json").out.splitlines()
    assert json.loads(told)["set_aside"] == 1
    assert json.loads(steps[-1])["set_aside"]


def test_what_was_set_aside_is_replayed_too(run: Run, capture: Capture) -> None:
    misshapen = json.dumps({**json.loads(STORY[1]), "seq": 7, "at": "yesterday"})
    other = json.dumps({**json.loads(STORY[1]), "account": "another"})
    story = capture([*STORY[:2], "torn {", misshapen, other, *STORY[2:]])
    run("ingest", story)
    before = run("quarantine", "--json").json
    assert [piece["line"] for piece in before] == [3, 4, 5]
    ran = run("replay", "--check", "--json").json
    assert (ran["lines"], ran["set_aside"], ran["same"]) == (len(STORY) + 3, 3, True)
    run("replay", "--into", "again.db")
    assert run("--database", "again.db", "quarantine", "--json").json == before
    ended = run("replay", "--to", "99", "--json").json
    assert ended["set_aside"] == 0, "nothing tells which position a piece came at"


def test_a_piece_that_can_be_read_by_now_is_read(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    newer = line(7, "received", report("Trade", "e9", last_qty="5", last_px="1.95")).encode()
    piece = QuarantineRow(b"k", "old.ndjson", 7, None, None, "of a later version", newer, None)
    engine = open_database("sqlite:///breakwater.db")
    SqlEventLog(engine).append([], quarantine=[piece])
    engine.dispose()
    assert [told["raw"].encode() for told in run("quarantine", "--json").json] == [newer]
    run("replay", "--into", "again.db")
    assert run("--database", "again.db", "quarantine", "--json").json == []
    (order,) = run("--database", "again.db", "orders", "--json").json
    assert order["matched"] == "55"


def test_the_tempo_is_kept(run: Run, story: str) -> None:
    ran = run("replay", story, "--speed", "1000")
    assert ran.code == Exit.DONE
    assert "12:00:06.250000 cli 6 received (canonical)" in ran.out


def altered(table: str, change: str) -> None:
    """Alter the database behind the program's back."""
    engine = open_database("sqlite:///breakwater.db")
    with engine.begin() as connection:
        triggers = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
            {"table": table},
        )
        for (name,) in list(triggers):
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(change))
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(
            "UPDATE events SET state = replace(state, '\"40\"', '\"41\"') WHERE seq = 3",
            (3, "size", "41"),
            id="a figure",
        ),
        pytest.param(
            "DELETE FROM events WHERE seq = 6",
            (6, "event", "(no such event)"),
            id="an event is gone",
        ),
        pytest.param(
            "UPDATE events SET topic = 'Lapsed:1' WHERE seq = 3 AND topic = 'Filled:1'",
            (3, "event", "Lapsed"),
            id="another event",
        ),
    ],
)
def test_the_first_difference_is_named(
    run: Run, story: str, change: str, told: tuple[int, str, str]
) -> None:
    altered("events", change)
    ran = run("replay", story, "--check", "--json")
    assert ran.code == Exit.FINDINGS
    found = ran.json["difference"]
    assert found["capture"] == "cli"
    assert (found["seq"], found["field"], found["a"]) == told
    people = run("replay", story, "--check").out
    assert f"capture 'cli' seq {told[0]}" in people
    assert told[2] in people


def test_an_event_that_the_replay_lacks_is_a_difference(
    run: Run, story: str, capture: Capture
) -> None:
    del story
    lines = [*STORY[:2], line(3, "received", report("Trade", "e2", last_qty="39", last_px="1.95"))]
    ran = run("replay", capture([*lines, *STORY[3:]]), "--check", "--json")
    told = ran.json["difference"]
    assert (told["seq"], told["field"], told["a"], told["b"]) == (3, "size", "40", "39")


def test_what_the_log_has_besides_is_no_difference(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    run("ingest", capture([text.replace('"cli"', '"more"') for text in UNANSWERED[:1]]))
    ran = run("replay", capture(STORY), "--check", "--json")
    assert ran.json["same"] is True


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["gone.ndjson"], Exit.NOT_FOUND, "no such file", id="no such file"),
        pytest.param([], Exit.NOT_FOUND, "holds no lines", id="an empty log"),
        pytest.param(["--until", "noon"], Exit.USAGE, "is no time", id="no time"),
        pytest.param(["--to", "0"], Exit.USAGE, "--to", id="no position"),
        pytest.param(["--speed", "0"], Exit.USAGE, "--speed", id="no tempo"),
    ],
)
def test_what_cannot_be_replayed_is_said(
    run: Run, arguments: Sequence[str], code: Exit, says: str
) -> None:
    ran = run("replay", *arguments)
    assert ran.code == code
    assert says in ran.err


def test_what_people_decided_comes_along(run: Run, capture: Capture) -> None:
    run("ingest", capture(UNANSWERED))
    (found,) = run("breaks", "--json").json[:1]
    run("breaks", "acknowledge", found["break_id"], "--by", "ann")
    ran = run("replay", "--into", "sqlite:///again.db", "--check", "--json")
    assert ran.json["same"] is True
    again = run("--database", "sqlite:///again.db", "breaks", "--json").json
    assert again == run("breaks", "--json").json
    assert again[0]["status"] == "acknowledged"
