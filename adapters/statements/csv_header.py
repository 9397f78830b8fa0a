"""The header of a CSV, and where in it the mapped columns stand."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from adapters.statements.csv_mapping import HOW_TO, Mapping
from adapters.statements.errors import BadMapping

Row = Sequence[str]
SIMILAR = 0.75
"""How alike two names must be for one to be meant by the other."""


def header_of(
    lines: Iterator[list[str]], text: io.TextIOWrapper, mapping: Mapping
) -> Sequence[str]:
    """The names of the columns; none for a file without a header."""
    no_names: list[str] = []
    for _ in range(mapping.skip_lines):
        text.readline()
    return [name.strip() for name in next(lines, no_names)] if mapping.header else ()


def places_of(header: Row, mapping: Mapping, source: str) -> dict[str, int]:
    """Where each mapped field stands; `BadMapping` for one that is not in the header."""
    columns = mapping.columns.model_dump(exclude_none=True)
    return {name: place_of(column, header, source, name) for name, column in columns.items()}


def place_of(column: str | int, header: Row, source: str, field: str) -> int:
    """Where a column stands, by its name or by its place from 1."""
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
    near = get_close_matches(column.casefold(), plain, 1, SIMILAR)
    meant = f"; did you mean {plain[near[0]]!r}?" if near else "."
    known = ", ".join(map(repr, header[:30])) or "nothing"
    raise BadMapping(
        f"{source}: {field}: the header has no column {column!r}{meant} It has {known}; {HOW_TO}"
    )
