"""The tables of the page: the orders as they stand, and everything line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from adapters.timeline.incident import Incident
from adapters.timeline.page_words import heading, prose, value, wide
from adapters.timeline.row_words import after, believed, looks
from adapters.timeline.rows import Row
from adapters.timeline.spans import clock
from adapters.timeline.svg import element, said

ROWS_MAX = 2_000
"""So many rows are on the page; the command on it lists them all."""
WAYS = {"sent": "→ sent", "received": "← received", "lost": "✗ lost"}

ORDER_COLUMNS = (
    ("order", "venue_order_id", "w"),
    ("our reference", "client_order_id", "w"),
    ("venue", "venue", "w"),
    ("account", "account", "w"),
    ("side", "side", "w"),
    ("price", "price", "n"),
    ("size", "size", "n"),
    ("matched", "matched", "n"),
    ("remaining", "remaining", "n"),
    ("cancelled", "cancelled", "n"),
    ("lapsed", "lapsed", "n"),
    ("voided", "voided", "n"),
    ("status", "status", "w"),
)
LINE_COLUMNS = (
    ("row", "n"),
    ("seen", "t"),
    ("happened", "t"),
    ("recorded", "t"),
    ("what", "w"),
    ("of", "n"),
    ("after it", "w"),
    ("a client believed", "w"),
    ("look", "w"),
)
ABOUT_LINES = (
    "Messages are shaded; the facts that they told stand under them. Times are UTC: seen by our "
    "clock, happened by the venue's, recorded by the log's. “Of” is the row that caused it, or "
    "that it answers."
)


def orders(incident: Incident) -> Iterator[str]:
    """Every order with its five buckets."""
    if not incident.orders:
        return
    heads = [_head(name, kind) for name, _field, kind in ORDER_COLUMNS]
    rows = [
        element(
            "tr",
            {},
            *(_cell(kind, said(value(record[field]))) for _name, field, kind in ORDER_COLUMNS),
        )
        for record in incident.orders[:ROWS_MAX]
    ]
    yield heading("The orders, as the books have them")
    yield _table("The orders", heads, rows, _cut(len(incident.orders), "order", incident.command))


def lines(incident: Incident) -> Iterator[str]:
    """Every message and fact; a message shows its bytes when it is opened."""
    every = incident.told.rows
    heads = [_head(name, kind) for name, kind in LINE_COLUMNS]
    caption = f"{ABOUT_LINES} {_cut(len(every), 'row', incident.command)}"
    yield heading("Line by line")
    yield _table("The timeline", heads, [_line(row) for row in every[:ROWS_MAX]], caption)


def _cut(count: int, thing: str, command: str) -> str:
    if count <= ROWS_MAX:
        return f"{count} {thing}{'' if count == 1 else 's'}."
    return f"The first {ROWS_MAX} of {count} {thing}s; all of them: `{command}`."


def _table(name: str, heads: Sequence[str], rows: Sequence[str], caption: str) -> str:
    table = element(
        "table",
        {},
        element("caption", {}, prose(caption)),
        element("thead", {}, element("tr", {}, *heads)),
        element("tbody", {}, *rows),
    )
    return wide(name, table)


def _head(name: str, kind: str) -> str:
    return element("th", {"scope": "col", "class": kind}, said(name))


def _cell(kind: str, inside: str) -> str:
    return element("td", {"class": kind}, inside)


def _line(row: Row) -> str:
    led = row.answers or row.caused_by
    link = "" if led is None else element("a", {"href": f"#row-{led.number}"}, str(led.number))
    cells = (
        _cell("n", str(row.number)),
        _cell("t", said(clock(row.observed_at))),
        _cell("t", said(_time(row.occurred_at, row.observed_at))),
        _cell("t", said(_time(row.recorded_at, row.observed_at))),
        _cell("w", _message(row) if row.is_message else _fact(row)),
        _cell("n", link),
        _cell("w", said(after(row))),
        _cell("w", said(believed(row))),
        _cell("w look", said("; ".join(looks(row)))),
    )
    kind = "message" if row.is_message else "fact"
    return element("tr", {"id": f"row-{row.number}", "class": kind}, *cells)


def _message(row: Row) -> str:
    who = f" ({row.by})" if row.by else ""
    words = said(f"{WAYS.get(row.direction or '', '')}: {row.what}{who}")
    if row.wire is None:
        return words
    raw = row.wire.raw.decode("utf-8", "backslashreplace")
    place = element("summary", {}, said(f"line {row.seq} of {row.capture}, as stored"))
    return words + element("details", {}, place, element("pre", {}, said(raw)))


def _fact(row: Row) -> str:
    if row.life is None:
        return said(row.what)
    return element("span", {"class": "soft"}, said(f"{row.life.name}: ")) + said(row.what)


def _time(at: datetime | None, seen: datetime) -> str:
    """Another clock; its day only when it is another."""
    if at is None:
        return ""
    return f"{at:%H:%M:%S.%f}"[:-3] if at.date() == seen.date() else clock(at)
