"""What the documents point at is there: links, targets of make, words of the command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.gates import tree

LINK = re.compile(r"\[[^\]]*\]\((?!https?://|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```(?:\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"^\$?\s*make ([a-z][a-z-]*)", re.MULTILINE)
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)

DOCUMENTS = tuple(path for path in tree.files(".md") if "tests" not in path.parts)


def dangling(path: Path, source: str) -> list[str]:
    """The relative links of a document that lead nowhere."""
    prose = FENCE.sub("", source)
    return [link for link in LINK.findall(prose) if not (path.parent / link).exists()]


def made(source: str) -> set[str]:
    """The targets of make that a document's blocks run."""
    return {target for block in FENCE.findall(source) for target in MAKE.findall(block)}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("[here](README.md)", [], id="it is there"),
        pytest.param("[here](gone.md#part)", ["gone.md"], id="it is gone"),
        pytest.param("[there](https://example.org/x)", [], id="elsewhere: not ours to check"),
        pytest.param("```\n[x](NNNN.md)\n```\n", [], id="an example in a block"),
    ],
)
def test_the_gate_sees(source: str, found: list[str]) -> None:
    assert dangling(tree.ROOT / "README.md", source) == found


@pytest.mark.parametrize("document", DOCUMENTS, ids=tree.name)
def test_links_lead_somewhere(document: Path) -> None:
    assert dangling(document, tree.text(document)) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=tree.name)
def test_targets_exist(document: Path) -> None:
    targets = set(TARGET.findall(tree.text(tree.ROOT / "Makefile")))
    assert made(tree.text(document)) <= targets
