"""A CSV whose cells need not be read to be compared: they are written as our own books write them.

Most lines of a long list agree with the books. Where the very text of each cell is what the books
would print, that is settled without a number, a name or a row being made of it; any other line is
read. This tells the texts, or says of a line that it must be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from adapters.statements.csv_cells import VISIBLE, BadCell, Remembered
from adapters.statements.csv_fields import CLAIMS, NAMES, TERMS
from adapters.statements.csv_mapping import Mapping as ColumnMapping

READ_IT = "?"
"""What `told` begins with for a line that must be read; no text of the books begins so."""
_WORDS = ("status", "price_format")

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Writing:
    """How the lines of one file are told in the books' own writing."""

    figures: tuple[str, ...]
    width: int
    _id: int
    _told: Callable[[Row], str]

    def ids(self, lines: Sequence[Row]) -> list[str]:
        """The venue's id of each line."""
        width, spot = self.width, self._id
        return [cells[spot] if len(cells) == width else "" for cells in lines]

    def told(self, lines: Sequence[Row]) -> list[str]:
        """What each line says of the figures."""
        width, told = self.width, self._told
        return [told(cells) if len(cells) == width else READ_IT for cells in lines]


def writing_of(
    places: Mapping[str, int],
    width: int,
    mapping: ColumnMapping,
    readers: Mapping[str, Callable[[str], Any]],
) -> Writing | None:
    """How the file writes what the books hold; None where its cells must be read to know."""
    figures = [name for name in CLAIMS if name in places]
    plain = mapping.decimal == "." and not any(word[:1].isdigit() for word in mapping.empty)
    if not (width and plain and "venue_order_id" in places and figures):
        return None
    known: dict[str, Any] = {
        name: _Spelt(readers[name]) for name in (*_WORDS, *TERMS) if name in places
    }
    parts = [_cell(name, places[name]) for name in figures]
    if "price" in places and "price_format" not in places:
        figures.append("price_format")
        parts.append(str(mapping.price_format))
    if "currency" in places or mapping.currency is not None:
        figures.append("currency")
        spelt = "{currency[cells[" + str(places["currency"]) + "]]}" if "currency" in places else ""
        parts.append(spelt or str(mapping.currency))
    text = f"|{'|'.join(parts)}|"
    fine = " and ".join(
        [
            *(f"visible(cells[{places[name]}])" for name, _ in NAMES if name in places),
            *(f"cells[{places[name]}] not in empty" for name, _ in NAMES if name in places),
            f'cells[{places["venue_order_id"]}][0] != "\'"',  # what a spreadsheet must not run
            *(f"{name}[cells[{places[name]}]] is not None" for name in TERMS if name in places),
        ]
    )
    around = {
        "visible": VISIBLE,
        "empty": frozenset(word.strip() for word in mapping.empty),
        **known,
    }
    source = f"lambda cells: f{text!r} if {fine} else {READ_IT!r}"
    told = cast("Callable[[Row], str]", eval(source, around))  # noqa: S307 - our own field names, and places as numbers
    return Writing(tuple(figures), width, places["venue_order_id"], told)


def _cell(name: str, spot: int) -> str:
    return f"{{{name}[cells[{spot}]]}}" if name in _WORDS else f"{{cells[{spot}]}}"


class _Spelt(Remembered[str, str | None]):
    """A word of theirs as the books write it; None for an empty cell and what is no such word."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__(lambda text: _spelt(read, text))


def _spelt(read: Callable[[str], Any], text: str) -> str | None:
    try:
        value = read(text)
    except BadCell:
        return None
    return None if value is None else str(value)
