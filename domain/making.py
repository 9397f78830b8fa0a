"""Making frozen dataclasses fast: an ingest makes some twenty for each line that it reads.

The `__init__` that `dataclass(frozen=True)` writes asks `object.__setattr__` for each field by
name. One that sets the slots themselves takes half the time, which is a tenth of an ingest
(docs/performance.md); nothing else of the class is different.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from inspect import signature
from typing import Any, TypeVar

Kind = TypeVar("Kind", bound=type)


def quickly_made(kind: Kind) -> Kind:
    """Let a frozen dataclass with slots set them directly when one is made."""
    shown = signature(kind)
    names: dict[str, Any] = {}
    lines: list[str] = []
    for column in fields(kind):
        name = column.name
        names[f"_set_{name}"] = getattr(kind, name).__set__
        if column.default is not MISSING:
            names[f"_default_{name}"] = column.default
        elif column.default_factory is not MISSING:
            raise TypeError(f"{kind.__name__}.{name}: a default that is made anew")
        lines.append(f"    _set_{name}(self, {name})")
    arguments = ["self"]
    for parameter in shown.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in arguments:
            arguments.append("*")
        given = parameter.default is not parameter.empty
        arguments.append(f"{parameter.name}=_default_{parameter.name}" if given else parameter.name)
    source = f"def __init__({', '.join(arguments)}):\n" + "\n".join(lines or ["    pass"])
    made: dict[str, Any] = {}
    exec(source, names, made)  # noqa: S102 - as `dataclasses` itself does; only names of fields are in it
    init = made["__init__"]
    init.__qualname__ = f"{kind.__qualname__}.__init__"
    type.__setattr__(kind, "__init__", init)
    return kind
