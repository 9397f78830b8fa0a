"""A CSV, streamed: each line by the mapping into a row, or set aside with its column and reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.statements.answers import KEPT_BYTES
from adapters.statements.csv_cells import BadCell, Cells
from adapters.statements.csv_fields import (
    CLAIMS,
    EXTRA,
    FILLS,
    MAKE_CLAIMS,
    MAKE_EXTRA,
    MAKE_TERMS,
    NAMES,
    NO_EXTRA,
    TERMS,
    group,
    often,
)
from adapters.statements.csv_header import header_of, place_of, places_of
from adapters.statements.csv_mapping import HOW_TO, Mapping
from adapters.statements.csv_text import text_of
from adapters.statements.csv_writing import writing_of
from adapters.statements.errors import BadMapping
from adapters.statements.files import File
from adapters.statements.ports import Tools
from domain.events import Terms
from domain.statement import (
    NO_CLAIMS,
    NO_TERMS,
    PartMissing,
    Place,
    RowAside,
    StatementFill,
    StatementInput,
    StatementRow,
    Told,
    Unread,
)
from domain.values import Name

Row = Sequence[str]
BLOCK_LINES = 1_000
"""Lines that are held before they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvPart:
    """A CSV of a statement."""

    input: StatementInput
    file: File
    mapping: Mapping
    tools: Tools

    def tell(self, index: int) -> Iterator[Told | Unread]:
        """Its rows, and what is wrong with it."""
        with self.file.opened(self.tools.unpack) as chunks:
            text = text_of(chunks, self.mapping)
            lines = _lines(text, self.mapping)
            names = header_of(lines, text, self.mapping)
            yield from _rows(lines, Reading(names, self.mapping, self.file.name), index)
            if chunks.fault is not None:
                yield PartMissing(place=Place(index, lines.line_num), reason=chunks.fault.reason)


def csv_part(file: File, mapping: Mapping, tools: Tools) -> CsvPart:
    """The file as a part of a statement, once its header fits the mapping; `BadMapping` if not."""
    with file.opened(tools.unpack) as chunks:
        text = text_of(chunks, mapping)
        lines = _lines(text, mapping)
        try:
            Reading(header_of(lines, text, mapping), mapping, file.name)
        except UnicodeError as error:
            raise BadMapping(f"{file.name}: not {mapping.encoding}: {error}; {HOW_TO}") from error
        except csv.Error as error:
            raise BadMapping(f"{file.name}: the header is no CSV: {error}; {HOW_TO}") from error
    told = StatementInput(
        name=file.name, sha256=file.sha256, lists=mapping.lists, complete=mapping.complete
    )
    return CsvPart(input=told, file=file, mapping=mapping, tools=tools)


def _lines(text: Iterable[str], mapping: Mapping) -> Any:  # noqa: ANN401 - csv's reader has no public type
    return csv.reader(text, delimiter=mapping.delimiter, quotechar=mapping.quote, strict=True)


def _rows(lines: Any, reading: Reading, index: int) -> Iterator[Told | Unread]:  # noqa: ANN401 - csv's reader has no public type
    skipped = reading.skipped
    block = Block(reading, index)
    while True:
        try:
            for cells in lines:
                block.lines.append((cells, lines.line_num + skipped))
                if len(block.lines) == BLOCK_LINES:
                    yield from block.told()
                    block = Block(reading, index)
        except csv.Error as error:
            yield from block.told()
            block = Block(reading, index)
            place = Place(index, lines.line_num + skipped)
            yield RowAside(place=place, reason=f"no line of a CSV: {error}", raw=b"")
        except UnicodeError as error:
            yield from block.told()
            place = Place(index, lines.line_num + skipped)
            yield PartMissing(place=place, reason=f"what follows is no text: {error}")
            return
        else:
            yield from block.told()
            return


class Block:
    """Some lines of a file, in their order, each with where it stands."""

    def __init__(self, reading: Reading, index: int) -> None:
        self.lines: list[tuple[Row, int]] = []
        self._reading = reading
        self._row = reading.quick_row if reading.is_plain else reading.row
        self._index = index

    def told(self) -> Iterator[Told | Unread]:
        """The lines: as they are where that is enough to compare them, else as rows."""
        writing = self._reading.writing
        if writing is None:
            yield from filter(None, map(self._read, range(len(self.lines))))
            return
        lines = [cells for cells, _ in self.lines]
        yield Unread(
            input=self._index,
            figures=writing.figures,
            ids=writing.ids(lines),
            told=writing.told(lines),
            read=self._read,
        )

    def _read(self, place: int) -> StatementRow | RowAside | None:
        cells, line = self.lines[place]
        try:
            return self._row(cells, Place(self._index, line))
        except (BadCell, IndexError):
            if not any(cell.strip() for cell in cells):
                return None
            return self._reading.aside(cells, Place(self._index, line))


NAMES_NOTHING = "no cell names an order"
TELLS_NOTHING = "no cell tells anything of the order"


class Reading:
    """How the lines of one file are read: where each mapped column stands, and what it holds."""

    def __init__(self, header: Row, mapping: Mapping, source: str) -> None:
        self.skipped = mapping.skip_lines
        self._mapping = mapping
        self._source = source
        self._width = len(header) or None
        self._header = header
        self._places = places_of(header, mapping, source)
        cells = Cells(mapping)
        self._often = often(cells, mapping)
        self._readers: dict[str, Callable[[str], Any]] = {
            **{name: known.__getitem__ for name, known in self._often.items()},
            **dict.fromkeys((*(name for name, _ in NAMES), "fill_id"), cells.name),
        }
        self._named = [
            (self._places[name], kind, self._readers[name])
            for name, kind in NAMES
            if name in self._places
        ]
        self._claims = group(self._places, self._often, CLAIMS, NO_CLAIMS, MAKE_CLAIMS)
        make_terms = MAKE_TERMS.replace("OWN", repr(mapping.currency))
        own = mapping.currency
        self._none = NO_TERMS if own is None else Terms(currency=own)
        self._terms = group(self._places, self._often, TERMS, self._none, make_terms)
        self._extra = group(self._places, self._often, EXTRA, NO_EXTRA, MAKE_EXTRA)
        self._words_for_nothing = len(mapping.empty) > 1
        self._fills = "fill_id" in self._places
        self._ignored = [
            (place_of(column, header, source, "ignore"), words)
            for column, words in mapping.ignore.items()
        ]
        self.is_plain = not (self._fills or self._ignored or self._places.keys() & set(EXTRA))
        self.writing = writing_of(self._places, len(header), mapping, self._readers)
        if not self.is_plain:
            self.writing = None

    def row(self, cells: Row, place: Place) -> StatementRow | None:
        """The row; None for one to be ignored. `BadCell` or `IndexError` when it is none."""
        if self._width is not None and len(cells) != self._width:
            _ragged(cells, self._width)
        for spot, words in self._ignored:
            if cells[spot].strip() in words:
                return None
        names = self._names(cells)
        fills = None
        if self._fills:
            fills = self._fills_of(cells)
        if not names and not fills:
            raise BadCell(NAMES_NOTHING)
        average, profit, updated_at = self._extra(cells)
        claims = self._claims(cells)
        terms = self._terms(cells)
        if fills is None and self._nothing(claims, NO_CLAIMS) and self._nothing(terms, self._none):
            raise BadCell(TELLS_NOTHING)
        return StatementRow(
            names=names,
            place=place,
            terms=terms,
            claims=claims,
            fills=fills,
            average=average,
            profit=profit,
            updated_at=updated_at,
        )

    def quick_row(self, cells: Row, place: Place) -> StatementRow | None:
        """The same for a file without matches, lines to ignore and figures beside the claims.

        A list of a million orders is such a file, and each call that is saved is a million.
        """
        names = self._names(cells)
        claims = self._claims(cells)
        if len(cells) != self._width or not names or claims is NO_CLAIMS or self._words_for_nothing:
            return self.row(cells, place)
        return StatementRow(names=names, place=place, terms=self._terms(cells), claims=claims)

    def _names(self, cells: Row) -> tuple[Name, ...]:
        """The names in a line, strongest first."""
        return tuple(
            [Name(kind, text) for spot, kind, read in self._named if (text := read(cells[spot]))]
        )

    def _nothing(self, told: object, nothing: object) -> bool:
        """The row tells none of it; where words say so, what they were read as is nothing, too."""
        return told is nothing or (self._words_for_nothing and told == nothing)

    def aside(self, cells: Row, place: Place) -> RowAside:
        """A line that is no row, with the first column that says so."""
        raw = self._mapping.delimiter.join(cells).encode("utf-8", "surrogateescape")
        return RowAside(place=place, reason=self._trouble(cells), raw=raw[:KEPT_BYTES])

    def _trouble(self, cells: Row) -> str:
        if self._width is not None and len(cells) != self._width:
            return f"{len(cells)} cells where the header has {self._width}"
        for name, spot in self._places.items():
            column = self._header[spot] if self._header else spot + 1
            if spot >= len(cells):
                return f"column {column!r}: the line has only {len(cells)} cells"
            try:
                self._readers[name](cells[spot])
            except BadCell as error:
                return f"column {column!r}: {error}"
        named = any(read(cells[spot]) for spot, _, read in self._named)
        return TELLS_NOTHING if named else NAMES_NOTHING

    def _fills_of(self, cells: Row) -> tuple[StatementFill, ...] | None:
        told = {
            name: self._readers[name](cells[self._places[name]])
            for name in FILLS
            if name in self._places
        }
        fill_id = told.get("fill_id")
        if fill_id is None:
            return None
        return (
            StatementFill(
                fill_id=fill_id,
                size=told.get("fill_size"),
                price=told.get("fill_price"),
                at=told.get("fill_at"),
                fee=told.get("fee"),
            ),
        )


def _ragged(cells: Row, width: int) -> None:
    """A line with other than the header's number of cells; delimiters at its end add none."""
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        raise BadCell(f"{len(cells)} cells where the header has {width}")
