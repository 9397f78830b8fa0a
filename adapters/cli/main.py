"""`breakwater`: the commands, and how each way of failing ends."""

from __future__ import annotations

import logging
import sys
import traceback
from importlib.metadata import version
from typing import Annotated

import structlog
import typer

from adapters.cli.as_of import as_of
from adapters.cli.asking_breaks import break_show, breaks
from adapters.cli.asking_cancels import cancels
from adapters.cli.asking_orders import order_show, orders
from adapters.cli.asking_upkeep import activity, quarantine
from adapters.cli.bundles import bundles
from adapters.cli.cancelling import cancel, resolve
from adapters.cli.cases import cases
from adapters.cli.conformance import conformance
from adapters.cli.connections import connections
from adapters.cli.context import Chosen
from adapters.cli.demo import demo
from adapters.cli.desk import COMMANDS
from adapters.cli.desk_export import export
from adapters.cli.differing import diff
from adapters.cli.doctor import doctor
from adapters.cli.events import events
from adapters.cli.exits import Exit, exit_of
from adapters.cli.exporting import export_command
from adapters.cli.for_sql import db_dictionary, db_reader_role
from adapters.cli.ingesting import ingest
from adapters.cli.keys import keys
from adapters.cli.publishing import publish
from adapters.cli.racing import races_command
from adapters.cli.reconciling import reconcile
from adapters.cli.replaying import replay
from adapters.cli.reporting import report
from adapters.cli.running import run_command
from adapters.cli.scaffolding import scaffolds
from adapters.cli.serving import serve_command
from adapters.cli.settings import settings
from adapters.cli.simulating import simulate_command
from adapters.cli.timeline import timeline
from adapters.cli.upkeep import db, projections, verify

app = typer.Typer(
    name="breakwater",
    help="The life of orders at betting exchanges: what is open, what became of every cancel, "
    "what does not add up.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
order = typer.Typer(help="One order.", no_args_is_help=True)
break_group = typer.Typer()

order.command("show")(order_show)
break_group.callback(invoke_without_command=True)(breaks)
break_group.command("show")(break_show)
for _verb, _command in COMMANDS:
    break_group.command(_verb.value)(_command)
break_group.command("export")(export)
app.command("ingest")(ingest)
app.command("orders")(orders)
app.add_typer(order, name="order")
app.command("timeline")(timeline)
app.add_typer(report, name="report")
app.command("replay")(replay)
app.command("diff")(diff)
app.command("races")(races_command)
app.add_typer(bundles, name="bundle")
app.add_typer(cases, name="case")
app.command("as-of")(as_of)
app.command("cancels")(cancels)
app.command("cancel")(cancel)
app.command("resolve")(resolve)
app.add_typer(connections, name="connections")
app.command("activity")(activity)
app.command("quarantine")(quarantine)
app.command("events")(events)
app.command("reconcile")(reconcile)
app.add_typer(projections, name="projections")
app.command("verify")(verify)
db.command("dictionary")(db_dictionary)
db.command("reader-role")(db_reader_role)
app.add_typer(db, name="db")
app.add_typer(keys, name="keys")
app.add_typer(publish, name="publish")
app.command("doctor")(doctor)
app.command("run")(run_command)
app.command("serve")(serve_command)
app.command("simulate")(simulate_command)
app.add_typer(scaffolds, name="scaffold")
app.command("settings")(settings)
app.command("demo")(demo)
app.command("conformance")(conformance)
app.add_typer(break_group, name="breaks")
app.command("export")(export_command)


def _version(wanted: bool) -> None:  # noqa: FBT001 - a callback of the command line
    if wanted:
        typer.echo(f"breakwater {version('breakwater')}")
        raise typer.Exit


@app.callback()
def _main(
    context: typer.Context,
    database: Annotated[
        str | None,
        typer.Option(
            help="SQLite file or PostgreSQL database "
            "(env BREAKWATER_DATABASE_URL; default sqlite:///breakwater.db)."
        ),
    ] = None,
    _version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """The life of orders at betting exchanges."""
    context.obj = Chosen(database)


def run() -> None:
    """The command's entry: every error ends with its code and the next command to try."""
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
    sys.exit(guarded(sys.argv[1:]))


def guarded(arguments: list[str]) -> int:
    """Run a command line; its exit code."""
    try:
        code = app(arguments, standalone_mode=False)
    except typer.TyperException as error:
        sys.stderr.write(f"error: {error.format_message()}\n")
        sys.stderr.write("try `breakwater --help`, or --help after a command\n")
        return Exit.USAGE
    except (typer.Abort, KeyboardInterrupt):
        sys.stderr.write("interrupted; what was acknowledged is stored, run it again to go on\n")
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has had enough
        return Exit.DONE
    except Exception as error:  # noqa: BLE001 - the last one to see it tells the user
        return _told(error)
    return code if isinstance(code, int) else Exit.DONE


def _told(error: Exception) -> int:
    code = exit_of(error)
    if code is None:
        traceback.print_exception(error)
        sys.stderr.write("this is a fault of ours; please report it with the lines above\n")
        return Exit.FAULT
    sys.stderr.write(f"error: {error}\n")
    return code
