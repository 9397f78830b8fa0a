"""Each decision is recorded in one form, listed, and names a gate that exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast

import pytest

from tests.gates import tree

PLACE = tree.ROOT / "docs" / "adr"
PARTS = ("Context", "Decision", "Consequences", "Alternatives", "Gate")
LINES_MAX = 80
"""A page."""

STATUS = re.compile(r"^Status: (accepted|replaced by \d{4})$", re.MULTILINE)
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)


def records() -> list[Path]:
    """The decisions, in order."""
    return sorted(PLACE.glob("[0-9]*.md"))


def parts(source: str) -> dict[str, str]:
    """The second-level headings of a page and what stands below each."""
    found = re.split(r"^## (.+)$", source, flags=re.MULTILINE)[1:]
    return {
        title.strip(): body.strip() for title, body in zip(found[::2], found[1::2], strict=True)
    }


def gates(section: str) -> list[str]:
    """What a section names in backticks that could be a gate."""
    return [
        word
        for word in re.findall(r"`([^`]+)`", section)
        if word.startswith(("tests/", ".ci/", "make ", "contract:", "ruff:"))
    ]


def exists(gate: str) -> bool:
    """Whether a gate that a decision names is there."""
    if gate.startswith("make "):
        targets = TARGET.findall(tree.text(tree.ROOT / "Makefile"))
        return gate.split()[1] in {*targets}
    if gate.startswith("contract:"):
        held = cast("list[dict[str, str]]", tree.project()["tool"]["importlinter"]["contracts"])
        return gate.removeprefix("contract:") in {contract["id"] for contract in held}
    if gate.startswith("ruff:"):
        off = cast("list[str]", tree.project()["tool"]["ruff"]["lint"]["ignore"])
        return gate.removeprefix("ruff:") not in off
    path, _, test = gate.partition("::")
    found = tree.ROOT / path
    return found.exists() and (not test or f"def {test}(" in tree.text(found))


@pytest.mark.parametrize(
    ("gate", "there"),
    [
        pytest.param("tests/gates/test_decisions.py", True, id="a test's file"),
        pytest.param("tests/gates/test_decisions.py::test_there_are_decisions", True, id="a test"),
        pytest.param("tests/gates/test_decisions.py::test_gone", False, id="a test that is gone"),
        pytest.param("tests/gates/test_gone.py", False, id="a file that is gone"),
        pytest.param("make test", True, id="a target"),
        pytest.param("make gone", False, id="a target that is gone"),
        pytest.param("contract:venues", True, id="a contract"),
        pytest.param("contract:gone", False, id="a contract that is gone"),
        pytest.param("ruff:DTZ005", True, id="a rule"),
        pytest.param("ruff:COM812", False, id="a rule that is off"),
    ],
)
def test_the_gate_sees(*, gate: str, there: bool) -> None:
    assert exists(gate) is there


def test_there_are_decisions() -> None:
    assert records()


@pytest.mark.parametrize("record", records(), ids=lambda path: path.stem)
def test_a_decision_has_the_form(record: Path) -> None:
    source = tree.text(record)
    number = record.name[:4]
    assert source.startswith(f"# {number}. ")
    assert STATUS.search(source), "its status is `accepted` or `replaced by NNNN`"
    assert tuple(parts(source)) == PARTS
    assert all(parts(source).values()), "no part is empty"
    assert len(source.splitlines()) <= LINES_MAX, "a decision fits a page"


@pytest.mark.parametrize("record", records(), ids=lambda path: path.stem)
def test_a_decision_names_a_gate_that_exists(record: Path) -> None:
    named = gates(parts(tree.text(record))["Gate"])
    assert named, "a decision that nothing enforces is a wish"
    assert [gate for gate in named if not exists(gate)] == []


def test_numbers_are_given_once() -> None:
    numbers = [record.name[:4] for record in records()]
    assert len(numbers) == len(set(numbers))


def test_the_index_lists_each_decision_with_its_title() -> None:
    index = tree.text(PLACE / "README.md")
    missing = [
        record.name
        for record in records()
        if f"]({record.name}) | {tree.text(record).splitlines()[0].split('. ', 1)[1]} |"
        not in index
    ]
    assert missing == []
