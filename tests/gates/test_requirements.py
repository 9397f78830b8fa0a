"""What is installed is pinned, hashed, consistent, and says nothing about where it comes from."""

from __future__ import annotations

import re
from typing import cast

import pytest

from tests.gates import tree

PINNED = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;]+)(?:\s*;\s*[^\\]+)?\s*\\$"
)
HASH = re.compile(r"^\s+--hash=sha256:[0-9a-f]{64}(?:\s*\\)?$")
SETS = ("runtime", "build", "dev", "lock")

REGISTRIES = tuple(
    # Written from the right, as a package of Java is named, so that this file names none.
    ".".join(reversed(labels.split(".")))
    for labels in (
        "org.pypi",
        "org.pythonhosted",
        "org.npmjs",
        "com.yarnpkg",
        "org.anaconda",
        "org.golang.proxy",
        "org.rubygems",
        "io.crates",
        "org.maven",
    )
)
INDEX = re.compile(r"https?://\S*/simple\b|--(?:extra-)?index-url|--find-links\s")


def pins(name: str) -> dict[str, str]:
    """The versions of a set."""
    found = (PINNED.match(line) for line in _text(name).splitlines())
    return {match["name"]: match["version"] for match in found if match}


def faults(source: str) -> list[int]:
    """The lines that are neither a pin with a hash below it, nor a hash, nor a comment."""
    lines = source.splitlines()
    return [
        number
        for number, line in enumerate(lines, 1)
        if not line.lstrip().startswith("#")
        and not HASH.match(line)
        and not (PINNED.match(line) and number < len(lines) and HASH.match(lines[number]))
    ]


def registries(source: str) -> list[str]:
    """The package registries, or addresses of indexes, that a text names."""
    lower = source.lower()
    return [host for host in REGISTRIES if host in lower] + INDEX.findall(source)


def _text(name: str) -> str:
    return tree.text(tree.ROOT / "requirements" / f"{name}.txt")


def _asked(*requirements: str) -> set[str]:
    words = (re.split(r"[\s\[<>=!~;]", text, maxsplit=1)[0] for text in requirements)
    return {re.sub(r"[-_.]+", "-", word).lower() for word in words}


def _group(name: str) -> list[str]:
    entries = cast("list[object]", tree.project()["dependency-groups"][name])
    return [entry for entry in entries if isinstance(entry, str)]


GOOD = f"rich==15.0.0 \\\n    --hash=sha256:{'a' * 64}\n    # via breakwater\n"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param(GOOD, [], id="pinned and hashed"),
        pytest.param("rich==15.0.0\n", [1], id="no hash"),
        pytest.param(GOOD.replace("==", ">="), [1], id="no pin"),
        pytest.param("--index-url https://mirror.example/\n" + GOOD, [1], id="an index"),
    ],
)
def test_the_gate_sees(source: str, found: list[int]) -> None:
    assert faults(source) == found


@pytest.mark.parametrize("host", REGISTRIES)
def test_the_gate_sees_a_registry(host: str) -> None:
    assert registries(f"see https://files.{host}/x") == [host]


@pytest.mark.parametrize("name", SETS)
def test_each_requirement_is_pinned_and_hashed(name: str) -> None:
    found = [f"requirements/{name}.txt:{line}" for line in faults(_text(name))]
    assert not found, tree.listing(found, "written by `make requirements`, not by hand")
    assert pins(name)


@pytest.mark.parametrize("name", ["runtime", "build"])
def test_the_tools_stand_on_what_users_get(name: str) -> None:
    assert pins(name).items() <= pins("dev").items(), "run `make requirements`"


def test_what_is_asked_for_is_pinned() -> None:
    project = tree.project()["project"]
    extras = cast("dict[str, list[str]]", project["optional-dependencies"])
    asked = _asked(*project["dependencies"], *(x for extra in extras.values() for x in extra))
    assert asked <= pins("runtime").keys()
    assert _asked(*_group("build")) <= pins("build").keys()
    assert _asked(*_group("dev")) <= pins("dev").keys()
    assert _asked(*_group("lock")) <= pins("lock").keys()


def test_no_file_names_a_package_registry() -> None:
    found = [
        f"{tree.name(path)}: {', '.join(named)}"
        for path in tree.files()
        if path.name != "test_requirements.py" and (named := registries(tree.text(path)))
    ]
    assert not found, tree.listing(found, "where packages come from is the machine's business")
