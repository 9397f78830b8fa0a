"""`breakwater reconcile`: a venue's own list against our books, and the runs so far."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.bootstrap import App
from adapters.bootstrap_statements import Ran
from adapters.cli.context import app_of
from adapters.cli.exits import Exit, NotFound, Usage
from adapters.cli.listing import (
    Column,
    Csv,
    Format,
    Json,
    Ndjson,
    Record,
    chosen,
    console,
    dumps,
    show,
)
from adapters.cli.moments import moment
from domain.runs import Difference, Figures
from domain.sentences_runs import told
from domain.values import Account
from projections import reconciliation

LIST = "list"
"""In the place of the venue: the runs so far."""

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
DIFFERENCE_FIELDS = (
    "aspect",
    "order_key",
    "name",
    "ref",
    "figure",
    "ours",
    "theirs",
    "difference",
    "file",
    "line",
    "witness",
    "note",
)
DIFFERENCE_COLUMNS = (
    Column("what", "aspect"),
    Column("order", "name"),
    Column("ours", "ours", right=True),
    Column("theirs", "theirs", right=True),
    Column("difference", "difference", right=True),
    Column("line", "line", right=True),
    Column("in words", "note"),
)
RUN_COLUMNS = (
    Column("run", "run_id", characters=8),
    Column("venue", "venue"),
    Column("account", "account"),
    Column("as of", "as_of"),
    Column("complete", "complete"),
    Column("rows", "rows", right=True),
    Column("matched", "matched", right=True),
    Column("differing", "differing", right=True),
    Column("only ours", "only_ours", right=True),
    Column("only theirs", "only_theirs", right=True),
)

Statements = Annotated[
    list[str] | None,
    typer.Option("--statement", help="A file of the venue's own list; repeatable."),
]
Files = Annotated[list[str] | None, typer.Argument(help="Further files of the statement.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="When the statement was true (RFC 3339), if its files do not say."
    ),
]


def reconcile(
    context: typer.Context,
    venue: Annotated[str, typer.Argument(help="Whose list it is; `list` shows the runs so far.")],
    files: Files = None,
    account: Annotated[str | None, typer.Option("--account", help="Whose orders.")] = None,
    statements: Statements = None,
    as_of: AsOf = None,
    complete: Annotated[
        bool | None,
        typer.Option("--complete/--partial", help="All that the venue lists, or a part of it."),
    ] = None,
    mapping: Annotated[
        str | None, typer.Option("--mapping", help="What the columns of a CSV file are.")
    ] = None,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """Hold a venue's own list against our books at the list's own time, and record the run.

    Changes no order. Ends with 1 when anything differs; reading the same list again adds nothing.
    """
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    if venue == LIST:
        _list(context, form, account)
        return
    paths = [*(statements or ()), *(files or ())]
    owner = _owner(venue, account, paths)
    at = moment(as_of, "--as-of")
    with app_of(context) as app:
        if not app.knows(owner):
            raise NotFound(
                f"no order of account {owner.account!r} at {owner.venue} is known; "
                "see `breakwater orders`, or ingest its captures first"
            )
        statement = app.statement(owner, paths, mapping=mapping)
        at = at or statement.own_time
        if at is None:
            raise Usage("the statement does not tell its own time; say it with --as-of")
        ran = app.reconcile(statement, at, complete=complete)
    _say(ran, form)
    if ran.differences:
        raise typer.Exit(Exit.FINDINGS)


def _owner(venue: str, account: str | None, paths: Sequence[str]) -> Account:
    if account is None:
        raise Usage("whose orders? name the account with --account")
    if not paths:
        raise Usage("name the venue's list with --statement FILE")
    missing = [path for path in paths if path != "-" and not Path(path).exists()]
    if missing:
        raise NotFound(f"no such file: {', '.join(missing)}; check the path and try again")
    return Account(venue, account)


def _say(ran: Ran, form: Format) -> None:
    records = [_record(item) for item in ran.differences]
    if form is Format.JSON:
        told_run = reconciliation.run_record(ran.ran)
        typer.echo(dumps({**told_run, "new": ran.new, "differences": records}))
        return
    if form is Format.TABLE:
        if records:
            show(records, form, DIFFERENCE_FIELDS, DIFFERENCE_COLUMNS, "differences")
        for line in _sentences(ran):
            console().print(line, markup=False, soft_wrap=True)
        return
    show(records, form, DIFFERENCE_FIELDS, DIFFERENCE_COLUMNS, "differences")
    for line in _sentences(ran):
        sys.stderr.write(line + "\n")


def _sentences(ran: Ran) -> Iterable[str]:
    run, counted = ran.ran, ran.ran.figures
    clean = " Clean." if not ran.differences else ""
    yield (
        f"{counted.rows} rows as of {_told(run.as_of)}: {counted.matched} orders agree, "
        f"{_counts(counted)}.{clean}"
    )
    for reason in run.parts:
        yield f"not whole: {reason}"
    if not run.complete:
        yield "The statement is not complete: that it lacks an order proves nothing."
    if not ran.new:
        yield "This statement was read before, with the same outcome: nothing was added."


def _counts(counted: Figures) -> str:
    return (
        f"{counted.differing} differ, {counted.only_ours} are only ours, "
        f"{counted.only_theirs} only theirs"
    )


def _told(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _record(difference: Difference) -> Record:
    return {
        "aspect": difference.aspect.value,
        "order_key": None if difference.order is None else str(difference.order),
        "name": None if difference.name is None else difference.name.value,
        "ref": difference.ref,
        "figure": difference.figure,
        "ours": _figure(difference.ours),
        "theirs": _figure(difference.theirs),
        "difference": _figure(difference.difference),
        "file": difference.file,
        "line": difference.line,
        "witness": list(difference.witness),
        "note": told(difference),
    }


def _figure(told: str | None) -> Decimal | str | None:
    """A number as a number: its sign is no formula, so no quote is put before it in a CSV."""
    return Decimal(told) if told is not None and _NUMBER.fullmatch(told) else told


def _list(context: typer.Context, form: Format, account: str | None) -> None:
    with app_of(context) as app:
        runs: list[dict[str, Any]] = _runs(app, account)
    show(runs, form, reconciliation.RUN_FIELDS, RUN_COLUMNS, "reconciliations")


def _runs(app: App, account: str | None) -> list[dict[str, Any]]:
    with app.reading() as connection:
        return list(reconciliation.run_list(connection, account=account))
