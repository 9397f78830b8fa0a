"""`breakwater breaks` and `breakwater breaks show`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import Connection

from adapters.bootstrap import App
from adapters.bootstrap_desk import desk_of, severities_of
from adapters.cli.break_filters import (
    Age,
    Codes,
    Everything,
    Notes,
    Owner,
    Severities,
    Statuses,
    Unowned,
    wanted_of,
    with_figures,
)
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
    inline,
    show,
)
from adapters.cli.options import AccountName, Limit, Now, Venue
from adapters.cli.past import AsOf, Known, KnownAt, Recorded, True_, judged, when_of
from adapters.cli.rule_change import Rules, show_changes
from domain.desk_state import TO_DO
from projections.break_groups import find_group, grouped_list, told_of
from projections.break_queries import BREAK_FIELDS, DESK_FIELDS, Wanted, break_list, find_break

BREAK_COLUMNS = (
    Column("break", "break_id", characters=8),
    Column("code", "code"),
    Column("severity", "severity"),
    Column("venue", "venue"),
    Column("order", "order_key"),
    Column("opened", "opened_at"),
    Column("what", "note"),
)
DESK_COLUMNS = (
    Column("break", "break_id", characters=8),
    Column("code", "code"),
    Column("severity", "severity"),
    Column("venue", "venue"),
    Column("status", "status"),
    Column("owner", "owner"),
    Column("by", "decided_by"),
    Column("reason", "reason"),
    Column("comments", "comments", right=True),
    Column("at stake", "at_stake", right=True),
    Column("what", "note"),
)
HISTORY_COLUMNS = (
    Column("when", "at"),
    Column("who", "by"),
    Column("what", "summary"),
)


def breaks(
    context: typer.Context,
    notes: Notes = False,
    everything: Everything = False,
    code: Codes = None,
    venue: Venue = None,
    account: AccountName = None,
    owner: Owner = None,
    unowned: Unowned = False,
    age: Age = None,
    status: Statuses = None,
    severity: Severities = None,
    desk: Annotated[
        bool, typer.Option("--desk", help="Whose they are, what was decided and why, too.")
    ] = False,
    members: Annotated[
        bool, typer.Option("--members", help="Each break by itself, those of one cause too.")
    ] = False,
    rules: Rules = None,
    now: Now = False,
    as_of: AsOf = None,
    known: Known = False,
    true: True_ = False,
    recorded: Recorded = False,
    known_at: KnownAt = None,
    limit: Limit = None,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """List what does not add up, each with its proof. Ends with 1 when a break is to be worked."""
    if context.invoked_subcommand is not None:
        return
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    wanted = wanted_of(
        venue=venue,
        account=account,
        codes=code,
        owner=owner,
        unowned=unowned,
        age=age,
        statuses=status,
        severities=severity,
        notes=notes,
        everything=everything,
    )
    when = when_of(as_of, known=known, true=true, recorded=recorded, known_at=known_at)
    if rules is not None:
        if when is not None:
            raise Usage("--rules compares rules on the books of now: leave --as-of out")
        show_changes(context, rules, wanted, form, now=now)
        return
    fields = (*BREAK_FIELDS, *DESK_FIELDS) if desk else BREAK_FIELDS
    to_do = False
    with app_of(context) as app, judged(app, when, wanted, now=now) as (connection, at):

        def seen() -> Iterator[Record]:
            nonlocal to_do
            singly = members or everything
            for record in _found(app, connection, at, wanted, singly=singly):
                to_do = to_do or (record["kind"] == "break" and record["status"] in TO_DO)
                told = {name: record[name] for name in fields}
                yield with_figures(told) if form is Format.CSV else told

        show(islice(seen(), limit), form, fields, DESK_COLUMNS if desk else BREAK_COLUMNS, "breaks")
    if to_do:
        raise typer.Exit(Exit.FINDINGS)


def _found(
    app: App, connection: Connection, at: datetime | None, wanted: Wanted, *, singly: bool
) -> Iterator[Record]:
    """The breaks, or as many of one cause as one; none where the log has seen nothing yet."""
    if at is None:
        return iter(())
    policies = severities_of(app)
    if singly:
        return break_list(connection, at, wanted, policies)
    return grouped_list(connection, at, wanted, policies, app.settings.grouping)


def break_show(
    context: typer.Context,
    break_id: Annotated[str, typer.Argument(help="The break's id, or the start of it.")],
    now: Now = False,
    as_of: AsOf = None,
    known: Known = False,
    true: True_ = False,
    recorded: Recorded = False,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Explain one break: both figures, the proof, what clears it, what was done, who is in it."""
    when = when_of(as_of, known=known, true=true, recorded=recorded, known_at=known_at)
    every = Wanted(everything=True)
    with app_of(context) as app, judged(app, when, every, now=now) as (connection, at):
        record = None if at is None else find_break(connection, break_id, at, severities_of(app))
        members: Sequence[Record] = ()
        if record is None and at is not None:
            burst = find_group(connection, break_id, at, app.settings.grouping)
            if burst is not None:
                record, members = told_of(connection, burst, at, severities_of(app))
        if record is None:
            raise NotFound(f"no one break is called {break_id!r}; try `breakwater breaks --all`")
        proof = app.positions(record["witness"])
        history = desk_of(app).told(UUID(record["break_id"]))
        if when is not None:
            history = [told for told in history if at is None or told["at"] <= at]
    if as_json:
        told = {**record, "proof": proof, "history": history}
        typer.echo(dumps({**told, "members": members} if members else told))
        return
    _explain(record)
    columns = (
        Column("position", "position", right=True),
        Column("capture", "capture"),
        Column("line", "seq", right=True),
        Column("seen", "observed_at"),
        Column("event", "event"),
        Column("what", "summary"),
    )
    show(proof, Format.TABLE, (), columns, "proof")
    if history:
        show(history, Format.TABLE, (), HISTORY_COLUMNS, "the desk")
    if members:
        show(members, Format.TABLE, (), DESK_COLUMNS, "members")


def _explain(record: Record) -> None:
    """The break in words, above its proof."""
    out = console()
    out.print(f"{record['code']} {record['name']} ({record['severity']})", markup=False)
    out.print(record["note"], markup=False)
    for label, name in (
        ("order", "order_key"),
        ("venue", "venue"),
        ("account", "account"),
        ("we hold", "ours"),
        ("they say", "theirs"),
        ("difference", "difference"),
        ("opened", "opened_at"),
        ("closed", "closed_at"),
        ("status", "status"),
        ("owner", "owner"),
        ("clears when", "clears_when"),
        ("rules", "rule_version"),
    ):
        if record[name] is not None:
            out.print(f"{label:>12}  {inline(record[name])}", markup=False)
    for why in record["severity_because"]:
        raised = f"{record['severity']} rather than {record['severity_by_default']}: {why}"
        out.print(f"{'severity':>12}  {raised}", markup=False)
