"""Lines in the order of a run, sorted on the disk: memory stays flat however many there are."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path

from projections.report_lines import ReportLine

AT_ONCE = 1_000


def sorted_lines(lines: Iterable[ReportLine], directory: Path) -> Iterator[ReportLine]:
    """The lines by day, venue and name; a file in the directory holds them meanwhile."""
    with tempfile.TemporaryDirectory(prefix="_sorting-", dir=directory) as place:
        connection = sqlite3.connect(Path(place) / "lines.sqlite", isolation_level=None)
        try:
            for setting in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE"):
                connection.execute(f"PRAGMA {setting}")
            connection.execute("CREATE TABLE lines (day, venue, name, position, line)")
            connection.execute("BEGIN")
            found = iter(lines)
            while some := list(islice(found, AT_ONCE)):
                connection.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?)", _rows(some))
            connection.execute("COMMIT")
            query = "SELECT * FROM lines ORDER BY day, venue, name"
            for day, venue, name, position, text in connection.execute(query):
                yield ReportLine(day, venue, name, position, json.loads(text, parse_float=Decimal))
        finally:
            connection.close()


def _rows(lines: Sequence[ReportLine]) -> Iterator[tuple[str, str, str, int, str]]:
    for line in lines:
        yield (*line[:4], json.dumps(line.values))
