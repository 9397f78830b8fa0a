"""Amounts stay exact: no binary float where money and sizes are read or decided about."""

from __future__ import annotations

import ast

import pytest

from tests.gates import tree

EXACT = ("domain", "adapters/captures", "adapters/venues", "projections")
READING = ("adapters",)


def inexact(module: ast.Module) -> list[int]:
    """The lines that name `float` or write a number with a binary fraction."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.expr | ast.stmt) and _inexact(node)
    ]


def _inexact(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="float"):
            return True
        case ast.Constant(value=float()):
            return True
        case _:
            return False


def loose_readers(module: ast.Module) -> list[int]:
    """The lines on which `json` would read the venue's digits through a binary float."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in {("json", "loads"), ("json", "load")}
        and not any(word.arg == "parse_float" for word in node.keywords)
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("float('0.1')", [1], id="made"),
        pytest.param("def f(size: float) -> None: ...", [1], id="declared"),
        pytest.param("size = 0.1", [1], id="written"),
        pytest.param("Decimal('0.1')", [], id="a decimal from text is fine"),
        pytest.param("10", [], id="a whole number is fine"),
    ],
)
def test_the_gate_sees_floats(source: str, found: list[int]) -> None:
    assert inexact(ast.parse(source)) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("json.loads(line)", [1], id="digits lost"),
        pytest.param("json.loads(line, parse_float=Decimal)", [], id="digits kept"),
    ],
)
def test_the_gate_sees_loose_readers(source: str, found: list[int]) -> None:
    assert loose_readers(ast.parse(source)) == found


def test_no_amount_is_a_float() -> None:
    found = [
        f"{tree.name(path)}:{line}"
        for path in tree.modules(*EXACT)
        for line in inexact(tree.tree(path))
    ]
    assert not found, tree.listing(found, "use Decimal made from text, int, or timedelta")


def test_json_is_read_exactly() -> None:
    found = [
        f"{tree.name(path)}:{line}"
        for path in tree.modules(*READING)
        for line in loose_readers(tree.tree(path))
    ]
    assert not found, tree.listing(found, "give json a parse_float that keeps the digits")
