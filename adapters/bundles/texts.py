"""The texts of a line of JSON, told otherwise where they are; nothing else of it changes a byte."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]', re.DOTALL)
_COLON = re.compile(r"\s*:")


class Text(NamedTuple):
    """A text that stands in a line from `start` to `end`.

    `key` is the name that it is the value of; None in a list. `depth` counts what it stands in.
    """

    start: int
    end: int
    value: str
    is_key: bool
    key: str | None
    depth: int


def texts(line: str) -> Iterator[Text]:
    """Every text of the line, keys too, unescaped."""
    depth = 0
    key: str | None = None
    for found in _TOKEN.finditer(line):
        mark = found.group()
        if mark in "{[":
            depth += 1
            key = None
        elif mark in "}]":
            depth -= 1
            key = None
        elif mark == ",":
            key = None
        else:
            value = _unescaped(mark)
            is_key = _COLON.match(line, found.end()) is not None
            yield Text(found.start(), found.end(), value, is_key, None if is_key else key, depth)
            key = value if is_key else None


def told_anew(line: str, value: Callable[[str | None, str], str], key: Callable[[str], str]) -> str:
    """The line with each text as `value` (told the key that it stands behind) or `key` has it."""
    parts: list[str] = []
    last = 0
    for text in texts(line):
        new = key(text.value) if text.is_key else value(text.key, text.value)
        if new != text.value:
            written = line[text.start : text.end]
            parts += [line[last : text.start], json.dumps(new, ensure_ascii=written.isascii())]
            last = text.end
    return "".join([*parts, line[last:]])


def _unescaped(mark: str) -> str:
    if "\\" not in mark:
        return mark[1:-1]
    try:
        told: str = json.loads(mark, strict=False, parse_float=str)
    except ValueError:
        return mark[1:-1]  # no JSON that anybody could read
    return told
