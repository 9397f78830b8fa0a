"""The data dictionary: every view and every file for a warehouse, column by column, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.bootstrap_export import BEYOND, EVENT_COLUMNS, ISSUED
from projections.reporting import Kind, Told
from projections.reporting_v1 import VIEWS

_TYPES: dict[Kind, tuple[str, str, str]] = {
    Kind.TEXT: ("text", "text", "string"),
    Kind.EXACT: ("numeric", "text, plain digits", "decimal128(38, 18)"),
    Kind.WHOLE: ("bigint (integer)", "integer", "int64"),
    Kind.TRUTH: ("boolean", "integer, 0 or 1", "bool"),
    Kind.MOMENT: (
        "timestamptz",
        "text, RFC 3339 in UTC with microseconds",
        "timestamp(us, UTC)",
    ),
    Kind.DAY: ("date", "text, such as 2026-11-20", "string"),
}
_HEAD = """\
# Data dictionary

Written by `breakwater db dictionary`. The views below are a contract: a view of one version never
loses, renames or retypes a column; what must change becomes a view of the next version beside it.
On PostgreSQL every comment is in the database, too. [Load a warehouse](howto/load-a-warehouse.md)
tells how they are read and exported.

| kind | PostgreSQL | SQLite, CSV, NDJSON | Parquet |
|---|---|---|---|
"""


def dictionary() -> str:
    """The whole page."""
    kinds = [f"| {kind} | {' | '.join(types)} |" for kind, types in _TYPES.items()]
    parts = [_HEAD + "\n".join(kinds)]
    for view in VIEWS.values():
        key = ", ".join(f"`{name}`" for name in view.key)
        parts.append(f"## {view.name}\n\n{view.meaning} Key: {key}.\n\n{_table(view.columns)}")
    parts.append(
        "## Lines of an export\n\n"
        "A file of `breakwater export` begins with these columns; then come "
        f"those of its view. In Parquet `{BEYOND}` comes last: amounts that its decimals cannot "
        f"hold, as JSON texts by column; they are null in their own.\n\n{_table(ISSUED)}"
    )
    parts.append(
        "## events\n\nOnly exported: every event of the log, in the order in which the log took "
        f"them. Key: `position`.\n\n{_table(EVENT_COLUMNS)}"
    )
    return "\n\n".join(parts) + "\n"


def _table(columns: Iterable[Told]) -> str:
    rows = [f"| `{each.name}` | {each.kind} | {each.meaning} |" for each in columns]
    return "\n".join(["| column | kind | meaning |", "|---|---|---|", *rows])
