"""What the documents show is what happens: each command is run as printed, its output compared.

A `console` block holds commands after `$` and what they print. `…` stands for what was left out:
within a line any text, as a line of its own any lines. Space is not compared. Examples lie beside
an otherwise empty directory, as in a checkout; the commands of one document share it.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from adapters import venues
from adapters.bootstrap_dialects import DIALECTS
from adapters.cli.exits import Exit
from adapters.cli.main import guarded
from tests.gates import tree

BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
CUT = "…"
SHOWING = tuple(path for path in tree.files(".md") if BLOCK.search(tree.text(path)))
README = tree.ROOT / "README.md"
README_LINES_MAX = 120
NOT_RUN_HERE = {"make test": "it runs this test"}
"""What the documents show and this gate does not run, with the reason."""


class Shown(NamedTuple):
    """A command as printed, and the lines that are printed below it."""

    command: str
    output: Sequence[str]


def shown(source: str) -> list[Shown]:
    """The commands of a document, in order."""
    found: list[Shown] = []
    for block in BLOCK.findall(source):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Shown(command, [line for line in output.splitlines() if line.strip()]))
    return found


def pattern(line: str) -> re.Pattern[str]:
    """A shown line: any text for `…`, and space as it comes."""
    parts = [r"\s*".join(map(re.escape, part.split())) for part in line.split(CUT)]
    return re.compile(r"\s*" + r".*".join(parts).strip() + r"\s*")


def missing(expected: Sequence[str], printed: Sequence[str]) -> str | None:
    """The first shown line that was not printed in its place; None when all were."""
    place = 0
    cut = False
    for line in expected:
        if line.strip() == CUT:
            cut = True
            continue
        matches = pattern(line).fullmatch
        within = printed[place:] if cut else printed[place : place + 1]
        found = next((index for index, text in enumerate(within) if matches(text)), None)
        if found is None:
            return line
        place += found + 1
        cut = False
    return None if cut or place == len(printed) else f"nothing more, and not: {printed[place]}"


@pytest.mark.parametrize(
    ("expected", "printed", "found"),
    [
        pytest.param(["a  b"], ["a b "], None, id="space does not count"),
        pytest.param(["a … d"], ["a b c d"], None, id="cut within a line"),
        pytest.param(["a", "…", "d"], ["a", "b", "c", "d"], None, id="cut between lines"),
        pytest.param(["a", "…"], ["a", "b"], None, id="cut at the end"),
        pytest.param(["a"], ["a", "b"], "nothing more, and not: b", id="more than is shown"),
        pytest.param(["a", "c"], ["a", "b", "c"], "c", id="left out without saying so"),
        pytest.param(["a … c"], ["a b d"], "a … c", id="another line"),
        pytest.param(["1.5"], ["175"], "1.5", id="a dot is a dot"),
    ],
)
def test_the_gate_sees(expected: list[str], printed: list[str], found: str | None) -> None:
    assert missing(expected, printed) == found


def test_a_block_is_its_commands() -> None:
    source = "```console\n$ a b\none\n\n$ c\n```\n```sh\n$ d\n```\n"
    assert shown(source) == [Shown("a b", ["one"]), Shown("c", [])]


Run = Callable[[str], tuple[int, list[str]]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a line as a shell in an empty directory would, with the examples beside it."""
    (tmp_path / "examples").symlink_to(tree.ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BREAKWATER_DATABASE_URL", raising=False)

    def running(command: str) -> tuple[int, list[str]]:
        program, *arguments = words(command)
        assert program == "breakwater", f"this gate cannot run {command!r}"
        code = guarded(arguments)
        printed = capsys.readouterr()
        return code, [line for line in (printed.out + printed.err).splitlines() if line.strip()]

    return running


def words(command: str) -> list[str]:
    """The words of a line, with `make` replaced by what it runs and patterns by the files."""
    program, *arguments = shlex.split(command)
    if program == "make":
        recipe = re.search(rf"^{arguments[0]}:.*\n\t@\$\(BIN\)/(.+)", makefile(), re.MULTILINE)
        assert recipe is not None, f"{command!r} runs no command of ours"
        return shlex.split(recipe[1])
    found: list[str] = []
    for word in arguments:
        files = sorted(map(str, Path().glob(word))) if "*" in word else [word]
        found.extend(files)
    return [program, *found]


def makefile() -> str:
    """The Makefile."""
    return tree.text(tree.ROOT / "Makefile")


def test_the_readme_shows_the_first_steps() -> None:
    commands = [part.command for part in shown(tree.text(README))]
    for wanted in ("make demo", "make test", "breakwater ingest", "breakwater breaks show"):
        assert any(command.startswith(wanted) for command in commands), wanted
    assert len(tree.text(README).splitlines()) <= README_LINES_MAX


@pytest.mark.parametrize("document", SHOWING, ids=tree.name)
def test_what_is_shown_is_what_happens(document: Path, run: Run) -> None:
    for command, output in shown(tree.text(document)):
        if command in NOT_RUN_HERE:
            continue
        code, printed = run(command)
        assert code in {Exit.DONE, Exit.FINDINGS}, f"{command}: ends with {code}: {printed}"
        lacks = missing(output, printed)
        assert lacks is None, f"{command}: printed otherwise: {lacks}\n" + "\n".join(printed)


MODULE = re.compile(
    r"^```python\n# adapters/venues/(example/\w+\.py)\n(.*?)^```", re.MULTILINE | re.DOTALL
)


def test_the_dialect_of_the_how_to_reads_a_capture(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tree.ROOT / "docs" / "howto" / "add-a-venue-dialect.md"
    for name, source in MODULE.findall(tree.text(page)):
        module = tmp_path / "venues" / name
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text(source)
    monkeypatch.setattr(venues, "__path__", [*venues.__path__, str(tmp_path / "venues")])
    dialect = import_module("adapters.venues.example.translate").ExampleDialect()
    monkeypatch.setitem(DIALECTS, "example", dialect)
    states = [("OPEN", "0"), ("OPEN", "40"), ("CANCELLED", "40"), ("HELD", "40")]
    place = {"v": 1, "capture": "e", "venue": "example", "account": "desk", "direction": "received"}
    lines = [
        {
            **place,
            "seq": seq,
            "at": f"2026-02-07T12:00:0{seq}Z",
            "ws": {
                "channel": "feed",
                "frame": {"bet_id": "7", "state": state, "stake": "100", "matched": matched},
            },
        }
        for seq, (state, matched) in enumerate(states, start=1)
    ]
    Path("bets.ndjson").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert run("breakwater ingest bets.ndjson")[1][0].startswith("4 lines: 4 read")
    _, printed = run("breakwater orders --json")
    (order,) = json.loads("".join(printed))
    assert [order[name] for name in ("size", "matched", "cancelled", "status")] == [
        "100",
        "40",
        "60",
        "CANCELLED",
    ]
    assert "STR-10" in "".join(run("breakwater breaks")[1])
