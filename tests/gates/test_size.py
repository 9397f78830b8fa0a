"""A module says one thing and a function fits a screen."""

from __future__ import annotations

import ast

import pytest

from tests.gates import tree

LINES_MAX = 300
FUNCTION_LINES_MAX = 70

LONG_MODULES = {
    "domain/events.py": "every kind of fact there is, each with its promise: one closed set",
    "tests/whole/test_flags.py": "one table: each code of the catalogue, raised and not raised",
}
LONG_FUNCTIONS: dict[str, str] = {}
"""What may be longer, with the reason; an entry that is no longer needed fails."""


def long_functions(module: ast.Module) -> list[tuple[str, int]]:
    """Functions over the limit, each with its length from `def` to the last line."""
    return [
        (node.name, length)
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]


def length(source: str) -> int:
    """The number of lines."""
    return len(source.splitlines())


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        pytest.param(FUNCTION_LINES_MAX - 1, [], id="with its def, just fits"),
        pytest.param(FUNCTION_LINES_MAX, [("f", FUNCTION_LINES_MAX + 1)], id="one line too many"),
    ],
)
def test_the_gate_sees(lines: int, found: list[tuple[str, int]]) -> None:
    assert long_functions(ast.parse("def f():\n" + "    g()\n" * lines)) == found


def test_modules_say_one_thing() -> None:
    lengths = {tree.name(path): length(tree.text(path)) for path in tree.modules()}
    found = [
        f"{path}: {lines} lines"
        for path, lines in lengths.items()
        if lines > LINES_MAX and path not in LONG_MODULES
    ]
    assert not found, tree.listing(found, f"over {LINES_MAX}: split by reason to change")


def test_functions_fit_a_screen() -> None:
    found = [
        f"{tree.name(path)}: {function} has {lines} lines"
        for path in tree.modules()
        for function, lines in long_functions(tree.tree(path))
        if f"{tree.name(path)}:{function}" not in LONG_FUNCTIONS
    ]
    assert not found, tree.listing(found, f"over {FUNCTION_LINES_MAX}: split")


def test_no_exception_outlives_its_need() -> None:
    lengths = {tree.name(path): length(tree.text(path)) for path in tree.modules()}
    functions = {
        f"{tree.name(path)}:{function}"
        for path in tree.modules()
        for function, _ in long_functions(tree.tree(path))
    }
    stale = [
        *(path for path in LONG_MODULES if lengths.get(path, 0) <= LINES_MAX),
        *(entry for entry in LONG_FUNCTIONS if entry not in functions),
    ]
    assert not stale, tree.listing(stale, "within the limit now: take it off the list")
