"""Lines as comma-separated values and as JSON, one file per partition."""

from __future__ import annotations

import json
from pathlib import Path

from adapters.spelling import CsvLines, inert
from adapters.warehouse.shape import Shape, Values
from projections.reporting import Kind

_TRUTH = {0: "false", 1: "true", None: None}


class CsvPart:
    """Comma-separated values: exact texts, nothing that a spreadsheet would run."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._rows = CsvLines(self._file)
        self._texts = shape.places(Kind.TEXT)
        self._truths = shape.places(Kind.TRUTH)
        self._rows.add(column.name for column in shape.columns)

    def add(self, values: Values) -> None:
        """One line more."""
        row = list(values)
        for place in self._texts:
            value = row[place]
            if isinstance(value, str):
                row[place] = inert(value)
        for place in self._truths:
            value = row[place]
            row[place] = _TRUTH[value] if not isinstance(value, str) else value
        self._rows.add_spelled(row)

    def close(self) -> None:
        """The file is whole."""
        self._file.close()


class NdjsonPart:
    """One JSON object per line, every field in it; amounts are texts."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._names = [column.name for column in shape.columns]
        self._truths = shape.places(Kind.TRUTH)
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def add(self, values: Values) -> None:
        """One line more."""
        record: dict[str, object] = dict(zip(self._names, values, strict=True))
        for place in self._truths:
            value = values[place]
            record[self._names[place]] = None if value is None else bool(value)
        self._file.write(self._encode(record) + "\n")

    def close(self) -> None:
        """The file is whole."""
        self._file.close()
