"""`breakwater events`: what leaves the log, printed; narrowed, bounded, followed."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import EXAMPLES
from adapters.cli.exits import Exit
from tests.adapters.cli.using import PLACE, STORY, Capture, Ran, Run, line

COMMAND = [sys.executable, "-c", "from adapters.cli.main import run; run()"]


@pytest.fixture
def ready(run: Run) -> Run:
    run("ingest", *sorted(map(str, Path(EXAMPLES).glob("*.ndjson"))))
    return run


def told(ran: Ran) -> list[dict[str, Any]]:
    """The events, one a line."""
    return [json.loads(text) for text in ran.out.splitlines()]


def test_every_event_is_a_line_in_the_order_of_the_log(ready: Run) -> None:
    found = told(ready("events"))
    assert [one["position"] for one in found] == list(range(1, len(found) + 1))
    assert len(found) > 100
    assert {one["specversion"] for one in found} == {"1.0"}


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        pytest.param(["--after", "5", "--limit", "3"], [6, 7, 8], id="from a position on"),
        pytest.param(["--limit", "1"], [1], id="the first"),
    ],
)
def test_a_part_of_it(ready: Run, words: list[str], holds: list[int]) -> None:
    assert [one["position"] for one in told(ready("events", *words))] == holds


def test_only_some_of_it(ready: Run) -> None:
    every = told(ready("events"))
    fills = told(ready("events", "--type", "Filled"))
    assert fills == [one for one in every if one["type"] == "Filled:1"] != []
    both = told(ready("events", "--type", "Filled:1", "--type", "CancelOpened"))
    assert {one["type"] for one in both} == {"Filled:1", "CancelOpened:1"}
    venue = told(ready("events", "--venue", "abp"))
    assert venue == [one for one in every if one["venue"] == "abp"] != []
    account = venue[0]["account"]
    assert told(ready("events", "--venue", "abp", "--account", account)) == venue
    assert told(ready("events", "--venue", "abp", "--account", "nobody")) == []


def test_as_an_array_and_as_comma_separated_values(ready: Run) -> None:
    every = told(ready("events"))
    assert ready("events", "--json").json == every
    assert told(ready("events", "--ndjson")) == every
    rows = list(csv.DictReader(io.StringIO(ready("events", "--csv").out)))
    assert [(row["id"], json.loads(row["data"])) for row in rows] == [
        (one["id"], one["data"]) for one in every
    ]
    assert all(
        row["occurredtime"] == one.get("occurredtime", "")
        for row, one in zip(rows, every, strict=True)
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(["--type", "Nope"], Exit.USAGE, "--type: no events are called so", id="type"),
        pytest.param(["--account", "x"], Exit.USAGE, "add --venue", id="an account of no venue"),
        pytest.param(["--limit", "0"], Exit.USAGE, "limit", id="nothing at all"),
        pytest.param(["--after", "-1"], Exit.USAGE, "after", id="before the beginning"),
        pytest.param(["--follow", "--json"], Exit.USAGE, "--ndjson", id="an array without end"),
        pytest.param(["--json", "--csv"], Exit.USAGE, "choose one", id="two forms"),
        pytest.param(["--after", "1"], Exit.NOT_FOUND, "end of this log, 0", id="behind the end"),
    ],
)
def test_what_is_asked_wrongly_ends_with_its_code(
    run: Run, words: list[str], code: Exit, says: str
) -> None:
    ran = run("events", *words)
    assert (ran.code, ran.out) == (code, "")
    assert says in ran.err


def test_an_empty_log_has_none(run: Run) -> None:
    assert (run("events").code, run("events").out) == (Exit.DONE, "")
    assert run("events", "--json").json == []


def test_it_is_followed_as_it_grows(run: Run, capture: Capture, tmp_path: Path) -> None:
    run("ingest", capture(STORY))
    before = told(run("events"))
    url = f"sqlite:///{next(tmp_path.rglob('*.db'))}"
    limit = str(len(before) + 1)
    words = ["--database", url, "events", "--follow", "--limit", limit]
    process = subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE)  # noqa: S603 - our own command
    try:
        assert process.stdout is not None
        first = [json.loads(process.stdout.readline()) for _ in before]
        assert first == before
        run("ingest", capture([*STORY, line(59, "sent", {**PLACE, "cl_ord_id": "Z9"})]))
        came = json.loads(process.stdout.readline())
        assert came["data"]["names"][0]["value"] == "Z9"
        assert process.wait(30) == Exit.DONE
    finally:
        process.kill()
        process.communicate()
