"""`breakwater diff`: what two sets of books do not tell alike."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Annotated, Any, NamedTuple

import typer

from adapters.bootstrap_diff import (
    Change,
    Difference,
    Divergence,
    Kind,
    NoSelector,
    NoVersions,
    Side,
    differences,
    read_side,
    rule_changes,
    side_of,
)
from adapters.cli.context import settings_of
from adapters.cli.exits import Exit, Usage
from adapters.cli.listing import Column, Csv, Format, Json, Ndjson, Record, chosen, console, show
from adapters.cli.replaying import difference_sentences, told_difference
from adapters.settings import Settings
from adapters.spelling import machine

A = Annotated[
    str, typer.Argument(metavar="A", help="A database (URL or SQLite file) or a capture.")
]
B = Annotated[
    str | None, typer.Argument(metavar="[B]", help="What it is held against: another of these.")
]
Rules = Annotated[
    str | None, typer.Option(metavar="OLD..NEW", help="Two versions of the rules, over A alone.")
]
Retranslate = Annotated[
    bool, typer.Option("--retranslate", help="A as stored, against its lines read anew.")
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        metavar="MESSAGES",
        help="A, against A without these messages: late, seq:N-M, type:WORD, order:NAME, /REGEX/; "
        "repeatable.",
    ),
]

FIELDS = ("what", "change", "key", "venue", "account", "name", "order_key", "field", "a", "b")
COLUMNS = (
    Column("what", "what"),
    Column("change", "change"),
    Column("venue", "venue"),
    Column("name", "name"),
    Column("order", "order_key", characters=8),
    Column("field", "field"),
    Column("A", "a"),
    Column("B", "b"),
)
_WHOLE = {
    "order": ("status", "size", "matched", "remaining", "cancelled", "lapsed", "voided"),
    "flag": ("kind", "severity", "opened_at", "closed_at", "ours", "theirs"),
    "fill": ("size", "price", "state"),
    "cancel": ("status", "requested_at", "reason"),
    "activity": ("events", "fills", "cancels_sent", "orders_cancelled"),
}
"""What a table tells of a row that only one side has."""


class Part(NamedTuple):
    """The changes of one kind of rows."""

    what: str
    changes: Iterator[Change]


def diff(
    context: typer.Context,
    a: A,
    b: B = None,
    rules: Rules = None,
    retranslate: Retranslate = False,
    without: Without = None,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """Tell what differs between two databases, captures, rule sets or readings: 1 when anything.

    Orders, flags and report lines (matches, cancels with their outcomes, activity) that change,
    nothing else, and the first event that is not the same.
    """
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    ways = [b is not None, rules is not None, retranslate, bool(without)]
    if sum(ways) != 1:
        raise Usage("name B, or one of --rules OLD..NEW, --retranslate and --without MESSAGES")
    settings = settings_of(context)
    side = side_of(a)
    if retranslate and side.url is None:
        raise Usage("--retranslate is for a database: a capture is read anew each time")
    if without and a == "-":
        raise Usage("--without reads its capture twice: give it a file")
    try:
        if rules is not None:
            count = _by_rules(settings, side, rules, form)
        else:
            other = None if b is None else side_of(b)
            with differences(settings, side, other, without or ()) as found:
                for text in found.idle:
                    sys.stderr.write(
                        f"no message is selected by {text!r}: nothing is left out for it; "
                        "see `breakwater timeline` for what there is\n"
                    )
                count = _shown(_parts(found), found, form)
    except (NoSelector, NoVersions) as error:
        raise Usage(str(error)) from error
    if count:
        raise typer.Exit(Exit.FINDINGS)


def _by_rules(settings: Settings, side: Side, rules: str, form: Format) -> int:
    with read_side(settings, side) as app:
        return _shown([Part("flag", rule_changes(app, rules))], None, form)


def _parts(found: Difference) -> list[Part]:
    return [
        Part("order", found.orders()),
        Part("flag", found.flags()),
        Part("fill", found.fills()),
        Part("cancel", found.cancels()),
        Part("activity", found.activity()),
    ]


def _shown(parts: Sequence[Part], found: Difference | None, form: Format) -> int:
    """Print what differs; how many rows do. Histories that differ in words alone are only noted."""
    parted = None if found is None else found.divergence()
    if form is Format.JSON:
        count = _json(parts, parted)
    else:
        if form is Format.TABLE and parted is not None:
            for line in difference_sentences(parted, "A", "B"):
                console().print(line, markup=False, soft_wrap=True)
        tables = form is Format.TABLE
        rows = chain.from_iterable(_rows(part, whole=tables) for part in parts)
        count = show(rows, form, FIELDS, COLUMNS, "differences")
    if not count and parted is not None:
        sys.stderr.write("the histories differ, and nothing in the books does\n")
    return count


def _json(parts: Sequence[Part], parted: Divergence | None) -> int:
    """One object, written as the rows come."""
    out = sys.stdout
    head = None if parted is None else machine(told_difference(parted))
    out.write('{"first_divergence": ' + json.dumps(head, ensure_ascii=False))
    count = 0
    for name, kinds in _SECTIONS.items():
        out.write(f',\n "{name}": [')
        first = True
        for part in parts:
            for change in part.changes if part.what in kinds else ():
                out.write(("" if first else ",\n  ") + json.dumps(_record(part.what, change)))
                first = False
                count += 1
        out.write("]")
    out.write("}\n")
    return count


_SECTIONS = {"orders": ("order",), "flags": ("flag",), "report": ("fill", "cancel", "activity")}


def _record(what: str, change: Change) -> dict[str, Any]:
    fields = {name: {"a": a, "b": b} for name, (a, b) in change.fields.items()}
    told: dict[str, Any] = machine({**_head(what, change), "fields": fields})
    return told


def _head(what: str, change: Change) -> dict[str, Any]:
    record = change.record
    return {
        "what": what,
        "change": change.kind.value,
        "key": change.key,
        "venue": record["venue"],
        "account": record["account"],
        "name": _name(what, change),
        "order_key": record.get("order_key"),
    }


def _name(what: str, change: Change) -> str:
    record = change.record
    match what:
        case "order":
            return str(record["venue_order_id"] or record["client_order_id"] or change.key)
        case "flag":
            return str(record["code"])
        case "fill":
            return str(record["fill_id"])
        case "cancel":
            return change.key[:8]
        case _:
            return str(record["day"])


def _rows(part: Part, *, whole: bool) -> Iterator[Record]:
    """One row for each field; with `whole` one for a row that only one side has."""
    for change in part.changes:
        head = _head(part.what, change)
        if whole and change.kind is not Kind.CHANGED:
            told = _summary(part.what, change)
            left, right = (None, told) if change.kind is Kind.ADDED else (told, None)
            yield {**head, "field": None, "a": left, "b": right}
            continue
        for name, (a, b) in change.fields.items():
            yield {**head, "field": name, "a": a, "b": b}


def _summary(what: str, change: Change) -> str:
    """The fields that matter of a row, those that say anything."""
    told = {name: machine(change.record.get(name)) for name in _WHOLE[what]}
    return ", ".join(f"{name} {value}" for name, value in told.items() if value not in {None, "0"})
