"""A spreadsheet (XLSX): real numbers and times, a header that stays, a second sheet about it.

The same list gives the same bytes. A number that a spreadsheet would round stays text, and no
text is a formula, a link or a number by looking like one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, cast

from xlsxwriter import Workbook  # type: ignore[import-untyped] # it ships no marker; see `Book`

from adapters.exports.sheet import Sheet
from adapters.spelling import inert, machine
from domain.values import plain

ROWS_MAX = 1_048_576
"""Rows of a sheet, the header too; what is more goes on in a further sheet."""
TEXT_MAX = 32_767
"""Characters of a cell."""
DIGITS_MAX = 15
"""Digits of a number that every spreadsheet keeps."""
YEAR_MIN = 1901
"""Spreadsheets count days from 1900, and count that year wrongly."""

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone; a fixed time, for equal bytes
_TIME = "yyyy-mm-dd hh:mm:ss.000"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_WIDTHS = {"break_id": 38, "order_key": 38, "note": 60, "clears_when": 40, "name": 26}
_TIME_WIDTH = 24
_WIDTH = 16


class Page(Protocol):
    """A sheet, as far as it is used here."""

    def set_column(self, first: int, last: int, width: int) -> object:
        """How wide columns are."""
        ...

    def freeze_panes(self, row: int, column: int) -> object:
        """What stays where it is when the rest is scrolled."""
        ...

    def autofilter(self, row: int, column: int, last_row: int, last_column: int) -> object:
        """What can be narrowed."""
        ...

    def write_string(self, row: int, column: int, text: str, style: object) -> object:
        """A text, whatever it looks like."""
        ...

    def write_number(self, row: int, column: int, number: int | Decimal) -> object:
        """A number, with the digits that it has."""
        ...

    def write_boolean(self, row: int, column: int, value: bool) -> object:  # noqa: FBT001 - the library's own
        """A truth value."""
        ...

    def write_datetime(self, row: int, column: int, moment: datetime, style: object) -> object:
        """A time without a zone."""
        ...


class Book(Protocol):
    """A workbook, as far as it is used here."""

    def set_properties(self, properties: Mapping[str, object]) -> object:
        """What is said of the file as a whole."""
        ...

    def add_format(self, properties: Mapping[str, object]) -> object:
        """How cells may look."""
        ...

    def add_worksheet(self, name: str) -> Page:
        """A further sheet."""
        ...

    def close(self) -> object:
        """Write the file."""
        ...


def write_xlsx(path: Path, sheet: Sheet) -> int:
    """Write the rows and what they are about; how many rows there are."""
    book = cast("Book", Workbook(str(path), _OPTIONS))
    try:
        book.set_properties({"created": _MADE})
        formats = _Formats(book)
        count = _rows(book, sheet, formats)
        _about(book.add_worksheet("about"), sheet, formats)
    finally:
        book.close()  # it keeps rows in files of its own until then
    return count


class _Formats:
    """How cells look."""

    def __init__(self, book: Book) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.time = book.add_format({"num_format": _TIME, "align": "left"})
        self.text = book.add_format({"num_format": "@"})


def _rows(book: Book, sheet: Sheet, formats: _Formats) -> int:
    page, number, count, row = _page(book, sheet, formats, 1), 1, 0, 0
    for record in sheet.rows:
        if row + 1 == ROWS_MAX:
            _filtered(page, sheet, row)
            number += 1
            page, row = _page(book, sheet, formats, number), 0
        row += 1
        count += 1
        for column, name in enumerate(sheet.fields):
            _put(page, row, column, record[name], formats)
    _filtered(page, sheet, row)
    return count


def _page(book: Book, sheet: Sheet, formats: _Formats, number: int) -> Page:
    """A new sheet with a header that stays where it is."""
    page = book.add_worksheet(sheet.title if number == 1 else f"{sheet.title} {number}")
    for column, name in enumerate(sheet.fields):
        wide = _TIME_WIDTH if name.endswith("_at") else _WIDTH
        page.set_column(column, column, _WIDTHS.get(name, wide))
        page.write_string(
            0, column, f"{name} (UTC)" if name.endswith("_at") else name, formats.head
        )
    page.freeze_panes(1, 0)
    return page


def _filtered(page: Page, sheet: Sheet, last: int) -> None:
    page.autofilter(0, 0, last, len(sheet.fields) - 1)


def _about(page: Page, sheet: Sheet, formats: _Formats) -> None:
    page.set_column(0, 0, _TIME_WIDTH)
    page.set_column(1, 1, _WIDTHS["note"])
    for row, (name, value) in enumerate(sheet.about):
        page.write_string(row, 0, name, formats.head)
        _put(page, row, 1, value, formats)


def _put(page: Page, row: int, column: int, value: Any, formats: _Formats) -> None:  # noqa: ANN401 - any value of a record
    match value:
        case None:
            return
        case bool():
            page.write_boolean(row, column, value)
        case int() | Decimal() if _kept(Decimal(value)):
            page.write_number(row, column, _shortest(value))
        case datetime() if value.year >= YEAR_MIN:
            page.write_datetime(
                row, column, value.astimezone(UTC).replace(tzinfo=None), formats.time
            )
        case int() | Decimal():
            page.write_string(row, column, plain(Decimal(value)), formats.text)
        case _:
            page.write_string(row, column, _text(value), formats.text)


def _shortest(number: int | Decimal) -> int | Decimal:
    """The number without trailing zeros. Its digits are written, no binary fraction of it."""
    if isinstance(number, int) or number == number.to_integral_value():
        return int(number)
    return number.normalize()


def _kept(number: Decimal) -> bool:
    """Whether a spreadsheet keeps every digit."""
    _sign, digits, exponent = number.normalize().as_tuple()
    return isinstance(exponent, int) and len(digits) + max(exponent, 0) <= DIGITS_MAX


def _text(value: Any) -> str:  # noqa: ANN401 - any value of a record
    told: object = machine(value)
    parts = cast("list[object]", told) if isinstance(told, list) else [told]
    text = ", ".join(map(str, parts))
    text = inert(text.encode("utf-8", "backslashreplace").decode())
    if len(text) <= TEXT_MAX:
        return text
    rest = f"… ({len(text)} characters; the rest stands in the log)"
    return text[: TEXT_MAX - len(rest)] + rest
