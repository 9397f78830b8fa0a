"""`breakwater`: the commands, and how each way of failing ends."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from contextlib import suppress
from importlib.metadata import version
from typing import Annotated

import structlog
import typer

from adapters.cli.chosen import Chosen
from adapters.cli.commands import COMMANDS
from adapters.cli.exits import Exit
from adapters.cli.later import listed

INTERRUPTED = 130
"""How a shell tells of a program that Ctrl-C ended."""
UNREAD = 141
"""How a shell tells of a program whose output nobody reads any more: 128 and SIGPIPE."""

app = typer.Typer(
    name="breakwater",
    help="The life of orders at betting exchanges: what is open, what became of every cancel, "
    "what does not add up.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _command in COMMANDS:
    listed(app, *_command)


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
        sys.stdout.flush()  # here it can still be told that nobody reads
    except typer.TyperException as error:
        sys.stderr.write(f"error: {error.format_message()}\n")
        sys.stderr.write("try `breakwater --help`, or --help after a command\n")
        return Exit.USAGE
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the latter is what typer makes of the former
        return _unread()
    except Exception as error:  # noqa: BLE001 - the last one to see it tells the user
        return _told(error)
    if code == INTERRUPTED:  # what typer makes of Ctrl-C, too
        sys.stderr.write("interrupted; what was acknowledged is stored, run it again to go on\n")
    return code if isinstance(code, int) else Exit.DONE


def _unread() -> int:
    """Whoever read our output has had enough: end as other programs do, without a word."""
    with suppress(OSError, ValueError):  # what still waits to be written has nowhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNREAD


def _told(error: Exception) -> int:
    from adapters.cli.endings import exit_of  # noqa: PLC0415 - only a failure needs the errors of all
    from adapters.spelling import visible  # noqa: PLC0415 - as above: a failure

    code = exit_of(error)
    if code is None:
        traceback.print_exception(error)
        sys.stderr.write("this is a fault of ours; please report it with the lines above\n")
        return Exit.FAULT
    sys.stderr.write(f"error: {visible(str(error))}\n")
    return code
