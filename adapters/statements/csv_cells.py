"""One cell of a CSV: text into the value that the mapping says it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from adapters.statements.csv_mapping import Mapping
from adapters.statements.times import EPOCH
from domain.lifecycle import Status
from domain.values import BadAmount, PriceFormat, Side, amount

REMEMBERED = 1 << 16
ID_LENGTH_MAX = 512
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""After a `'`: text that a spreadsheet would run, as our own CSV writes it (decision 0028)."""
_PLAIN = re.compile(r"\d{1,20}(?:\.\d{1,20})?", re.ASCII).fullmatch
VISIBLE = re.compile(r"[!-~]{1,512}").fullmatch
SPACES = str.maketrans("", "", " \u00a0\u202f\u2009")
"""Spaces that stand between thousands, of any width."""

Value = TypeVar("Value")
Key = TypeVar("Key")


class BadCell(ValueError):
    """The text is not what its column is said to hold."""


class Remembered(dict[Key, Value], Generic[Key, Value]):
    """Reads each text once: sizes, prices and words repeat all day.

    What is known is looked up without any code of ours; beyond so many it is read each time.
    """

    def __init__(self, read: Callable[[Key], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, key: Key) -> Value:
        """Read it, and keep it while there is room."""
        value = self._read(key)
        if len(self) < REMEMBERED:
            self[key] = value
        return value


class Quantities(Remembered[str, Decimal | None]):
    """Remembers sizes; a plain one is read here, without asking anybody."""

    def __missing__(self, key: str) -> Decimal | None:
        """Read it, and keep it while there is room."""
        if _PLAIN(key) is None:
            return super().__missing__(key)
        value = Decimal(key)
        if len(self) < REMEMBERED:
            self[key] = value
        return value


Read = Callable[[str], Any]


class Cells:
    """How the cells of one mapping are read; an empty cell is None in every column."""

    def __init__(self, mapping: Mapping) -> None:
        self._empty = frozenset(word.strip() for word in mapping.empty) | {""}
        self._decimal = mapping.decimal
        self._thousands = mapping.thousands
        self._statuses = mapping.statuses
        self._sides = mapping.sides
        self._format = mapping.time_format
        self._zone = ZoneInfo(mapping.time_zone)
        mark = re.escape(mapping.thousands.strip())
        self._grouped = re.compile(rf"[+-]?\d{{1,3}}({mark}\d{{3}})+", re.ASCII).fullmatch

    def number(self, text: str) -> Decimal | None:
        """An exact number in the mapping's own writing."""
        text = text.strip()
        if text in self._empty:
            return None
        plain = text.replace("\u2212", "-")  # the minus sign of typesetters
        if self._thousands:
            plain = self._ungrouped(plain, text)
        if self._decimal != ".":
            if "." in plain:
                raise BadCell(f"{text[:40]!r} is no number with {self._decimal!r} as decimal sign")
            plain = plain.replace(self._decimal, ".")
        try:
            return amount(plain)
        except BadAmount as error:
            raise BadCell(f"{text[:40]!r} is no number: {error}") from error

    def _ungrouped(self, plain: str, text: str) -> str:
        if self._thousands.isspace():
            return plain.translate(SPACES)
        whole = plain.partition(self._decimal)[0]
        if self._thousands in whole and self._grouped(whole) is None:
            raise BadCell(f"{text[:40]!r} is not grouped by {self._thousands!r} in threes")
        return whole.replace(self._thousands, "") + plain[len(whole) :]

    def quantity(self, text: str) -> Decimal | None:
        """A number that is not below zero."""
        told = self.number(text)
        if told is not None and told < 0:
            raise BadCell(f"{text.strip()[:40]!r} is below zero")
        return told

    def name(self, text: str) -> str | None:
        """What names an order or a match; what cannot be printed names nothing."""
        if text[:1] == "'" and text[1:2] in FORMULA:
            text = text[1:]
        if VISIBLE(text) is not None and text not in self._empty:
            return text
        text = text.strip()
        if text in self._empty:
            return None
        if len(text) > ID_LENGTH_MAX or not text.isprintable():
            raise BadCell(f"{text[:40]!r} is no printable name of a sane length")
        return text

    def words(self, text: str) -> str | None:
        """Any text."""
        return self.name(text)

    def status(self, text: str) -> Status | None:
        """A word that the mapping knows."""
        text = text.strip()
        if text in self._empty:
            return None
        found = self._statuses.get(text.casefold())
        if found is None:
            raise BadCell(f"{text[:40]!r} is no status: add it under [status]")
        return found

    def side(self, text: str) -> Side | None:
        """Which way the order faces."""
        text = text.strip()
        if text in self._empty:
            return None
        found = self._sides.get(text.casefold())
        if found is None:
            raise BadCell(f"{text[:40]!r} is no side: add it under [side]")
        return found

    def format(self, text: str) -> PriceFormat | None:
        """How the price beside it is written."""
        text = text.strip()
        if text in self._empty:
            return None
        try:
            return PriceFormat(text.lower())
        except ValueError as error:
            known = ", ".join(word.value for word in PriceFormat)
            raise BadCell(f"{text[:40]!r} is no price format: {known}") from error

    def time(self, text: str) -> datetime | None:
        """A moment in UTC; of a local time that came twice (clocks set back) the first."""
        text = text.strip()
        if text in self._empty:
            return None
        try:
            return self._moment(text)
        except (ValueError, OverflowError) as error:
            raise BadCell(f"{text[:40]!r} is no time as {self._format!r}") from error

    def _moment(self, text: str) -> datetime:
        if self._format in {"epoch_s", "epoch_ms"}:
            seconds = amount(text) / (1 if self._format == "epoch_s" else 1000)
            return EPOCH + timedelta(microseconds=int(seconds * 1_000_000))
        if self._format == "iso":
            told = datetime.fromisoformat(text)
        else:
            told = datetime.strptime(text, self._format)  # noqa: DTZ007 - its zone comes below
        return (told.replace(tzinfo=self._zone) if told.tzinfo is None else told).astimezone(UTC)
