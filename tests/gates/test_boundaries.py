"""What import-linter cannot say: the domain's standard library, and contracts that cover all."""

from __future__ import annotations

import ast
import sys
from typing import cast

import pytest

from tests.gates import tree

OUTSIDE = frozenset(
    {
        *("asyncio", "concurrent", "multiprocessing", "threading", "subprocess", "signal"),
        *("io", "os", "pathlib", "shutil", "tempfile", "socket", "ssl", "http", "urllib"),
        *("sqlite3", "logging", "warnings", "time", "random", "secrets", "locale", "argparse"),
    }
)
"""Standard, and yet outside: what does I/O, asks for time or chance, or keeps a process's state."""

NO_ROOM = frozenset({"cli", "venuekit"})
"""Below `adapters` and no implementation of anything: what shows, and what tests venues."""


def outside(module: ast.Module) -> list[str]:
    """The imports that take the domain out of itself and the harmless standard library."""
    return sorted({name for name in _imported(module) if not _inside(name)})


def _imported(module: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(module):
        match node:
            case ast.Import(names=aliases):
                names.extend(alias.name.split(".")[0] for alias in aliases)
            case ast.ImportFrom(module=str(name)):
                names.append(name.split(".")[0])
            case _:
                pass
    return names


def _inside(name: str) -> bool:
    return name == "domain" or (name in sys.stdlib_module_names and name not in OUTSIDE)


def _contract(name: str) -> dict[str, list[str]]:
    contracts = cast("list[dict[str, object]]", tree.project()["tool"]["importlinter"]["contracts"])
    return next(cast("dict[str, list[str]]", c) for c in contracts if c["id"] == name)


def _directories(place: str) -> set[str]:
    return {
        path.relative_to(tree.ROOT / place).parts[0]
        for path in tree.modules(place)
        if len(path.relative_to(tree.ROOT / place).parts) > 1
    }


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("from decimal import Decimal", [], id="the standard library"),
        pytest.param("from domain.order import Order", [], id="itself"),
        pytest.param("import pydantic", ["pydantic"], id="a framework"),
        pytest.param("import os.path", ["os"], id="the machine"),
        pytest.param("def f():\n    import logging", ["logging"], id="late, in a function"),
    ],
)
def test_the_gate_sees(source: str, found: list[str]) -> None:
    assert outside(ast.parse(source)) == found


def test_the_domain_does_nothing_outside_itself() -> None:
    found = [
        f"{tree.name(path)}: {', '.join(names)}"
        for path in tree.modules("domain")
        if (names := outside(tree.tree(path)))
    ]
    assert not found, tree.listing(found, "what the domain needs from outside is a port")


IMPORTED_AS = {"nats_py": "nats"}
"""What is called otherwise where it is imported than where it is installed."""


def test_the_contracts_forbid_every_dependency_to_the_domain() -> None:
    texts = cast("list[str]", tree.project()["project"]["dependencies"])
    asked = {text.split(">")[0].split("=")[0].split("[")[0].replace("-", "_") for text in texts}
    asked = {IMPORTED_AS.get(name, name) for name in asked}
    assert asked <= set(_contract("stdlib")["forbidden_modules"])


def test_every_venue_is_independent() -> None:
    venues = {f"adapters.venues.{name}" for name in _directories("adapters/venues")}
    assert venues <= set(_contract("venues")["modules"])


@pytest.mark.parametrize(
    "contracts",
    [
        pytest.param(("rooms", "gateways", "added"), id="what it knows of the others"),
        pytest.param(("below",), id="what it knows of those above it"),
        pytest.param(("front",), id="who reaches it"),
    ],
)
def test_every_room_is_under_contract(contracts: tuple[str, ...]) -> None:
    rooms = {f"adapters.{name}" for name in _directories("adapters") - NO_ROOM}
    held: set[str] = set()
    for contract in map(_contract, contracts):
        held.update(contract.get("modules", []), contract.get("source_modules", []))
        held.update(contract.get("forbidden_modules", []) if contracts == ("front",) else [])
    assert rooms <= held
