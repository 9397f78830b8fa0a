"""How a list is printed: a table for people, JSON, NDJSON or CSV for programs (always exact)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from adapters.spelling import CsvLines, machine, visible

Record = Mapping[str, Any]
WIDTH = 200


class Format(Enum):
    """How a list leaves the program."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


Json = Annotated[bool, typer.Option("--json", help="One JSON array.")]
Ndjson = Annotated[bool, typer.Option("--ndjson", help="One JSON object per line.")]
Csv = Annotated[bool, typer.Option("--csv", help="Comma-separated values with a header.")]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table for people: a heading, the field it shows, and on which side.

    `characters` is how many of it are shown when not all: of an id, whose start finds it too.
    """

    heading: str
    name: str
    right: bool = False
    characters: int | None = None


def chosen(*, as_json: bool, ndjson: bool, as_csv: bool) -> Format:
    """The format that the flags ask for; a table when none does."""
    asked = [
        form
        for form, flag in (
            (Format.JSON, as_json),
            (Format.NDJSON, ndjson),
            (Format.CSV, as_csv),
        )
        if flag
    ]
    if len(asked) > 1:
        raise typer.BadParameter("choose one of --json, --ndjson and --csv")
    return asked[0] if asked else Format.TABLE


def dumps(record: Record) -> str:
    """One record as JSON."""
    return json.dumps(machine(record), ensure_ascii=False)


def show(
    records: Iterable[Record],
    form: Format,
    fields: Sequence[str],
    columns: Sequence[Column],
    title: str,
) -> int:
    """Print the records on standard output, one at a time; how many there were."""
    if form is Format.TABLE:
        return _table(records, columns, title)
    out = sys.stdout
    count = 0
    if form is Format.CSV:
        rows = CsvLines(out)
        rows.add(fields)
        for record in records:
            rows.add(record[name] for name in fields)
            count += 1
        return count
    if form is Format.NDJSON:
        for record in records:
            out.write(dumps(record) + "\n")
            count += 1
        return count
    out.write("[")
    for record in records:
        out.write((",\n " if count else "") + dumps(record))
        count += 1
    out.write("]\n")
    return count


class Terminal(Console):
    """A console on which no text acts: what came over the wire is only ever seen."""

    def render_str(self, text: str, **how: Any) -> Text:  # noqa: ANN401 - what a console may be told
        """The text as it is printed, in a line or in a cell."""
        return super().render_str(visible(text), **how)


def console() -> Console:
    """Standard output for people: as wide as the terminal, or wide enough when there is none."""
    if sys.stdout.isatty():
        return Terminal(highlight=False)
    return Terminal(width=WIDTH, highlight=False, color_system=None)


def say(text: str, *, err: bool = False) -> None:
    """Print a line for people."""
    typer.echo(visible(text), err=err)


def _table(records: Iterable[Record], columns: Sequence[Column], title: str) -> int:
    table = Table(title=escape(title), title_justify="left", pad_edge=False)
    for column in columns:
        table.add_column(
            column.heading, justify="right" if column.right else "left", overflow="fold"
        )
    count = 0
    for record in records:
        table.add_row(*(_text(record.get(column.name), column.characters) for column in columns))
        count += 1
    out = console()
    if count:
        out.print(table)
    else:
        out.print(f"{title}: none", markup=False)
    return count


def _text(value: Any, characters: int | None = None) -> str:  # noqa: ANN401 - any value of a record
    told = machine(value)
    if told is None:
        return ""
    if isinstance(told, bool):
        return "yes" if told else "no"
    if isinstance(told, dict | list):
        items: list[Any] = [*told]
        words = isinstance(told, list) and all(isinstance(item, str) for item in items)
        told = "; ".join(items) if words else json.dumps(told, ensure_ascii=False)
    return escape(str(told)[:characters])


def inline(value: object) -> str:
    """One value as text within a line: as programs are told it, without quotes."""
    text = dumps({"value": value})
    return text[len('{"value": ') : -1].strip('"')
