"""A new venue's package, made from the paper venue's own: renamed, and open where words change.

Nothing is kept twice: what is written out is the code that our own tests hold, so it cannot grow
old. Where a venue's own words belong, the first line says what to write there and raises.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from adapters.bootstrap_dialects import DIALECTS

NAME = re.compile(r"[a-z][a-z0-9]{1,30}", re.ASCII)
SOURCES = "adapters.paperapi"
MODULES = ("__init__", "wire", "orders", "cancels", "dialect", "codec", "server")
EXAMPLE = (
    "    # How the paper venue says it is below: write your venue's, then take this line away."
)
KIT = ("adapters.venuekit.venues", "paper")


class CannotScaffold(ValueError):
    """The name or the directory does not do; the text says why and what to try."""


@dataclass(frozen=True, slots=True)
class Open:
    """A function that a venue's own words belong into, and what to write there."""

    module: str
    function: str
    write: str


OPEN = (
    Open("orders", "told", "what a row of an order says: states, matches, terms (wire.py first)"),
    Open("cancels", "answered", "what the answer to a cancel says of each order, and its reasons"),
    Open("dialect", "_feed", "what a message of the feed says"),
)
"""In the order in which they are best written."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written where."""

    directory: Path
    package: str
    files: tuple[str, ...]


def scaffold(name: str, directory: Path) -> Written:
    """Write the package of a venue into a new or empty directory."""
    if NAME.fullmatch(name) is None:
        raise CannotScaffold(f"{name!r} is no name: lower-case letters and digits, as in `acmebet`")
    if name in DIALECTS:
        raise CannotScaffold(f"there is a venue called {name!r} already; choose another name")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise CannotScaffold(f"{directory} is there and not empty; name a new directory with -o")
    package = f"venue_{name}"
    told = dict(_files(name, package))
    for path, text in told.items():
        place = directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return Written(directory, package, tuple(told))


def _files(name: str, package: str) -> Iterator[tuple[str, str]]:
    for module in MODULES:
        source = files(SOURCES).joinpath(f"{module}.py").read_text("utf-8")
        yield f"{package}/{module}.py", _own(_opened(module, source), name, package)
    kit = files(KIT[0]).joinpath(f"{KIT[1]}.py").read_text("utf-8")
    yield f"{package}/kit.py", _own(kit, name, package)
    yield f"{package}/py.typed", ""
    words: Mapping[str, str] = {
        "NAME": name, "PACKAGE": package, "TITLE": name.capitalize(),
        "VERSION": version("breakwater"),
    }  # fmt: skip
    texts = files("adapters.scaffolds")
    for path in ("pyproject.toml", "README.md", "tests/test_samples.py"):
        text = texts.joinpath(f"{path.replace('/', '-')}.txt").read_text("utf-8")
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        yield path, text


def _own(source: str, name: str, package: str) -> str:
    """The source in the venue's own name, its imports where they then belong."""
    title = name.capitalize()
    text = re.sub(r"\bPaper(Dialect|Codec|Feed)\b", rf"{title}\1", source)
    text = text.replace(SOURCES, package).replace('name="paper"', f'name="{name}"')
    text = text.replace("The paper venue's own API", f"{title}'s API")
    return _sorted(text, package)


def _opened(module: str, source: str) -> str:
    """The source with a first line that says what to write, in each function that is open."""
    lines = source.splitlines()
    found = {
        node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)
    }
    places = [
        (found[each.function].body[0].end_lineno or 0, each)
        for each in OPEN
        if each.module == module
    ]
    for line, each in sorted(places, key=lambda place: -place[0]):
        lines[line:line] = [EXAMPLE, f'    raise NotWritten("{each.write}")']
    if not places:
        return source
    first = next(n for n, text in enumerate(lines) if text.startswith(f"from {SOURCES}"))
    lines.insert(first, "from adapters.added import NotWritten")
    return "\n".join(lines) + "\n"


def _sorted(source: str, package: str) -> str:
    """The imports in three groups: the standard library, what is installed, the package's own."""
    lines = source.splitlines()
    imports = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.Import | ast.ImportFrom) and _module(node) != "__future__"
    ]
    if not imports:
        return source
    groups: tuple[list[tuple[bool, str, str]], ...] = ([], [], [])
    for node in imports:
        module = _module(node)
        own = module.split(".")[0] == package
        group = 2 if own else int(module.split(".")[0] not in sys.stdlib_module_names)
        text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        groups[group].append((isinstance(node, ast.ImportFrom), module, text))
    told = "\n\n".join("\n".join(each[2] for each in sorted(group)) for group in groups if group)
    first, last = imports[0].lineno - 1, imports[-1].end_lineno or 0
    return "\n".join([*lines[:first], told, *lines[last:]]) + "\n"


def _module(node: ast.Import | ast.ImportFrom) -> str:
    return node.names[0].name if isinstance(node, ast.Import) else node.module or ""
