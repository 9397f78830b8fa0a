"""`breakwater breaks --rules OLD..NEW`: what a change of the rules adds and takes away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

import typer

from adapters.cli.break_filters import with_figures
from adapters.cli.context import app_of
from adapters.cli.exits import Exit
from adapters.cli.listing import Column, Format, Record, show
from domain.flags.rule_change import NoVersions, versions
from projections.break_queries import BREAK_FIELDS, Wanted
from projections.rule_change import Between, changed_flags

Rules = Annotated[
    str | None,
    typer.Option(
        "--rules",
        metavar="OLD..NEW",
        help="What these two versions of the rules find otherwise: added, removed, changed.",
    ),
]

FIELDS = ("change", *BREAK_FIELDS)
COLUMNS = (
    Column("change", "change"),
    Column("break", "break_id", characters=8),
    Column("code", "code"),
    Column("severity", "severity"),
    Column("status", "status"),
    Column("venue", "venue"),
    Column("order", "order_key"),
    Column("what", "note"),
)


def show_changes(
    context: typer.Context, rules: str, wanted: Wanted, form: Format, *, now: bool
) -> None:
    """List the flags that two versions of the rules do not tell alike; 1 when there are any.

    The log is examined under both, as of the same moment; nothing is stored.
    """
    try:
        old, new = versions(rules)
    except NoVersions as error:
        raise typer.BadParameter(str(error), param_hint="--rules") from error
    if wanted != _evident(wanted):
        raise typer.BadParameter(
            "what people decided is no part of the rules; narrow by --venue, --account, --code, "
            "--notes or --all",
            param_hint="--rules",
        )
    with app_of(context, current=False) as app, app.reading() as connection:
        at = app.as_of(connection, now=now)

        def seen() -> Iterator[Record]:
            if at is None:
                return
            between = Between(old, new, at, app.limits)
            for row in changed_flags(connection, app.store.by_stream(), between):
                if _fits(row, wanted):
                    record = _told(row, between)
                    yield with_figures(record) if form is Format.CSV else record

        count = show(seen(), form, FIELDS, COLUMNS, f"rules {old}..{new}")
    if count:
        raise typer.Exit(Exit.FINDINGS)


def _evident(wanted: Wanted) -> Wanted:
    """The filters without those that people's work decides."""
    return Wanted(
        venue=wanted.venue,
        account=wanted.account,
        codes=wanted.codes,
        notes=wanted.notes,
        everything=wanted.everything,
    )


def _told(row: dict[str, Any], between: Between) -> dict[str, Any]:
    """A row of `breaks` as the listing has it, as of the moment of both versions."""
    closed_at = row["closed_at"]
    ended = between.at if closed_at is None else closed_at
    told = {
        **row,
        "status": "open" if closed_at is None else "closed",
        "age_s": int((ended - row["opened_at"]).total_seconds()),
        "witness": json.loads(row["witness"], parse_float=Decimal),
    }
    return {name: told[name] for name in FIELDS}


def _fits(record: Record, wanted: Wanted) -> bool:
    """Open by either version; with `everything` closed ones, too."""
    return (
        wanted.venue in {None, record["venue"]}
        and wanted.account in {None, record["account"]}
        and (not wanted.codes or record["code"] in wanted.codes)
        and (wanted.notes or wanted.everything or record["kind"] == "break")
        and (wanted.everything or record["stood"] or record["closed_at"] is None)
    )
