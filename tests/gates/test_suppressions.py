"""Every exception to a rule says why; no file is exempt; no test is skipped."""

from __future__ import annotations

import ast
import io
import re
import tokenize

import pytest

from tests.gates import tree

EXCEPTION = re.compile(
    r"""\#\s*(?:
        noqa (?P<noqa> :\s*[A-Z]+[0-9]+ (?:[,\s]+[A-Z]+[0-9]+)*)?
      | type:\s*ignore (?P<mypy> \[[\w\-,\s]+\])?
      | pyright:\s*ignore (?P<pyright> \[[\w\-,\s]+\])?
      | (?P<cover> pragma:\s*no\s+(?:cover|branch))
    )(?P<rest>.*)""",
    re.VERBOSE,
)
WHOLE_FILE = re.compile(
    r"#\s*(?:ruff:\s*noqa|flake8:\s*noqa|mypy:|type:\s*ignore\s*$"
    r"|pyright:\s*(?:basic|standard|strict|\w+\s*=))"
)
REASON_LETTERS_MIN = 8
SKIPPING = frozenset({"skip", "skipif", "xfail", "importorskip", "skipTest", "skipUnless"})
STANDARD_PORT = str(5433 - 1)

SKIPPED: dict[str, str] = {
    "tests/browser/test_report.py": "Chromium is not everywhere; `.ci/run` leaves nothing out",
}
"""Files that may skip a test, with the reason that a user would accept."""


def comments(source: str) -> list[tuple[int, str]]:
    """The comments of a module with their lines."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [(t.start[0], t.string) for t in tokens if t.type == tokenize.COMMENT]


def unexplained(source: str) -> list[int]:
    """The lines with an exception that names no rule or gives no reason."""
    return [line for line, comment in comments(source) if not _explained(comment)]


def _explained(comment: str) -> bool:
    found = EXCEPTION.search(comment)
    if found is None:
        return True
    named = any(found[kind] for kind in ("noqa", "mypy", "pyright", "cover"))
    rest = found["rest"]
    if EXCEPTION.search(rest):  # two in one comment: the reason stands after the last
        return named and _explained(rest)
    return named and sum(map(str.isalpha, rest)) >= REASON_LETTERS_MIN


def exempt(source: str) -> list[int]:
    """The lines that take a whole file out of a gate."""
    alone = {n for n, line in enumerate(source.splitlines(), 1) if line.lstrip().startswith("#")}
    return [n for n, comment in comments(source) if n in alone and WHOLE_FILE.match(comment)]


def skips(module: ast.Module) -> list[int]:
    """The lines that let a test not run, or not count."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr in SKIPPING
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("x = 1  # noqa: S608 - the table's name is ours", [], id="reason after dash"),
        pytest.param("x = 1  # noqa: S608  # the name is ours", [], id="reason after hash"),
        pytest.param("x = 1  # type: ignore[arg-type]  # alembic's own hint", [], id="typed"),
        pytest.param("x = 1  # pragma: no cover - only on Windows", [], id="coverage"),
        pytest.param("x = 1  # noqa: S608", [1], id="a rule, no reason"),
        pytest.param("x = 1  # noqa", [1], id="every rule"),
        pytest.param("x = 1  # noqa - because it is so", [1], id="a reason, no rule"),
        pytest.param("x = 1  # type: ignore", [1], id="every type error"),
        pytest.param("x = 1  # pragma: no cover", [1], id="not measured, no reason"),
        pytest.param(
            "x = 1  # type: ignore[misc]  # noqa: S608", [1], id="two exceptions, no reason"
        ),
        pytest.param("x = 1  # what noqa is for", [], id="prose"),
    ],
)
def test_the_gate_sees_exceptions(source: str, found: list[int]) -> None:
    assert unexplained(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("# ruff: noqa: S608", [1], id="ruff"),
        pytest.param("# mypy: ignore-errors", [1], id="mypy"),
        pytest.param("# pyright: basic", [1], id="pyright"),
        pytest.param("x = 1  # pyright: ignore[reportX]  # why", [], id="one line only"),
    ],
)
def test_the_gate_sees_exempt_files(source: str, found: list[int]) -> None:
    assert exempt(source) == found


def test_every_exception_says_why() -> None:
    found = [
        f"{tree.name(path)}:{line}"
        for path in tree.modules()
        for line in unexplained(tree.text(path))
    ]
    assert not found, tree.listing(found, "name the rule and the reason: `# noqa: S608 - why`")


def test_no_file_is_exempt() -> None:
    found = [
        f"{tree.name(path)}:{line}" for path in tree.modules() for line in exempt(tree.text(path))
    ]
    assert not found, tree.listing(found, "an exception belongs to one line, or to pyproject.toml")


def test_no_test_is_skipped() -> None:
    found = [
        f"{tree.name(path)}:{line}"
        for path in tree.modules("tests")
        if tree.name(path) not in SKIPPED
        for line in skips(tree.tree(path))
    ]
    assert not found, tree.listing(found, "a test runs everywhere, or is no test of this project")


def test_no_test_assumes_a_database_server() -> None:
    found = [tree.name(path) for path in tree.modules("tests") if STANDARD_PORT in tree.text(path)]
    assert not found, tree.listing(found, "take the server that the fixtures give (ADR 0004)")
