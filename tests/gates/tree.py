"""The repository as its gates read it: text files, Python modules and where something stands."""

from __future__ import annotations

import ast
import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MADE = frozenset({"__pycache__", "build", "dist", "reports", "node_modules"})
"""Directories that programs fill; with those that start with a dot they are nobody's words."""


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Every file that a person wrote, with one of the suffixes if any are given."""
    return tuple(sorted(p for p in _walk() if not suffixes or p.suffix in suffixes))


def _walk() -> Iterator[Path]:
    for place, directories, names in os.walk(ROOT):
        directories[:] = [
            d for d in directories if d not in MADE and (not d.startswith(".") or d == ".ci")
        ]
        yield from (Path(place, name) for name in names)


def modules(*places: str) -> tuple[Path, ...]:
    """The Python modules below the places (`domain`, `adapters/venues`), or all of them."""
    return tuple(
        p
        for p in files(".py")
        if not places or any(p.is_relative_to(ROOT / place) for place in places)
    )


def name(path: Path) -> str:
    """The path as one types it at the root of the checkout."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()


@cache
def text(path: Path) -> str:
    """The file's text; nothing for a file that is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def tree(path: Path) -> ast.Module:
    """The module, parsed."""
    return ast.parse(text(path), filename=str(path))


@cache
def project() -> dict[str, Any]:
    """What `pyproject.toml` says."""
    return tomllib.loads(text(ROOT / "pyproject.toml"))


def listing(findings: list[str], advice: str) -> str:
    """What a failed gate prints: each place on its own line, then what to do."""
    return "\n".join(["", *findings, advice])
