"""A scaffolded venue keeps a first part of the kit, says what is next, and can keep it all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.added import NotWritten
from adapters.scaffolding import OPEN
from adapters.venuekit.bench import Bench, bench, quietly
from adapters.venuekit.scenarios import SCENARIOS, words
from adapters.venuekit.venue import NoVenue, VenueUnderTest, loaded
from tests.adapters.cli.conftest import run
from tests.adapters.cli.using import Run

__all__ = ["run"]

OPENED = re.compile(r"    # How the paper venue.*\n    raise NotWritten\(.*\)\n")
TYPES = '{"typeCheckingMode":"strict","venvPath":"%s","venv":"%s","extraPaths":["%s"]}'
ROOT = Path(__file__).resolve().parents[2]


def written(run: Run, name: str, directory: Path) -> Path:
    place = directory / name
    ran = run("scaffold", "venue", name, "-o", str(place))
    assert ran.code == 0, ran
    assert "next: pip install" in ran.err
    return place


def handed_in(name: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> VenueUnderTest:
    monkeypatch.chdir(place)
    monkeypatch.setattr(sys, "path", [str(place), *sys.path])
    return loaded(f"venue_{name}.kit")


@pytest.fixture
def begun(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A venue as it was scaffolded."""
    venue = handed_in("acmebet", written(run, "acmebet", tmp_path), monkeypatch)
    with quietly(), bench(venue) as at:
        yield at


def test_what_is_written_keeps_a_first_part_and_says_what_is_next(begun: Bench) -> None:
    for name, scenario in words.SCENARIOS.items():
        scenario(begun)
        assert name in SCENARIOS
    with pytest.raises(NotWritten, match="what the answer to a cancel says"):
        SCENARIOS["401 refuses the cancel as a whole"](begun)
    with pytest.raises(NotWritten, match="what a row of an order says"):
        SCENARIOS["an order that rests is known as it is"](begun)


@pytest.mark.parametrize(
    "name",
    [
        "an order that rests is known as it is",
        "a market's orders are cancelled and no other's",
        "a timeout after the venue acted is unknown, then cancelled",
        "401 refuses the cancel as a whole",
        "a reason that nobody has heard of raises CXL-34",
        "a recording that is read twice adds nothing",
        "the feed and the answer tell of one cancel",
    ],
)
def test_with_its_words_written_it_keeps_the_rest(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    label = f"v{abs(hash(name)) % 10_000_000}"  # each a module of its own in this process
    place = written(run, label, tmp_path)
    found = 0
    for path in place.rglob("*.py"):
        text, count = OPENED.subn("", path.read_text())
        path.write_text(text)
        found += count
    assert found == len(OPEN)
    venue = handed_in(label, place, monkeypatch)
    with quietly(), bench(venue) as at:
        SCENARIOS[name](at)


def ran(place: Path, *command: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join((str(place), str(ROOT)))
    return subprocess.run(  # noqa: S603 - tools of our own environment
        command, cwd=place, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip


def test_what_is_written_passes_its_own_gates(run: Run, tmp_path: Path) -> None:
    place = written(run, "acmebet", tmp_path)
    tools = Path(sys.executable).parent
    types = place / "pyrightconfig.json"
    types.write_text(TYPES % (tools.parents[1], tools.parent.name, ROOT))
    for command in (
        (str(tools / "ruff"), "check", "."),
        (str(tools / "ruff"), "format", "--check", "."),
        (str(tools / "pyright"), "."),
        (sys.executable, "-m", "pytest", "-q"),
    ):
        told = ran(place, *command)
        assert told.returncode == 0, told.stdout + told.stderr


def test_the_kit_runs_on_it_by_its_name(run: Run, tmp_path: Path) -> None:
    place = written(run, "acmebet", tmp_path)
    kit = ("-m", "pytest", "-q", "--venue", "venue_acmebet.kit", "-k", "401 or says")
    told = ran(place, sys.executable, *kit)
    assert told.returncode == 1, told.stdout + told.stderr
    assert "what to write next" in told.stdout
    assert "what the answer to a cancel says of each order" in told.stdout


@pytest.mark.parametrize(
    ("name", "why"),
    [
        pytest.param("abp", "already", id="a venue that is there"),
        pytest.param("paper", "already", id="one that was added"),
        pytest.param("Acme-Bet", "lower-case", id="no name of a module"),
    ],
)
def test_a_name_that_does_not_do(run: Run, tmp_path: Path, name: str, why: str) -> None:
    told = run("scaffold", "venue", name, "-o", str(tmp_path / "x"))
    assert told.code == 2
    assert why in told.err
    assert not (tmp_path / "x").exists()


def test_nothing_is_overwritten(run: Run, tmp_path: Path) -> None:
    place = written(run, "acmebet", tmp_path)
    told = run("scaffold", "venue", "acmebet", "-o", str(place))
    assert told.code == 2
    assert "not empty" in told.err


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("no.such.module", id="no such module"),
        pytest.param("adapters.venuekit.tape", id="a module without a venue"),
    ],
)
def test_a_module_that_hands_in_no_venue_is_told(name: str) -> None:
    with pytest.raises(NoVenue, match=name):
        loaded(name)
