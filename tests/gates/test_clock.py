"""Time is an argument: one module asks the machine what time it is."""

from __future__ import annotations

import ast

import pytest

from tests.gates import tree

THE_CLOCK = "adapters/clock.py"
ASKING = frozenset(
    {
        *((owner, "now") for owner in ("datetime", "func", "pendulum")),
        *(("datetime", word) for word in ("utcnow", "today")),
        ("date", "today"),
        ("func", "current_timestamp"),
        *(("time", word) for word in ("time", "time_ns", "localtime", "gmtime", "ctime")),
    }
)
"""Who is asked, and how. `time.monotonic` and `perf_counter` measure; they tell no time."""


def asks(module: ast.Module) -> list[int]:
    """The lines which ask for the time of day, called or handed on."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.expr | ast.stmt) and _asks(node)
    ]


def _asks(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id=owner), attr=word):
            return (owner, word) in ASKING
        case ast.Attribute(value=ast.Attribute(attr=owner), attr=word):
            return (owner, word) in ASKING
        case ast.ImportFrom(module="time", names=names):
            return any(("time", alias.name) in ASKING for alias in names)
        case _:
            return False


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("datetime.now(UTC)", [1], id="asked directly"),
        pytest.param("import datetime as dt\ndt.datetime.now(dt.UTC)", [2], id="through a module"),
        pytest.param("field(default_factory=datetime.now)", [1], id="handed on, not called"),
        pytest.param("from time import time", [1], id="imported by name"),
        pytest.param("time.monotonic()", [], id="a measurement of elapsed time is fine"),
        pytest.param("order.now()", [], id="another object's word is fine"),
    ],
)
def test_the_gate_sees(source: str, found: list[int]) -> None:
    assert asks(ast.parse(source)) == found


def test_only_the_clock_asks_for_the_time() -> None:
    found = [
        f"{tree.name(path)}:{line}"
        for path in tree.modules()
        if tree.name(path) != THE_CLOCK
        for line in asks(tree.tree(path))
    ]
    assert not found, tree.listing(found, f"take the time as an argument, or from {THE_CLOCK}")
