"""`breakwater breaks` and what is under it: the list, one break, the desk, the list as a file."""

from __future__ import annotations

import typer

from adapters.cli.asking_breaks import break_show, breaks
from adapters.cli.desk import COMMANDS
from adapters.cli.desk_export import export

break_group = typer.Typer()
break_group.callback(invoke_without_command=True)(breaks)
break_group.command("show")(break_show)
for _verb, _command in COMMANDS:
    break_group.command(_verb.value)(_command)
break_group.command("export")(export)
