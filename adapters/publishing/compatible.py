"""Whether readers of a published schema can read what leaves now; if not, what stands in the way.

Allowed within a version: another field that may be absent, another word in a list of words, other
descriptions. All else takes a new version of the event, and the old one stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from adapters.publishing.schemas import Schema

_WORDS = frozenset({"title", "description", "$schema", "$comment", "examples"})
"""What is for people."""
_OWN = frozenset({"properties", "required", "$defs", "x-extensible-enum"})
"""What is compared by a rule of its own."""


def incompatible(published: Mapping[str, Schema], now: Mapping[str, Schema]) -> list[str]:
    """Sentences; none: every reader of `published` can read what leaves now."""
    found: list[str] = []
    for topic, schema in sorted(published.items()):
        if topic not in now:
            found.append(f"{topic} is gone; what was stored so must stay readable")
        else:
            found += _differences(topic, schema, now[topic])
    return found


def _differences(where: str, then: Any, now: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(then, list) and isinstance(now, list):
        before, after = cast("Sequence[Any]", then), cast("Sequence[Any]", now)
        if len(before) != len(after):
            yield f"{where} was {_short(before)} and is {_short(after)}"
            return
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differences(f"{where}[{index}]", one, other)
    elif isinstance(then, dict) and isinstance(now, dict):
        yield from _in_object(where, cast("Schema", then), cast("Schema", now))
    elif then != now:
        yield f"{where} was {_short(then)} and is {_short(now)}"


def _in_object(where: str, then: Schema, now: Schema) -> Iterator[str]:
    for name in sorted({*then, *now} - _WORDS - _OWN):
        if name not in now:
            yield f"{where}.{name} is gone"
        elif name not in then:
            yield f"{where}.{name} is new"
        else:
            yield from _differences(f"{where}.{name}", then[name], now[name])
    yield from _in_fields(where, then, now)
    for word in then.get("x-extensible-enum", ()):
        if word not in now.get("x-extensible-enum", ()):
            yield f"{where}: the word {word!r} is gone"
    for name, schema in then.get("$defs", {}).items():
        if name in now.get("$defs", {}):
            yield from _differences(f"{where}.{name}", schema, now["$defs"][name])


def _in_fields(where: str, then: Schema, now: Schema) -> Iterator[str]:
    before, after = then.get("properties", {}), now.get("properties", {})
    for name, schema in before.items():
        if name in after:
            yield from _differences(f"{where}.{name}", schema, after[name])
        else:
            yield f"{where}.{name} is gone or is called otherwise"
    was, is_now = set(then.get("required", ())), set(now.get("required", ()))
    for name in sorted(is_now - was):
        yield f"{where}.{name} is required, and older events do not have it"
    for name in sorted(was - is_now):
        if name in after:
            yield f"{where}.{name} may be absent, and readers count on it"


def _short(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return str(value)[:80]
