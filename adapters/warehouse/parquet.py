"""Lines as Parquet: amounts are decimals, never rounded, and the same lines give the same bytes.

An amount is `decimal128(38, 18)`. One that this cannot hold is null there and stands as text in the
last column, `beyond_decimal`, a JSON object by the name of its column: nobody's load stops for one
strange amount, and no digit is lost.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from adapters.warehouse.shape import Shape, Values
from projections.reporting import Kind

ROWS_PER_GROUP = 20_000
PRECISION, SCALE = 38, 18
BEYOND = "beyond_decimal"
LEVEL = 3
"""Of zstd: part of what makes the bytes, like the number of rows per group."""


class NoParquet(Exception):
    """The library that writes Parquet is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Parquet is written with pyarrow, which is not installed; "
            "try `pip install 'breakwater[parquet]'`, or export ndjson, csv or sqlite"
        )


class ParquetPart:
    """A Parquet file with groups of rows of one size."""

    def __init__(self, path: Path, shape: Shape) -> None:
        # Heavy, and nothing else needs it: it is imported when a file is to be written.
        try:
            self._arrow: Any = import_module("pyarrow")
            parquet: Any = import_module("pyarrow.parquet")
        except ImportError as error:
            raise NoParquet from error
        self._shape = shape
        self._waiting: list[Values] = []
        self._beyond = 0
        self._schema = self._typed()
        self._file = parquet.ParquetWriter(
            path,
            self._schema,
            version="2.6",
            compression="zstd",
            compression_level=LEVEL,
            data_page_version="1.0",
            write_statistics=True,
        )

    def add(self, values: Values) -> None:
        """One line more."""
        self._waiting.append(values)
        if len(self._waiting) >= ROWS_PER_GROUP:
            self._write()

    def close(self) -> None:
        """The file is whole."""
        if self._waiting:
            self._write()
        self._file.close()

    def _typed(self) -> Any:  # noqa: ANN401 - pyarrow tells no types
        arrow = self._arrow
        types = {
            Kind.TEXT: arrow.string(),
            Kind.EXACT: arrow.decimal128(PRECISION, SCALE),
            Kind.WHOLE: arrow.int64(),
            Kind.TRUTH: arrow.bool_(),
            Kind.MOMENT: arrow.timestamp("us", tz="UTC"),
            Kind.DAY: arrow.string(),
        }
        fields = [arrow.field(column.name, types[column.kind]) for column in self._shape.columns]
        return arrow.schema(
            [*fields, arrow.field(BEYOND, arrow.string())],
            metadata={"breakwater.schema": f"{self._shape.dataset}/{self._shape.version}"},
        )

    def _write(self) -> None:
        arrow = self._arrow
        beyond: dict[int, dict[str, str]] = {}
        arrays: list[Any] = []
        for place, column in enumerate(self._shape.columns):
            values = [row[place] for row in self._waiting]
            kind = self._schema.field(place).type
            match column.kind:
                case Kind.EXACT:
                    arrays.append(self._exact(values, kind, column.name, beyond))
                case Kind.MOMENT:
                    arrays.append(arrow.array(values, arrow.string()).cast(kind))
                case Kind.TRUTH:
                    arrays.append(arrow.array(values, arrow.int8()).cast(kind))
                case _:
                    arrays.append(arrow.array(values, kind))
        told = [
            json.dumps(beyond[index]) if index in beyond else None
            for index in range(len(self._waiting))
        ]
        arrays.append(arrow.array(told, arrow.string()))
        table = arrow.Table.from_arrays(arrays, schema=self._schema)
        self._file.write_table(table, row_group_size=ROWS_PER_GROUP)
        self._waiting.clear()

    def _exact(
        self,
        values: list[str | int | None],
        kind: Any,  # noqa: ANN401 - pyarrow tells no types
        name: str,
        beyond: dict[int, dict[str, str]],
    ) -> Any:  # noqa: ANN401 - pyarrow tells no types
        """The amounts as decimals; those that do not fit are put aside as they are.

        The library is never left to find them: of 39 digits it makes another amount, in silence.
        """
        arrow = self._arrow
        for index, value in enumerate(values):
            if value is not None and not fits(str(value)):
                beyond.setdefault(index, {})[name] = str(value)
                values[index] = None
        return arrow.array(values, arrow.string()).cast(kind)


def fits(plain: str) -> bool:
    """Whether a decimal of so many places holds the amount, every digit of it."""
    if len(plain) <= PRECISION - SCALE:  # with a digit and a point before them, 18 behind it
        return True
    whole, _, part = plain.lstrip("-").partition(".")
    return len(whole.lstrip("0")) <= PRECISION - SCALE and len(part) <= SCALE
