"""How values are spelled for programs: exact, and inert where a spreadsheet would run them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TextIO
from unicodedata import category
from uuid import UUID

from domain.values import plain

_WIDE = (
    "\N{FULLWIDTH EQUALS SIGN}",
    "\N{FULLWIDTH PLUS SIGN}",
    "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
)
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", *_WIDE)
"""How a cell begins that some spreadsheet takes for a formula."""


_ACTING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_HARMLESS = frozenset("\n\t\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")


_TOLD: Mapping[type, Callable[[Any], Any]] = {
    Decimal: plain,
    datetime: lambda value: value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    UUID: str,
    bytes: lambda value: value.decode("utf-8", "backslashreplace"),
    dict: lambda value: {key: machine(item) for key, item in value.items()},
    list: lambda value: [machine(item) for item in value],
    tuple: lambda value: [machine(item) for item in value],
}


def machine(value: Any) -> Any:  # noqa: ANN401 - any value of a record
    """The value as programs are told it: decimals as plain text, times RFC 3339 with `Z`."""
    tell = _TOLD.get(type(value))  # pyright: ignore[reportUnknownArgumentType]  # any value
    return value if tell is None else tell(value)


def visible(text: str) -> str:
    """The text with the characters escaped that would act on a terminal instead of being seen.

    Those are controls, escape sequences and what turns the direction of writing. New lines and tabs
    stay, and what joins the letters of a word.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_seen, text))


def _seen(character: str) -> str:
    if character in _HARMLESS or category(character) not in _ACTING:
        return character
    return character.encode("unicode_escape").decode("ascii")


def cell(value: Any) -> Any:  # noqa: ANN401 - any value of a record
    """A CSV cell. Text that a spreadsheet would run as a formula is shown as text instead."""
    told = machine(value)
    if isinstance(told, dict | list | bool):
        return json.dumps(told, ensure_ascii=False)
    if isinstance(told, str) and not isinstance(value, Decimal):
        return inert(told)
    return told


def inert(text: str) -> str:
    """The text with a quote before it when a spreadsheet would run it."""
    return "'" + text if text.startswith(_RUN) else text


class CsvLines:
    """Rows of comma-separated values, each on a line of its own, written to `out`.

    Python 3.11 leaves a carriage return in a text unquoted, unless lines end with one; so they do
    until they are written.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._rows = csv.writer(self, lineterminator="\r\n")

    def add(self, values: Iterable[Any]) -> None:
        """One row more."""
        self._rows.writerow([cell(value) for value in values])

    def add_spelled(self, values: Iterable[str | int | None]) -> None:
        """One row more, of texts that are spelled already."""
        self._rows.writerow(values)

    def write(self, line: str) -> None:
        """A line as the writer made it."""
        self._out.write(line.removesuffix("\r\n") + "\n")
