"""Keeping the log and its read models in order: db, projections, verify."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.status import Status

from adapters.bootstrap import App, chain_report, downgrade_database, upgrade_database
from adapters.bootstrap_checks import same_again, tell_checks
from adapters.cli.context import app_of, settings_of
from adapters.cli.exits import Exit, Usage
from adapters.cli.for_sql import db_dictionary, db_reader_role
from adapters.cli.listing import Column, Format, Json, dumps, show
from domain.notices import Check
from projections import queries
from projections.runner import Projection

db = typer.Typer(help="The database's schema.", no_args_is_help=True)
projections = typer.Typer(help="The read models.", no_args_is_help=True)


@db.command("upgrade")
def db_upgrade(context: typer.Context) -> None:
    """Move the schema to this program's version; safe to run twice."""
    typer.echo(upgrade_database(settings_of(context)))


@db.command("downgrade")
def db_downgrade(
    context: typer.Context,
    to: Annotated[str, typer.Argument(help="The revision to go back to, or `base`.")],
) -> None:
    """Move the schema back; a log that holds events is never thrown away."""
    typer.echo(downgrade_database(settings_of(context), to))


@db.command("status")
def db_status(context: typer.Context) -> None:
    """Tell which schema the database has and what it promises about a commit."""
    with app_of(context, ready=False) as app:
        typer.echo(f"schema: {app.schema_state()}")
        typer.echo(f"durability: {app.durability()}")


@projections.command("status")
def projections_status(context: typer.Context, as_json: Json = False) -> None:
    """Tell how far each read model has come."""
    with app_of(context, current=False) as app:
        records = _standings(app)
    columns = (
        Column("projection", "name"),
        Column("position", "position", right=True),
        Column("behind", "behind", right=True),
        Column("newest seen", "newest_observed_at"),
        Column("rules", "version", right=True),
        Column("left out", "left_out", right=True),
    )
    form = Format.JSON if as_json else Format.TABLE
    show(records, form, (), columns, "projections")


def _standings(app: App) -> list[dict[str, object]]:
    head = app.store.head()
    with app.reading() as connection:
        stands = queries.standings(connection)
        buried = queries.buried(connection)
    records: list[dict[str, object]] = []
    for projection in app.runner.projections:
        tracked = stands.get(projection.name)
        position = 0 if tracked is None else tracked.position
        records.append(
            {
                "name": projection.name,
                "position": position,
                "behind": head - position,
                "newest_observed_at": None if tracked is None else tracked.newest_observed_at,
                "version": projection.version if tracked is None else tracked.version,
                "left_out": sum(row["projection"] == projection.name for row in buried),
            }
        )
    return records


@projections.command("rebuild")
def projections_rebuild(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Which ones; all by default.")] = None,
) -> None:
    """Make read models anew from the log, beside the live ones, and put them in their place."""
    with app_of(context, current=False) as app:
        wanted = _wanted(app, names or [])
        with _spinner("rebuilding") as status:
            count = app.rebuild(wanted, lambda read: _told(status, "rebuilding", read))
        app.runner.catch_up()
    typer.echo(f"rebuilt {', '.join(item.name for item in wanted)} from {count} events")


def _wanted(app: App, names: list[str]) -> list[Projection]:
    known = {projection.name: projection for projection in app.runner.projections}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Usage(f"no projection {', '.join(unknown)}; there are {', '.join(known)}")
    return [known[name] for name in names] if names else list(known.values())


Witness = Annotated[
    list[str] | None,
    typer.Option(
        "--witness", help="A head that was written down elsewhere, as POSITION:HASH; repeatable."
    ),
]


def verify(context: typer.Context, witness: Witness = None, as_json: Json = False) -> None:
    """Walk the hash chain, then rebuild the read models beside the stored ones and compare.

    Ends with 7 when the log was altered, naming the first bad position, or what stands beside the
    events and was changed (lines, captures, names, checkpoints, what was set aside); and with 1
    when a read model differs from what the log gives. A whole log that was written anew is found
    only by a head that was kept elsewhere (--witness). What is found is a break, too, until a check
    finds nothing any more (INT-01, INT-02, INT-03).
    """
    witnessed = [_head(text) for text in witness or ()]
    with app_of(context, current=False) as app:
        with _spinner("walking the chain"):
            report = chain_report(app, witnessed)
        if report["bad_position"] is not None:
            _say(report, as_json=as_json)
            _tell(app, {Check.LOG: f"the log was altered: {report['what']}"})
            raise typer.Exit(Exit.INTEGRITY)
        app.runner.catch_up()
        with _spinner("comparing the read models") as status:
            report["differing_rows"] = app.compare(lambda read: _told(status, "comparing", read))
        report["state_hash"] = app.state_hash()
        differing: dict[str, int] = report["differing_rows"]
        bad = ", ".join(f"{name}: {count} rows" for name, count in differing.items() if count)
        found = {
            Check.LOG: None,
            Check.READ_MODELS: f"read models differ from the log: {bad}" if bad else None,
            Check.REPLAY: same_again(app, differing, report["head_position"]),
        }
        _tell(app, found)
        app.runner.catch_up()
        app.checkpoint()
    _say(report, as_json=as_json)
    if any(report["differing_rows"].values()):
        raise typer.Exit(Exit.FINDINGS)


def _tell(app: App, found: dict[Check, str | None]) -> None:
    """Tell in the log what was found; a log that cannot take it does not change how this ends."""
    trouble = tell_checks(app, found)
    if trouble is not None:
        typer.echo(f"this finding could not be told in the log: {trouble}", err=True)


def _head(text: str) -> tuple[int, str]:
    position, _, digest = text.partition(":")
    if not position.isdecimal() or len(digest) != 64 or set(digest) - set("0123456789abcdef"):  # noqa: PLR2004 - hex digits of SHA-256
        raise Usage(f"{text!r} is not POSITION:HASH, as `breakwater verify` prints it")
    return int(position), digest


def _say(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(dumps(report))
        return
    if report["bad_position"] is not None:
        at = report["bad_position"]
        where = f"position {at}" if at else "beside the events"
        typer.echo(f"the log was altered: {where}: {report['what']}")
        typer.echo("restore it from a backup, or find who changed it; nothing after it is proven")
        return
    typer.echo(f"chain: whole, {report['events']} events, {report['lines']} wire lines")
    typer.echo(f"head: {report['head_position']}:{report['head_hash']}")
    differing: dict[str, int] = report["differing_rows"]
    bad = [f"{name}: {count} rows" for name, count in differing.items() if count]
    if bad:
        typer.echo(f"read models differ from the log: {', '.join(bad)}")
        typer.echo("run `breakwater projections rebuild`")
    else:
        typer.echo("read models: the same as rebuilt from the log")
    typer.echo(f"state: {report['state_hash']}")


def _spinner(text: str) -> Status:
    return Status(f"{text} …", console=Console(stderr=True, quiet=not sys.stderr.isatty()))


def _told(status: Status, text: str, read: int) -> None:
    if read % 1_000 < 10:  # noqa: PLR2004 - often enough to show that it moves
        status.update(f"{text} … {read:,} events")


db.command("dictionary")(db_dictionary)
db.command("reader-role")(db_reader_role)
