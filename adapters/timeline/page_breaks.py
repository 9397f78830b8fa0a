"""What did not add up, on the page: each break with both figures, its proof, what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapters.timeline.incident import Incident, Record
from adapters.timeline.page_words import facts, heading, value
from adapters.timeline.spans import clock
from adapters.timeline.svg import element, said

FIGURES = (
    ("our books", "ours"),
    ("the venue's word", "theirs"),
    ("difference", "difference"),
    ("at stake", "at_stake"),
    ("order", "order_key"),
    ("opened", "opened_at"),
    ("closed", "closed_at"),
    ("clears when", "clears_when"),
    ("owner", "owner"),
    ("break", "break_id"),
)


def breaks(incident: Incident) -> Iterator[str]:
    """What is to be worked, the worst first; what was dealt with; what is only worth knowing."""
    rows = {
        row.recorded.position: row.number for row in incident.told.rows if row.recorded is not None
    }
    yield heading("What did not add up")
    if not incident.breaks:
        yield element("p", {}, "Nothing: the books and what was said agree.")
    for record in incident.to_do:
        yield _break(record, rows)
    done = [record for record in incident.breaks if record not in incident.to_do]
    if done:
        yield element("h3", {}, "Cleared, or dealt with")
    for record in done:
        yield _break(record, rows)
    if incident.notes:
        noted = [
            element("li", {}, said(f"{_called(record)}: {record['note']}"))
            for record in incident.notes
        ]
        yield element("h3", {}, "Worth knowing, and no break")
        yield element("ul", {}, *noted)


def _called(record: Record) -> str:
    return f"{record['code']} {record['name'].replace('_', ' ')}"


def _break(record: Record, rows: Mapping[int, int]) -> str:
    status = f"{record['status']}".replace("_", " ")
    badge = element("span", {"class": "badge"}, said(f"{record['severity']}, {status}"))
    proof = [element("li", {}, _witness(entry, rows)) for entry in record["proof"]]
    return element(
        "article",
        {"class": f"break {record['severity']}"},
        element("h3", {}, badge, said(_called(record))),
        element("p", {}, said(record["note"])),
        facts([(name, record[field]) for name, field in FIGURES]),
        element("p", {"class": "soft"}, "The proof:"),
        element("ol", {}, *proof),
        *_done(record),
    )


def _done(record: Record) -> Iterator[str]:
    work = [
        element("li", {}, said(f"{value(entry['at'])} {entry['by']}: {entry['summary']}"))
        for entry in record["history"]
    ]
    if work:
        yield element("p", {"class": "soft"}, "What was done:")
        yield element("ol", {}, *work)


def _witness(entry: Record, rows: Mapping[int, int]) -> str:
    """An event that proves it: where it stands, and the row that tells it."""
    line = "" if entry["capture"] is None else f", line {entry['seq']} of {entry['capture']}"
    place = f" (log position {entry['position']}{line}, seen {clock(entry['observed_at'])})"
    words = said(entry["summary"]) + element("span", {"class": "soft"}, said(place))
    row = rows.get(entry["position"])
    if row is None:
        return words
    return f"{words} {element('a', {'href': f'#row-{row}'}, f'row {row}')}"
