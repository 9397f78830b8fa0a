"""A CSV, streamed: each line by the mapping into a row, or set aside with its column and reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from operator import itemgetter
from typing import Any

from adapters.statements.answers import KEPT_BYTES
from adapters.statements.csv_cells import BadCell, Cells, Remembered
from adapters.statements.csv_mapping import HOW_TO, Mapping
from adapters.statements.csv_text import header_of, text_of
from adapters.statements.errors import BadMapping
from adapters.statements.files import File
from adapters.statements.ports import Tools
from domain.events import Claims, Terms
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
)
from domain.values import Name, NameKind, Price

Row = Sequence[str]
NAMES = (
    ("venue_order_id", NameKind.VENUE),
    ("client_order_id", NameKind.CLIENT),
    ("wager_id", NameKind.WAGER),
)
CLAIMS = ("status", "size", "matched", "remaining", "cancelled", "lapsed", "voided")
TERMS = ("market", "selection", "side", "currency", "user_ref", "placed_at", "expires_at")
FILLS = ("fill_id", "fill_size", "fill_price", "fill_at", "fee")


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvPart:
    """A CSV of a statement."""

    input: StatementInput
    file: File
    mapping: Mapping
    tools: Tools

    def tell(self, index: int) -> Iterator[Told]:
        """Its rows, and what is wrong with it."""
        with self.file.opened(self.tools.unpack) as chunks:
            text = text_of(chunks, self.mapping)
            lines = csv.reader(
                text, delimiter=self.mapping.delimiter, quotechar=self.mapping.quote, strict=True
            )
            names = header_of(lines, text, self.mapping)
            yield from _rows(lines, Reading(names, self.mapping, self.file.name), index)
            if chunks.fault is not None:
                yield PartMissing(place=Place(index, lines.line_num), reason=chunks.fault.reason)


def csv_part(file: File, mapping: Mapping, tools: Tools) -> CsvPart:
    """The file as a part of a statement, once its header fits the mapping; `BadMapping` if not."""
    with file.opened(tools.unpack) as chunks:
        text = text_of(chunks, mapping)
        lines = csv.reader(text, delimiter=mapping.delimiter, quotechar=mapping.quote)
        try:
            Reading(header_of(lines, text, mapping), mapping, file.name)
        except UnicodeError as error:
            raise BadMapping(f"{file.name}: not {mapping.encoding}: {error}; {HOW_TO}") from error
    told = StatementInput(
        name=file.name, sha256=file.sha256, lists=mapping.lists, complete=mapping.complete
    )
    return CsvPart(input=told, file=file, mapping=mapping, tools=tools)


def _rows(lines: Any, reading: Reading, index: int) -> Iterator[Told]:  # noqa: ANN401 - csv's reader has no public type
    skipped = reading.skipped
    row_of = reading.row
    while True:
        try:
            for cells in lines:
                try:
                    row = row_of(cells, Place(index, lines.line_num + skipped))
                except (BadCell, IndexError):
                    if any(cell.strip() for cell in cells):
                        yield reading.aside(cells, Place(index, lines.line_num + skipped))
                else:
                    if row is not None:
                        yield row
        except csv.Error as error:
            place = Place(index, lines.line_num + skipped)
            yield RowAside(place=place, reason=f"no line of a CSV: {error}", raw=b"")
        else:
            return


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
        self._places = _places(header, mapping, source)
        self._cells = cells = Cells(mapping)
        self._readers: dict[str, Callable[[str], Any]] = {
            **dict.fromkeys(
                ("price", "average_price", "profit", "fill_price", "fee"), cells.number
            ),
            **dict.fromkeys((*CLAIMS, "fill_size"), cells.quantity),
            **dict.fromkeys(TERMS, cells.words),
            **dict.fromkeys((*(name for name, _ in NAMES), "fill_id"), cells.name),
            **dict.fromkeys(("placed_at", "expires_at", "updated_at", "fill_at"), cells.time),
            "status": cells.status,
            "side": cells.side,
            "price_format": cells.format,
        }
        self._named = [(self._places[name], kind) for name, kind in NAMES if name in self._places]
        self._claims = self._group(("price", "price_format", *CLAIMS), self._claims_of)
        self._terms = self._group(TERMS, self._terms_of)
        self._extra = self._group(("average_price", "profit", "updated_at"), self._extra_of)
        self._fills = "fill_id" in self._places
        self._naming = [name for name, _ in NAMES if name in self._places]
        self._ignored = [
            (_place(column, header, source, "ignore"), words)
            for column, words in mapping.ignore.items()
        ]

    def row(self, cells: Row, place: Place) -> StatementRow | None:
        """The row; None for one to be ignored. `BadCell` or `IndexError` when it is none."""
        if self._width is not None and len(cells) != self._width:
            _ragged(cells, self._width)
        for spot, words in self._ignored:
            if cells[spot].strip() in words:
                return None
        name = self._cells.name
        names = tuple(
            [Name(kind, text) for spot, kind in self._named if (text := name(cells[spot]))]
        )
        fills = None
        if self._fills:
            fills = self._fills_of(cells)
        if not names and not fills:
            raise BadCell(NAMES_NOTHING)
        average, profit, updated_at = self._extra(cells)
        claims = self._claims(cells)
        terms = self._terms(cells)
        if claims is NO_CLAIMS and terms is NO_TERMS and fills is None:
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
        named = any(self._readers[name](cells[self._places[name]]) for name in self._naming)
        return TELLS_NOTHING if named else NAMES_NOTHING

    def _group(
        self, wanted: Sequence[str], make: Callable[[dict[str, Any]], Any]
    ) -> Callable[[Row], Any]:
        """Read these columns together; equal texts in all of them make the very same value."""
        names = [name for name in wanted if name in self._places]
        if not names:
            empty = make({})
            return lambda _cells: empty
        readers = [self._readers[name] for name in names]

        def of(texts: tuple[str, ...]) -> Any:  # noqa: ANN401 - what `make` makes
            pairs = zip(names, readers, texts, strict=True)
            return make({name: read(text) for name, read, text in pairs})

        known = Remembered(of)
        spots = [self._places[name] for name in names]
        if len(spots) == 1:
            (only,) = spots
            return lambda cells: known[(cells[only],)]
        pick = itemgetter(*spots)
        return lambda cells: known[pick(cells)]

    def _claims_of(self, told: dict[str, Any]) -> Claims:
        price = self._price(told.pop("price", None), told.pop("price_format", None))
        if price is None and all(value is None for value in told.values()):
            return NO_CLAIMS
        status = told.get("status")
        return Claims(**told, raw_status=None if status is None else status.value, price=price)

    def _terms_of(self, told: dict[str, Any]) -> Terms:
        told = {name: value for name, value in told.items() if value is not None}
        if not told:
            return NO_TERMS
        return Terms(**{"currency": self._mapping.currency, **told})

    def _extra_of(self, told: dict[str, Any]) -> tuple[Any, Any, Any]:
        average = self._price(told.get("average_price"), None)
        return average, told.get("profit"), told.get("updated_at")

    def _price(self, value: Any, written: Any) -> Price | None:  # noqa: ANN401 - cells that were read
        return None if value is None else Price(value, written or self._mapping.price_format)

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
                price=self._price(told.get("fill_price"), None),
                at=told.get("fill_at"),
                fee=told.get("fee"),
            ),
        )


def _places(header: Row, mapping: Mapping, source: str) -> dict[str, int]:
    columns = mapping.columns.model_dump(exclude_none=True)
    return {name: _place(column, header, source, name) for name, column in columns.items()}


def _place(column: str | int, header: Row, source: str, field: str) -> int:
    if isinstance(column, int):
        if header and column > len(header):
            raise BadMapping(
                f"{source}: {field}: there is no column {column}, only {len(header)}; {HOW_TO}"
            )
        return column - 1
    found = [place for place, name in enumerate(header) if name == column]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadMapping(
            f"{source}: the header has {column!r} {len(found)} times: name it by its place from 1, "
            f"{field} = {found[0] + 1}; {HOW_TO}"
        )
    plain = {name.casefold(): name for name in header}
    near = get_close_matches(column.casefold(), plain, 1)
    meant = f"; did you mean {plain[near[0]]!r}?" if near else "."
    known = ", ".join(map(repr, header[:30])) or "nothing"
    raise BadMapping(
        f"{source}: {field}: the header has no column {column!r}{meant} It has {known}; {HOW_TO}"
    )


def _ragged(cells: Row, width: int) -> None:
    """A line with other than the header's number of cells; delimiters at its end add none."""
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        raise BadCell(f"{len(cells)} cells where the header has {width}")
