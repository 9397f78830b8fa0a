"""Comma-separated values: exact texts, nothing that a spreadsheet would run."""

from __future__ import annotations

from pathlib import Path

from adapters.exports.sheet import Sheet
from adapters.spelling import CsvLines


def write_csv(path: Path, sheet: Sheet) -> int:
    """Write the rows below a header; how many there are. What they are about has no place here."""
    count = 0
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        rows = CsvLines(file)
        rows.add(sheet.fields)
        for record in sheet.rows:
            rows.add(record[name] for name in sheet.fields)
            count += 1
    return count
